"""Whether the database still says what was written: the invariants, one sentence per violation."""

from collections.abc import Callable, Iterator
from hashlib import sha256

import sqlalchemy as sa

from sync.core.pulls import Manifest
from sync.core.records import AE_OF, HALO_OF, Collection, Kind
from sync.core.verdicts import Outcome
from sync.outbox import Delivery
from sync.store.codec import from_text
from sync.store.history import replayed
from sync.store.intervals import spelled
from sync.store.ledger import DECISION, NEW_PARTNER, PAIR
from sync.store.publish import DELIVERY, OUTBOX
from sync.store.recall import TRUSTED
from sync.store.records import RECORD
from sync.store.runs import EVENT, OBSERVATION, PUBLISHED, RUN, acks
from sync.store.sound import complaints, everything
from sync.store.verdicts import VERDICT

GUARDED = ("event", "decision", "run", "observation", "outbox", "delivery")
"""Tables whose rows a trigger keeps."""
ENDINGS = ("forgotten", "both-gone", "id-reused", "flag-false", NEW_PARTNER)
MAX_REJECTED_PERCENT = 1
Check = Callable[[sa.Connection], Iterator[str]]
NOTHING = spelled(0)


def check_invariants(conn: sa.Connection) -> list[str]:
    """List what does not hold; an empty list is a sound database."""
    checks: tuple[Check, ...] = (
        _slots,
        _proofs,
        _grounds,
        _acks,
        _triggers,
        _decisions,
        _pairs,
        _mail,
        replayed,
        _soundness,
    )
    return [line for check in checks for line in _said(check, conn)]


def _said(check: Check, conn: sa.Connection) -> list[str]:
    """What one check finds; a row that cannot even be read ends it."""
    found: list[str] = []
    try:
        found.extend(check(conn))
    except (ValueError, LookupError) as error:
        found.append(f"{check.__name__.strip('_')}: a stored row cannot be read ({error})")
    return found


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
        elif manifest.state.trusted and not _proven(manifest):
            yield f"I2: run {run_id}: {manifest.collection} is complete without proof"
    every = sa.select(RUN.c.id).where(RUN.c.state == PUBLISHED)
    seen = sa.select(OBSERVATION.c.run_id).group_by(OBSERVATION.c.run_id)
    whole = seen.having(sa.func.count() == len(Collection))
    for run_id in conn.scalars(every.where(RUN.c.id.not_in(whole))):
        yield f"I2: run {run_id} lacks manifests"


def _proven(m: Manifest) -> bool:
    """Whether the numbers of a complete pull add up (reliability specification 1.3).

    Files and bare arrays declare no total; what they prove is not in the numbers.
    """
    few = m.rejected_rows * 100 <= MAX_REJECTED_PERCENT * m.unique
    return few and (m.declared is None or (m.duplicate == 0 and m.unique == m.declared))


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


def _acks(conn: sa.Connection) -> Iterator[str]:
    for run_id, _ in acks(conn):
        published = sa.select(RUN.c.id).where(RUN.c.id == run_id, RUN.c.state == PUBLISHED)
        if conn.scalar(published) is None:
            yield f"I6: an acknowledgement names run {run_id}, which was never published"


def _decisions(conn: sa.Connection) -> Iterator[str]:
    made = conn.scalar(sa.select(sa.func.count()).select_from(DECISION))
    said = conn.scalar(sa.select(sa.func.count()).where(EVENT.c.kind == "decision"))
    if made != said:
        yield f"I4: {said} decisions were made, {made} are there"


def _pairs(conn: sa.Connection) -> Iterator[str]:
    """I5: a pair ends by a decision, by both ids proven gone, or because the id was reused."""
    odd = sa.select(PAIR.c.kind, PAIR.c.ae_id, PAIR.c.ended_why).where(
        PAIR.c.ended_run.is_not(None), PAIR.c.ended_why.not_in(ENDINGS)
    )
    for kind, ae_id, why in conn.execute(odd):
        yield f"I5: the pair of {kind} {ae_id} ended without a reason that counts ({why!r})"


def _triggers(conn: sa.Connection) -> Iterator[str]:
    rows = conn.exec_driver_sql("SELECT tbl_name, sql FROM sqlite_master WHERE type='trigger'")
    there = {(table, text.split(" BEFORE ")[1].split()[0]) for table, text in rows}
    for table in GUARDED:
        for verb in ("DELETE", "UPDATE"):
            if (table, verb) not in there:
                yield f"I6: nothing keeps {verb} from {table}: its trigger is missing"


def _mail(conn: sa.Connection) -> Iterator[str]:
    for row in conn.execute(sa.select(OUTBOX)):
        for body, sealed in ((row.body, row.body_sha256), (row.reduced, row.reduced_sha256)):
            if body is not None and sha256(body).hexdigest() != sealed:
                yield f"I8: the bytes of mail {row.message_id} changed"
    known = {state.value for state in Delivery}
    for state in conn.scalars(sa.select(DELIVERY.c.state).distinct()):
        if state not in known:
            yield f"I8: a delivery is in the unknown state {state!r}"


def _soundness(conn: sa.Connection) -> Iterator[str]:
    yield from complaints(conn, everything(conn))
