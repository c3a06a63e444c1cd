"""Whether the database still says what was written: the invariants, one sentence per violation."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

import sqlalchemy as sa

from sync.core.pulls import Manifest, State
from sync.core.records import AE_OF, HALO_OF, Collection, Kind
from sync.core.verdicts import Outcome
from sync.outbox import Delivery
from sync.store.backup import PRUNED
from sync.store.codec import content, from_text
from sync.store.findings import bodies_digest
from sync.store.intervals import spelled, tallies
from sync.store.publish import DELIVERY, OUTBOX, run_digest
from sync.store.recall import TRUSTED
from sync.store.records import FIELDS as RECORD_FIELDS
from sync.store.records import RECORD
from sync.store.runs import CURRENT, EVENT, OBSERVATION, PUBLISHED, RUN, acks, current, meta
from sync.store.verdicts import FIELDS as VERDICT_FIELDS
from sync.store.verdicts import TALLIED, VERDICT

TRIGGERS = frozenset(
    {"event_kept", "event_fixed", "run_kept", "run_fixed", "observation_kept", "observation_fixed",
     "outbox_kept", "outbox_fixed", "outbox_named", "delivery_kept", "delivery_accepted"}
)  # fmt: skip
MAX_REJECTED_PERCENT = 1
NOTHING = spelled(0)


def check_invariants(conn: sa.Connection, run_id: int | None = None) -> list[str]:
    """List what does not hold; an empty list is a sound database.

    `run_id` narrows the digests to one run; everything else is checked as a whole.
    """
    checks: tuple[Callable[[sa.Connection], Iterator[str]], ...] = (
        _pointer,
        _slots,
        _proofs,
        _grounds,
        _events,
        _triggers,
        _mail,
        _history,
        _findings,
    )
    found = [line for check in checks for line in check(conn)]
    chosen = sa.select(RUN.c.id).where(RUN.c.state == PUBLISHED).order_by(RUN.c.id)
    if run_id is not None:
        chosen = chosen.where(RUN.c.id == run_id)
    for run in conn.scalars(chosen).all():
        found.extend(_digests(conn, run))
    return found


def _pointer(conn: sa.Connection) -> Iterator[str]:
    newest = conn.scalar(sa.select(sa.func.max(RUN.c.id)).where(RUN.c.state == PUBLISHED))
    pointer = meta(conn, CURRENT)
    if (pointer or "") != ("" if newest is None else str(newest)):
        yield f"I1: the current run is {pointer or 'none'}, but the last published one is {newest}"


def _slots(conn: sa.Connection) -> Iterator[str]:
    twice = (
        sa.select(RUN.c.slot)
        .where(RUN.c.state == PUBLISHED)
        .group_by(RUN.c.slot)
        .having(sa.func.count() > 1)
    )
    for slot in conn.scalars(twice):
        yield f"I7: slot {slot} was published more than once"


def _proofs(conn: sa.Connection) -> Iterator[str]:
    rows = conn.execute(
        sa.select(OBSERVATION.c.run_id, OBSERVATION.c.state, OBSERVATION.c.manifest)
    )
    for run_id, state, text in rows:
        manifest = from_text(text, Manifest)
        if manifest.state != state:
            yield f"I2: run {run_id}: {manifest.collection} is {state}, its manifest differs"
        elif manifest.state is State.COMPLETE and not _proven(manifest):
            yield f"I2: run {run_id}: {manifest.collection} is complete without proof"
    every = sa.select(RUN.c.id).where(RUN.c.state == PUBLISHED)
    seen = sa.select(OBSERVATION.c.run_id).group_by(OBSERVATION.c.run_id)
    whole = seen.having(sa.func.count() == len(Collection))
    for run_id in conn.scalars(every.where(RUN.c.id.not_in(whole))):
        yield f"I2: run {run_id} lacks manifests"


def _proven(m: Manifest) -> bool:
    """Whether the numbers of a complete pull add up (reliability specification 1.3)."""
    declared = m.unique if m.declared is None else m.declared
    few = m.rejected_rows * 100 <= MAX_REJECTED_PERCENT * max(m.received, 1)
    return m.duplicate == 0 and few and m.unique <= declared <= m.unique + m.rejected_rows


def _grounds(conn: sa.Connection) -> Iterator[str]:
    """I3: what says "not linked" or ends a record rests on lists that could be believed."""
    trusted = {
        (run_id, Collection(name))
        for run_id, name in conn.execute(
            sa.select(OBSERVATION.c.run_id, OBSERVATION.c.collection).where(
                OBSERVATION.c.state.in_(TRUSTED)
            )
        )
    }
    said = conn.execute(
        sa.select(VERDICT.c.first_run, VERDICT.c.kind)
        .distinct()
        .where(VERDICT.c.outcome == Outcome.UNLINKED.value)
    )
    for run_id, name in said:
        for collection in (AE_OF[Kind(name)], HALO_OF[Kind(name)]):
            if (run_id, collection) not in trusted:
                yield f"I3: run {run_id} says unlinked of a {name}, but {collection} was withheld"
    later = {
        row.previous: row.id
        for row in conn.execute(sa.select(RUN.c.id, RUN.c.previous).where(RUN.c.previous > 0))
    }
    ended = sa.select(RECORD.c.last_run, RECORD.c.collection).distinct()
    for last, name in conn.execute(ended.where(RECORD.c.last_run.is_not(None))):
        if (later.get(last), Collection(name)) not in trusted:
            yield f"I3: records of {name} ended after run {last} without a trusted list"


def _events(conn: sa.Connection) -> Iterator[str]:
    count, top = conn.execute(sa.select(sa.func.count(), sa.func.max(EVENT.c.id))).one()
    if count != (top or 0):
        yield f"I6: {(top or 0) - count} events are missing"
    for run_id, _ in acks(conn):
        published = sa.select(RUN.c.id).where(RUN.c.id == run_id, RUN.c.state == PUBLISHED)
        if conn.scalar(published) is None:
            yield f"I6: an acknowledgement names run {run_id}, which was never published"


def _triggers(conn: sa.Connection) -> Iterator[str]:
    there = set(
        conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'").scalars()
    )
    for name in sorted(TRIGGERS - there):
        yield f"I6: the trigger {name} is missing"


def _mail(conn: sa.Connection) -> Iterator[str]:
    for row in conn.execute(sa.select(OUTBOX)):
        for body, sealed in ((row.body, row.body_sha256), (row.reduced, row.reduced_sha256)):
            if body is not None and sha256(body).hexdigest() != sealed:
                yield f"I8: the bytes of mail {row.message_id} changed"
    known = {state.value for state in Delivery}
    for state in conn.scalars(sa.select(DELIVERY.c.state).distinct()):
        if state not in known:
            yield f"I8: a delivery is in the unknown state {state!r}"


def _findings(conn: sa.Connection) -> Iterator[str]:
    last = current(conn)
    if last is None:
        return
    sealed = conn.scalar(sa.select(RUN.c.findings_digest).where(RUN.c.id == last.id))
    if bodies_digest(conn) != sealed:
        yield f"run {last.id}: the open findings are not those that were published"


def _digests(conn: sa.Connection, run_id: int) -> Iterator[str]:
    """Recompute what a published run sealed."""
    row = conn.execute(sa.select(RUN.c.previous, RUN.c.digest).where(RUN.c.id == run_id)).one()
    before = conn.scalar(sa.select(RUN.c.digest).where(RUN.c.id == row.previous)) or ""
    if run_digest(conn, run_id, before) != row.digest:
        yield f"run {run_id}: its digest does not hold"


def _history(conn: sa.Connection) -> Iterator[str]:
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
    now = replay.standing()
    for name, kept in tallies(conn).items():
        if now.get(name, (0, NOTHING)) != kept:
            yield f"{name}: what stands is not what was written"
    for run_id, name, stored in _stored(conn, runs):
        if replay.as_of(run_id, name) != stored:
            yield f"run {run_id}: {name} cannot be told as it was"


def _stored(conn: sa.Connection, runs: Sequence[int]) -> Iterator[tuple[int, str, tuple[int, str]]]:
    """Give what each run said was stored, collection by collection."""
    o, seen = OBSERVATION.c, set(runs)
    for row in conn.execute(sa.select(o.run_id, o.collection, o.stored, o.content)):
        if row.run_id in seen:
            yield row.run_id, row.collection, (row.stored, row.content)
    for row in conn.execute(sa.select(RUN.c.id, RUN.c.verdicts, RUN.c.verdict_content)):
        if row.id in seen:
            yield row.id, TALLIED, (row.verdicts, row.verdict_content)


class Replay:
    """Adds up intervals over the published runs: how many rows stood, and their fingerprints."""

    def __init__(self, runs: Sequence[int]) -> None:
        self._place = {run_id: n for n, run_id in enumerate(runs)}
        self._runs = runs
        self._steps: dict[str, list[list[int]]] = {}

    def add(self, name: str, first: int, last: int | None, mark: int) -> None:
        """Count a row in from its first run, and out after its last."""
        steps = self._steps.setdefault(name, [[0, 0] for _ in range(len(self._runs) + 1)])
        begins = bisect_left(self._runs, first)
        ends = len(self._runs) if last is None else bisect_right(self._runs, last)
        if begins < ends:
            for place, sign in ((begins, 1), (ends, -1)):
                if sign == 1 or last is not None:
                    steps[place][0] += sign
                    steps[place][1] += sign * mark

    def as_of(self, run_id: int, name: str) -> tuple[int, str]:
        return self._sums(name)[self._place[run_id]]

    def standing(self) -> dict[str, tuple[int, str]]:
        """Give what stands after the last run."""
        return {name: self._sums(name)[-1] for name in self._steps}

    def _sums(self, name: str) -> list[tuple[int, str]]:
        count = total = 0
        sums = []
        for rows, marks in self._steps.get(name, [[0, 0]] * (len(self._runs) + 1)):
            count, total = count + rows, total + marks
            sums.append((count, spelled(total)))
        return sums
