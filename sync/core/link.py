"""Exact linking, rules L1 to L4: which AutoElevate record would find its Halo record by name.

Equal names are facts; nothing here guesses. The order of the input never matters.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from sync.core.names import (
    Exact,
    differences,
    email_key,
    exact_key,
    folded_key,
    unexpanded_variable,
)
from sync.core.records import AeRecord, HaloRecord, Kind
from sync.core.verdicts import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Linking:
    """What the configuration says about linking."""

    exact: Exact = Exact.TEXT
    many_to_one: frozenset[str] = frozenset()
    """Halo clients, by id or name, that several companies may share on purpose."""
    own_domains: frozenset[str] = frozenset()
    """E-mail domains of our own technicians; empty = judge everybody."""


class Rule(NamedTuple):
    code: str
    kind: Kind
    inside_company: bool


RULES = (
    Rule("L1", Kind.COMPANY, inside_company=False),
    Rule("L2", Kind.LOCATION, inside_company=True),
    Rule("L3", Kind.COMPUTER, inside_company=True),
    Rule("L4", Kind.USER, inside_company=False),
)
RULE_OF = {rule.kind: rule for rule in RULES}

Shelf = dict[str, tuple[HaloRecord, ...]]
"""One scope's Halo records by key."""


class Home(NamedTuple):
    """The client inside which a company's locations and computers are judged."""

    client: str
    provisional: bool


def link_all(
    ae: Mapping[Kind, Sequence[AeRecord]],
    halo: Mapping[Kind, Sequence[HaloRecord]],
    linking: Linking | None = None,
) -> tuple[Verdict, ...]:
    """Judge every AutoElevate record of the given kinds exactly once, sorted by kind and id.

    A kind missing from `ae` is not judged. Locations and computers need `Kind.COMPANY` judged.
    """
    linking = linking or Linking()
    companies = _judge_kind(RULE_OF[Kind.COMPANY], ae, halo, linking, {})
    homes = _homes(companies)
    verdicts = list(companies)
    for rule in RULES[1:]:
        verdicts += _judge_kind(rule, ae, halo, linking, homes)
    verdicts.sort(key=lambda v: v[:2])
    return tuple(verdicts)


def _homes(companies: Iterable[Verdict]) -> dict[str, Home | None]:
    """Every company's client; None for a company that is not linked."""
    return {
        v.ae_id: Home(v.halo_id, v.outcome is Outcome.UNLINKED)
        if v.links_below and v.halo_id
        else None
        for v in companies
    }


def _judge_kind(
    rule: Rule,
    ae: Mapping[Kind, Sequence[AeRecord]],
    halo: Mapping[Kind, Sequence[HaloRecord]],
    linking: Linking,
    homes: Mapping[str, Home | None],
) -> list[Verdict]:
    records = ae.get(rule.kind, ())
    if not records:
        return []
    targets = halo.get(rule.kind, ())
    key = email_key if rule.kind is Kind.USER else partial(exact_key, exact=linking.exact)
    shelves = _shelve(rule, targets, key)
    if rule.inside_company:
        verdicts = list(_judge_inside(rule, records, shelves, key, homes))
    else:
        verdicts = list(_judge_tenant_wide(rule, records, shelves[None], key, linking))
    verdicts = _contest(verdicts, _shared(targets, linking))
    if rule.kind is not Kind.USER:
        verdicts = _nearly(rule, verdicts, records, targets, homes)
    return verdicts


def _shelve(
    rule: Rule, targets: Iterable[HaloRecord], key: Callable[[str], str]
) -> defaultdict[str | None, Shelf]:
    """Halo records by scope (their client, or None for the whole tenant), then by key."""
    shelves: defaultdict[str | None, Shelf] = defaultdict(dict)
    for target in targets:
        shelf = shelves[target.client if rule.inside_company else None]
        for text in _texts(rule.kind, target):
            name = key(text)
            held = shelf.get(name)
            if held is None:
                shelf[name] = (target,)
            elif held[-1] is not target:
                shelf[name] = (*held, target)
    return shelves


def _texts(kind: Kind, target: HaloRecord) -> Iterator[str]:
    """Every text the record answers to: an asset may have several, an agent has its e-mail."""
    if kind is Kind.COMPUTER:
        for _, value in target.names:
            if value:
                yield value
    elif text := target.email if kind is Kind.USER else target.name:
        yield text


def _judge_tenant_wide(
    rule: Rule,
    records: Iterable[AeRecord],
    shelf: Shelf,
    key: Callable[[str], str],
    linking: Linking,
) -> Iterator[Verdict]:
    users = rule.kind is Kind.USER
    for record in records:
        text = record.email if users else record.name
        if users and _somebody_else(record, linking.own_domains):
            yield Verdict(rule.kind, record.id, Outcome.IGNORED, rule.code, why="other-domain")
        else:
            yield _judge(rule, record, text, shelf.get(key(text), ()))


def _somebody_else(user: AeRecord, own_domains: Collection[str]) -> bool:
    """A customer's co-managing staff or a service user: never an agent of ours, never a fault."""
    domain = email_key(user.email).rpartition("@")[2]
    return bool(own_domains) and domain not in own_domains


def _judge_inside(
    rule: Rule,
    records: Iterable[AeRecord],
    shelves: Mapping[str | None, Shelf],
    key: Callable[[str], str],
    homes: Mapping[str, Home | None],
) -> Iterator[Verdict]:
    nothing: Shelf = {}
    for record in records:
        home = homes.get(record.company or "")
        if home is None:
            known = record.company in homes
            why = "company-not-linked" if known else "company-not-visible"
            yield Verdict(rule.kind, record.id, Outcome.BLOCKED, rule.code, why=why)
            continue
        found = shelves.get(home.client, nothing).get(key(record.name), ())
        verdict = _judge(rule, record, record.name, found)
        yield verdict._replace(provisional=True) if home.provisional else verdict


