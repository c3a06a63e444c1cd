"""Explains one record from the database alone: the last published run, with no network."""

from dataclasses import dataclass, replace

from sync.app.deciding import find
from sync.app.installation import Installation
from sync.app.parts import all_flags, flag_settings, judging, people_settings
from sync.app.reading import RunRow, open_store
from sync.clock import SystemClock
from sync.core.case import Snapshot
from sync.core.explain import Explanation, explain
from sync.core.pulls import Manifest, Night, Pull, State
from sync.core.records import AE_OF, Collection, Kind, Record
from sync.core.result import Finding, Recollection
from sync.core.sides import FlagFile
from sync.core.verdicts import Key, Verdict
from sync.errors import UsageError
from sync.sources.files import Disk
from sync.sources.flags import FlagReader
from sync.sources.people import PeopleSource
from sync.store import Store


@dataclass(frozen=True, slots=True)
class Told:
    """One explanation, and the run and the row of the report it belongs to."""

    run: RunRow
    explanation: Explanation
    finding: Finding | None
    """Its row in the report, while it is open."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What the last published run left behind."""

    run: RunRow
    snapshot: Snapshot
    records: dict[Collection, tuple[Record, ...]]
    findings: dict[Key, Finding]
    """The report's open rows; only those of a withheld list carry a date of their own."""


def saved(here: Installation) -> Saved:
    """Read the last published run back as the lists it judged."""
    now = SystemClock().now()
    with open_store(here) as store:
        run = _published(store)
        past = replace(store.recall(now), flag_files=_flags(here))
        records = store.as_of(run.id)
        verdicts = store.verdicts(run.id)
        findings = store.open_findings()
        detail = store.run(run.id)
    pulls = {c: Pull(Manifest(c, State.COMPLETE), found) for c, found in records.items()}
    night = Night(pulls, detail.systems if detail else {})
    return Saved(run, _snapshot(here, night, verdicts, past), records, findings)


def _flags(here: Installation) -> tuple[FlagFile, ...]:
    clock = SystemClock()
    people = PeopleSource(people_settings(here.config), clock, Disk(clock))
    for _ in people.pull():
        """Only its "Linked" column is wanted here."""
    return all_flags(FlagReader(flag_settings(here.config), clock, Disk(clock)), people)


def _published(store: Store) -> RunRow:
    run = store.status().published
    if run is None:
        raise UsageError("no run was published yet", hint="halosync run")
    return run


def _snapshot(
    here: Installation, night: Night, verdicts: tuple[Verdict, ...], past: Recollection
) -> Snapshot:
    published: dict[Key, Verdict] = {(v.kind, v.ae_id): v for v in verdicts}
    linking = judging(here.config).linking
    return Snapshot(night, published, past, linking, SystemClock().now())


def explain_record(here: Installation, kind: str, name: str) -> Told:
    """Explain the AutoElevate record of that id or name."""
    world, of = saved(here), Kind(kind)
    record = find(of, name, world.records[AE_OF[of]], "AutoElevate")
    key = (of, record.id)
    return Told(world.run, explain(key, world.snapshot), world.findings.get(key))
