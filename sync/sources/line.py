"""One system's line: pace, ask, judge the answer, wait, ask again, and know when to give up.

Every request of a source passes through `Line.ask`. What comes back is an answer worth reading
(200, or a 4xx that means something); everything else has been retried and becomes `Trouble`.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom

from sync.sources.causes import Cause, Trouble
from sync.sources.http import Reply, Request, Wire, http_date
from sync.sources.pace import Pace

log = logging.getLogger("halosync")

LONGEST_PAUSE = 300.0
"""However long a server asks us to stay away, one pause is no longer than this."""
WORTH_SAYING = 30.0
TRANSIENT = {Cause.DNS, Cause.REFUSED, Cause.NETWORK, Cause.PROXY, Cause.TIMEOUT, Cause.TRUNCATED}
PASSING = {502, 503, 504}
"""Gateway troubles that pass by themselves."""
TRIES, TRIES_500 = 4, 2


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a refusal for too many requests (429) is put up with."""

    pauses: tuple[float, ...]
    """Where the server does not say how long."""
    seconds: float = 0.0
    """After the last pause it repeats until this much was waited in all."""

    def pause(self, refusals: int, waited: float) -> float | None:
        if refusals < len(self.pauses):
            return self.pauses[refusals]
        return self.pauses[-1] if waited < self.seconds else None


HALO_PATIENCE = Patience((5, 10, 20, 40, 60), seconds=360)
AE_PATIENCE = Patience((5, 10, 20))


@dataclass(slots=True)
class _Attempts:
    """What one question has been through."""

    sent: int = 0
    refusals: int = 0
    waited: float = 0.0


_RANDOM = SystemRandom()


