"""Runs an area's tests against each of its mutants: `python -m tests.reliability.mutation.mutating`.

A process of its own reads the area from its input and prints what became of each mutant. It learns
once which test runs which line and how long it takes, imports whatever is not ours, and then forks
a child per mutant: the child loads the changed code instead of the file and runs the tests that
reach it, the quickest first. Nothing is written into the tree.

Our own, because mutmut 3 changes nothing outside functions and in decorated ones, and here most
rules are data (limits, what needs what, which answers count), while cosmic-ray writes each mutant
over the file it belongs to and starts Python and every import anew for it.
"""

import ast
import importlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import CodeType

import coverage

from tests.reliability.mutation.mutant_tests import Changed, Chosen, Unclaimed, Watch, run_tests
from tests.reliability.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parents[3]
WORKERS = 2
MEMORY = 4 << 30
PATIENCE = 5
"""So many times what the tests took unchanged, beside the area's own seconds: a mutant that takes
longer hangs, and hanging is noticed."""


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    claims: bool = True
    """False = the tests run but what they claim does not count: the sabotage."""
    patience: float = 10.0


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one mutant."""

    where: str
    what: str
    killed: bool
    tests: int
    """How many tests reach the changed line."""
    hung: bool = False
    """It was killed for taking too long."""


def hunt(area: Area, root: Path = ROOT) -> list[Fate]:
    """Make every mutant of the area's files and run the area's tests against each."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.reliability.mutation.mutating"],
        input=json.dumps(asdict(area)),
        cwd=root,
        # One thread: a process that has others should not fork.
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return [Fate(**json.loads(line)) for line in said.splitlines()]


def main() -> None:
    asked = json.load(sys.stdin)
    area = Area(**{**asked, "files": tuple(asked["files"]), "tests": tuple(asked["tests"])})
    with tempfile.TemporaryDirectory(prefix="halosync-mutants-") as scratch:
        known = _learn(area, Path(scratch))
        for name in known.foreign:
            with suppress(Exception):
                importlib.import_module(name)
        _control(area, known, Path(scratch))
        for fate in _fates(area, known, Path(scratch)):
            print(json.dumps(asdict(fate)), flush=True)


# What the tests do unchanged


@dataclass(slots=True)
class Known:
    """What one run of the tests without any mutant showed."""

    seconds: dict[str, float] = field(default_factory=dict)
    """How long each test took."""
    reached: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    """File -> line -> the tests that run it."""
    foreign: list[str] = field(default_factory=list)
    """The modules that were imported and are not ours."""

    def reaching(self, file: str, mutant: Mutant) -> list[str]:
        """Which tests run the changed statement; what importing runs, all of them see."""
        if mutant.reach is None:
            return sorted(self.seconds, key=self.seconds.__getitem__)
        first, last = mutant.reach
        lines = self.reached.get(file, {})
        found = {test for line in range(first, last + 1) for test in lines.get(line, ())}
        return sorted(found & self.seconds.keys(), key=self.seconds.__getitem__)


def _learn(area: Area, scratch: Path) -> Known:
    paper = scratch / "known.json"
    child = _fork(lambda: _look(area, scratch, paper), quiet=False)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        sys.exit(f"the tests of {area.name} fail without any mutant")
    known = json.loads(paper.read_text(encoding="utf-8"))
    reached = {
        file: {int(line): tests for line, tests in lines.items()}
        for file, lines in known["reached"].items()
    }
    return Known(known["seconds"], reached, known["foreign"])


def _look(area: Area, scratch: Path, paper: Path) -> int:
    files = {str(Path(file).resolve()): file for file in area.files}
    seen = coverage.Coverage(data_file=None, config_file=False, include=list(files))
    watch = Watch(seen)
    before = set(sys.modules)
    seen.start()
    code = run_tests(area.tests, scratch / "unchanged", watch)
    seen.stop()
    data = seen.get_data()
    reached = {
        name: {line: [t for t in tests if t] for line, tests in data.contexts_by_lineno(f).items()}
        for f, name in files.items()
    }
    foreign = [name for name in sys.modules if name not in before and _is_foreign(name)]
    paper.write_text(json.dumps(asdict(Known(watch.seconds, reached, foreign))), encoding="utf-8")
    return code


def _is_foreign(name: str) -> bool:
    file = getattr(sys.modules.get(name), "__file__", None) or ""
    inside = Path.cwd() in Path(file).parents
    return bool(file) and ("site-packages" in file or not inside)


# One child per mutant


def _control(area: Area, known: Known, scratch: Path) -> None:
    """A file that is loaded as a mutant is, and is none, must pass: else every mutant would fall."""
    tests = list(known.seconds)
    for file in area.files:
        path = Path(file).resolve()
        code = compile(path.read_text(encoding="utf-8"), path, "exec")
        child = _fork(lambda: _try(area, file, code, tests, scratch / "control"))  # noqa: B023
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
            sys.exit(f"{file} fails its tests unchanged, when it is loaded as its mutants are")


@dataclass(frozen=True, slots=True)
class Shot:
    fate: Fate
    until: float
    scratch: Path


def _fates(area: Area, known: Known, scratch: Path) -> Iterator[Fate]:
    flying: dict[int, Shot] = {}
    for number, (file, tree, mutant) in enumerate(_all(area)):
        tests = known.reaching(file, mutant)
        fate = Fate(f"{file}:{mutant.line}", mutant.what, killed=False, tests=len(tests))
        if not tests:
            yield fate
            continue
        while len(flying) == WORKERS:
            yield from _landed(flying)
        code = mutant.code(tree, str(Path(file).resolve()))
        place = scratch / str(number)
        child = _fork(lambda: _try(area, file, code, tests, place))  # noqa: B023 - forks at once
        seconds = sum(known.seconds[test] for test in tests)
        until = time.monotonic() + area.patience + PATIENCE * seconds
        flying[child] = Shot(fate, until, place)
    while flying:
        yield from _landed(flying)


def _all(area: Area) -> Iterator[tuple[str, ast.Module, Mutant]]:
    for file in area.files:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
        for mutant in mutants(tree):
            yield file, tree, mutant


def _landed(flying: dict[int, Shot]) -> Iterator[Fate]:
    """Wait a moment for the children; the fate of those that ended or took too long."""
    time.sleep(0.01)
    for child, shot in list(flying.items()):
        late = time.monotonic() > shot.until
        if late:
            os.killpg(child, signal.SIGKILL)
        ended, status = os.waitpid(child, 0 if late else os.WNOHANG)
        if ended:
            del flying[child]
            shutil.rmtree(shot.scratch, ignore_errors=True)
            killed = late or os.waitstatus_to_exitcode(status) != 0
            yield replace(shot.fate, killed=killed, hung=late)


def _try(area: Area, file: str, code: CodeType, tests: Sequence[str], scratch: Path) -> int:
    sys.meta_path.insert(0, Changed(file, code))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    wanted = list(dict.fromkeys(test.split("::")[0] for test in tests))
    plugins = [Chosen(tests), *([] if area.claims else [Unclaimed()])]
    return run_tests(wanted, scratch, *plugins)


def _fork(work: Callable[[], int], *, quiet: bool = True) -> int:
    """Do the work in a child of its own process group, and end it with the work's code."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 3
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for handle in (0, 1, 2) if quiet else (0,):
            os.dup2(nowhere, handle)
        if not quiet:
            os.dup2(2, 1)
        code = work()
    except BaseException:  # noqa: BLE001 - the child ends here, whatever it is
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
