"""One line of the doctor's report as a value, and what all lines mean for tonight's run."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sync.errors import Exit
from sync.sources.causes import Trouble

Facts = tuple[tuple[str, str | int], ...]


class Status(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    UNREADABLE = "unreadable"
    """This login cannot read it: somebody has to look."""


class Part(StrEnum):
    """The groups, in the order in which they are examined and printed."""

    HOST = "host"
    HALO = "halo"
    LISTS = "halo-lists"
    APPLICATION = "ae-application"
    AGENT = "ae-agent"
    AUTOELEVATE = "autoelevate"
    FILES = "files"
    BUDGET = "budget"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Check:
    part: Part
    code: str
    status: Status
    of: str = ""
    """What it is about where a code stands several times: a scope, a list, a right."""
    why: str = ""
    """Refines the status; a cause code of `sync.sources.causes` where a request failed."""
    facts: Facts = ()
    detail: str = ""
    """The system's own words or the specifics, in English, free of secrets."""
    tonight: Exit = Exit.OK
    """How this alone would end tonight's run."""

    @property
    def key(self) -> str:
        return f"{self.code}:{self.of}" if self.of else self.code

    def fact(self, name: str) -> str | int | None:
        return dict(self.facts).get(name)


def stopped(part: Part, code: str, trouble: Trouble, *, of: str = "", whole: bool = False) -> Check:
    """A check that failed because a request did; `whole` = no list of the system can be read."""
    return Check(
        part,
        code,
        Status.FAILED,
        of=of,
        why=trouble.cause.value,
        detail=trouble.detail,
        tonight=Exit.SOURCE_DOWN if whole else Exit.WITHHELD,
    )


ORDER = (Exit.CONFIG, Exit.BUG, Exit.SOURCE_DOWN, Exit.BRAKE, Exit.MAIL_NOT_ACCEPTED, Exit.WITHHELD)
"""Which reason names a run's exit code where several hold."""


LISTS = ("list", "ae-list")
"""Where each system's lists stand; a system of which none can be read is down."""


def tonight(checks: Iterable[Check]) -> Exit:
    """Give the exit code that tonight's run would end with."""
    known = tuple(checks)
    found = {check.tonight for check in known}
    for code in LISTS:
        ends = {check.tonight for check in known if check.code == code}
        if ends == {Exit.WITHHELD}:
            found.add(Exit.SOURCE_DOWN)
    return next((code for code in ORDER if code in found), Exit.OK)
