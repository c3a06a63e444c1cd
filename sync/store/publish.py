"""The one transaction that makes a night visible. Before it nothing shows, after it everything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from sync.core.pulls import Manifest, Night
from sync.core.records import AE_OF, Collection, Kind, Side
from sync.core.result import Edition, Letter, Result
from sync.core.verdicts import Outcome
from sync.errors import ConfigError, SyncError
from sync.failpoint import failpoint
from sync.outbox import Delivery
from sync.store import tables
from sync.store.codec import digest, to_text
from sync.store.db import insert_many, plain_rows
from sync.store.filing import Filed, Filing, file_pull
from sync.store.findings import file_findings
from sync.store.intervals import NOTHING, Stands, tallies
from sync.store.ledger import file_pairs
from sync.store.runs import (
    CURRENT,
    OBSERVATION,
    PUBLISHED,
    RUN,
    STARTED,
    Event,
    current,
    log_event,
    meta,
    refuse_done,
    set_meta,
)
from sync.store.verdicts import file_verdicts

OUTBOX = tables.Outbox.__table__  # type: ignore[attr-defined]
DELIVERY = tables.Delivery.__table__  # type: ignore[attr-defined]
PAGE = tables.Page.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the steps before left behind, for the run row."""

    previous: int
    before: str
    """The digest of the run before."""
    verdicts: Stands
    findings: str
    ended: datetime


def publish(
    conn: sa.Connection, night: Night, result: Result, edition: Edition, ended: datetime
) -> None:
    """Write everything a run found out, inside the caller's transaction."""
    run = result.run
    _refuse_unfit(conn, result)
    last = current(conn)
    previous = last.id if last else 0
    claim_tenants(conn, result)
    filed = _file_records(conn, night, result, previous)
    failpoint("publish:records")
    ours = {kind: filed[AE_OF[kind]] for kind in Kind if AE_OF[kind] in filed}
    verdicts = file_verdicts(conn, result.verdicts, ours, run_id=run.id, previous=previous)
    failpoint("publish:verdicts")
    findings = file_findings(conn, result.findings, run.id)
    failpoint("publish:findings")
    file_pairs(conn, result.pairs_made, result.pairs_ended, run.id)
    failpoint("publish:pairs")
    _observe(conn, result.manifests, filed, run.id)
    failpoint("publish:observations")
    _post(conn, edition, run.id)
    failpoint("publish:outbox")
    totals = Totals(previous, last.digest if last else "", verdicts, findings, ended)
    _close(conn, result, totals)
    failpoint("publish:run")
    set_meta(conn, CURRENT, str(run.id))
    log_event(conn, Event("run-published", ended, run.id, {"open": len(result.findings)}))


def _refuse_unfit(conn: sa.Connection, result: Result) -> None:
    run = result.run
    refuse_done(conn, run.slot)
    state = conn.scalar(sa.select(RUN.c.state).where(RUN.c.id == run.id))
    if state != STARTED:
        raise SyncError(
            f"run {run.id} cannot be published: it is {state or 'unknown'}",
            hint="Another run took over meanwhile; its report counts.",
        )


def claim_tenants(conn: sa.Connection, result: Result) -> None:
    """Bind the database to its two tenants at first sight, and refuse any other later."""
    for side in Side:
        facts = result.systems.get(side)
        if facts and facts.identity:
            owner = meta(conn, f"tenant.{side}")
            refuse_stranger(side, owner, facts.identity)
            if owner is None:
                set_meta(conn, f"tenant.{side}", facts.identity)


def refuse_stranger(side: Side, owner: str | None, identity: str) -> None:
    if owner is not None and owner != identity:
        system = {"halo": "HaloPSA", "ae": "AutoElevate"}[side.value]
        raise ConfigError(
            f"this database belongs to another {system} tenant ({owner}, not {identity})",
            hint="Set `state_dir` to a folder of its own for each pair of tenants.",
        )


def _file_records(
    conn: sa.Connection, night: Night, result: Result, previous: int
) -> dict[Collection, Filed]:
    """File the trusted collections; the others keep what they had."""
    kept = tallies(conn)
    filed = {}
    for manifest in result.manifests:
        collection = manifest.collection
        pull = night.pulls.get(collection)
        if pull is None or not manifest.state.trusted:
            listed = len(pull.records) if pull else 0
            filed[collection] = Filed(listed, kept.get(collection.value, NOTHING))
            continue
        absent = {v.id: v.answer for v in result.vanished if v.collection is collection}
        filing = Filing(result.run.id, previous, result.run.started, absent)
        filed[collection] = file_pull(conn, collection, pull.records, filing)
    return filed


