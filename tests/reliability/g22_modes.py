"""G22: whatever the umask, all that halosync writes is for its owner alone; and a configuration or
a secret that others may read is refused.

Each command runs as a process of its own under that umask, in a yard that holds nothing else. After
each one every file and folder there is looked at: those that only exist while a run is under way
(WAL, lock, a staged night) are found after one that was killed. Nothing may be missing that is on
the list of what halosync writes.
"""

import importlib
import json
import os
import pkgutil
import signal
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn, Self

import reports
import sync
from sync import failpoint
from sync.app import logs, setup
from sync.cli.entry import main
from sync.config import layers
from tests.reliability.benches.bench import memory_folder, replaced
from tests.reliability.benches.places import fail, kill
from tests.reliability.tally import Tally, Tier

UMASKS = {"push": (0o000,), "release": (0o000, 0o022, 0o077)}
TOO_OPEN = (0o640, 0o604, 0o644, 0o660, 0o620, 0o602, 0o666)
REFUSED = 78
LOOKS_EVERY = 0.05
PATIENCE = 60.0
WRITTEN = {
    "configuration": "installed/*/config.yaml",
    "secret": "installed/*/secrets/*",
    "database": "yard/*/*/halosync.sqlite3",
    "write-ahead log": "yard/*/*/halosync.sqlite3-wal",
    "shared memory": "yard/*/*/halosync.sqlite3-shm",
    "lock": "yard/*/*/*lock*",
    "log": "yard/*/*/logs/halosync.log",
    "log elsewhere": "yard/*/*/night.log",
    "rotated log": "yard/*/*/night.log.1",
    "crash file": "yard/*/*/logs/crash-*.txt",
    "staged night": "yard/*/*/.staged-*",
    "page": "yard/*/*/0*/index.html",
    "XLSX": "yard/*/*/0*/*.xlsx",
    "CSV": "yard/*/*/0*/*.csv",
    "JSON": "yard/*/*/0*/*.json",
    "index of nights": "yard/*/*/index.html",
    "mail in a folder": "yard/*/*/*.eml",
    "backup": "yard/*/*/backups/*.sqlite3",
    "replaced database": "yard/*/*/halosync-replaced-*.sqlite3",
    "recording": "yard/*/*/*/*.json",
    "bundle": "yard/bundle.zip",
    "decisions": "yard/decisions.csv",
    "review sheet": "yard/review.xlsx",
    "preview": "yard/*/*/*.html",
    "sign of life": "yard/*/*/serve.alive",
    "demo's mail": "yard/*/*/mail/*.eml",
    "sandbox's mail": "world/*/maildir/new/*",
    "sandbox's users": "world/*/users.csv",
}


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    _load_everything()
    for umask in UMASKS[tier]:
        _under(umask, tally, seed)
    _too_open(tally)
    return tally


def sabotage(seed: int) -> Tally:
    """Write with the umask that is there; then read what others may read. Both must be missed."""
    open_doors, open_secrets = Tally(), Tally()
    _load_everything()
    with replaced(os, "umask", lambda mask: mask):
        _under(0o000, open_doors, seed)
    with replaced(layers, "_readable_by_others", lambda _file: False):
        _too_open(open_secrets)
    tally = Tally(trials=open_doors.trials + open_secrets.trials)
    if open_doors.violations and open_secrets.violations:
        tally.broken(*open_doors.violations, *open_secrets.violations)
    return tally


def _under(umask: int, tally: Tally, seed: int) -> None:
    """Have everything written under one umask, and look at all of it."""
    with Yard(umask, seed) as yard:
        _work(yard)
    tally.trials += len(yard.modes)
    wrong = sorted(path for path, mode in yard.modes.items() if mode not in {"f600", "d700"})
    tally.broken(*(f"umask {umask:03o}: {path} is {yard.modes[path]}" for path in wrong))
    tally.broken(*(f"umask {umask:03o}: {what}" for what in yard.odd))
    seen = [Path(path) for path in yard.modes]
    for what, pattern in WRITTEN.items():
        if not any(path.match(pattern) for path in seen):
            tally.broken(f"umask {umask:03o}: no {what} was ever there: {pattern}")


