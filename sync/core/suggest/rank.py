"""From scored pairs to what is shown: one to one, at most a few, graded."""

import math
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from sync.core.suggest.assign import Claim, assign
from sync.core.suggest.entries import Entry, Scored
from sync.core.suggest.naming import Explain
from sync.core.suggest.organisations import read
from sync.core.suggest.reasons import reason
from sync.core.verdicts import Grade, Reason, Suggestion

FLOOR = 0.5
STRONG = 0.9
MEDIUM = 0.75
CLEAR = 0.15
"""A strong candidate is at least this far ahead of the next."""
TIE = 0.01
NEARLY_ALL = 90
"""Percent of characters that a slip leaves as they were in a name long enough to be told by it."""


def rank(
    left: Sequence[Entry],
    right: Sequence[Entry],
    found: tuple[Sequence[Scored], Explain],
    *,
    top: int = 3,
    floor: float = FLOOR,
) -> list[tuple[Suggestion, ...]]:
    """Choose for every left row what to show, best first."""
    scored, explain = found
    by_left: dict[int, list[Scored]] = defaultdict(list)
    for pair in scored:
        by_left[pair.left].append(pair)
    shown = _Shown(left, right, scored, explain)
    return [shown.of(by_left.get(row, []), top, floor) for row in range(len(left))]


def _holders(scored: Sequence[Scored], right: Sequence[Entry]) -> dict[int, int]:
    """Say which left row each right row belongs to when each may have one."""
    claims = [
        Claim(pair.left, pair.right, math.log(pair.score / (1 - pair.score)))
        for pair in scored
        if FLOOR < pair.score < 1 and right[pair.right].taken_by is None
    ]
    certain = [Claim(p.left, p.right, 20.0) for p in scored if p.score >= 1]
    return {right: left for left, right in assign([*certain, *claims]).items()}


def _settles(reasons: Sequence[Reason], name: str) -> bool:
    """Tell whether a name's reasons leave no room for another organisation.

    `Acme` may be `Acme Dental` or an acronym of it, and `Globul` be `Globus`: likely, not strong.
    Of a name of one word that word must be the same: `Howden` and `Howdens` are two firms, and so
    are `Telkom` and `Telekom`.
    """
    codes = {one.code: dict(one.facts) for one in reasons}
    if all(code.startswith("only-") or code in SETTLING for code in codes):
        return "only-abbreviation" not in codes or not _is_one_word(name)
    if "spelling" not in codes or "similar" not in codes or "extra-words" in codes:
        return False
    spellings = [dict(one.facts) for one in reasons if one.code == "spelling"]
    slips = all(_is_slip(str(words["ae"]), str(words["halo"])) for words in spellings)
    return slips and int(codes["similar"]["percent"]) >= NEARLY_ALL and not _is_one_word(name)


def _is_one_word(name: str) -> bool:
    return len(read(name).words) == 1


def _is_slip(one: str, other: str) -> bool:
    """Tell a slip of the finger from another word: not `Mail` and `Male`."""
    length = min(len(one), len(other))
    slips = OSA.distance(one.casefold(), other.casefold())
    return length >= _TELLING and slips <= (2 if length >= _LONG else 1)


_TELLING, _LONG = 5, 9
"""Letters of a word from which one slip, and two, leave it known."""
SETTLING = frozenset({"identical", "word-order", "default-name"})


def _called(entry: Entry, like: str) -> str:
    """Give the name that meets the other one: an asset's first name is often its serial number."""
    if not entry.names:
        return entry.name
    wanted = like.casefold()
    return max((entry.name, *entry.names), key=lambda name: fuzz.ratio(name.casefold(), wanted))


class _Shown:
    """What is shown of one left row's candidates."""

    def __init__(
        self,
        left: Sequence[Entry],
        right: Sequence[Entry],
        scored: Sequence[Scored],
        explain: Explain,
    ) -> None:
        holder = _holders(scored, right)
        self._left, self._right = left, right
        self._holder, self._explain = holder, explain
        self._placed = set(holder.values())
        self._claims: dict[int, list[Scored]] = defaultdict(list)
        for pair in scored:
            if pair.score >= FLOOR:
                self._claims[pair.right].append(pair)

    def of(self, pairs: list[Scored], top: int, floor: float) -> tuple[Suggestion, ...]:
        best = sorted(pairs, key=lambda p: (-p.score, self._right[p.right].id))
        kept = sorted((p for p in best if p.score >= floor), key=self._order)[:top]
        return tuple(self._suggestion(pair, best, at) for at, pair in enumerate(kept))

    def _order(self, pair: Scored) -> tuple[bool, bool, float, str]:
        entry = self._right[pair.right]
        free = entry.taken_by is None
        # Who has a place of its own leaves the other's alone; who has none still wants it shown.
        given_up = self._lost(pair) and pair.left in self._placed
        return (not free, given_up, -pair.score, entry.id)

    def _lost(self, pair: Scored) -> bool:
        """Tell whether the right row goes to somebody whom it fits better."""
        return self._holder.get(pair.right, pair.left) != pair.left

    def _suggestion(self, pair: Scored, best: list[Scored], at: int) -> Suggestion:
        entry = self._right[pair.right]
        rivals = [p for p in best if p.right != pair.right]
        margin = max(0.0, pair.score - rivals[0].score) if rivals else pair.score
        near = rivals[:1] if rivals and rivals[0].score >= FLOOR else []
        ties = sum(abs(p.score - pair.score) < TIE for p in rivals)
        standing = self._standing(pair, entry, ties)
        why = self._explain(pair)
        settled = pair.reasons or _settles(why, self._left[pair.left].name)
        if pair.best is Grade.STRONG and not settled:
            pair = pair._replace(best=Grade.MEDIUM)
        return Suggestion(
            halo_id=entry.id,
            name=self._name(pair),
            score=pair.score,
            grade=self._grade(pair, margin, first=at == 0, doubtful=bool(standing)),
            reasons=(*pair.reasons, *why, *standing),
            margin=round(margin, 4),
            taken_by=entry.taken_by,
            runner_up=self._name(near[0]) if near else "",
        )

    def _name(self, pair: Scored) -> str:
        return _called(self._right[pair.right], self._left[pair.left].name)

    def _standing(self, pair: Scored, entry: Entry, ties: int) -> tuple[Reason, ...]:
        found: list[Reason] = []
        if entry.taken_by is not None:
            found.append(reason("taken", by=entry.taken_name or entry.taken_by))
        elif equal := self._equal_claim(pair):
            found.append(reason("equal-claim", by=self._left[equal.left].name))
        elif self._lost(pair):
            found.append(reason("better-claim", by=self._left[self._holder[pair.right]].name))
        if ties:
            found.append(reason("tie", count=ties + 1))
        if entry.active is False:
            found.append(reason("inactive"))
        return tuple(found)

    def _equal_claim(self, pair: Scored) -> Scored | None:
        """Find another left row that the right one fits just as well."""
        rivals = (p for p in self._claims.get(pair.right, ()) if p.left != pair.left)
        return next((p for p in rivals if abs(p.score - pair.score) < TIE), None)

    def _grade(self, pair: Scored, margin: float, *, first: bool, doubtful: bool) -> Grade:
        clear = first and not doubtful and margin >= CLEAR
        if clear and pair.score >= STRONG and pair.best is Grade.STRONG:
            return Grade.STRONG
        if pair.score >= MEDIUM and not doubtful and pair.best is not Grade.WEAK:
            return Grade.MEDIUM
        return Grade.WEAK
