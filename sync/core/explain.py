"""Why one record has its verdict: each rule in turn, every candidate, and what would change it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sync.core import flags, ledger, tickets
from sync.core.case import Candidate, Case, Snapshot, candidates_of, ignore_of
from sync.core.decisions import Decision, Standing, stand
from sync.core.findings import open_directory
from sync.core.known import known
from sync.core.link import link_all
from sync.core.names import unexpanded_variable
from sync.core.records import AE_OF, HALO_OF, AeRecord, Kind
from sync.core.result import Pair, Target
from sync.core.rooms import INSIDE_COMPANY
from sync.core.sheet import RULES
from sync.core.verdicts import Grade, Key, Outcome, Verdict


class Step(NamedTuple):
    """One thing that was looked at, whether it spoke for a link, and what was seen."""

    rule: str
    code: str
    holds: bool
    facts: tuple[tuple[str, str | int], ...] = ()


class Way(NamedTuple):
    """One thing that would make it link."""

    code: str
    facts: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    record: AeRecord
    company: str
    """Its company's name; empty for companies and users."""
    client: str
    """Name of the Halo client inside which it is judged."""
    published: Verdict | None
    """As in the last report; None when that run did not judge it."""
    now: Verdict
    """What the same lists give with everything decided and configured since."""
    pair: Pair | None
    decisions: tuple[tuple[Decision, bool], ...]
    """Everything decided about it, oldest first, and whether it counts now."""
    steps: tuple[Step, ...]
    candidates: tuple[Candidate, ...]
    ways: tuple[Way, ...]


def explain(key: Key, snapshot: Snapshot) -> Explanation:
    """Retrace one record's verdict from the saved lists; the key must be among them."""
    standing = stand(snapshot.past.decisions)
    by_rule = {(v.kind, v.ae_id): v for v in _linked(snapshot, standing)}
    book = open_directory(snapshot.night, by_rule.values(), snapshot.at)
    case = Case(book.ae[key], by_rule[key], by_rule, book, standing, snapshot)
    ignore = ignore_of(case, case.by_rule)
    verdict = case.by_rule
    if ignore is not None:
        verdict = verdict._replace(outcome=Outcome.IGNORED, why="decision")
    candidates = tuple(candidates_of(case))
    return Explanation(
        record=case.record,
        company=book.company_name(case.record.company),
        client=book.client_name(case.client_id),
        published=snapshot.published.get(key),
        now=verdict,
        pair=snapshot.past.pairs.get(key),
        decisions=tuple(_decisions(case, ignore)),
        steps=tuple(_steps(case, ignore)),
        candidates=candidates,
        ways=tuple(_ways(case, verdict, candidates)),
    )


def _linked(snapshot: Snapshot, standing: Standing) -> Sequence[Verdict]:
    """Judge the saved lists again, knowing what is known now."""
    night, past = snapshot.night, snapshot.past
    past = replace(past, flags=flags.resolve(past.flag_files, night))
    ended = ledger.endings(past, night, (), standing)
    past, remembered = known(past, night, ended, standing, snapshot.linking)
    ae = {kind: night.ae(c) for kind, c in AE_OF.items()}
    halo = {kind: night.halo(c) for kind, c in HALO_OF.items()}
    return flags.noted(link_all(ae, halo, snapshot.linking, remembered), past.flags)


def _decisions(case: Case, ignore: Decision | None) -> Iterator[tuple[Decision, bool]]:
    standing = case.standing
    live = {standing.accepted.get(case.key), standing.confirmed.get(case.key), ignore}
    for d in case.snapshot.past.decisions:
        if d.key == case.key and d.ae_id:
            rejects = (d.kind, d.ae_id, d.halo_id) in standing.rejected and d.verb == "reject"
            yield d, d in live or rejects or (d.verb == "backlog" and d.key in standing.backlog)
        elif d.pattern and d == ignore:
            yield d, True


def _steps(case: Case, ignore: Decision | None) -> Iterator[Step]:
    rule, past = case.by_rule.rule, case.snapshot.past
    if case.record.kind in INSIDE_COMPANY:
        yield _parent_step(case)
    pair = past.pairs.get(case.key) or case.standing.confirmed.get(case.key)
    if pair is not None:
        here = (pair.kind, pair.halo_id) in case.book.halo
        target = case.book.halo[pair.kind, pair.halo_id].name if here else pair.halo_id
        yield Step(rule, "pair" if here else "pair-lost", here, (("halo", target),))
    else:
        yield Step(rule, "no-pair", holds=False)
    if case.by_rule.outcome is not Outcome.BLOCKED:
        yield from _name_steps(case)
    yield from _ticket_step(case)
    if ignore is not None:
        yield Step(rule, "ignored", False, (("reason", ignore.reason), ("by", ignore.actor)))