def _work(yard: "Yard") -> None:
    """Every command that writes something, in an order in which each has what it needs."""
    world = yard.systems()
    yard.type("init", "--dir", yard.root / "installed/here", "--yes", *yard.logins(world),
              arrange=lambda: setattr(setup, "SPACING_SECONDS", 0.0))  # fmt: skip
    yard.configure(world, mail="smtp")
    yard.type("run", "-q", "-c", yard.config)
    yard.configure(world, mail="folder")
    yard.type("run", "-q", "-c", yard.config, arrange=_at("publish:outbox", kill), ends=None)
    yard.type("run", "-q", "-c", yard.config, arrange=_at("publish:outbox", fail), ends=1)
    yard.type("run", "-q", "-c", yard.config, "--record", yard.own / "tape/one")
    yard.type("run", "-v", "-c", yard.config, "--log-file", yard.own / "far/off/night.log",
              arrange=lambda: setattr(logs, "FILE_BYTES", 300))  # fmt: skip
    yard.type("backup", "-c", yard.config)
    yard.type("decisions", "export", yard.own / "decisions.csv", "-c", yard.config)
    yard.type("review", "export", yard.own / "review.xlsx", "-c", yard.config)
    yard.type("bundle", "--offline", "--out", yard.own / "bundle.zip", "-c", yard.config)
    yard.type("report", "preview", "--dir", yard.own / "pre/view")
    backup = max((yard.own / "deep/state/backups").glob("*.sqlite3"))
    yard.type("restore", backup, "-c", yard.config)
    yard.type("demo", "--dir", yard.own / "de/mo", "--companies", "5", "--computers", "20")
    beating = yard.start("serve", "-c", yard.config)
    yard.wait_for(yard.own / "deep/state/serve.alive")
    yard.stop(beating)


class Yard:
    """A folder that only halosync writes to, and its commands as processes under one umask."""

    def __init__(self, umask: int, seed: int) -> None:
        self.modes: dict[str, str] = {}
        """Every path that was ever there -> kind and mode, the widest that was seen."""
        self.odd: list[str] = []
        self._umask, self._seed = umask, seed

    def __enter__(self) -> Self:
        self._held = tempfile.TemporaryDirectory(prefix="halosync-modes-", dir=memory_folder())
        base = Path(self._held.name)
        self.root, self._aside = base / "root", base / "aside"
        self.own = self.root / "yard"
        for folder in (self.root, self._aside, self.own, self.root / "world"):
            folder.mkdir(mode=0o700)
        (self.root / "installed").mkdir(mode=0o700)
        self.config = self._aside / "config.yaml"
        self._systems = 0
        return self

    def __exit__(self, *_: object) -> None:
        if self._systems:
            self.stop(self._systems)
        self._held.cleanup()

    def systems(self) -> dict:
        """Start the sandbox; what it says of itself."""
        self._systems = self.start(
            "sandbox", "--dir", self.root / "world/one", "--seed", self._seed,
            "--companies", "6", "--computers", "30",
        )  # fmt: skip
        said = self._aside / "said-sandbox.txt"
        self.wait_for(said, "\n")
        return json.loads(said.read_text().splitlines()[0])

    def logins(self, world: dict) -> Iterator[str]:
        secrets = {
            "client-secret": world["halo"]["client_secret"],
            "autoelevate-key": world["autoelevate"]["bearer_key"],
        }
        for name, secret in secrets.items():
            (self._aside / name).write_text(secret)
            yield from (f"--{name}-file", str(self._aside / name))
        yield from ("--halo-url", world["halo"]["base_url"])
        yield from ("--client-id", world["halo"]["client_id"])
        yield from ("--autoelevate-url", world["autoelevate"]["base_url"])

    def configure(self, world: dict, mail: str) -> None:
        """The sandbox's own configuration, with every folder inside another one to be made."""
        text = Path(world["config"]).read_text(encoding="utf-8")
        for was, now in (
            ("file: ./users.csv", f"file: {world['users_file']}"),
            ("state_dir: ./state", f"state_dir: {self.own}/deep/state\nmin_free_megabytes: 0"),
            ("archive_dir: ./archive", f"archive_dir: {self.own}/kept/nights"),
            ("transport: smtp", f"transport: {mail}\n  folder: {self.own}/post/out"),
        ):
            assert was in text
            text = text.replace(was, now)
        self.config.write_text(text, encoding="utf-8")
        self.config.chmod(0o600)

    def type(
        self, *words: object, arrange: Callable[[], None] | None = None, ends: int | None = 0
    ) -> None:
        """Run a command to its end; `ends` None = it is to be killed."""
        status = os.waitpid(self.start(*words, arrange=arrange), 0)[1]
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        if code != ends:
            said = (self._aside / f"said-{words[0]}.txt").read_text()[-300:]
            self.odd.append(f"{words[0]} ended with {code} instead of {ends}: {said}")
        self.look()

    def start(self, *words: object, arrange: Callable[[], None] | None = None) -> int:
        sys.stdout.flush()
        return os.fork() or self._be_the_command([str(word) for word in words], arrange)

    def _be_the_command(self, words: list[str], arrange: Callable[[], None] | None) -> NoReturn:
        code = 99
        try:
            said = os.open(self._aside / f"said-{words[0]}.txt", os.O_WRONLY | os.O_CREAT, 0o600)
            os.dup2(said, 1)
            os.dup2(said, 2)
            _umask(self._umask)
            if arrange:
                arrange()
            main(words)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        finally:
            sys.stdout.flush()
            os._exit(code)

    def stop(self, child: int) -> None:
        self.look()
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        self._systems = 0 if child == self._systems else self._systems

    def wait_for(self, file: Path, text: str = "") -> None:
        until = time.monotonic() + PATIENCE
        while not (file.exists() and text in file.read_text()):
            assert time.monotonic() < until, f"{file.name} never came"
            time.sleep(LOOKS_EVERY)

    def look(self) -> None:
        """Note the mode of everything that is there now."""
        for path in self.root.rglob("*"):
            found = path.lstat()
            kind = "d" if stat.S_ISDIR(found.st_mode) else "f"
            mode = f"{kind}{stat.S_IMODE(found.st_mode):o}"
            name = str(path.relative_to(self.root))
            self.modes[name] = max(self.modes.get(name, ""), mode)


