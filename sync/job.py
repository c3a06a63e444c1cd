"""One run, top to bottom: pull, doubt, decide, publish, deliver."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from sync.clock import Clock
from sync.core import guard
from sync.core.brake import released
from sync.core.judge import Settings, judge
from sync.core.pulls import Answer, Night, Pull, State, SystemFacts
from sync.core.records import Collection, Record, Side
from sync.core.result import Edition, Recollection, Result, RunFacts
from sync.core.sides import FlagFile
from sync.errors import Exit, SyncError, after_publishing
from sync.interpreter import long_turns, no_collecting, seldom_collecting
from sync.outbox import Delivery, Outbox, Receipt, Transport, send_all

log = logging.getLogger("halosync")


class Source(Protocol):
    """One system (or file) that can be pulled. Its failures are manifests, not exceptions."""

    @property
    def collections(self) -> tuple[Collection, ...]: ...

    def pull(self) -> Iterator[Pull]:
        """Yield one pull per collection, completeness already proven or its failure named."""
        ...

    def ask(self, collection: Collection, record_id: str) -> Answer:
        """Ask for one record by id, to prove it gone; UNKNOWN where that is impossible."""
        ...

    def facts(self) -> SystemFacts | None:
        """Whom we talked to; None for a file. Called after `pull`."""
        ...

    def recent_requests(self) -> Mapping[str, int] | None:
        """AutoElevate: computer id -> elevation requests in the last 24 h; None if unreadable."""
        ...


class Memory(Protocol):
    """What the store does for a run."""

    def begin(self, slot: str, started: datetime, *, timezone: str, config_hash: str) -> RunFacts:
        """Claim a run row (own transaction); raise `SlotDone` for a slot already published."""
        ...

    def refuse_stranger(self, facts: SystemFacts) -> None:
        """Raise when the database belongs to another tenant than the one that answered."""
        ...

    def recall(self, at: datetime) -> Recollection: ...

    def standing(self, collection: Collection, ids: Sequence[str]) -> tuple[Record, ...]:
        """Give the stored form of records that stand, for those that tonight's list lacks."""
        ...

    def publish(self, night: Night, result: Result, edition: Edition) -> None:
        """Records, verdicts, findings, run row, outbox letters and slot: one transaction."""
        ...

    def fail(self, run_id: int, what: str, at: datetime) -> None:
        """Close a run row that will not be published."""
        ...


def no_flags() -> tuple[FlagFile, ...]:
    """Nobody brings AutoElevate's "Linked" columns."""
    return ()


