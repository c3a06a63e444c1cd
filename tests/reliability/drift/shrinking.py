"""One list that loses rows on a bench, what must not follow from it, and how it gets them back."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from random import Random

from sync.core.pulls import Answer, Manifest
from sync.core.records import Collection
from sync.core.result import Result
from sync.core.verdicts import Outcome
from sync.errors import UsageError
from sync.sandbox.switches import HaloSwitches
from sync.sandbox.world import World
from sync.sandbox.world.records import COMPUTER_TYPES, Agent, Asset, Client, Site
from tests.reliability.benches.bench import Bench
from tests.reliability.drift import shifts

TABLE = shifts.TABLE | {Collection.AE_USERS: "technicians"}
PARENT = {"sites": "client", "assets": "client", "locations": "company", "computers": "company"}
SHRUNK = frozenset({"shrunk", "shrunk-many", "not-visible", "below-week", "agents-hidden"})
PARENT_LOST = frozenset({"parent-emptied"})
EMPTY = frozenset({"emptied", "empty-contradicted", "first-empty", "agents-hidden"})
ANY_CAUSE = SHRUNK | PARENT_LOST
CLOSED = frozenset({"forbidden", "scope-missing", "file-forbidden", "file-unsafe"})


@dataclass
class Case:
    """One list, one way to shrink, on a bench that remembers one good night."""

    bench: Bench
    collection: Collection
    rng: Random
    before: Result | None

    @property
    def world(self) -> World:
        return self.bench.world

    @property
    def table(self) -> dict:
        return getattr(self.world, TABLE[self.collection])

    @property
    def counted(self) -> list:
        """Keys of the records that a good night lists."""
        return [key for key, thing in self.table.items() if _candidate(thing)]

    def night(self) -> Result:
        self.bench.write_users()
        return self.bench.night().result

    def manifest(self, result: Result) -> Manifest:
        return next(m for m in result.manifests if m.collection is self.collection)

    def judged(self, result: Result, causes: frozenset[str]) -> Iterator[str]:
        """What is wrong with a night in which this list must not be believed, or be flagged."""
        manifest = self.manifest(result)
        doubts = {d.code for d in result.doubts if d.collection is self.collection}
        if not (manifest.state.withheld or doubts):
            yield f"{manifest.state}, {manifest.unique} rows, and nothing is said"
        elif not ({manifest.cause} | doubts) & causes:
            yield f"the cause is {manifest.cause or doubts}, not one of {sorted(causes)}"
        yield from self.harmless(result)

    def harmless(self, result: Result) -> Iterator[str]:
        """Nothing is called gone, nothing that was linked is open, nothing counts as fixed."""
        gone = [v.id for v in result.vanished if v.answer is Answer.GONE]
        if gone:
            yield f"{len(gone)} records are called gone"
        was = {(v.kind, v.ae_id): v.outcome for v in self.before.verdicts} if self.before else {}
        opened = [
            v
            for v in result.verdicts
            if was.get((v.kind, v.ae_id)) is Outcome.LINKED
            and (v.outcome.is_open or v.outcome is Outcome.BLOCKED)
        ]
        if opened:
            yield f"{len(opened)} linked records are open, {opened[0]}"
        if result.resolved:
            yield f"{len(result.resolved)} findings count as fixed"

    def believed(self, result: Result) -> Iterator[str]:
        if not self.manifest(result).state.trusted:
            yield f"still withheld ({self.manifest(result).cause})"


def hide(case: Case, keys: list[object]) -> dict[object, object]:
    """Take records out of every answer, by id too; they are handed back to `give_back`."""
    with case.world.changing():
        return {key: case.table.pop(key) for key in keys}


def give_back(case: Case, hidden: dict[object, object]) -> Iterator[str]:
    """The rows are back: believed again, and the absence left no trace."""
    with case.world.changing():
        case.table.update(hidden)
    pass_a_day(case)
    result = case.night()
    yield from (f"rows back: {what}" for what in case.believed(result))
    yield from (f"rows back: {what}" for what in case.harmless(result))


def _candidate(thing: object) -> bool:
    """Whether halosync looks for this record at all: computers, customers, people."""
    match thing:
        case Asset():
            return thing.type in COMPUTER_TYPES
        case Agent():
            return not (thing.api_only or thing.system)
        case Site():
            return not thing.stock
        case Client():
            return not thing.internal
    return True


def share_missing(case: Case, share: float) -> Iterator[str]:
    keys = case.counted
    hidden = hide(case, case.rng.sample(keys, ceil(len(keys) * share)))
    yield from case.judged(case.night(), SHRUNK)
    yield from still_doubted(case)
    yield from give_back(case, hidden)


def still_doubted(case: Case) -> Iterator[str]:
    """The same again the next night: time has released nothing."""
    pass_a_day(case)
    yield from (f"the night after: {what}" for what in case.judged(case.night(), ANY_CAUSE))


def acknowledged(case: Case) -> Iterator[str]:
    """The admin accepts the smaller list: believed from the next night on, and not for one."""
    run_id = case.bench.store.runs(1)[0].id
    at = case.bench.clock.now()
    try:
        case.bench.store.ack(run_id, "an admin", "it is meant to be so", at)
    except UsageError as refused:
        yield f"cannot be acknowledged: {refused}"
        return
    for night in (1, 2, 3):
        pass_a_day(case)
        yield from (f"ack, night {night}: {what}" for what in case.believed(case.night()))


def lose_sight_of_one_customer(case: Case) -> None:
    """The largest customer, with everything below it, answers 403."""
    world = case.world
    case.bench.halo.configure(HaloSwitches(limit="none", invisible_by_id=403))
    largest = max(case.table.values(), key=lambda c: len(world.children(c)))
    others = [key for key in case.table if key != largest.id]
    if case.collection is Collection.HALO_CLIENTS:
        world.narrow(clients=others)
    else:
        world.narrow(companies=others)


def delete(case: Case, count: int) -> None:
    for key in case.counted[-count:]:
        case.world.death(case.table[key])


def pass_a_day(case: Case) -> None:
    """Only the date changes."""
    with case.world.changing():
        case.world.nights += 1
