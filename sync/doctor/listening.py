"""A wire that remembers its last answer: some refusals are only understood by their wording."""

from sync.clock import Clock
from sync.sources.http import Deadline, Reply, Request, Wire


class Listening:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.last: Reply | None = None

    @property
    def clock(self) -> Clock:
        return self._wire.clock

    @property
    def deadline(self) -> Deadline:
        return self._wire.deadline

    def send(self, request: Request) -> Reply:
        self.last = None
        self.last = self._wire.send(request)
        return self.last
