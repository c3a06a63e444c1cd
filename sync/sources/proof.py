"""Proves that a list came whole, or says why it may not be believed (reliability 1.3).

Declared total constant, unique ids equal to it, nothing twice, at most one row in a hundred
rejected. If that fails the list is pulled once more; what either pass saw counts as present. Where
a server declares no total, or ignores the order asked for, two passes must give the same ids; an
id that only the first one saw must be proven gone by its own request. A list that is not still
for long enough, its total moving during both passes and nothing else wrong, is "complete-resolved":
good enough if every record it lacks can be accounted for (`sync.core.guard`).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from sync.core.pulls import Answer, State
from sync.core.records import AeRecord, HaloRecord
from sync.sources.causes import Cause, Trouble
from sync.sources.walk import Tally

REJECTED_SHARE = 0.01
MOST_QUESTIONS = 20
"""By-id requests to tell a row that died between two passes from one that was missed."""
AT_ONCE = 1000
"""Records that are encoded in one go."""
CURABLE = {Cause.PAGE_BROKEN, Cause.PAGE_ENCODING, Cause.PAGE_SHAPE}
"""Faults of one answer that a second pass may not meet."""


@dataclass(slots=True)
class Proof:
    """The verdict on one list, and the passes it rests on."""

    passes: list[Tally]
    state: State = State.COMPLETE
    cause: str = ""
    detail: str = ""

    @property
    def last(self) -> Tally:
        return self.passes[-1]

    def records(self) -> list[AeRecord | HaloRecord]:
        """Give the proven list, or without proof everything that either pass saw."""
        if self.state.trusted:
            return self.last.records()
        union = {record.id: record for tally in self.passes for record in tally.records()}
        return list(union.values())


def prove(
    run: Callable[[Tally], None],
    still_there: Callable[[str], Answer],
    *,
    needs_order: bool,
) -> Proof:
    """Pull once, or twice where once proves nothing. `run` fills the tally it is given."""
    proof = Proof([])
    try:
        _judge(proof, run, still_there, needs_order=needs_order)
    except Trouble as trouble:
        _fail(proof, trouble.cause, trouble.detail)
    return proof


def _judge(
    proof: Proof,
    run: Callable[[Tally], None],
    still_there: Callable[[str], Answer],
    *,
    needs_order: bool,
) -> None:
    flaws: list[tuple[Cause, str]] = []
    clean = 0
    while True:
        found = _pass(proof, run)
        if found is not None:
            flaws.append(found)
        else:
            clean += 1
            whole = _whole(proof.last, needs_order=needs_order)
            if clean == 2 or whole:
                found = _lost_on_the_way(proof.passes, still_there)
                break
        if len(flaws) == 2 or (found is not None and found[0] is Cause.PAGING_IGNORED):
            found = _worst(flaws)
            break
    if found is not None:
        _fail(proof, *found)
    if _only_moved(flaws) and _whole_enough(proof, still_there, needs_order=needs_order):
        proof.state = State.COMPLETE_RESOLVED


def _only_moved(flaws: list[tuple[Cause, str]]) -> bool:
    return len(flaws) == 2 and all(cause is Cause.CHANGED_WHILE_READING for cause, _ in flaws)


def _whole_enough(proof: Proof, still_there: Callable[[str], Answer], *, needs_order: bool) -> bool:
    """Whether the last pass stands by itself and lost nothing that an earlier one saw."""
    settled = _whole(proof.last, needs_order=needs_order)
    return settled and _lost_on_the_way(proof.passes, still_there) is None


def _worst(flaws: list[tuple[Cause, str]]) -> tuple[Cause, str]:
    """The last flaw, unless an earlier one says more than "changed while reading"."""
    return flaws[0] if flaws[-1][0] is Cause.CHANGED_WHILE_READING else flaws[-1]


def _pass(proof: Proof, run: Callable[[Tally], None]) -> tuple[Cause, str] | None:
    """Pull once; the flaw it shows, None = none."""
    proof.passes.append(Tally())
    try:
        run(proof.last)
    except Trouble as trouble:
        if trouble.cause not in CURABLE:
            raise
        return trouble.cause, trouble.detail
    return flaw(proof.last)


def _whole(tally: Tally, *, needs_order: bool) -> bool:
    """Whether one pass is enough: it declared a total, and kept the order asked for."""
    return not tally.bare and (tally.ordered or not needs_order)


def flaw(tally: Tally) -> tuple[Cause, str] | None:
    """Name the first thing that does not add up in one pass."""
    if tally.flaw is not None:
        return tally.flaw
    unusable = tally.rejected.total()
    if unusable > REJECTED_SHARE * len(tally.seen):
        worst = ", ".join(f"{why} ({n})" for why, n in tally.rejected.most_common(3))
        return Cause.ROWS_REJECTED, f"{unusable} of {len(tally.seen)} rows: {worst}"
    if tally.repeated or (tally.duplicate and not tally.bare):
        return Cause.ROWS_REPEATED, f"{tally.duplicate} of {tally.received} rows came twice"
    # Pages of a bare array may repeat each other: that is how we learn there is only one. A list
    # that declared a total before it came bare still has to reach that total.
    return None if tally.bare and not tally.totals else _miscount(tally)


def _miscount(tally: Tally) -> tuple[Cause, str] | None:
    """Hold the rows against the declared totals."""
    if tally.undeclared:
        return Cause.TOTAL_BAD, "a page declared no sensible total"
    if len(tally.seen) != tally.total:
        return Cause.ROWS_MISSING, f"{tally.total} declared, {len(tally.seen)} came"
    if len(set(tally.totals)) > 1:
        low, high = min(tally.totals), max(tally.totals)
        return Cause.CHANGED_WHILE_READING, f"the declared total moved between {low} and {high}"
    return None


def _lost_on_the_way(
    passes: Sequence[Tally], still_there: Callable[[str], Answer]
) -> tuple[Cause, str] | None:
    """Ask for what only an earlier pass saw: gone since, or missed by the last one."""
    *earlier, last = passes
    lost = sorted(set[str]().union(*(tally.seen for tally in earlier)) - last.seen)
    if len(lost) <= MOST_QUESTIONS and all(still_there(i) is Answer.GONE for i in lost):
        return None
    return Cause.PULLS_DIFFER, f"{len(lost)} records seen before are not in the last pull"


def _fail(proof: Proof, cause: Cause, detail: str) -> None:
    proof.state, proof.cause, proof.detail = cause.state, cause.value, detail


def digest(records: Sequence[AeRecord | HaloRecord]) -> str:
    """SHA-256 over records sorted by id as kept, without the volatile last check-in.

    Some at a time: a second copy of a million of them would take longer to make than to read.
    """
    total = hashlib.sha256()
    for start in range(0, len(records), AT_ONCE):
        some = records[start : start + AT_ONCE]
        ours = isinstance(some[0], AeRecord)
        total.update(msgspec.msgpack.encode([r[:-1] for r in some] if ours else some))
    return total.hexdigest()
