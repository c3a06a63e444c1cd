"""G7: the world moves between two pages, night after night, and nothing is falsely called gone.

A trial is one night: all lists pulled while up to ten records are born, die, are renamed or move,
in lists by id or by name, with capped pages and paging ignored. The same answers are given to a
naive one-pass script, whose false claims are printed beside ours as `baseline`.
"""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from sync import job
from sync.core import judge, witness
from sync.core.pulls import Answer, State
from sync.core.records import AE_OF, HALO_OF, Collection, Kind
from sync.core.result import Pair, Result
from sync.core.verdicts import Key, Outcome
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.verbs import Cap, IgnorePage
from sync.sandbox.world import World
from sync.sandbox.world.truth import listed
from tests.reliability.benches.bench import EPOCH, Bench, Setup, replaced
from tests.reliability.drift.naive import Naive
from tests.reliability.drift.shifts import TABLE, Shifter, exists
from tests.reliability.tally import Tally, Tier

NIGHTS = {"push": 120, "release": 5_000, "nightly": 20_000}
CHAIN = 10
"""Nights over one world: what is remembered is part of what may go wrong."""
SIDES = {
    Kind.COMPANY: ("companies", "clients"),
    Kind.LOCATION: ("locations", "sites"),
    Kind.COMPUTER: ("computers", "assets"),
}
HELD = {Outcome.LINKED, Outcome.RENAMED, Outcome.INACTIVE, Outcome.WITHHELD, Outcome.IGNORED}


@dataclass
class Memory:
    """What the oracle keeps of the night before, to know what "no longer" means."""

    standing: dict[Collection, frozenset[str]] = field(default_factory=dict)
    pairs: dict[Key, Pair] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    """Computer or location -> the company it was in."""
    linked: frozenset[Key] = frozenset()


def run(tier: Tier, seed: int) -> Tally:
    return _nights(NIGHTS[tier], seed)


def sabotage(seed: int) -> Tally:
    """Call every missing record gone without asking for it, nor for any that is listed."""

    def believe(_parts, questions):
        return {(c, i): Answer.GONE for c, ids in questions.items() for i in ids}

    with replaced(job, "_ask", believe), replaced(witness, "choose", lambda *_args: ()):
        return _nights(200, seed)


