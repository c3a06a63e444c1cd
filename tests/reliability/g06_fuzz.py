"""G6: garbled answers are refused with endpoint, page and reason, or read exactly as they are.

Ten thousand pulls in this process and five hundred over TLS sockets, each with one page garbled.
What is believed is counted again from the bytes that were served, by another decoder.
"""

import json
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from sync.core.pulls import Manifest, Pull, State
from sync.core.records import AeRecord, Collection, HaloRecord, Side
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.verbs import Verb
from sync.sandbox.wire import Ask, Reply
from sync.sandbox.world import World
from sync.sources import autoelevate, proof
from tests.reliability.benches.bench import EPOCH, Bench, Setup, replaced
from tests.reliability.benches.socket_bench import SocketBench
from tests.reliability.drift.garbling import garbled
from tests.reliability.tally import Tally, Tier

BODIES = {"push": (1_500, 60), "release": (10_000, 500), "nightly": (50_000, 2_500)}
"""In this process, over sockets."""
LISTS = tuple(c for c in Collection if c is not Collection.AE_USERS)
PAGE_SIZE = 6
PAGE_CAUSES = {"page-broken", "page-encoding", "page-shape", "page-too-big"}
MORE_MEMORY_KB = 64 * 1024


@dataclass(frozen=True)
class Garble(Verb):
    """Garbles the answer, the same way every time it is asked for."""

    seed: str

    def answered(self, reply: Reply) -> Reply:
        reply.body = garbled(reply.body, Random(self.seed))
        return reply


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    in_process, over_sockets = BODIES[tier]
    before = _memory()
    believed = _in_process(tally, in_process, seed)
    _over_sockets(tally, over_sockets, seed)
    grown = _memory() - before
    if grown > MORE_MEMORY_KB:
        tally.broken(f"the process grew by {grown // 1024} MiB")
    tally.notes = {"believed": believed, "grown": f"{grown // 1024}MiB"}
    return tally


def sabotage(seed: int) -> Tally:
    """Believe every list that was read to its end."""
    tally = Tally()
    with replaced(proof, "flaw", lambda _tally: None):
        _in_process(tally, 1_500, seed)
    return tally


def _in_process(tally: Tally, count: int, seed: int) -> int:
    halo = HaloSwitches(limit="none", agent_envelope="agents", agent_paging="honoured")
    setup = Setup(
        halo, AeSwitches(hourly=None), page_size=PAGE_SIZE, asset_page_size=PAGE_SIZE, users=False
    )
    world = World.create(seed, 14, 36, EPOCH)
    believed = 0
    with replaced(autoelevate, "TAKE", PAGE_SIZE), Bench(world, setup) as bench:
        rng = Random(seed)
        for number in range(count):
            collection, page = rng.choice(LISTS), rng.choice((1, 1, 2, 3))
            garble = Garble(f"{seed}/{number}")
            bench.faults.clear()
            bench.requests.clear()  # the sandbox's own memory is not what is measured
            bench.faults.on(collection.value, garble, page=page)
            last = _LastPass(collection)
            bench.watch = last.watch
            halo_source, ae_source, _ = bench.sources()
            source = halo_source if collection.side.value == "halo" else ae_source
            wrong = _trial(lambda s=source, c=collection: s._pull(c), last)
            tally.broken(*(f"{garble.seed} {collection} page {page}: {w}" for w in wrong))
            tally.trials += 1
            believed += last.believed
    return believed


def _over_sockets(tally: Tally, count: int, seed: int) -> None:
    with (
        replaced(autoelevate, "TAKE", PAGE_SIZE),
        SocketBench(World.create(seed, 14, 36, EPOCH), PAGE_SIZE) as bench,
    ):
        rng = Random(f"{seed}/sockets")
        for number in range(count):
            collection, page = rng.choice(LISTS), rng.choice((1, 1, 2, 3))
            garble = Garble(f"{seed}/sockets/{number}")
            bench.good_again()
            bench.requests.clear()
            bench.faults.on(collection.value, garble, page=page)
            system = "halo" if collection.side.value == "halo" else "autoelevate"
            try:
                manifest = bench.pull(system)[collection].manifest
                wrong = list(_refused(manifest)) if manifest.state.withheld else []
            except Exception as error:  # noqa: BLE001 - this is what the goal counts
                wrong = [f"uncaught {type(error).__name__}: {error}"]
            tally.broken(*(f"{garble.seed} {collection} page {page}: {w}" for w in wrong))
            tally.trials += 1


