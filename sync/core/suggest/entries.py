"""What the comparison takes in and what it passes on, for any two lists."""

from typing import NamedTuple

from sync.core.verdicts import Grade, Reason


class Entry(NamedTuple):
    """One record of either side, reduced to what can be compared."""

    id: str
    name: str
    parent: str = ""
    """Only records with the same parent are compared."""
    parent_name: str = ""
    """Its words say nothing inside the parent: `Acme - Dallas` is `Dallas` there."""
    email: str = ""
    names: tuple[str, ...] = ()
    """Other names it goes by: an asset's other fields."""
    taken_by: str | None = None
    """Right side: the id of the record that already holds it."""
    taken_name: str = ""
    """The name of that record, for people."""
    active: bool | None = None


class Scored(NamedTuple):
    """A pair of row numbers that may belong together."""

    left: int
    right: int
    score: float
    reasons: tuple[Reason, ...] = ()
    best: Grade = Grade.STRONG
    """No better grade than this, whatever the score."""