def _judge(rule: Rule, record: AeRecord, text: str, found: tuple[HaloRecord, ...]) -> Verdict:
    """Judge by the identical records of the scope, before asking who else claims them."""
    if not text.strip():
        why = "no-email" if rule.kind is Kind.USER else "no-name"
        return Verdict(rule.kind, record.id, Outcome.UNLINKED, rule.code, why=why)
    if not found:
        why = "unexpanded-variable" if unexpanded_variable(text) else ""
        return Verdict(rule.kind, record.id, Outcome.UNLINKED, rule.code, why=why)
    active = found if len(found) == 1 and found[0].active else _active(found)
    if len(active) == 1:
        field = _field(active[0], text) if rule.kind is Kind.COMPUTER else ""
        return Verdict(
            rule.kind, record.id, Outcome.LINKED, rule.code, halo_id=active[0].id, field=field
        )
    if active:
        rivals = tuple(sorted(target.id for target in active))
        return Verdict(rule.kind, record.id, Outcome.AMBIGUOUS, rule.code, rivals=rivals)
    halo_id = min(target.id for target in found)
    return Verdict(rule.kind, record.id, Outcome.INACTIVE, rule.code, halo_id=halo_id)


def _active(found: tuple[HaloRecord, ...]) -> tuple[HaloRecord, ...]:
    """Those not known to be inactive: an answer that does not say counts as active."""
    return tuple(target for target in found if target.active is not False)


def _field(asset: HaloRecord, text: str) -> str:
    """Name the asset field that matched; the first filled one when only a laxer rule did."""
    for field, value in asset.names:
        if value == text:
            return field
    return asset.names[0][0] if asset.names else ""


def _shared(targets: Iterable[HaloRecord], linking: Linking) -> frozenset[str]:
    """Ids of the clients that several companies may claim on purpose."""
    allowed = linking.many_to_one
    return (
        frozenset(t.id for t in targets if t.id in allowed or t.name in allowed)
        if allowed
        else allowed
    )


def _contest(verdicts: list[Verdict], shared: frozenset[str]) -> list[Verdict]:
    """Turn every link to a Halo record with more than one claimant into `contested`."""
    claims = Counter(v.halo_id for v in verdicts if v.outcome is Outcome.LINKED)
    crowded = {halo_id for halo_id, n in claims.items() if n > 1} - shared
    if not crowded:
        return verdicts
    claimants: defaultdict[str | None, set[str]] = defaultdict(set)
    for v in verdicts:
        if v.outcome is Outcome.LINKED and v.halo_id in crowded:
            claimants[v.halo_id].add(v.ae_id)
    return [
        v._replace(
            outcome=Outcome.CONTESTED, rivals=tuple(sorted(claimants[v.halo_id] - {v.ae_id}))
        )
        if v.outcome is Outcome.LINKED and v.halo_id in crowded
        else v
        for v in verdicts
    ]


def _nearly(
    rule: Rule,
    verdicts: list[Verdict],
    records: Sequence[AeRecord],
    targets: Iterable[HaloRecord],
    homes: Mapping[str, Home | None],
) -> list[Verdict]:
    """Note on unlinked records the one free, active Halo record whose folded name is the same."""
    claimed = {v.halo_id for v in verdicts if v.halo_id and v.outcome is not Outcome.INACTIVE}
    open_records: dict[str, AeRecord] = {}
    wanted: defaultdict[str | None, set[str]] = defaultdict(set)
    claimants: Counter[tuple[str | None, str]] = Counter()
    for v, record in zip(verdicts, records, strict=True):
        if v.outcome is Outcome.UNLINKED and not v.why:
            scope, folded = _scope(rule, record, homes), folded_key(record.name)
            open_records[v.ae_id] = record
            wanted[scope].add(folded)
            claimants[scope, folded] += 1
    if not wanted:
        return verdicts
    twins = _twins(rule, targets, wanted, claimed)

    def look(v: Verdict) -> Verdict:
        record = open_records.get(v.ae_id)
        if record is None:
            return v
        place = (_scope(rule, record, homes), folded_key(record.name))
        found = twins.get(place, {})
        if len(found) != 1 or claimants[place] != 1:
            return v
        (halo_id, text), *_ = found.items()
        return v._replace(halo_id=halo_id, differences=differences(record.name, text))

    return [look(v) for v in verdicts]


def _scope(rule: Rule, record: AeRecord, homes: Mapping[str, Home | None]) -> str | None:
    home = homes.get(record.company or "") if rule.inside_company else None
    return home.client if home else None


def _twins(
    rule: Rule,
    targets: Iterable[HaloRecord],
    wanted: Mapping[str | None, set[str]],
    claimed: Collection[str | None],
) -> dict[tuple[str | None, str], dict[str, str]]:
    """Free, active Halo records that fold to a wanted key: place -> {Halo id: its text}."""
    twins: defaultdict[tuple[str | None, str], dict[str, str]] = defaultdict(dict)
    for target in targets:
        scope = target.client if rule.inside_company else None
        keys = wanted.get(scope)
        if not keys or target.active is False or target.id in claimed:
            continue
        for text in _texts(rule.kind, target):
            folded = folded_key(text)
            if folded in keys:
                twins[scope, folded].setdefault(target.id, text)
    return twins
