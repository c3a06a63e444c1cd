"""Short histories in a database of their own, made the same way every time: nights and decisions."""

from datetime import timedelta
from pathlib import Path

from sync.core import guard
from sync.core.decisions import Decision, Verb
from sync.core.judge import Settings, judge
from sync.core.records import Kind
from sync.core.result import Edition, Result
from sync.store import Store
from tests.build import NIGHT, ae, halo, night
from tests.clock import Calendar

FEW = 12


def world(number: int):
    """The lists of one night: every night another machine is renamed and a finding comes or goes."""
    renamed = {n: f"PC-{n}-{number}" for n in range(FEW) if n % 5 == number % 5}
    return night(
        ae(Kind.COMPANY, "c1", "Acme"),
        halo(Kind.COMPANY, "1", "Acme"),
        ae(Kind.COMPANY, "c2", f"Alone {number // 3}"),
        *(ae(Kind.COMPUTER, f"p{n}", renamed.get(n, f"PC-{n}"), inside="c1") for n in range(FEW)),
        *(halo(Kind.COMPUTER, f"{n}", f"PC-{n}", inside="1") for n in range(FEW)),
    )


def decide(store: Store, number: int) -> None:
    """One decision before each night, so that a copy tells by both where it was taken."""
    pattern, end = f"TEST-{number}-*", NIGHT + timedelta(days=900)
    made = Decision(
        0, Verb.IGNORE, Kind.COMPUTER, "ana", NIGHT, "a test", pattern=pattern, expires=end
    )
    store.decide([made])


def live(store: Store, clock: Calendar, number: int) -> Result:
    """Do night `number`: what it decides depends on all nights before."""
    clock.at = NIGHT + timedelta(days=number)
    facts = store.begin(f"nightly/{number}", clock.at, timezone="UTC", config_hash="c0ffee")
    tonight, past = world(number), store.recall(clock.at)
    standing = {c: store.standing(c, ids) for c, ids in guard.missing(tonight, past).items()}
    trust = guard.weigh(tonight, past, {}, standing, guard.Limits())
    result = judge(facts, tonight, trust, past, Settings())
    store.publish(tonight, result, Edition())
    return result


def history(path: Path, nights: int, decisions: int | None = None) -> tuple[Store, Calendar]:
    """Make a database that has lived so many nights; the caller closes it."""
    clock = Calendar()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store.open(path, clock)
    for number in range(nights if decisions is None else max(nights, decisions)):
        if decisions is None or number < decisions:
            decide(store, number)
        if number < nights:
            live(store, clock, number)
    return store, clock
