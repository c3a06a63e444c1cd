"""Near misses between any two lists: what the report and `halosync match` both stand on."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sync.core.names import email_key, exact_key
from sync.core.records import Kind
from sync.core.suggest import naming
from sync.core.suggest.entries import Entry, Scored
from sync.core.suggest.machines import machines
from sync.core.suggest.naming import Explain
from sync.core.suggest.people import people
from sync.core.suggest.rank import FLOOR, rank
from sync.core.suggest.reasons import reason
from sync.core.verdicts import Grade, Reason, Suggestion


def match(
    left: Sequence[Entry],
    right: Sequence[Entry],
    kind: Kind,
    *,
    top: int = 3,
    floor: float = FLOOR,
) -> list[tuple[Suggestion, ...]]:
    """Find for every left entry, in its order, the right entries probably meant.

    Identical names come first; an entry held by an identical name is offered to nobody else
    except as taken.
    """
    held: dict[int, str] = {}
    answers: list[tuple[Suggestion, ...]] = [()] * len(left)
    open_rows: list[int] = []
    by_key = _by_key(right, kind)
    askers = Counter(_key(entry, kind) for entry in left)
    for row in canonical_order(left):
        key = _key(left[row], kind)
        same = by_key.get(key, [])
        if same:
            first = [right[at] for at in same[: max(1, top)]]
            answers[row] = _identical(first, len(same), alone=askers[key] == 1)[:top]
            if same[0] not in held:  # the first to ask holds them all
                held.update(dict.fromkeys(same, left[row].id))
        else:
            open_rows.append(row)
    ours = [left[row] for row in open_rows]
    theirs = [
        right[at]._replace(taken_by=right[at].taken_by or held.get(at))
        for at in canonical_order(right)
    ]
    shown = rank(ours, theirs, near(kind, ours, theirs, floor / 25), top=top, floor=floor)
    for row, suggestions in zip(open_rows, shown, strict=True):
        answers[row] = suggestions
    return answers


def near(
    kind: Kind, left: Sequence[Entry], right: Sequence[Entry], lowest: float = naming.LOWEST
) -> tuple[list[Scored], Explain]:
    """Score the pairs of one kind that are worth a look, from `lowest` on."""
    if kind is Kind.COMPANY:
        return naming.companies(left, right, lowest)
    if kind is Kind.LOCATION:
        return naming.sites(left, right)
    found = machines(left, right) if kind is Kind.COMPUTER else people(left, right)
    return found, _no_more


def canonical_order(entries: Sequence[Entry]) -> list[int]:
    """Order rows by what they say, so that the order they came in cannot matter."""
    return sorted(range(len(entries)), key=lambda row: entries[row][:5])


def _no_more(_pair: Scored) -> tuple[Reason, ...]:
    return ()


def _by_key(entries: Sequence[Entry], kind: Kind) -> dict[tuple[str, str], list[int]]:
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in canonical_order(entries):
        rows[_key(entries[row], kind)].append(row)
    rows.pop(("", ""), None)
    return rows


def _key(entry: Entry, kind: Kind) -> tuple[str, str]:
    if kind is Kind.USER:
        return ("", email_key(entry.email or entry.name))
    inside = entry.parent if kind is not Kind.COMPANY else ""
    return (inside, exact_key(entry.name)) if entry.name else ("", "")


def _identical(same: list[Entry], count: int, *, alone: bool) -> tuple[Suggestion, ...]:
    """Show some of the identical ones, `count` in all; strong only where one meets one."""
    why = [reason("identical")]
    if count > 1:
        why.append(reason("tie", count=count))
    if not alone:
        why.append(reason("equal-claim", by=same[0].name))
    grade = Grade.STRONG if len(why) == 1 else Grade.WEAK
    margin = 1.0 if count == 1 else 0.0
    return tuple(
        Suggestion(other.id, other.name, 1.0, grade, tuple(why), margin, other.taken_by)
        for other in same
    )
