"""`halosync bundle`: what somebody who helps needs to see, without a secret and without a name.

The same disguise goes over everything in it, so that a name in a log line is the name in the
recording; its key is thrown away.
"""

import io
import json
import logging
import os
import platform
import secrets
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from sync import __version__
from sync.app.bundled_config import kept_settings, replay_config, texts_of
from sync.app.checkup import check_up
from sync.app.connections import Tape
from sync.app.installation import Installation
from sync.app.night import Wish, run_once
from sync.app.ordering import order
from sync.app.parts import people_settings
from sync.app.reading import open_store
from sync.clock import Clock
from sync.core.records import AeRecord
from sync.doctor.disguise import Disguise
from sync.doctor.disguised_recording import members
from sync.errors import ConfigError, SyncError
from sync.store import Store

log = logging.getLogger("halosync")
RUNS = 14
LOG_BYTES = 1_000_000
CRASHES = 3

README = """\
What this is: made by `halosync bundle` to show a problem to somebody who helps.

No secret and no name is in it. Every name (client, site, computer, person, address) was replaced
by an invented one, always the same for the same, so that equal names are still equal and names
that differ by a letter still do. Ids, numbers, dates and versions are real. Words of everyday
trade only changed places among themselves.

To see the problem again:
  unzip {name} -d bundle && cd bundle
  halosync run --replay recording -c config.yaml

versions.json    halosync, Python, libraries
settings.json    every setting, texts disguised, secrets struck out
runs.json        the last runs: states, causes, counts per list
doctor.json      what the doctor says, in codes
logs/            the last log lines, disguised
recording/       one night's answers of both systems, disguised
config.yaml      settings with which the recording can be replayed
"""


def pack(
    here: Installation, clock: Clock, out: Path, *, recording: Path | None, live: bool
) -> Path:
    """Write the bundle, for its owner only; `recording` is an earlier one to be used."""
    with tempfile.TemporaryDirectory(prefix="halosync-bundle-") as scratch:
        folder = recording
        if folder is None and live:
            folder = _record(here, clock, Path(scratch) / "recording")
        checks = list(check_up(here, clock)) if live else []
        contents = dict(_contents(here, folder, checks, out.name))
    _write_zip(out, contents, here)
    return out


def _record(here: Installation, clock: Clock, folder: Path) -> Path | None:
    """Pull tonight's lists once without publishing anything; a failure is part of the story."""
    wish = Wish(order(here, clock.now(), dry_run=True), tape=Tape(record=folder))
    try:
        run_once(here, wish, clock)
    except SyncError as error:
        log.warning("the recording ended early: %s", error)
    return folder if folder.exists() else None


def _contents(
    here: Installation, recording: Path | None, checks: Iterable[Any], name: str
) -> Iterator[tuple[str, bytes]]:
    disguise = Disguise(secrets.token_bytes(32))
    people = people_settings(here.config)
    _learn(here, disguise)
    if recording is not None:
        learnt: list[str] = []
        _look(recording, people, learnt)
        disguise.learn(learnt)
    yield "README.txt", README.format(name=name).encode()
    yield "versions.json", _json(versions())
    yield "settings.json", _json(kept_settings(here.loaded, disguise.name))
    yield "config.yaml", replay_config(here.config, disguise.name).encode()
    yield "runs.json", _json(list(_runs(here, disguise)))
    yield "doctor.json", _json([_coded(check) for check in checks])
    yield from _logs(here, disguise)
    if recording is not None:
        for inside, content in members(recording, people, disguise.name):
            yield f"recording/{inside}", content


def _look(recording: Path, people: Any, learnt: list[str]) -> None:
    """Walk the recording once for its names alone."""

    def note(text: str) -> str:
        learnt.append(text)
        return text

    try:
        for _ in members(recording, people, note):
            pass
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ConfigError(
            f"{recording} is no recording of halosync",
            hint="name the folder that was given to: halosync run --record",
        ) from None


