"""What must hold after a run was killed, starved or crowded, and after the next one ended well.

Truth comes from the world, from the mailbox, from the archive's folder and from a control that
nobody disturbed. Of halosync's tables only the numbers of the published runs are read, past its
own code, to hold them against those.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sync.core.decisions import Decision, Verb
from sync.core.records import Collection, Kind
from sync.core.verdicts import Outcome, Verdict
from sync.sandbox.world import World
from sync.store import Store
from tests.reliability.benches.bench import Bench
from tests.reliability.benches.rig import Rig

FILES = frozenset(
    {"index.html", "report.html", "findings.csv", "findings.xlsx", "report.json", "night.json",
     "mail.eml"}
)  # fmt: skip
STAMP = re.compile(r"<(\d+)-(\d{14})\.")
WHEN = datetime(2026, 11, 1, tzinfo=UTC)
DECIDED = tuple(
    Decision(0, Verb.IGNORE, kind, "rig", WHEN, f"{kind} of the lab", pattern=pattern)
    for kind, pattern in ((Kind.COMPANY, "*e*"), (Kind.LOCATION, "m*"), (Kind.COMPUTER, "*[1-5]*"))
)
"""They silence some of what is open in every world: a verdict tells whether they are in force."""

Said = Iterator[str]
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a night's run must have led to once one of its attempts ended well."""

    exit_code: int
    verdicts: frozenset[Row]
    standing: Mapping[Collection, frozenset[str]]
    linkable: frozenset[tuple[str, str]]


class Control:
    """The same nights over the same world, undisturbed, in a database of their own."""

    def __init__(self, world: World) -> None:
        self._bench = Bench(world)

    def __enter__(self) -> Self:
        self._bench.__enter__()
        self._bench.store.decide(DECIDED)
        return self

    def __exit__(self, *how: object) -> None:
        self._bench.__exit__(*how)

    def night(self) -> Truth:
        self._bench.write_users()
        ending = self._bench.night()
        rows = self._bench.world.truth()
        return Truth(
            int(ending.exit_code),
            frozenset(map(_row, self._bench.store.verdicts())),
            self._bench.standing(),
            frozenset((row.kind, row.ae_id) for row in rows if row.linkable),
        )


def _row(verdict: Verdict) -> Row:
    v = verdict
    return v.kind, v.ae_id, v.outcome, v.halo_id, v.rivals, v.provisional, v.why


def decide(rig: Rig) -> None:
    """Let the rig's people decide something that no crash may lose."""
    _say(rig, DECIDED)


def decide_more(rig: Rig) -> None:
    """Let them decide between two attempts at one night; no verdict hangs on this."""
    word = f"word {len(rig.decided)}"
    _say(rig, [Decision(0, Verb.REJECT, Kind.USER, "rig", WHEN, word, "nobody", halo_id="0")])


def _say(rig: Rig, decisions: Sequence[Decision]) -> None:
    with Store.open(rig.state / "halosync.sqlite3", rig.clock()) as store:
        store.decide(decisions)
    rig.decided += [d.reason for d in decisions]


def safe(rig: Rig, *, decided: bool = True) -> Said:
    """What holds at any moment, however the last run ended."""
    if not decided and not _rows(rig, "SELECT name FROM sqlite_master"):
        return  # an installation whose first run was stopped: nothing is there, not even tables
    yield from _unsound(rig)
    if decided:
        yield from _lost_decisions(rig)
    published = _published(rig)
    for folder in _shown(rig):
        if int(folder.name) not in published:
            yield f"the archive shows run {folder.name}, which was not published"
        if missing := FILES ^ {path.name for path in folder.iterdir()}:
            yield f"the archive's folder {folder.name} is not whole: {sorted(missing)}"
    for mail in rig.mailbox.mails():
        run_id, _ = _named(mail.message_id)
        if run_id not in published:
            yield f"run {run_id} was mailed, but not published"
        if len(mail.digests) > 1:
            yield f"{mail.message_id} was sent with {len(mail.digests)} different contents"
        if mail.recorded > 1:
            yield f"{mail.message_id} was sent again after its acceptance had been recorded"


