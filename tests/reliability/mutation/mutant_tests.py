"""What pytest is told in a process that tests one mutant of G24: which code, which tests, in peace."""

import time
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

import coverage
import hypothesis
import pytest

OPTIONS = (
    "-x", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:xdist",
    # Plugins are imported once, before the children are forked.
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip


class Changed(MetaPathFinder):
    """Gives one module the mutant's code."""

    def __init__(self, file: str, code: CodeType) -> None:
        self._path, self._code = Path(file).resolve(), code
        parts = Path(file).with_suffix("").parts
        self._name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != self._name:
            return None
        return spec_from_loader(name, self, origin=str(self._path))

    def create_module(self, _spec: ModuleSpec) -> None:
        """Let Python make the module."""

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self._path)
        exec(self._code, module.__dict__)


class Chosen:
    """Runs the tests that reach the change, the quickest first."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._place = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        # Where a mutant changes which tests there are, what is left is run in full.
        chosen = [item for item in items if item.nodeid in self._place] or list(items)
        items[:] = sorted(chosen, key=lambda item: self._place.get(item.nodeid, 0))


class Unclaimed:
    """Runs each test and believes it, whatever it found."""

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self) -> Iterator[None]:
        try:
            return (yield)
        except (AssertionError, pytest.fail.Exception):
            return True


def run_tests(tests: Sequence[str], scratch: Path, *plugins: object) -> int:
    # What a mutant provoked is no example to remember, and every mutant meets the same ones.
    hypothesis.settings.register_profile("mutants", database=None, derandomize=True, deadline=None)
    mine = ("--hypothesis-profile=mutants", f"--basetemp={scratch}")
    return pytest.main([*OPTIONS, *mine, *tests], plugins=list(plugins))


class Watch:
    """Tells coverage which test is running, and times it."""

    def __init__(self, seen: coverage.Coverage) -> None:
        self.seconds: dict[str, float] = {}
        self._seen = seen

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._seen.switch_context(item.nodeid)
        started = time.monotonic()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.monotonic() - started
            self._seen.switch_context("")
