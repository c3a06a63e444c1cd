"""One record in its saved world: what it is, and every Halo record that was weighed for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sync.core import tickets
from sync.core.decisions import Decision, Standing, in_force
from sync.core.findings import Directory
from sync.core.names import email_key, exact_key
from sync.core.pulls import Night
from sync.core.records import HALO_OF, AeRecord, HaloRecord, Kind
from sync.core.result import Recollection, Target
from sync.core.rooms import INSIDE_COMPANY, texts
from sync.core.sheet import Linking
from sync.core.suggest import near_misses
from sync.core.suggest.night import SHOWN, Cut
from sync.core.verdicts import Grade, Key, Reason, Suggestion, Verdict

EVERY = Cut(top=20, floor=0.0)
"""An explanation hides nothing that was scored at all, however low."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The saved world that is explained: no network, only what the last published run left."""

    night: Night
    published: Mapping[Key, Verdict]
    """What the last report said, before any ignore."""
    past: Recollection
    linking: Linking
    at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Halo record that was weighed, and what spoke against it."""

    target: Target
    score: float
    grade: Grade | None
    """None for one whose name is the same but which the rule may not use."""
    margin: float
    runner_up: str
    reasons: tuple[Reason, ...]
    against: tuple[str, ...]
    """`rejected` by decision, `taken`, `inactive`, `other-client`, `too-weak`, `not-among-best`."""


@dataclass(frozen=True, slots=True)
class Case:
    """One record in its world."""

    record: AeRecord
    by_rule: Verdict
    verdicts: Mapping[Key, Verdict]
    book: Directory
    standing: Standing
    snapshot: Snapshot

    @property
    def key(self) -> Key:
        return (self.record.kind, self.record.id)

    @property
    def parent(self) -> Verdict | None:
        """The company that must link first; None for a kind without one."""
        if self.record.kind not in INSIDE_COMPANY:
            return None
        return self.verdicts.get((Kind.COMPANY, self.record.company or ""))

    @property
    def client_id(self) -> str | None:
        above = self.parent
        return above.halo_id if above and above.links_below else None

    @property
    def identical(self) -> list[HaloRecord]:
        """Every Halo record of this kind that answers to the name, wherever it is."""
        kind, exact = self.record.kind, self.snapshot.linking.exact

        def fold(text: str) -> str:
            return email_key(text) if kind is Kind.USER else exact_key(text, exact)

        ours = fold(self.record.email if kind is Kind.USER else self.record.name)
        if not ours.strip():
            return []
        return [
            r
            for r in self.snapshot.night.halo(HALO_OF[kind])
            if any(fold(text) == ours for text in texts(kind, r))
        ]

    def in_room(self, target: HaloRecord) -> bool:
        return self.record.kind not in INSIDE_COMPANY or target.client == self.client_id


def ignore_of(case: Case, verdict: Verdict) -> Decision | None:
    """Give the ignore that keeps a record out of the rows now, if one does."""
    key = (verdict.kind, verdict.ae_id)
    found = case.standing.ignore_for(key, case.book.ae[key].name)
    holds = found and verdict.outcome.is_open and in_force(found, verdict.outcome, case.snapshot.at)
    return found if holds else None


def candidates_of(case: Case) -> Iterator[Candidate]:
    """Every Halo record that was weighed: identical ones first, wherever they are."""
    said = set()
    for target in sorted(case.identical, key=lambda r: (not case.in_room(r), r.id)):
        said.add(target.id)
        yield _identical(case, target)
    if not case.by_rule.outcome.is_open:
        return
    shown = _suggestions(case, case.standing, SHOWN)
    told = {s.halo_id for s in shown}
    # As the report has them first; then what it left out, rejected ones among them.
    for s in (*shown, *_suggestions(case, Standing(), EVERY)):
        target_found = case.book.target(case.record.kind, s.halo_id)
        if s.halo_id not in said and target_found is not None:
            said.add(s.halo_id)
            against = tuple(_against(case, s, told))
            yield Candidate(
                target_found, s.score, s.grade, s.margin, s.runner_up, s.reasons, against
            )


def _identical(case: Case, target: HaloRecord) -> Candidate:
    shown = case.book.target(case.record.kind, target.id)
    assert shown is not None
    against = [] if case.in_room(target) else ["other-client"]
    against += ["inactive"] if target.active is False else []
    return Candidate(shown, 1.0, None, 0.0, "", (Reason("identical"),), tuple(against))


def _suggestions(case: Case, standing: Standing, cut: Cut) -> tuple[Suggestion, ...]:
    """Compare as the night does: the open records of a kind compete, the ignored ones do not."""
    competing = tuple(
        v
        for key, v in case.verdicts.items()
        if v.kind in {Kind.COMPANY, case.record.kind}
        and (key == case.key or ignore_of(case, v) is None)
    )
    found = near_misses(
        case.snapshot.night,
        competing,
        rejected=standing.rejected,
        cut=cut,
    )
    return tickets.told(found, competing, case.snapshot.night).get(case.key, ())


def _against(case: Case, s: Suggestion, shown: Iterable[str]) -> Iterator[str]:
    if (*case.key, s.halo_id) in case.standing.rejected:
        yield "rejected"
    if s.taken_by is not None:
        yield "taken"
    if any(reason.code == "inactive" for reason in s.reasons):
        yield "inactive"
    if s.score < SHOWN.floor:
        yield "too-weak"
    elif s.halo_id not in shown:
        yield "not-among-best"