def whole(rig: Rig, truth: Truth, *, faults: int) -> Said:
    """What holds once a run has ended well; `faults` bounds the extra copies of one mail."""
    yield from complete(rig, faults=faults)
    yield from _untrue(rig, truth)


def complete(
    rig: Rig, *, faults: int, decided: bool = True, before: frozenset[int] = frozenset()
) -> Said:
    """Whatever was published has been shown and mailed, once; `before` = runs of another mailbox."""
    yield from safe(rig, decided=decided)
    mails = {_named(mail.message_id)[0]: mail for mail in rig.mailbox.mails()}
    for run_id in _published(rig) - before:
        folder = rig.archive / f"{run_id:06d}"
        if not folder.is_dir():
            yield f"run {run_id} was published, but the archive does not show it"
        if run_id not in mails:
            yield f"run {run_id} was published, but its mail was never accepted"
        elif folder.is_dir() and (folder / "mail.eml").read_bytes() != mails[run_id].body:
            yield f"the mail of run {run_id} differs from the archived one"
    for mail in mails.values():
        if mail.copies - 1 > min(mail.copies - mail.recorded, faults):
            yield f"{mail.message_id} was accepted {mail.copies} times"
    if left := list(rig.archive.glob(".staged-*")):
        yield f"the archive still hides {left[0].name}"
    yield from _published_twice(rig)


def mailed_slots(rig: Rig) -> Counter[str]:
    """How many different reports of each slot were accepted, from the mailbox alone."""
    starts = {_named(mail.message_id)[1] for mail in rig.mailbox.mails()}
    return Counter(rig.slots[start] for start in starts if start in rig.slots)


def _published_twice(rig: Rig) -> Said:
    for slot, reports in mailed_slots(rig).items():
        if reports > 1:
            yield f"slot {slot} was reported {reports} times"


def _unsound(rig: Rig) -> Said:
    try:
        with rig.look() as store:
            yield from store.check_invariants()
    except Exception as error:  # noqa: BLE001 - whatever it is, the database cannot be read
        yield f"the database cannot be read: {type(error).__name__}: {error}"


def _untrue(rig: Rig, truth: Truth) -> Said:
    with rig.look() as store:
        verdicts = store.verdicts()
    for v in verdicts:
        if v.outcome is Outcome.UNLINKED and (v.kind.value, v.ae_id) in truth.linkable:
            yield f"{v.kind} {v.ae_id} links, and is called unlinked"
    if differing := frozenset(map(_row, verdicts)) ^ truth.verdicts:
        yield f"{len(differing)} verdicts differ from the undisturbed run's: {min(map(str, differing))}"
    stands: dict[Collection, set[str]] = {c: set() for c in Collection}
    for name, record_id in _rows(
        rig, "SELECT collection, record_id FROM record WHERE last_run IS NULL"
    ):
        stands[Collection(name)].add(record_id)
    for collection, ids in truth.standing.items():
        if stands[collection] != ids:
            yield f"{collection}: {len(stands[collection] ^ ids)} records wrongly stand or are gone"


def _lost_decisions(rig: Rig) -> Said:
    there = [row[0] for row in _rows(rig, "SELECT reason FROM decision ORDER BY id")]
    if there != rig.decided:
        lost = sorted(set(rig.decided) - set(there))
        yield f"{len(there)} of {len(rig.decided)} decisions are there, without {lost}"


def _published(rig: Rig) -> frozenset[int]:
    return frozenset(row[0] for row in _rows(rig, "SELECT id FROM run WHERE state = 'published'"))


def _rows(rig: Rig, query: str) -> list[tuple[Any, ...]]:
    """Read a copy past the store's code; a database without tables has no rows."""
    with rig.copied() as copy, closing(sqlite3.connect(copy)) as raw:
        try:
            return raw.execute(query).fetchall()
        except sqlite3.Error:
            return []


def _shown(rig: Rig) -> list[Path]:
    return sorted(path for path in rig.archive.glob("[0-9]*") if path.is_dir())


def _named(message_id: str) -> tuple[int, str]:
    """The run's number and its start, which say what was mailed."""
    found = STAMP.match(message_id)
    if found is None:
        return 0, ""
    return int(found[1]), found[2]
