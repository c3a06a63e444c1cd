"""What people decide about records: found by name or id, with who, when, why and the facts."""

import getpass
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sync.app.caring import locked
from sync.app.installation import Installation
from sync.clock import SystemClock
from sync.core.decisions import Decision, Verb
from sync.core.names import folded_key
from sync.core.records import AE_OF, HALO_OF, Kind, Record
from sync.errors import UsageError
from sync.store import Store

IGNORE_DAYS = 90
LISTED = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed: a verb, and the records as the person calls them."""

    verb: Verb
    kind: Kind
    record: str = ""
    """AutoElevate id or name; empty with a pattern."""
    target: str = ""
    """Halo id or name, where the verb needs one."""
    pattern: str = ""
    days: int = IGNORE_DAYS


def decide(here: Installation, wish: Wish, by: str, reason: str) -> Decision:
    """Write one decision down; nothing is written when a record is not found or not unique."""
    clock = SystemClock()
    with locked(here, clock) as store:
        decision = _decision(store, wish, signed(by), reason, clock.now())
        return store.decide([decision])[0]


def signed(by: str) -> str:
    """The name given and the login it was typed under: neither alone proves much."""
    login = getpass.getuser()
    return f"{by.strip()} ({login})" if by.strip() else login


def _decision(store: Store, wish: Wish, actor: str, reason: str, at: datetime) -> Decision:
    expires = at + timedelta(days=wish.days) if wish.verb is Verb.IGNORE else None
    plain = Decision(0, wish.verb, wish.kind, actor, at, reason, expires=expires)
    if wish.pattern:
        return replace(plain, pattern=wish.pattern)
    world = store.as_of(_last_run(store))
    ours = find(wish.kind, wish.record, world[AE_OF[wish.kind]], "AutoElevate")
    theirs = (
        find(wish.kind, wish.target, world[HALO_OF[wish.kind]], "Halo") if wish.target else None
    )
    outcome = next((v.outcome for v in store.verdicts() if v[:2] == (wish.kind, ours.id)), None)
    return replace(
        plain,
        ae_id=ours.id,
        halo_id=theirs.id if theirs else "",
        facts=outcome.value if wish.verb is Verb.IGNORE and outcome and outcome.is_open else "",
        names=(ours.name, theirs.name if theirs else ""),
    )


def _last_run(store: Store) -> int:
    published = store.status().published
    if published is None:
        raise UsageError(
            "nothing was published yet, so there is nothing to decide about",
            hint="halosync run",
        )
    return published.id


def find(kind: Kind, text: str, records: Iterable[Record], system: str) -> Record:
    """Find one record by id, by its exact name, or by its name as a reader sees it."""
    known = list(records)
    tests = (
        lambda r: r.id == text.casefold() or r.id == text,
        lambda r: r.name == text or (kind is Kind.USER and r.email == text),
        lambda r: folded_key(r.name) == folded_key(text),
    )
    for fits in tests:
        found = [record for record in known if fits(record)]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(f"{r.id} ({r.name})" for r in found[:LISTED])
            raise UsageError(
                f"{len(found)} {kind.value} records in {system} are called {text!r}",
                hint=f"give the id of the one you mean: {ids}",
            )
    raise UsageError(
        f"no {kind.value} record of {system} has the id or name {text!r}",
        hint="copy it from the report; it is looked up in the last published run",
    )


def accept_backlog(here: Installation, by: str, reason: str) -> int:
    """Take every open finding of the last published run as known; gives how many."""
    clock = SystemClock()
    with locked(here, clock) as store:
        known = {d.key for d in store.decisions() if d.verb is Verb.BACKLOG}
        fresh = [
            Decision(
                0,
                Verb.BACKLOG,
                f.kind,
                signed(by),
                clock.now(),
                reason,
                f.ae_id,
                names=(f.name, ""),
            )
            for f in store.open_findings().values()
            if f.key not in known
        ]
        return len(store.decide(fresh))
