"""What AutoElevate's own "Linked to Ticketing System" column says, from files brought by hand.

The interface does not show that column, so a row names its record as the portal prints it: by
name, and by its company's where it has one. A row that fits no record, or several, says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sync.core.names import email_key, folded_key
from sync.core.pulls import Night
from sync.core.records import AE_OF, AeRecord, Kind
from sync.core.sides import Flag, FlagFile
from sync.core.verdicts import Key, Outcome, Verdict


def resolve(files: Iterable[FlagFile], night: Night) -> dict[Key, Flag]:
    """Find the record that each row means."""
    found: dict[Key, Flag] = {}
    companies = {c.id: c.name for c in night.ae(AE_OF[Kind.COMPANY])}
    for file in files:
        places = _places(night.ae(AE_OF[file.kind]), companies)
        said: defaultdict[str, set[bool]] = defaultdict(set)
        for row in file.rows:
            record = _meant(row.email or row.name, row.company, places)
            if record is not None:
                said[record].add(row.linked)
        found |= {
            (file.kind, i): Flag(linked=answers == {True}, as_of=file.as_of)
            for i, answers in said.items()
            if len(answers) == 1
        }
    return found


Places = tuple[Mapping[str, Sequence[tuple[str, str]]], ...]
"""Key -> (id, company's folded name), first by the text itself, then by what a reader sees."""


def _places(records: Iterable[AeRecord], companies: Mapping[str, str]) -> Places:
    exact: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    folded: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for record in records:
        place = (record.id, folded_key(companies.get(record.company or "", "")))
        exact[record.name].append(place)
        folded[folded_key(record.name)].append(place)
        if record.email:
            folded[email_key(record.email)].append(place)
    return exact, folded


def _meant(text: str, company: str, places: Places) -> str | None:
    inside = folded_key(company)
    for index, key in zip(places, (text, folded_key(text)), strict=True):
        fitting = {i for i, home in index.get(key, ()) if not inside or home == inside}
        if len(fitting) == 1:
            return fitting.pop()
    return None


def noted(verdicts: Iterable[Verdict], flags: Mapping[Key, Flag]) -> tuple[Verdict, ...]:
    """Say on open verdicts what the column says: it may claim what names alone cannot."""
    if not flags:
        return tuple(verdicts)
    return tuple(_noted(v, flags.get((v.kind, v.ae_id))) for v in verdicts)


def _noted(verdict: Verdict, flag: Flag | None) -> Verdict:
    if flag is None or verdict.why or verdict.outcome not in {Outcome.UNLINKED, Outcome.READY}:
        return verdict
    return verdict._replace(why="flag-true" if flag.linked else "flag-false")
