"""Replays all intervals over the runs, and holds what stood then against what each run sealed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from sync.store.backup import PRUNED
from sync.store.codec import content
from sync.store.intervals import NOTHING, spelled
from sync.store.records import FIELDS as RECORD_FIELDS
from sync.store.records import RECORD
from sync.store.runs import OBSERVATION, PUBLISHED, RUN, meta
from sync.store.verdicts import FIELDS as VERDICT_FIELDS
from sync.store.verdicts import TALLIED, VERDICT


def replayed(conn: sa.Connection) -> Iterator[str]:
    """Replay every interval once, and compare each run with what it had stored."""
    pruned = int(meta(conn, PRUNED) or 0)
    runs = conn.scalars(
        sa.select(RUN.c.id).where(RUN.c.state == PUBLISHED, RUN.c.id > pruned).order_by(RUN.c.id)
    ).all()
    replay = Replay(runs)
    c = RECORD.c
    for name, first, last, *row in conn.execute(
        sa.select(c.collection, c.first_run, c.last_run, *(c[f] for f in RECORD_FIELDS))
    ):
        replay.add(name, first, last, content([tuple(row)]))
    v = VERDICT.c
    for first, last, *row in conn.execute(
        sa.select(v.first_run, v.last_run, *(v[f] for f in VERDICT_FIELDS))
    ):
        replay.add(TALLIED, first, last, content([tuple(row)]))
    sums = replay.sums()
    place = {run_id: n for n, run_id in enumerate(runs)}
    for run_id, name, stored in _stored(conn):
        if run_id in place and sums.get(name, {}).get(place[run_id], NOTHING[:2]) != stored:
            yield f"run {run_id}: {name} cannot be told as it was"


def _stored(conn: sa.Connection) -> Iterator[tuple[int, str, tuple[int, str]]]:
    """Give what each run said was stored, list by list."""
    o = OBSERVATION.c
    for row in conn.execute(sa.select(o.run_id, o.collection, o.stored, o.content)):
        yield row.run_id, row.collection, (row.stored, row.content)
    for row in conn.execute(sa.select(RUN.c.id, RUN.c.verdicts, RUN.c.verdict_content)):
        yield row.id, TALLIED, (row.verdicts, row.verdict_content)


class Replay:
    """Adds up intervals over the published runs: how many rows stood, and their fingerprints."""

    def __init__(self, runs: Sequence[int]) -> None:
        self._runs = runs
        self._steps: dict[str, list[list[int]]] = {}

    def add(self, name: str, first: int, last: int | None, mark: int) -> None:
        """Count a row in from its first run, and out after its last."""
        steps = self._steps.setdefault(name, [[0, 0] for _ in range(len(self._runs) + 1)])
        begins = bisect_left(self._runs, first)
        ends = len(self._runs) if last is None else bisect_right(self._runs, last)
        for place, sign in ((begins, 1), (ends, -1)):
            steps[place][0] += sign
            steps[place][1] += sign * mark

    def sums(self) -> dict[str, dict[int, tuple[int, str]]]:
        """Give, per list, what stood after the n-th run."""
        return {name: dict(enumerate(_running(steps))) for name, steps in self._steps.items()}


def _running(steps: Iterable[Sequence[int]]) -> Iterator[tuple[int, str]]:
    count = total = 0
    for rows, marks in steps:
        count, total = count + rows, total + marks
        yield count, spelled(total)