def _parent_step(case: Case) -> Step:
    above, code = case.parent, RULES[0].code
    name = case.book.company_name(case.record.company)
    if above is None:
        return Step(code, "company-not-visible", holds=False)
    if not above.links_below:
        facts = (("company", name), ("outcome", above.outcome.value))
        return Step(code, "company-not-linked", False, facts)
    client = case.book.client_name(case.client_id)
    slight = above.outcome is Outcome.UNLINKED
    facts = (("company", name), ("client", client))
    return Step(code, "company-nearly-links" if slight else "company-links", True, facts)


def _name_steps(case: Case) -> Iterator[Step]:
    """What the names say, in the order in which the rule asks."""
    rule, record = case.by_rule.rule, case.record
    text = record.email if record.kind is Kind.USER else record.name
    if not text.strip():
        yield Step(rule, "nothing-to-compare", holds=False)
        return
    if unexpanded_variable(text):
        yield Step(rule, "placeholder", False, (("text", text),))
    same = [r for r in case.identical if case.in_room(r)]
    active = [r for r in same if r.active is not False]
    facts = (("text", text), ("n", len(active)), ("inactive", len(same) - len(active)))
    yield Step(rule, "identical", len(active) == 1, facts)
    elsewhere = [r for r in case.identical if not case.in_room(r)]
    if elsewhere:
        names = ", ".join(sorted({case.book.client_name(r.client) for r in elsewhere}))
        yield Step(rule, "identical-elsewhere", False, (("n", len(elsewhere)), ("clients", names)))
    if case.by_rule.outcome is Outcome.CONTESTED:
        rivals = ", ".join(case.book.ae[record.kind, i].name for i in case.by_rule.rivals)
        yield Step(rule, "claimed-by-others", False, (("rivals", rivals),))
    if case.by_rule.outcome is Outcome.READY:
        yield Step(rule, "was-open", holds=False)


def _ticket_step(case: Case) -> Iterator[Step]:
    """What AutoElevate's tickets say of the one client that this company is compared with."""
    night, client = case.snapshot.night, case.by_rule.halo_id or ""
    since = tickets.days(night)
    if case.record.kind is not Kind.COMPANY or not since or not client:
        return
    found = tickets.raised(night).get(client)
    facts: tuple[tuple[str, str | int], ...] = (
        ("client", case.book.client_name(client)),
        ("days", since),
    )
    if found is None:
        yield Step(case.by_rule.rule, "no-tickets", False, facts)
        return
    last = (("n", found.tickets), ("last", found.last.isoformat()))
    yield Step(case.by_rule.rule, "tickets", True, (*facts, *last))


def _ways(case: Case, verdict: Verdict, candidates: Sequence[Candidate]) -> Iterator[Way]:
    """What would make it link, the usual way first."""
    plain = {
        Outcome.AMBIGUOUS: Way("rename-namesakes", (("n", len(verdict.rivals)),)),
        Outcome.INACTIVE: Way("reactivate"),
        Outcome.CONTESTED: Way("settle-claims"),
        Outcome.BLOCKED: Way("company-first", (("company", _above(case)),)),
        Outcome.IGNORED: Way("forget"),
    }
    if verdict.outcome in plain:
        yield plain[verdict.outcome]
    if not verdict.outcome.is_open:
        return
    if verdict.outcome is Outcome.UNLINKED:
        yield _rename(case, candidates)
    if verdict.outcome is Outcome.CONTESTED and verdict.kind is Kind.COMPANY:
        yield Way("allow-many")
    yield Way("link-by-hand")
    yield Way("confirm")


def _above(case: Case) -> str:
    return case.book.company_name(case.record.company) or (case.record.company or "")


def _rename(case: Case, candidates: Sequence[Candidate]) -> Way:
    """Name the text to give it: what was accepted, the twin, or the best candidate."""
    accepted = case.standing.accepted.get(case.key)
    wanted = accepted.halo_id if accepted else case.by_rule.halo_id
    target = case.book.target(case.record.kind, wanted) if wanted else None
    if target is not None:
        return _rename_to(case, target, "rename")
    free = next((c for c in candidates if not c.against), None)
    if free is not None:
        sure = free.grade is not Grade.WEAK
        return _rename_to(case, free.target, "rename" if sure else "rename-if")
    held = next((c for c in candidates if c.against == ("taken",)), None)
    if held is not None:
        return Way("merge", (("halo", held.target.name),))
    return Way("no-counterpart")


def _rename_to(case: Case, target: Target, code: str) -> Way:
    text = target.detail if case.record.kind is Kind.USER else target.name
    return Way(code, (("to", text), ("id", target.id)))
