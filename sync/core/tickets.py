"""What Halo's tickets prove: AutoElevate raises them only for clients that are linked to a company.

To which company a ticket does not say, so it confirms only where one alone could be meant. The
absence of tickets says nothing at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sync.core.decisions import Standing
from sync.core.pulls import Night, Raised
from sync.core.records import Kind, Side
from sync.core.result import Recollection
from sync.core.verdicts import Key, Outcome, Reason, Suggestion, Verdict

Suggestions = Mapping[Key, Sequence[Suggestion]]


def days(night: Night) -> int:
    """How far back the tickets were looked through; 0 where they are no evidence."""
    facts = night.systems.get(Side.HALO)
    return facts.tickets.days if facts and facts.tickets else 0


def raised(night: Night) -> dict[str, Raised]:
    """Give what was raised lately, by Halo client."""
    facts = night.systems.get(Side.HALO)
    found = facts.tickets.clients if facts and facts.tickets else ()
    return {one.client: one for one in found}


def proven(
    verdicts: Iterable[Verdict],
    suggestions: Suggestions,
    clients: Iterable[str],
    past: Recollection,
    standing: Standing,
) -> frozenset[Key]:
    """Name the companies that are ready, and that alone can be what their client's tickets mean."""
    wanted, claims = set(clients), defaultdict(set)
    ready = []
    for verdict in verdicts:
        if verdict.kind is not Kind.COMPANY:
            continue
        for client in _possible(verdict, suggestions, standing):
            claims[client].add(verdict.ae_id)
        if verdict.outcome is Outcome.READY and verdict.halo_id in wanted:
            ready.append(verdict)
    return frozenset(
        (v.kind, v.ae_id)
        for v in ready
        if v.halo_id is not None
        and claims[v.halo_id] == {v.ae_id}
        and not _contradicted((v.kind, v.ae_id), v.halo_id, past, standing)
    )


def _possible(verdict: Verdict, suggestions: Suggestions, standing: Standing) -> Iterable[str]:
    """List every client that this company may be linked to, as far as we can tell."""
    key = (verdict.kind, verdict.ae_id)
    if verdict.halo_id is not None:
        yield verdict.halo_id
    if verdict.outcome is Outcome.AMBIGUOUS:
        yield from verdict.rivals
    yield from (s.halo_id for s in suggestions.get(key, ()))
    for decided in (standing.accepted, standing.confirmed):
        if key in decided:
            yield decided[key].halo_id


def _contradicted(key: Key, client: str, past: Recollection, standing: Standing) -> bool:
    """Tell whether a person, AutoElevate's own list or a known pair says otherwise."""
    flag, accepted = past.flags.get(key), standing.accepted.get(key)
    return (
        key in past.pairs
        or key in standing.forgotten
        or (*key, client) in standing.rejected
        or (flag is not None and not flag.linked)
        or (accepted is not None and accepted.halo_id != client)
    )


def told(
    suggestions: Mapping[Key, tuple[Suggestion, ...]], verdicts: Iterable[Verdict], night: Night
) -> dict[Key, tuple[Suggestion, ...]]:
    """Add to a suggested client that its tickets prove a link with a company we cannot name.

    Score and grade stay: the tickets say that somebody is linked to it, not who.
    """
    evidence = raised(night)
    if not evidence:
        return dict(suggestions)
    known = (v for v in verdicts if v.kind is Kind.COMPANY and v.outcome is not Outcome.UNLINKED)
    free = evidence.keys() - {v.halo_id for v in known}
    why = Reason("tickets", (("days", days(night)),))
    return {
        key: tuple(replace(s, reasons=(*s.reasons, why)) if s.halo_id in free else s for s in found)
        if key[0] is Kind.COMPANY
        else found
        for key, found in suggestions.items()
    }
