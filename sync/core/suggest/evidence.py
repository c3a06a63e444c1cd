"""What a company shares with a client besides its name: machines, locations, the other's id."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable
from typing import NamedTuple

from sync.core.names import folded_key
from sync.core.suggest.reasons import reason
from sync.core.verdicts import Grade, Reason

_EVERYWHERE = 3
"""A name found at more clients than this (`RECEPTION`) tells nothing of whose it is."""
_UNANIMOUS = 0.8
_SPLIT = 0.25
_ENOUGH = 3


class Support(NamedTuple):
    """How far one sort of evidence speaks for a pair of company and client."""

    score: float
    reasons: tuple[Reason, ...] = ()
    best: Grade = Grade.STRONG
    factor: float = 1.0
    """What is left of the name's own score: less than 1 where the evidence contradicts it."""


class Tally(NamedTuple):
    """One company's names (of machines, of locations), placed at the clients that bear them."""

    total: int
    shared: Counter[str]
    """Client id -> how many of the names it bears."""
    weight: dict[str, float]
    """The same, a name borne by several clients counted in parts."""


def tally(
    ours: Iterable[tuple[str, Hashable]],
    theirs: Iterable[tuple[str, Hashable]],
    companies: Collection[str],
) -> dict[str, Tally]:
    """Count for each company which clients bear its names; pairs are (parent id, key)."""
    names: dict[str, set[Hashable]] = defaultdict(set)
    for company, key in ours:
        if company in companies:
            names[company].add(key)
    wanted = set().union(*names.values())
    clients: dict[Hashable, set[str]] = defaultdict(set)
    for client, key in theirs:
        if key in wanted:
            clients[key].add(client)
    return {company: _placed(keys, clients) for company, keys in names.items()}


def _placed(keys: set[Hashable], clients: dict[Hashable, set[str]]) -> Tally:
    shared: Counter[str] = Counter()
    weight: dict[str, float] = defaultdict(float)
    for key in keys:
        bearers = clients.get(key, set())
        if len(bearers) <= _EVERYWHERE:
            for client in bearers:
                shared[client] += 1
                weight[client] += 1 / len(bearers)
    return Tally(len(keys), shared, weight)


def of_machines(tally: Tally, client: str, client_names: dict[str, str]) -> Support:
    """Judge the machines a company and a client have in common: near unanimity or nothing."""
    placed = sum(tally.weight.values())
    shared = tally.shared[client]
    if not placed:
        return Support(0)
    share = tally.weight.get(client, 0) / placed
    counts = {"shared": shared, "total": tally.total}
    if share >= _UNANIMOUS:
        why = reason("machines-shared", **counts)
        return Support(_certainty(shared, placed, tally.total), (why,))
    if share >= _SPLIT and shared >= _ENOUGH:
        return Support(_split(share), (reason("machines-split", **counts),), Grade.MEDIUM)
    home, most = max(tally.weight.items(), key=lambda item: (item[1], item[0]))
    if share < _SPLIT and most / placed >= _UNANIMOUS and tally.shared[home] >= _ENOUGH:
        elsewhere = client_names.get(home, home)
        counts["shared"] = tally.shared[home]
        why = reason("machines-elsewhere", **counts, elsewhere=elsewhere)
        return Support(0, (why,), Grade.MEDIUM, factor=0.7)
    return Support(0)


def _split(share: float) -> float:
    """Let the larger part stand before the smaller, and neither near what unanimity gives."""
    return 0.4 + 0.4 * share


def _certainty(shared: int, placed: float, total: int) -> float:
    found_at_all = min(1.0, 2 * shared / total)
    return 0.98 * found_at_all * (shared / (shared + 0.5)) * min(1.0, shared / (placed + 0.3))


def of_locations(tally: Tally, client: str) -> Support:
    """Judge the location names in common; the defaults that everybody has are not among them."""
    shared = tally.shared[client]
    if shared < 2 or shared * 2 < tally.total:
        return Support(0)
    share = tally.weight.get(client, 0) / max(sum(tally.weight.values()), 1e-9)
    if share < _UNANIMOUS:
        return Support(0)
    why = reason("locations-shared", shared=shared, total=tally.total)
    return Support(min(0.8, 0.3 * shared), (why,), Grade.MEDIUM)


def of_management_id(value: str, client_id: str, client_name: str) -> Support:
    """Judge what AutoElevate keeps as the company's id in the other system."""
    if value.strip() and folded_key(value) == folded_key(client_name):
        return Support(0.95, (reason("management-name", value=value.strip()),))
    if value.strip() == client_id:
        return Support(0.9, (reason("management-id", value=value),), Grade.MEDIUM)
    return Support(0)
