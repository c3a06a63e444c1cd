"""Companies of one night: the name's likeness weighed together with what else is shared."""

from collections.abc import Hashable, Iterable, Iterator

from sync.core.names import folded_key, unexpanded_variable
from sync.core.pulls import Night
from sync.core.records import AeRecord, Collection, HaloRecord
from sync.core.suggest import evidence, naming
from sync.core.suggest.entries import Entry, Scored
from sync.core.suggest.evidence import Support
from sync.core.suggest.naming import Explain
from sync.core.suggest.sites import MAIN, read_site
from sync.core.verdicts import Grade, Reason

_SPEAKS = 0.3
"""A name less like than this is not mentioned: other evidence brought the pair."""
_MOST = 0.995


def company_pairs(
    night: Night, left: list[Entry], right: list[Entry]
) -> tuple[list[Scored], Explain]:
    """Score open companies against clients by everything the night tells of them."""
    named = [row for row, e in enumerate(left) if e.name and not unexpanded_variable(e.name)]
    pairs, explain_name = naming.companies([left[row] for row in named], right)
    by_name = {(named[p.left], p.right): p for p in pairs}
    back = {row: at for at, row in enumerate(named)}
    beside = _Beside(night, left, right)
    keys = sorted(by_name.keys() | beside.pairs())
    found = [
        combined
        for key in keys
        if (combined := _combined(key, by_name[key].score if key in by_name else 0, beside.of(key)))
    ]

    def explain(pair: Scored) -> tuple[Reason, ...]:
        key = pair.left, pair.right
        warnings = tuple(why for s in beside.of(key) if not s.score for why in s.reasons)
        name = by_name.get(key)
        if name is None or (pair.reasons and name.score < _SPEAKS):
            return warnings
        return (*explain_name(pair._replace(left=back[pair.left])), *warnings)

    return found, explain


def _combined(key: tuple[int, int], name: float, supports: list[Support]) -> Scored | None:
    doubt = 1 - name
    for support in supports:
        doubt = 1 - (1 - doubt) * support.factor
    for support in supports:
        doubt *= 1 - support.score
    score = min(1 - doubt, _MOST)
    if score < naming.LOWEST:
        return None
    # What speaks against the pair is said last, after the name.
    ordered = sorted((s for s in supports if s.score), key=lambda s: -s.score)
    reasons = tuple(why for s in ordered for why in s.reasons)
    return Scored(*key, round(score, 4), reasons, _best(name, supports))


def _best(name: float, supports: list[Support]) -> Grade:
    """Let a split or a contradiction hold the grade down, unless it only adds to the name."""
    weaker = [
        s for s in supports if s.best is not Grade.STRONG and (s.factor < 1 or name < s.score)
    ]
    return Grade.MEDIUM if weaker else Grade.STRONG


class _Beside:
    """The evidence beside the name, for every pair of company and client that has any."""

    def __init__(self, night: Night, left: list[Entry], right: list[Entry]) -> None:
        self._left, self._right = left, right
        self._row = {entry.id: row for row, entry in enumerate(right)}
        self._names = {entry.id: entry.name for entry in right}
        ids = {entry.id for entry in left}
        self._management = {
            record.id: record.management_id
            for record in night.ae(Collection.AE_COMPANIES)
            if record.id in ids
        }
        self._machines = evidence.tally(
            _machine_keys(c for c in night.ae(Collection.AE_COMPUTERS) if c.company in ids),
            _machine_keys(night.halo(Collection.HALO_ASSETS)),
            ids,
        )
        self._places = evidence.tally(
            _place_keys(night.ae(Collection.AE_LOCATIONS), ids),
            _place_keys(night.halo(Collection.HALO_SITES), None),
            ids,
        )

    def pairs(self) -> set[tuple[int, int]]:
        by_name: dict[str, list[int]] = {}
        if any(self._management.values()):
            for row, entry in enumerate(self._right):
                by_name.setdefault(folded_key(entry.name), []).append(row)
        found: set[tuple[int, int]] = set()
        for row, entry in enumerate(self._left):
            clients = set(self._shared(entry.id))
            found.update((row, self._row[c]) for c in clients if c in self._row)
            value = self._management[entry.id].strip()
            found.update((row, other) for other in by_name.get(folded_key(value), ()) if value)
            if value in self._row:
                found.add((row, self._row[value]))
        return found

    def _shared(self, company: str) -> Iterator[str]:
        for tallies in (self._machines, self._places):
            if company in tallies:
                yield from tallies[company].shared

    def of(self, key: tuple[int, int]) -> list[Support]:
        company, client = self._left[key[0]].id, self._right[key[1]]
        supports = [evidence.of_management_id(self._management[company], client.id, client.name)]
        if company in self._machines:
            supports.append(evidence.of_machines(self._machines[company], client.id, self._names))
        if company in self._places:
            supports.append(evidence.of_locations(self._places[company], client.id))
        return supports


def _machine_keys(
    records: Iterable[AeRecord | HaloRecord],
) -> Iterator[tuple[str, Hashable]]:
    """Give (parent, machine name without domain and case); an asset has several names.

    The first of them is often its serial number. Spelled out for a million records.
    """
    for record in records:
        if isinstance(record, AeRecord):
            parent, names = record.company, [record.name]
        else:
            parent, names = record.client, [value for _, value in record.names] or [record.name]
        for name in names if parent else ():
            key = name.rpartition("\\")[2].partition(".")[0].strip().casefold()
            if parent and key:
                yield parent, key


def _place_keys(
    records: tuple[AeRecord, ...] | tuple[HaloRecord, ...], wanted: set[str] | None
) -> Iterator[tuple[str, Hashable]]:
    for record in records:
        parent = record.company if isinstance(record, AeRecord) else record.client
        if not parent or (wanted is not None and parent not in wanted):
            continue
        words = read_site(record.name).words
        if words != (MAIN,):
            yield parent, words
