"""The demo: a sandbox, one real run against it, and the comparison with the sandbox's truth."""

import csv
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sync.app.installation import Installation, installation
from sync.app.night import Wish, run_once
from sync.app.ordering import order
from sync.app.post import page_of
from sync.app.reading import open_store
from sync.app.redaction import Redactor
from sync.clock import SystemClock
from sync.core.records import Side
from sync.core.result import Result
from sync.core.verdicts import Outcome, Verdict
from sync.errors import ConfigError
from sync.job import Ending
from sync.sandbox.serve import describe, prepare
from sync.sandbox.world import World

MEMORY = "demo.json"
Pair = tuple[str, str, str]
"""Kind, AutoElevate id, Halo id."""
SAME_NAME = frozenset({Outcome.LINKED, Outcome.READY})


class ClockAhead(SystemClock):
    """The machine's clock, so many days ahead: the demo's nights pass when it is started again."""

    def __init__(self, stop: threading.Event, days: int) -> None:
        super().__init__(stop)
        self._ahead = timedelta(days=days)

    def now(self) -> datetime:
        return super().now() + self._ahead


@dataclass(frozen=True, slots=True)
class Score:
    """Exact links found against the sandbox's own truth."""

    right: int
    wrong: int
    missed: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo leads to."""

    ending: Ending
    night: int
    score: Score
    page: Path | None
    mails: tuple[Path, ...]
    folder: Path


def run_demo(
    folder: Path, world: Mapping[str, int], redactor: Redactor, stop: threading.Event
) -> Shown:
    """Run the next night of the folder's world: real sockets and files, as a user would."""
    folder = folder.absolute()
    night = next_night(folder, world)
    with prepare(folder, **world, nights=night) as sandbox:
        described = describe(sandbox, folder)
        here = installation(described["config"], redactor)
        clock = ClockAhead(stop, night)
        ending = run_once(here, Wish(order(here, clock.now())), clock)
        mails = keep_mails(folder, night, [mail.body for mail in sandbox.inbox.mails])
        kept = carried(here, sandbox.world, ending.result.run.started)
    score = compare(ending.result, Path(described["truth_file"]), kept)
    remember(folder, world, night)
    return Shown(ending, night, score, page_of(here, ending.result.run.id), mails, folder)


def next_night(folder: Path, world: Mapping[str, int]) -> int:
    """Night 0 in a new folder, then one more each time; another world needs another folder."""
    try:
        memory = json.loads((folder / MEMORY).read_text(encoding="utf-8"))
        before, night = memory["world"], int(memory["night"])
    except FileNotFoundError:
        return 0
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{folder / MEMORY} cannot be read", hint=f"delete the folder {folder} to begin again"
        ) from error
    if before != dict(world):
        raise ConfigError(
            f"{folder} holds another world: {before}",
            hint="name another folder with --dir, or delete this one",
        )
    return night + 1


def remember(folder: Path, world: Mapping[str, int], night: int) -> None:
    text = json.dumps({"world": dict(world), "night": night})
    (folder / MEMORY).write_text(text, encoding="utf-8")


def keep_mails(folder: Path, night: int, bodies: Iterable[bytes]) -> tuple[Path, ...]:
    """Write what arrived as .eml files, which any mail program opens."""
    kept = []
    (folder / "mail").mkdir(mode=0o700, exist_ok=True)
    for number, body in enumerate(bodies, start=1):
        file = folder / "mail" / f"night-{night}-{number}.eml"
        file.write_bytes(body)
        kept.append(file)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Carried:
    """What AutoElevate keeps from earlier nights, of which tonight's names alone know nothing."""

    pairs: frozenset[Pair] = frozenset()
    """Linked on an earlier night, and held against that night's truth then."""
    company: Mapping[str, str] = field(default_factory=dict)
    """The company of every location and computer: a renamed one keeps its link, and carries
    whatever is new inside it."""


def carried(here: Installation, world: World, started: datetime) -> Carried:
    with open_store(here) as store:
        earlier = [link for link in store.links() if link.since < started]
    inside = {place.id: place.company for place in world.locations.values()}
    inside |= {computer.id: computer.company for computer in world.computers.values()}
    return Carried(frozenset((k.kind.value, k.ae_id, k.halo_id) for k in earlier), inside)


def compare(result: Result, truth: Path, kept: Carried) -> Score:
    """Hold tonight's exact links against the truth file, pair by pair.

    What holds only once its company links is neither claimed nor missed.
    """
    expected = linkable(truth)
    unlisted = {v.id for v in result.vanished if v.collection.side is Side.AE}
    renamed = {v.ae_id for v in result.verdicts if v.outcome is Outcome.RENAMED}
    same_name = [v for v in result.verdicts if v.outcome in SAME_NAME]
    by_tonight = {
        _pair(v)
        for v in same_name
        if not v.provisional
        and v.ae_id not in unlisted
        and kept.company.get(v.ae_id) not in renamed
    }
    judged = {_pair(v) for v in same_name}
    wrong = by_tonight - expected - kept.pairs
    return Score(len(by_tonight & expected), len(wrong), len(expected - judged))


def linkable(truth: Path) -> set[Pair]:
    """Every pair that AutoElevate would link by itself, by the sandbox's own account."""
    with truth.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["linkable"] == "true"]
    return {(row["kind"], row["ae_id"], row["halo_id"]) for row in rows}


def _pair(verdict: Verdict) -> Pair:
    return (verdict.kind.value, verdict.ae_id, verdict.halo_id or "")