class _LastPass:
    """The pages of the last pass over one list, as they were served."""

    def __init__(self, collection: Collection) -> None:
        self.endpoint = collection.value
        self.bodies: list[bytes] = []
        self.believed = False

    def watch(self, ask: Ask, body: bytes) -> None:
        if ask.endpoint != self.endpoint:
            return
        if ask.page == 1 and ask.query.get("skip", "0") == "0":
            self.bodies = []
        self.bodies.append(body)


def _trial(pull: Any, last: _LastPass) -> list[str]:
    try:
        got: Pull = pull()
    except Exception as error:  # noqa: BLE001 - this is what the goal counts
        return [f"uncaught {type(error).__name__}: {error}"]
    if got.manifest.state.withheld:
        return list(_refused(got.manifest))
    last.believed = True
    return list(_miscounted(got, last.bodies))


def _refused(manifest: Manifest) -> Iterator[str]:
    """What a refusal fails to say."""
    if not (manifest.endpoint and manifest.cause and manifest.detail):
        yield f"refused without endpoint, cause and reason: {manifest}"
    if manifest.cause in PAGE_CAUSES and "page " not in manifest.detail:
        yield f"refused without naming the page: {manifest.detail}"


def _miscounted(pull: Pull, bodies: list[bytes]) -> Iterator[str]:
    """How a believed list differs from what was served, counted by the standard library."""
    rows, totals = [], []
    for body in bodies:
        answer = json.loads(body.removeprefix(b"\xef\xbb\xbf"), parse_int=_whole)
        page = _list_in(answer, pull.manifest.collection)
        rows += page
        totals += _total_in(answer, page)
    ids = [_plain(row.get("id")) for row in rows]
    declared = [total for total, page_rows in totals if page_rows]
    if pull.manifest.state is State.COMPLETE_RESOLVED:  # a total may move; it ends as the count
        declared = declared[-1:]
    if len(set(ids)) != len(ids) or any(total != len(ids) for total in declared):
        yield f"believed although {len(ids)} rows, {len(set(ids))} ids, {declared} declared"
    manifest = pull.manifest
    accounted = len(pull.records) + manifest.left_out + manifest.rejected_rows
    if manifest.unique != len(ids) or accounted != len(ids):
        yield f"{len(ids)} rows served, {manifest.unique} counted, {accounted} accounted for"
    names = {_plain(row.get("id")): row for row in rows}
    yield from _invented(pull.records, names)


def _list_in(answer: Any, collection: Collection) -> list[dict[str, Any]]:
    """The rows: under the list's own name, else under `results`, else the only list of rows."""
    if isinstance(answer, list):
        return answer
    own = collection.value.partition(".")[2] if collection.side is Side.HALO else "items"
    for name in (own, "results"):
        if isinstance(answer.get(name), list):
            return answer[name]
    return next((v for k, v in answer.items() if isinstance(v, list) and k != "columns"), [])


def _total_in(answer: Any, rows: list[Any]) -> list[tuple[Any, bool]]:
    if isinstance(answer, list):
        return []
    return [(answer.get("record_count", answer.get("totalCount")), bool(rows))]


def _whole(digits: str) -> int | str:
    """Python refuses to read thousands of digits; halosync skips fields it does not need."""
    return int(digits) if len(digits) < 4_000 else digits


def _plain(value: Any) -> str:
    """An id as text: 12, 12.0 and "12" are the same."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).lower()


def _invented(
    records: tuple[AeRecord | HaloRecord, ...], rows: dict[str, dict[str, Any]]
) -> Iterator[str]:
    """Records whose name is not the one that was served under their id."""
    for record in records:
        row = rows.get(record.id)
        if row is None and not record.id.startswith("⟦"):
            yield f"record {record.id} was never served"
        if row is None:
            continue
        if isinstance(record, HaloRecord) and record.names:
            served = {row.get(name) for name, _ in record.names}
        else:
            served = {row.get("name") or row.get("machineName") or ""}
        odd = any(_odd(text) for text in served)
        if record.name not in served and not odd:
            yield f"record {record.id} is called {record.name!r}, served was {served}"


def _odd(text: Any) -> bool:
    """Names that are changed on purpose: cut, or with what no page can show made visible."""
    if not isinstance(text, str):
        return True
    return len(text) > 4096 or any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