def _learn(here: Installation, disguise: Disguise) -> None:
    """Every name that logs and run rows may repeat: of the configuration and of the store."""
    disguise.learn(texts_of(here.loaded))
    disguise.learn([platform.node(), *_home_words()])
    if not here.where.database.exists():
        return
    with open_store(here) as store:
        disguise.learn(_stored_names(store))


def _home_words() -> Iterator[str]:
    with suppress(OSError, KeyError, RuntimeError):
        yield Path.home().name
    yield os.environ.get("USER", "")


def _stored_names(store: Store) -> Iterator[str]:
    published = store.status().published
    if published is None:
        return
    for records in store.as_of(published.id).values():
        for record in records:
            yield record.name
            yield record.email
            if isinstance(record, AeRecord):
                yield record.management_id
            else:
                yield from (value for _, value in record.names)
    for row in store.runs(RUNS):
        detail = store.run(row.id)
        for system in detail.systems.values() if detail else ():
            yield from (system.name, system.login, system.identity)
        for sent in detail.deliveries if detail else ():
            yield sent.recipient


def versions() -> Mapping[str, Any]:
    """What runs here. Other distributions on the machine are nobody's business."""
    ours = {"halosync", *_requirements()}
    found = {d.name.lower(): d.version for d in distributions() if d.name.lower() in ours}
    return {
        "halosync": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(terse=True),
        "machine": platform.machine(),
        "libraries": dict(sorted(found.items())),
    }


def _requirements() -> Iterator[str]:
    for distribution in distributions(name="halosync"):
        for line in distribution.requires or ():
            name = line.partition(";")[0]
            for mark in "[<>=!~ ":
                name = name.partition(mark)[0]
            yield name.lower()


def _runs(here: Installation, disguise: Disguise) -> Iterator[Mapping[str, Any]]:
    """The last runs with their manifests: codes and counts as they are, texts disguised."""
    if not here.where.database.exists():
        return
    with open_store(here) as store:
        for row in store.runs(RUNS):
            detail = store.run(row.id)
            if detail is None:
                continue
            yield {
                **asdict(row),
                "why": disguise.prose(row.why),
                "counts": {f"{k.value}/{o.value}": n for (k, o), n in detail.counts.items()},
                "doubts": [
                    {"list": d.collection, "code": d.code, "before": d.before, "now": d.now}
                    for d in detail.doubts
                ],
                "manifests": [
                    asdict(m)
                    | {"login": disguise.name(m.login), "detail": disguise.prose(m.detail)}
                    for m in detail.manifests
                ],
                "versions": {side: facts.version for side, facts in detail.systems.items()},
                "deliveries": [
                    {"state": s.state, "attempts": s.attempts, "reason": disguise.prose(s.reason)}
                    for s in detail.deliveries
                ],
            }


def _coded(check: Any) -> Mapping[str, Any]:
    """A doctor's line in codes and numbers; its texts may be names."""
    numbers = {name: value for name, value in check.facts if isinstance(value, int)}
    return {
        "code": check.code,
        "of": check.of if check.code != "secret-file" else "",
        "status": check.status,
        "why": check.why,
        "facts": numbers,
        "tonight": int(check.tonight),
    }


def _logs(here: Installation, disguise: Disguise) -> Iterator[tuple[str, bytes]]:
    """The ends of the log and of the last crash files."""
    folder = here.where.logs
    crashes = sorted(folder.glob("crash-*.txt"))[-CRASHES:]
    for file in (here.where.log_file, *crashes):
        with suppress(OSError):
            text = file.read_bytes()[-LOG_BYTES:].decode("utf-8", "replace")
            yield f"logs/{file.name}", disguise.prose(text).encode()


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str).encode()


def _write_zip(out: Path, contents: Mapping[str, bytes], here: Installation) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            info = zipfile.ZipInfo(f"{name}")
            info.external_attr = 0o600 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            text = content.decode("utf-8", "surrogateescape")
            clean = here.redactor.clean(text).encode("utf-8", "surrogateescape")
            archive.writestr(info, clean)
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ConfigError(
            f"{out} cannot be written: {error.strerror}", hint="name another file with --out"
        ) from error
    with os.fdopen(handle, "wb") as stream:
        stream.write(packed.getvalue())