class Shelf(Protocol):
    """Where the archive lies. Staged files become visible only after the run is published."""

    def stage(self, edition: Edition, run_id: int) -> None: ...

    def reveal(self, run_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    slot: str
    dry_run: bool = False
    no_email: bool = False
    missed: tuple[str, ...] = ()
    fail_on_unlinked: int | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a run works with, wired by `sync.app`."""

    sources: Sequence[Source]
    memory: Memory
    compose: Callable[[Result], Edition]
    shelf: Shelf
    outbox: Outbox
    transport: Transport
    clock: Clock
    settings: Settings = field(default_factory=Settings)
    zone: tzinfo = UTC
    timezone: str = "UTC"
    config_hash: str = ""
    version: str = ""
    flags: Callable[[], tuple[FlagFile, ...]] = no_flags


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: what it decided, what the mail server said, and the exit code."""

    result: Result
    edition: Edition
    receipts: Mapping[str, Receipt]
    exit_code: Exit


def run(parts: Parts, order: Order) -> Ending:
    """Do one night's work once. Raises what stopped it; nothing is published then."""
    started = parts.clock.now().astimezone(parts.zone)
    if order.dry_run:
        facts = RunFacts(0, started, order.slot, parts.timezone, parts.version, parts.config_hash)
        result, _ = _decide(parts, facts)
        return Ending(result, parts.compose(result), {}, exit_code(result, {}, order, due=False))
    send_all(parts.outbox, parts.transport, started)
    facts = parts.memory.begin(
        order.slot, started, timezone=parts.timezone, config_hash=parts.config_hash
    )
    facts = replace(facts, missed=order.missed, version=parts.version)
    try:
        result, edition = _publish(parts, order, facts)
    except BaseException as stop:
        parts.memory.fail(facts.id, _why(stop), parts.clock.now())
        raise
    try:
        _show(parts.shelf, facts.id)
        receipts = send_all(parts.outbox, parts.transport, parts.clock.now())
    except BaseException as stop:
        after_publishing(stop)
        raise
    code = exit_code(result, receipts, order, due=bool(edition.letters))
    log.info("run %s ends with exit code %d (%s)", facts.id, code, code.name.lower())
    return Ending(result, edition, receipts, code)


def _show(shelf: Shelf, run_id: int) -> None:
    """Show the archived report. The run is published: its mail is due whatever happens here."""
    try:
        shelf.reveal(run_id)
    except SyncError as error:
        log.error("run %s is published, but not in the archive yet: %s", run_id, error)  # noqa: TRY400


def _why(stop: BaseException) -> str:
    """Words for the run row; a bug's text may hold anything, so only its type is kept."""
    return str(stop) if isinstance(stop, SyncError) else type(stop).__name__


def _publish(parts: Parts, order: Order, facts: RunFacts) -> tuple[Result, Edition]:
    result, night = _decide(parts, facts)
    edition = parts.compose(result)
    if order.no_email:
        edition = replace(edition, letters=())
    parts.shelf.stage(edition, facts.id)
    parts.clock.check()
    parts.memory.publish(night, result, edition)
    log.info("run %s published, %d letters due", facts.id, len(edition.letters))
    return result, edition


def _decide(parts: Parts, facts: RunFacts) -> tuple[Result, Night]:
    """Pull, doubt and judge; nothing is written."""
    tonight = pull(parts.sources)
    for facts_of_system in tonight.systems.values():
        parts.memory.refuse_stranger(facts_of_system)
    past = replace(parts.memory.recall(facts.started), flag_files=parts.flags())
    tonight = released(tonight, past)
    answers = _ask(parts, guard.questions(tonight, past, facts.id))
    gaps = guard.missing(tonight, past)
    standing = {c: parts.memory.standing(c, ids) for c, ids in gaps.items()}
    with no_collecting():
        trust = guard.weigh(tonight, past, answers, standing, parts.settings.limits)
        result = judge(facts, tonight, trust, past, parts.settings)
    log.info(
        "judged %d records: %d open, %d resolved, %d lists withheld",
        sum(result.counts.values()),
        len(result.findings),
        len(result.resolved),
        len(result.withheld),
    )
    return result, tonight


def pull(sources: Sequence[Source]) -> Night:
    """Pull every source, the systems side by side; inside one its pages stay serial."""
    with (
        seldom_collecting(),
        long_turns(),
        ThreadPoolExecutor(max_workers=max(1, len(sources))) as pool,
    ):
        pulls = [p for source in pool.map(_pull_all, sources) for p in source]
    facts = [f for source in sources if (f := source.facts()) is not None]
    requests = [r for source in sources if (r := source.recent_requests()) is not None]
    return Night(
        pulls={p.manifest.collection: p for p in pulls},
        systems={f.side: f for f in facts},
        recent_requests=requests[0] if requests else None,
    )


def _pull_all(source: Source) -> list[Pull]:
    pulls = []
    for pulled in source.pull():
        m = pulled.manifest
        log.info(
            "%s: %s, %d of %s records, %d pages%s",
            m.collection,
            m.state,
            m.unique,
            "?" if m.declared is None else m.declared,
            m.pages,
            f" ({m.cause}: {m.detail})" if m.cause else "",
        )
        pulls.append(pulled)
    return pulls


def _ask(
    parts: Parts, questions: Mapping[Collection, Sequence[str]]
) -> dict[tuple[Collection, str], Answer]:
    """Ask for vanished records one by one."""
    home = {collection: source for source in parts.sources for collection in source.collections}
    return {
        (collection, i): home[collection].ask(collection, i)
        for collection, ids in questions.items()
        for i in ids
    }


def exit_code(result: Result, receipts: Mapping[str, Receipt], order: Order, *, due: bool) -> Exit:
    """Read the exit code off a finished run (reliability specification 1.12)."""
    accepted = any(r.state is Delivery.ACCEPTED for r in receipts.values())
    open_rows = sum(n for (_, outcome), n in result.counts.items() if outcome.is_open)
    limit = order.fail_on_unlinked
    verdicts: Iterable[tuple[bool, Exit]] = (
        (any(_down(result, side) for side in Side), Exit.SOURCE_DOWN),
        (any(d.stops for d in result.doubts), Exit.BRAKE),
        (due and not accepted, Exit.MAIL_NOT_ACCEPTED),
        (bool(result.withheld), Exit.WITHHELD),
        (limit is not None and open_rows >= max(1, limit), Exit.FINDINGS),
    )
    return next((code for holds, code in verdicts if holds), Exit.OK)


def _down(result: Result, side: Side) -> bool:
    """Whether a whole system gave nothing: unreachable or unauthorised for every list."""
    states = [
        m.state
        for m in result.manifests
        if m.collection.side is side and m.collection not in guard.FROM_FILE
    ]
    return bool(states) and all(s in {State.UNREACHABLE, State.FORBIDDEN} for s in states)
