"""Between wire and system: number the question, let the script act, write down what was asked."""

import threading
from collections.abc import Iterator
from typing import Protocol

from sync.sandbox.faults import Faults
from sync.sandbox.wire import Ask, Reply, Seen


class System(Protocol):
    name: str

    def locate(self, ask: Ask) -> tuple[str, int]:
        """The endpoint's name in the script and the page that is asked for."""
        ...

    def answer(self, ask: Ask) -> Reply: ...


class Requests:
    """Every request both systems got, in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: list[Seen] = []

    def add(self, seen: Seen) -> None:
        with self._lock:
            self._seen.append(seen)

    def clear(self) -> None:
        with self._lock:
            self._seen.clear()

    def to(self, endpoint: str) -> list[Seen]:
        return [seen for seen in self if seen.endpoint == endpoint]

    def __iter__(self) -> Iterator[Seen]:
        with self._lock:
            return iter(list(self._seen))

    def __len__(self) -> int:
        return len(self._seen)


class Exchange:
    """Puts one system behind the script and the record."""

    def __init__(self, system: System, faults: Faults, requests: Requests) -> None:
        self.system = system
        self.faults = faults
        self.requests = requests

    def answer(self, ask: Ask) -> Reply:
        ask.endpoint, ask.page = self.system.locate(ask)
        self.faults.number(ask)
        self.faults.just_before(ask)
        reply = self._scripted(ask)
        self.faults.just_after(ask)
        self.requests.add(_seen(ask, reply.status))
        return reply

    def _scripted(self, ask: Ask) -> Reply:
        verbs = self.faults.verbs(ask)
        ask.reshape = [verb.rows for verb in verbs]
        early = next((reply for verb in verbs if (reply := verb.asked(ask))), None)
        reply = early or self.system.answer(ask)
        for verb in verbs:
            reply = verb.answered(reply)
        return reply


def _seen(ask: Ask, status: int) -> Seen:
    scope = ask.form.get("scope", "") if ask.endpoint == "halo.token" else ""
    return Seen(
        ask.system,
        ask.method,
        ask.path,
        ask.query,
        tuple(ask.headers),
        status,
        ask.now,
        ask.endpoint,
        ask.page,
        scope,
    )
