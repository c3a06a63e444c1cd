"""What changed between two published runs, told from the intervals alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from sync.core.records import AE_OF, HALO_OF, Collection, Kind
from sync.core.result import Finding, Life
from sync.core.verdicts import Key, Outcome, Verdict
from sync.errors import UsageError
from sync.store import records, verdicts
from sync.store.backup import PRUNED
from sync.store.codec import finding_from
from sync.store.findings import FINDING
from sync.store.runs import PUBLISHED, RUN, meta

_C = FINDING.c


@dataclass(frozen=True, slots=True)
class Turned:
    """A finding that was open at both runs, with another outcome."""

    finding: Finding
    before: Outcome


@dataclass(frozen=True, slots=True)
class Renamed:
    """A known pair of which a side got another name in between."""

    kind: Kind
    ae_id: str
    names_before: tuple[str, str]
    """In AutoElevate and in Halo; empty where the record was not there yet."""
    names: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Between:
    new: tuple[Finding, ...]
    reopened: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    turned: tuple[Turned, ...]
    renamed: tuple[Renamed, ...]
    still_open: int


def between(conn: sa.Connection, older: int, newer: int) -> Between:
    """Compare what stood after one published run with what stood after a later one."""
    for run_id in (older, newer):
        _refuse_unpublished(conn, run_id)
    if older <= int(meta(conn, PRUNED) or 0):
        raise UsageError(
            f"run {older} is older than what is kept",
            hint="retention.history_months says how long it is; name a later run",
        )
    before, after = _open_at(conn, older), _open_at(conn, newer)
    outcomes = [{_key(v): v for v in verdicts.as_of(conn, n)} for n in (older, newer)]
    known = _seen_by(conn, older)
    fresh = [after[key] for key in sorted(after.keys() - before.keys())]
    both = sorted(before.keys() & after.keys())
    return Between(
        new=tuple(replace(f, life=Life.NEW) for f in fresh if f.key not in known),
        reopened=tuple(replace(f, life=Life.REOPENED) for f in fresh if f.key in known),
        resolved=tuple(
            replace(before[key], life=Life.RESOLVED) for key in sorted(before.keys() - after.keys())
        ),
        turned=tuple(_turned((after[key] for key in both), *outcomes)),
        renamed=_renamed(conn, (older, newer), *outcomes),
        still_open=len(both),
    )


def _key(verdict: Verdict) -> Key:
    return (verdict.kind, verdict.ae_id)


def _refuse_unpublished(conn: sa.Connection, run_id: int) -> None:
    if conn.scalar(sa.select(RUN.c.state).where(RUN.c.id == run_id)) != PUBLISHED:
        raise UsageError(
            f"run {run_id} was not published", hint="`halosync history` lists the runs"
        )


def _open_at(conn: sa.Connection, run_id: int) -> dict[Key, Finding]:
    """Give the findings that were open after a run; their rows read as they were written last."""
    rows = conn.execute(
        sa.select(_C.body, _C.as_of, RUN.c.started)
        .join(RUN, RUN.c.id == _C.opened_run)
        .where(
            _C.opened_run <= run_id,
            sa.or_(_C.closed_run.is_(None), _C.closed_run > run_id),
        )
    )
    found = (finding_from(r.body, since=r.started, as_of=r.as_of) for r in rows)
    return {finding.key: finding for finding in found}


def _seen_by(conn: sa.Connection, run_id: int) -> set[Key]:
    """Give the keys of everything that had ever been open by a run."""
    rows = conn.execute(sa.select(_C.kind, _C.ae_id).where(_C.opened_run <= run_id).distinct())
    return {(Kind(kind), ae_id) for kind, ae_id in rows}


def _turned(
    found: Iterable[Finding], before: Mapping[Key, Verdict], after: Mapping[Key, Verdict]
) -> Iterable[Turned]:
    for finding in found:
        was, now = before.get(finding.key), after.get(finding.key)
        if was and now and was.outcome is not now.outcome:
            yield Turned(finding, was.outcome)


def _renamed(
    conn: sa.Connection,
    runs: tuple[int, int],
    before: Mapping[Key, Verdict],
    after: Mapping[Key, Verdict],
) -> tuple[Renamed, ...]:
    """Compare the names of what was linked at both runs."""
    found = []
    for kind in Kind:
        (ours, theirs), (ours_now, theirs_now) = (_names(conn, kind, run) for run in runs)
        for key, verdict in sorted(after.items()):
            if key[0] is not kind or not _stuck(before.get(key), verdict):
                continue
            halo_id = verdict.halo_id or ""
            was = (ours.get(key[1], ""), theirs.get(halo_id, ""))
            now = (ours_now.get(key[1], ""), theirs_now.get(halo_id, ""))
            if was != now:
                found.append(Renamed(*key, was, now))
    return tuple(found)


def _stuck(was: Verdict | None, now: Verdict) -> bool:
    linked = {Outcome.LINKED, Outcome.RENAMED}
    return (
        was is not None
        and was.halo_id == now.halo_id
        and was.outcome in linked
        and now.outcome in linked
    )


def _names(conn: sa.Connection, kind: Kind, run_id: int) -> tuple[dict[str, str], dict[str, str]]:
    """Give the names of both sides by id, an agent's e-mail being what links it."""

    def name(collection_of: Mapping[Kind, Collection]) -> dict[str, str]:
        found = records.as_of(conn, collection_of[kind], run_id)
        return {r.id: r.email if kind is Kind.USER else r.name for r in found}

    return name(AE_OF), name(HALO_OF)