class Line:
    """The only way a source talks to its system.

    `broken` is set once the system is found unreachable: the lists that follow fail at once with
    the same cause instead of each waiting out its own patience.
    """

    def __init__(
        self,
        wire: Wire,
        pace: Pace,
        patience: Patience,
        *,
        jitter: Callable[[], float] = _RANDOM.random,
    ) -> None:
        self.wire = wire
        self.clock = wire.clock
        self.requests = 0
        self.broken: Trouble | None = None
        self._pace = pace
        self._patience = patience
        self._jitter = jitter
        self._at: datetime | None = None

    def moment(self) -> datetime:
        """Give the system's time as of the last exchange; ours before the first."""
        return self._at or self.clock.now()

    def ask(self, request: Request, route: str, *, may_be_500: bool = False) -> Reply:
        """Give the answer. `may_be_500`: the source wants to read even that, once asked twice."""
        if self.broken is not None:
            raise Trouble(self.broken.cause, self.broken.detail)
        attempts = _Attempts()
        while True:
            outcome = self._once(request, route)
            attempts.sent += 1
            if isinstance(outcome, Reply) and outcome.status < 300:
                return outcome
            pause = self._pause_after(outcome, attempts)
            if pause is not None:
                self._wait(pause, outcome)
            elif may_be_500 and isinstance(outcome, Reply) and outcome.status == 500:
                return outcome
            else:
                return self._conclude(outcome, route)

    @contextmanager
    def dispensable(self) -> Iterator[None]:
        """Ask for what we can do without: trouble in here says nothing about the lists."""
        known = self.broken
        try:
            yield
        except Trouble:
            self.broken = known

    def give_up(self, trouble: Trouble) -> Trouble:
        """Remember that the whole system is out of reach; hand the trouble back to be raised."""
        self.broken = trouble
        return trouble

    def _once(self, request: Request, route: str) -> Reply | Trouble:
        self._wait_for_turn(route)
        self._pace.note(route)
        self.requests += 1
        try:
            reply = self.wire.send(request)
        except Trouble as trouble:
            self._at = trouble.at or self._at
            return trouble
        self._at = reply.at
        return reply

    def _wait_for_turn(self, route: str) -> None:
        while (seconds := self._pace.wait(route)) > 0:
            if seconds >= self.wire.deadline.left():
                raise Trouble(
                    Cause.QUOTA,
                    f"our own share of {route} is spent; the next is free in "
                    f"{seconds / 60:.0f} min, after the run's deadline",
                )
            if seconds > WORTH_SAYING:
                log.info("%s: quota spent, waiting %.0f s", route, seconds)
            # Short pieces, so that a stepped wall clock cannot hold a run for an hour.
            self.clock.wait(min(seconds, 60.0))

    def _pause_after(self, outcome: Reply | Trouble, attempts: _Attempts) -> float | None:
        """Seconds to wait before asking again; None = this was the last word."""
        if isinstance(outcome, Trouble):
            again = outcome.cause in TRANSIENT and attempts.sent < TRIES
            return self._backoff(attempts.sent) if again else None
        if outcome.status == 429:
            return self._quota_pause(outcome, attempts)
        if outcome.status < 500:
            return None
        tries = TRIES if outcome.status in PASSING else TRIES_500
        if attempts.sent >= tries:
            return None
        return retry_after(outcome) or self._backoff(attempts.sent)

    def _quota_pause(self, reply: Reply, attempts: _Attempts) -> float | None:
        pause = self._patience.pause(attempts.refusals, attempts.waited)
        if pause is None:
            return None
        attempts.refusals += 1
        pause = min(LONGEST_PAUSE, self._spread(retry_after(reply) or pause))
        attempts.waited += pause
        return pause

    def _backoff(self, sent: int) -> float:
        return self._spread(5.0 * 2 ** (sent - 1))

    def _spread(self, seconds: float) -> float:
        return seconds * (1 + 0.2 * self._jitter())

    def _wait(self, pause: float, outcome: Reply | Trouble) -> None:
        if pause >= self.wire.deadline.left():
            trouble = outcome if isinstance(outcome, Trouble) else _final(outcome)
            raise self.give_up(trouble or Trouble(Cause.SERVER_ERROR))
        if pause > WORTH_SAYING:
            log.info("asked to wait: %.0f s", pause)
        self.clock.wait(pause)

    def _conclude(self, outcome: Reply | Trouble, route: str) -> Reply:
        """Return what the source can read, raise what it cannot."""
        if isinstance(outcome, Trouble):
            if outcome.cause is Cause.PAGE_TOO_BIG:
                raise outcome
            raise self.give_up(outcome)
        trouble = _final(outcome)
        if trouble is None:
            return outcome
        trouble.detail = f"{route}: {trouble.detail}"
        # A 500 may be the fault of one list; the others still deserve to be asked.
        raise trouble if outcome.status == 500 else self.give_up(trouble)


def _final(reply: Reply) -> Trouble | None:
    if 300 <= reply.status < 400:
        return Trouble(Cause.REDIRECT, f"HTTP {reply.status}{_elsewhere(reply)}")
    if reply.status == 429:
        return Trouble(Cause.QUOTA, "HTTP 429, too many requests, until our patience ended")
    if reply.status >= 500:
        return Trouble(Cause.SERVER_ERROR, f"HTTP {reply.status}, also when asked again")
    return None


def _elsewhere(reply: Reply) -> str:
    """Name only the host: the address may repeat our query."""
    host = reply.headers.get("location", "").partition("://")[2].partition("/")[0]
    return f" to {host.partition('?')[0].rpartition('@')[2][:100]}" if host else ""


def retry_after(reply: Reply) -> float | None:
    """Seconds the server asks us to wait, at most `LONGEST_PAUSE`; None where it says nothing."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    elif (moment := http_date(text)) is not None:
        seconds = (moment - reply.at).total_seconds()
    else:
        seconds = _seconds_in_body(reply)
    return min(LONGEST_PAUSE, max(1.0, seconds)) if seconds >= 0 else None


def _seconds_in_body(reply: Reply) -> float:
    """AutoElevate may say it in the body instead."""
    if reply.status != 429:
        return -1
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        return -1
    said = answer.get("retryAfterInSeconds") if isinstance(answer, dict) else None
    return float(said) if type(said) is int and 0 <= said < 10**9 else -1
