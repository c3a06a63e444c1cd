"""The demo: a sandbox, one real run against it, and the comparison with the sandbox's truth."""

import csv
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sync.app.installation import installation
from sync.app.night import Wish, run_once
from sync.app.ordering import order
from sync.app.post import page_of
from sync.app.redaction import Redactor
from sync.clock import SystemClock
from sync.core.records import Side
from sync.core.result import Result
from sync.core.verdicts import Outcome
from sync.errors import ConfigError
from sync.job import Ending
from sync.sandbox.serve import describe, prepare

MEMORY = "demo.json"
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
    night = next_night(folder, world)
    with prepare(folder, **world, nights=night) as sandbox:
        described = describe(sandbox, folder)
        here = installation(described["config"], redactor)
        clock = ClockAhead(stop, night)
        ending = run_once(here, Wish(order(here, clock.now())), clock)
        mails = keep_mails(folder, night, [mail.body for mail in sandbox.inbox.mails])
    score = compare(ending.result, Path(described["truth_file"]))
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


def compare(result: Result, truth: Path) -> Score:
    """Hold tonight's exact links against the truth file, pair by pair.

    No claim about tonight, and so not compared: what holds only under a condition, what was
    linked on an earlier night, and what tonight's lists no longer show.
    """
    with truth.open(encoding="utf-8", newline="") as stream:
        expected = {
            (row["kind"], row["ae_id"], row["halo_id"])
            for row in csv.DictReader(stream)
            if row["linkable"] == "true"
        }
    unlisted = {(v.collection.kind, v.id) for v in result.vanished if v.collection.side is Side.AE}
    found = {
        (v.kind.value, v.ae_id, v.halo_id or "")
        for v in result.verdicts
        if v.outcome in SAME_NAME and not v.provisional and (v.kind, v.ae_id) not in unlisted
    }
    return Score(len(found & expected), len(found - expected), len(expected - found))
