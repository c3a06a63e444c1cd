"""Keeps every answer of a run in a folder, and plays the folder back as if the systems answered.

`--record DIR`: `recording = Recording(folder, clock)`, then `recording.wire("halo", wire)` for
each system and `recording.files(Disk(clock))` for the users file. `--replay DIR`: `Replay(folder)`
gives the same three offline. Requests are matched by method and target in the order they came, so
the same settings give the same pulls, byte for byte. No Authorization header, token or secret is
ever written; names and addresses are, so the folder is ours alone (0700, files 0600).
"""

import base64
import json
import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sync import __version__
from sync.clock import Clock, SystemClock
from sync.errors import ConfigError
from sync.sources.causes import Cause, Trouble
from sync.sources.files import Files, Taken
from sync.sources.http import Deadline, Reply, Request, Wire

Clean = Callable[[str], str]
BYTES = ("utf-8", "surrogateescape")
FORMAT = 1
ABOUT = "recording.json"
TOKEN_FIELDS = {"scope", "token_type", "expires_in", "error", "error_description"}
"""What is kept of a token service's answer."""


class Recording:
    """Writes one run's answers into an empty folder."""

    def __init__(self, folder: Path, clock: Clock, clean: Clean = str) -> None:
        """`clean` strikes out secrets: a server may repeat what it was sent."""
        self._folder = _own_folder(folder)
        self._clock, self._clean = clock, clean
        about = {"format": FORMAT, "version": __version__, "started": clock.now().isoformat()}
        _write(self._folder / ABOUT, about)

    def wire(self, label: str, wire: Wire) -> Wire:
        return _RecordedWire(wire, _own_folder(self._folder / label), self._clean)

    def files(self, files: Files) -> Files:
        return _RecordedFiles(files, self._clock, _own_folder(self._folder / "people"))


class Replay:
    """Plays a recording. Nothing is sent, and no pause is waited out."""

    def __init__(self, folder: Path, stop: Clock | None = None) -> None:
        self._folder = folder
        about = _read(folder / ABOUT)
        if about.get("format") != FORMAT:
            raise ConfigError(
                f"{folder} holds no recording this version can play",
                hint="make one with: halosync run --record DIR",
            )
        self.started = datetime.fromisoformat(about["started"])
        self._stop = stop or SystemClock()
        self.clock: Clock = ReplayClock(self.started, self._stop)

    def wire(self, label: str) -> Wire:
        return _ReplayedWire(self._folder / label, ReplayClock(self.started, self._stop))

    def files(self) -> Files:
        return _ReplayedFiles(self._folder / "people")


class ReplayClock:
    """Stands at the time of the last answer; waiting moves it on without taking time."""

    def __init__(self, started: datetime, stop: Clock) -> None:
        self.at = started
        self._stop = stop
        self._waited = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self._waited

    def wait(self, seconds: float) -> None:
        self.check()
        self._waited += seconds
        self.at += timedelta(seconds=seconds)

    def check(self) -> None:
        self._stop.check()


class _RecordedWire:
    def __init__(self, wire: Wire, folder: Path, clean: Clean) -> None:
        self._wire, self._folder, self._clean = wire, folder, clean
        self._count = 0
        self.clock = wire.clock
        self.deadline = wire.deadline

    def send(self, request: Request) -> Reply:
        try:
            reply = self._wire.send(request)
        except Trouble as trouble:
            self._keep(request, {"trouble": trouble.cause.value, "detail": trouble.detail})
            raise
        body = reply.body if request.form is None else _without_token(reply.body)
        self._keep(
            request,
            {
                "status": reply.status,
                "headers": {name: self._clean(said) for name, said in reply.headers.items()},
                "at": reply.at.isoformat(),
                **_packed(self._clean(body.decode(*BYTES)).encode(*BYTES)),
            },
        )
        return reply

    def _keep(self, request: Request, said: dict[str, Any]) -> None:
        self._count += 1
        entry = {"method": request.method, "target": request.target, "now": self._now(), **said}
        _write(self._folder / f"{self._count:06d}.json", entry)

    def _now(self) -> str:
        return self.clock.now().isoformat()


class _ReplayedWire:
    def __init__(self, folder: Path, clock: ReplayClock) -> None:
        self.clock = clock
        self.deadline = Deadline(clock, 10.0**9)
        self._entries: dict[tuple[str, str], deque[dict[str, Any]]] = defaultdict(deque)
        for path in sorted(folder.glob("*.json")):
            entry = _read(path)
            _check(entry, path)
            self._entries[entry["method"], entry["target"]].append(entry)

    def send(self, request: Request) -> Reply:
        self.clock.check()
        entries = self._entries.get((request.method, request.target))
        if not entries:
            raise Trouble(Cause.NOT_RECORDED, f"{request.method} {request.target}")
        # A token may be asked for at another moment than then; its last answer stays good.
        keep = request.form is not None and len(entries) == 1
        entry = entries[0] if keep else entries.popleft()
        self.clock.at = datetime.fromisoformat(entry["now"])
        if "trouble" in entry:
            raise Trouble(Cause.named(entry["trouble"]), entry["detail"], self.clock.at)
        at = datetime.fromisoformat(entry["at"])
        return Reply(entry["status"], entry["headers"], _unpacked(entry), at)


