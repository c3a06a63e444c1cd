"""A bench on which runs die, mail waits and backups come back, one step of a story at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sync import failpoint, job
from sync.core.result import Edition, Letter, Result
from sync.errors import SlotDone
from sync.job import Order, Parts
from sync.outbox import Delivery, Receipt
from sync.sandbox.world import World
from sync.store import Store, restore
from tests.reliability.benches.bench import Bench, NoShelf, OneByOne, Setup, replaced

TO = ("admin@msp.example",)


class Killed(BaseException):
    """Ends a run where no code of ours may catch it and go on."""


@dataclass
class Post:
    """A mail server that counts what it accepted."""

    accepted: Counter[bytes]
    is_down: bool = False

    def send(self, body: bytes, recipients: Sequence[str]) -> Mapping[str, Receipt]:
        if self.is_down:
            return {to: Receipt(Delivery.PENDING, "421 later") for to in recipients}
        self.accepted[body] += 1
        return {to: Receipt(Delivery.ACCEPTED) for to in recipients}


class Stage(Bench):
    def __init__(self, world: World, setup: Setup) -> None:
        super().__init__(world, setup)
        self.post = Post(Counter())
        self.zone = ZoneInfo("UTC")
        self.policy = "always"
        self.results: list[Result] = []
        """Everything that a run decided, published or not, newest last."""

    def play(self, slot: str, kill_at: str = "") -> str:
        """Run once; tells whether the run `ended`, was `killed`, or found its slot `done`."""
        self.write_users()
        try:
            with replaced(job, "ThreadPoolExecutor", OneByOne), _armed(kill_at):
                job.run(self._parts(), Order(slot))
        except Killed:
            self.reopen()
            return "killed"
        except SlotDone:
            return "done"
        return "ended"

    def reopen(self, first: Callable[[], object] = lambda: None) -> None:
        """Close the database, do something to its file perhaps, and open it as a new process."""
        self.store.close()
        first()
        self.store = Store.open(self.folder / "store.sqlite3", self.clock)

    def bring_back(self, name: str, at: datetime) -> None:
        file = next((self.folder / "backups").glob(f"*-{name}.sqlite3"))
        self.reopen(lambda: restore(self.folder / "store.sqlite3", file, at))

    def _parts(self) -> Parts:
        return Parts(
            sources=self.sources(), memory=self.store, compose=self._compose, shelf=NoShelf(),
            outbox=self.store, transport=self.post, clock=self.clock, settings=self.setup.settings,
            zone=self.zone, timezone=str(self.zone),
        )  # fmt: skip

    def _compose(self, result: Result) -> Edition:
        self.results.append(result)
        due = self.policy == "always" or bool(result.withheld or result.doubts)
        return Edition((letter(result),)) if due else Edition()


def letter(result: Result) -> Letter:
    name = f"<{result.run.id}.{result.run.started:%Y%m%d%H%M%S}@halosync>"
    body = f"Message-ID: {name}\r\n\r\n{len(result.findings)} open".encode()
    return Letter(TO, result.run.slot, name, body)


@contextmanager
def _armed(place: str) -> Iterator[None]:
    """Die at a place, and in whatever would tidy up after it: a killed process tidies nothing."""

    def die() -> None:
        raise Killed

    if place:
        failpoint.arm(place, die)
        failpoint.arm("fail:before-commit", die)
    try:
        yield
    finally:
        failpoint.disarm()