def _nights(nights: int, seed: int) -> Tally:
    tally, counted, claims = Tally(), Counter[str](), 0
    with replaced(judge, "near_misses", lambda *_args, **_more: {}):  # suggestions claim nothing
        for chain in range(nights // CHAIN):
            naive = Naive()
            _chain(tally, counted, naive, f"{seed}/{chain}")
            claims += naive.claims
    lists = counted["believed"] + counted["withheld"]
    tally.notes = {
        "baseline": claims,
        "gone": counted["gone"],
        "believed": f"{100 * counted['believed'] / max(1, lists):.1f}%",
    }
    return tally


def _chain(tally: Tally, counted: Counter[str], naive: Naive, seed: str) -> None:
    rng = Random(seed)
    world = World.create(rng.getrandbits(32), rng.randrange(8, 20), rng.randrange(40, 110), EPOCH)
    memory = Memory()
    with Bench(world, _setup(rng)) as bench:
        bench.watch = naive.watch
        for night in range(CHAIN):
            _script(bench, rng)
            memory.companies = _owners(world)
            result = bench.night().result
            naive.dawn(world)
            found = [*_false_gone(world, result), *_false_unlinked(world, result, memory)]
            standing = bench.standing()
            found += _dropped(world, memory.standing, standing)
            tally.broken(*(f"seed {seed} night {night}: {what}" for what in found))
            tally.trials += 1
            _remember(memory, bench, result, standing)
            counted["gone"] += sum(v.answer is Answer.GONE for v in result.vanished)
            for m in result.manifests:
                counted["believed" if m.state.trusted else "withheld"] += m.state is not State.OFF
            world.advance(1)


def _setup(rng: Random) -> Setup:
    halo = HaloSwitches(
        limit="none",
        order=rng.choice(("honoured", "honoured", "unordered")),
        offset_from=rng.choice(("capped", "asked")),
        past_end=rng.choice(("zero", "total")),
        agent_envelope=rng.choice(("array", "results", "agents")),
        agent_paging=rng.choice(("ignored", "honoured")),
        invisible_by_id=rng.choice((404, 403)),
    )
    ae = AeSwitches(
        hourly=None,
        order=rng.choice(("stable", "stable", "stable", "unstable")),
        window_by_id=rng.random() < 0.5,
    )
    return Setup(
        halo,
        ae,
        page_size=rng.randrange(3, 12),
        asset_page_size=rng.randrange(5, 30),
        users=False,
        ae_first=rng.random() < 0.5,
    )


def _script(bench: Bench, rng: Random) -> None:
    """Tonight's drift: when which change happens, and which server pages oddly."""
    faults, shifter = bench.faults, Shifter(bench.world, rng)
    faults.clear()
    for route in ("ae.companies", "ae.locations", "ae.computers"):
        faults.on(route, Cap(rng.randrange(4, 25)))
    if rng.random() < 0.15:
        faults.on(_endpoint(rng), Cap(rng.randrange(2, 6)))
    if rng.random() < 0.05:
        faults.on(_endpoint(rng), IgnorePage())
    for _ in range(rng.randrange(11)):
        moment = faults.before if rng.random() < 0.5 else faults.after
        page, attempt = rng.randrange(1, 5), rng.choice((1, 1, 1, 2))
        moment(_endpoint(rng), shifter.change, page=page, attempt=attempt)


def _endpoint(rng: Random) -> str:
    return str(rng.choice(list(TABLE)).value)


def _false_gone(world: World, result: Result) -> list[str]:
    """Records called gone that the world still holds."""
    return [
        f"{v.collection} {v.id} is called gone, and exists"
        for v in result.vanished
        if v.answer is Answer.GONE and _listable(world, v.collection, v.id)
    ]


def _dropped(
    world: World,
    before: dict[Collection, frozenset[str]],
    after: dict[Collection, frozenset[str]],
) -> list[str]:
    """Records that stand no more in the store although the world still holds them."""
    return [
        f"{collection} {i} stands no more, and exists"
        for collection in TABLE
        for i in sorted(before.get(collection, frozenset()) - after.get(collection, frozenset()))
        if _listable(world, collection, i)
    ]


def _listable(world: World, collection: Collection, record_id: str) -> bool:
    """Whether a perfect pull of the world would show this record now."""
    if not exists(world, TABLE[collection], record_id):
        return False
    if collection is Collection.AE_COMPUTERS:
        return listed(world.computers[record_id], world.now_ms)
    return True


def _false_unlinked(world: World, result: Result, memory: Memory) -> list[str]:
    """Pairs of which both sides exist, and which tonight are open, blocked or ended."""
    verdicts = {(v.kind, v.ae_id): v.outcome for v in result.verdicts}
    wrong = [
        f"{kind} {ae_id} was linked and is {verdicts[kind, ae_id]}, both sides exist"
        for kind, ae_id in sorted(memory.linked)
        if verdicts.get((kind, ae_id), Outcome.LINKED) not in HELD
        and _alive(world, memory.pairs.get((kind, ae_id)))
        and not _excused(world, memory, (kind, ae_id))
    ]
    ended = [
        f"the pair {pair.kind} {pair.ae_id} ended ({why}), one side exists"
        for pair, why in result.pairs_ended
        if pair.kind in SIDES and any(_seen_alive(world, pair))
    ]
    return wrong + ended


def _excused(world: World, memory: Memory, key: Key) -> bool:
    """Inside a company that really lost its client tonight, nothing can be linked."""
    kind, ae_id = key
    if kind not in {Kind.LOCATION, Kind.COMPUTER}:
        return False
    owners = {memory.companies.get(ae_id, ""), _owners(world).get(ae_id, "")}
    return not all(_alive(world, memory.pairs.get((Kind.COMPANY, owner))) for owner in owners)


def _alive(world: World, pair: Pair | None) -> bool:
    return pair is not None and pair.kind in SIDES and all(_sides(world, pair))


def _sides(world: World, pair: Pair) -> tuple[bool, bool]:
    ours, theirs = SIDES[pair.kind]
    return exists(world, ours, pair.ae_id), exists(world, theirs, pair.halo_id)


def _seen_alive(world: World, pair: Pair) -> tuple[bool, bool]:
    """Like `_sides`; a machine silent for a month answers as a removed one does, by id too."""
    return (
        _listable(world, AE_OF[pair.kind], pair.ae_id),
        _listable(world, HALO_OF[pair.kind], pair.halo_id),
    )


def _owners(world: World) -> dict[str, str]:
    things = (*world.locations.values(), *world.computers.values())
    return {thing.id: thing.company for thing in things}


def _remember(
    memory: Memory, bench: Bench, result: Result, standing: dict[Collection, frozenset[str]]
) -> None:
    memory.standing = standing
    memory.pairs = dict(bench.store.pairs())
    tonight = {(v.kind, v.ae_id): v.outcome for v in result.verdicts}
    held = {k for k, outcome in tonight.items() if outcome in {Outcome.LINKED, Outcome.RENAMED}}
    memory.linked = frozenset(held | (memory.linked - tonight.keys()))