class _RecordedFiles:
    def __init__(self, files: Files, clock: Clock, folder: Path) -> None:
        self._files = files
        self._clock = clock
        self._folder = folder
        self._taken = count(1)

    @contextmanager
    def take(self, path: Path, *, settle_seconds: float, max_bytes: int) -> Iterator[Taken]:
        about, copy = _places(self._folder, next(self._taken))
        try:
            with self._files.take(
                path, settle_seconds=settle_seconds, max_bytes=max_bytes
            ) as taken:
                _write_bytes(copy, taken.handle.read())
                taken.handle.seek(0)
                times = {"at": taken.at.isoformat(), "written": taken.written.isoformat()}
                _write(about, times)
                yield taken
        except Trouble as trouble:
            said = {"trouble": trouble.cause.value, "detail": trouble.detail}
            _write(about, said | {"at": (trouble.at or self._clock.now()).isoformat()})
            raise


class _ReplayedFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken = count(1)

    @contextmanager
    def take(
        self,
        path: Path,  # noqa: ARG002 - played in the order they were taken, wherever they lay
        *,
        settle_seconds: float,  # noqa: ARG002
        max_bytes: int,  # noqa: ARG002
    ) -> Iterator[Taken]:
        place, copy = _places(self._folder, next(self._taken))
        about = _read(place)
        _check(about, place)
        at = datetime.fromisoformat(about["at"])
        if "trouble" in about:
            raise Trouble(Cause.named(about["trouble"]), about["detail"], at)
        with copy.open("rb") as handle:
            yield Taken(handle, datetime.fromisoformat(about["written"]), at, copy.stat().st_size)


def _places(folder: Path, number: int) -> tuple[Path, Path]:
    """Where the n-th file of a run lies: what was said of it, and its content."""
    suffix = f"-{number}" if number > 1 else ""
    return folder / f"about{suffix}.json", folder / f"file{suffix}"


def _without_token(body: bytes) -> bytes:
    """Keep what the login said, never what it gave."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return b"<html>not kept</html>"
    if not isinstance(answer, dict):
        return b"null"
    kept = {name: answer[name] for name in sorted(TOKEN_FIELDS & answer.keys())}
    if "access_token" in answer:
        kept["access_token"] = "recorded"  # noqa: S105 - that is the point
    return json.dumps(kept).encode()


def _packed(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _unpacked(entry: dict[str, Any]) -> bytes:
    if "base64" in entry:
        return base64.b64decode(entry["base64"])
    return str(entry["body"]).encode()


def _own_folder(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        empty = not any(folder.iterdir())
    except OSError as error:
        raise ConfigError(
            f"cannot record into {folder}: {error.strerror}", hint="name a folder of your own"
        ) from None
    if not empty:
        raise ConfigError(
            f"cannot record into {folder}: it is not empty", hint="name a new or empty folder"
        )
    return folder


def _check(entry: dict[str, Any], path: Path) -> None:
    """Refuse an entry that nobody recorded, before it fails in the middle of a run."""
    known = {cause.value for cause in Cause}
    try:
        for name in {"now", "at", "written"} & entry.keys():
            datetime.fromisoformat(entry[name])
        if "trouble" in entry:
            whole = entry["trouble"] in known and isinstance(entry["detail"], str)
        elif "written" in entry:
            whole = "at" in entry
        else:
            whole = isinstance(entry["headers"], dict) and type(entry["status"]) is int
            _unpacked(entry)
    except (KeyError, ValueError, TypeError):
        whole = False
    if not whole:
        raise ConfigError(
            f"cannot read the recording: {path.name} is damaged",
            hint="record the run again",
        )


def _write(path: Path, entry: dict[str, Any]) -> None:
    _write_bytes(path, json.dumps(entry, ensure_ascii=True, indent=1).encode())


def _write_bytes(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)


def _read(path: Path) -> dict[str, Any]:
    try:
        entry = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise ConfigError(
            f"cannot read the recording: {path.name} is missing or damaged",
            hint="name the folder that was given to --record",
        ) from None
    if not isinstance(entry, dict):
        raise ConfigError(f"cannot read the recording: {path.name} is damaged")
    return entry