_umask = os.umask
"""The real one, whatever the sabotage puts in its place."""


def _at(place: str, act: Callable[[], None]) -> Callable[[], None]:
    return lambda: failpoint.arm(place, act)


def _load_everything() -> None:
    """Once, before any fork: loading takes longer than most commands."""
    for package in (sync, reports):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "versions" not in found.name and not found.name.endswith(("__main__", ".env")):
                importlib.import_module(found.name)


def _too_open(tally: Tally) -> None:
    """A configuration that holds a secret, and a secret's own file, in every mode that is too wide."""
    for mode in TOO_OPEN:
        with Yard(0o022, 0) as yard:
            secret = yard.own / "client-secret"
            secret.write_text("not-used")
            secret.chmod(0o600)
            held, pointing = "client_secret: not-used", f"client_secret_file: {secret}"
            _refused(tally, yard, held, yard.config, mode)
            _refused(tally, yard, pointing, secret, mode)


CONFIG = """\
halo: {{base_url: "https://halo.test", client_id: rig, {secret}}}
autoelevate: {{key: "${{KEY}}"}}
report: {{policy: always}}
"""


def _refused(tally: Tally, yard: Yard, secret: str, file: Path, mode: int) -> None:
    tally.trials += 1
    yard.config.write_text(CONFIG.format(secret=secret))
    yard.config.chmod(0o600)
    file.chmod(mode)
    said = yard._aside / "said-config.txt"
    said.unlink(missing_ok=True)
    yard.type("config", "check", "-c", yard.config, ends=REFUSED,
              arrange=lambda: os.environ.update(KEY="aeb_x"))  # fmt: skip
    text = said.read_text()
    tally.broken(*(f"{file.name} {mode:o}: {what}" for what in yard.odd))
    yard.odd.clear()
    told = [line for line in text.splitlines() if "others may read or write the file" in line]
    if len(told) != 1 or f"chmod 600 {file}" not in text:
        tally.broken(f"{file.name} {mode:o}: not told once what to do: {text[-300:]}")