def _observe(
    conn: sa.Connection,
    manifests: Sequence[Manifest],
    filed: Mapping[Collection, Filed],
    run_id: int,
) -> None:
    columns = (
        "collection", "state", "manifest", "fingerprint", "listed", "stored", "content",
    )  # fmt: skip
    rows = [
        (
            m.collection.value,
            m.state.value,
            to_text(m),
            m.asked,
            filed[m.collection].listed,
            filed[m.collection].now.stored,
            filed[m.collection].now.content,
        )
        for m in manifests
    ]
    insert_many(conn, OBSERVATION, columns, rows, run_id=run_id)


def _post(conn: sa.Connection, edition: Edition, run_id: int) -> None:
    """Put the finished mails into the outbox, and the archive's digests beside them."""
    for letter in edition.letters:
        _put(conn, letter, run_id)
    pages = [(name, sha256(body).hexdigest()) for name, body in sorted(edition.files.items())]
    insert_many(conn, PAGE, ("name", "sha256"), pages, run_id=run_id)


def _put(conn: sa.Connection, letter: Letter, run_id: int) -> None:
    posted = conn.execute(
        sa.insert(OUTBOX).values(
            run_id=run_id,
            recipients=to_text(letter.recipients),
            subject=letter.subject,
            message_id=letter.message_id,
            body=letter.body,
            body_sha256=sha256(letter.body).hexdigest(),
            reduced=letter.reduced or None,
            reduced_sha256=sha256(letter.reduced).hexdigest() if letter.reduced else "",
        )
    ).inserted_primary_key
    assert posted is not None
    insert_many(
        conn,
        DELIVERY,
        ("recipient",),
        [(to,) for to in dict.fromkeys(letter.recipients)],
        outbox_id=posted[0],
        state=Delivery.PENDING.value,
        reason="",
        reduced=False,
        attempts=0,
    )


def _close(conn: sa.Connection, result: Result, totals: Totals) -> None:
    """Turn the run row into a published one; a trigger keeps it so."""
    counts = result.counts
    linked = {Outcome.LINKED, Outcome.RENAMED}
    row = RUN.c.id == result.run.id
    conn.execute(
        sa.update(RUN)
        .where(row)
        .values(
            ended=totals.ended,
            previous=totals.previous or None,
            open=sum(n for (_, outcome), n in counts.items() if outcome.is_open),
            linked=sum(n for (_, outcome), n in counts.items() if outcome in linked),
            records=sum(counts.values()),
            withheld=bool(result.withheld),
            counts=to_text(sorted((*key, n) for key, n in counts.items())),
            doubts=to_text(result.doubts),
            systems=to_text(dict(result.systems)),
            verdicts=totals.verdicts.stored,
            verdict_content=totals.verdicts.content,
            findings_digest=totals.findings,
        )
    )
    parts = sealed_parts(conn, result.run.id, result.run.id)[result.run.id]
    sealed = run_digest(totals.before, parts)
    conn.execute(sa.update(RUN).where(row).values(state=PUBLISHED, digest=sealed))


FIXED = (
    (RUN, "id", [c.name for c in RUN.c if c.name not in {"state", "digest"}]),
    (OBSERVATION, "run_id", ["collection", "state", "manifest", "listed", "stored", "content"]),
    (OUTBOX, "run_id", ["recipients", "subject", "message_id", "body_sha256", "reduced_sha256"]),
    (PAGE, "run_id", ["name", "sha256"]),
)
"""What a run writes once and for ever."""


def sealed_parts(conn: sa.Connection, first: int, last: int) -> dict[int, list[str]]:
    """Digest, table by table, what the runs of a range wrote once and for ever."""
    parts: dict[int, list[str]] = {}
    for table, key, columns in FIXED:
        number, chosen = table.c[key], [table.c[name] for name in columns]
        query = sa.select(number, *chosen).where(number.between(first, last))
        rows = plain_rows(conn, query.order_by(number, chosen[0]))
        for run_id, group in groupby(rows, key=itemgetter(0)):
            parts.setdefault(run_id, []).append(f"{table.name} {digest(map(to_text, group))}")
    return parts


def run_digest(before: str, parts: Iterable[str]) -> str:
    """Seal a run over the run before it."""
    return digest((before, *parts))
