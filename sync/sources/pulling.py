"""Makes the finished pull of one list: its records and the manifest that vouches for them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from sync.core.pulls import Answer, Manifest, Pull
from sync.sources.causes import Cause, Trouble
from sync.sources.proof import Proof, digest, prove
from sync.sources.walk import Walk, run_all

Plan = Callable[[], Sequence[Walk]]
"""Says how to walk a list; may itself meet `Trouble` (login, unknown asset type)."""


def pull(
    manifest: Manifest,
    plan: Plan,
    still_there: Callable[[str], Answer],
    moment: Callable[[], datetime],
    *,
    needs_order: bool,
) -> Pull:
    """Pull one list. Troubles become the manifest's state and cause.

    `moment` gives the system's own time as of the last exchange with it.
    """
    try:
        walks = list(plan())
    except Trouble as trouble:
        return failed(manifest, trouble, moment())
    proof = prove(lambda tally: run_all(walks, tally), still_there, needs_order=needs_order)
    times = [at for walk in walks for at in walk.times] or [moment()]
    return finished(manifest, proof, min(times), max(times))


def failed(manifest: Manifest, trouble: Trouble, at: datetime) -> Pull:
    cause = trouble.cause
    return Pull(
        replace(
            manifest,
            state=cause.state,
            cause=cause.value,
            detail=trouble.detail,
            started=at,
            ended=at,
        )
    )


def finished(manifest: Manifest, proof: Proof, started: datetime, ended: datetime) -> Pull:
    """Fill the manifest's numbers in from the last pass."""
    tally = proof.last
    ordered = tuple(sorted(proof.records(), key=attrgetter("id")))
    return Pull(
        replace(
            manifest,
            state=proof.state,
            cause=proof.cause,
            detail=proof.detail,
            pages=sum(t.pages for t in proof.passes),
            declared=tally.total,
            received=tally.received,
            unique=len(tally.seen),
            duplicate=tally.duplicate,
            left_out=tally.left_out,
            rejected=tuple(sorted(tally.rejected.items())),
            repulls=len(proof.passes) - 1,
            started=started,
            ended=ended,
            digest=digest(ordered),
        ),
        ordered,
    )


def doubted(pull: Pull, cause: Cause, detail: str) -> Pull:
    """Withhold a pull whose count is right but whose content cannot be."""
    manifest = replace(pull.manifest, state=cause.state, cause=cause.value, detail=detail)
    return Pull(manifest, pull.records)


def is_empty(pull: Pull) -> bool:
    """Whether a list proved itself, and proved to hold nobody."""
    return pull.manifest.state.trusted and not pull.records
