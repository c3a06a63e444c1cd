"""A small sandbox for every command to be tried against, and a home of its own for each test."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.cli.entry import perform
from sync.sandbox.serve import describe, prepare
from sync.sandbox.switches import AeSwitches, HaloSwitches


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sandbox")
    with prepare(folder, seed=3, companies=6, computers=30) as sandbox:
        described = describe(sandbox, folder)
        sandbox.described = described
        yield sandbox


@pytest.fixture
def sandbox(world):
    """The shared sandbox, without what an earlier test broke, received or spent of the quotas."""
    world.faults.clear()
    world.halo.configure(HaloSwitches())
    world.autoelevate.configure(AeSwitches())
    world.inbox.mails.clear()
    return world


@dataclass
class Home:
    """One installation: its folder, and the commands typed there."""

    folder: Path
    capsys: object

    @property
    def config(self):
        return self.folder / "config.yaml"

    def type(self, *arguments):
        """Type a command; its exit code, stdout and stderr."""
        self.capsys.readouterr()
        code = perform([*arguments, "-c", str(self.config)])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def ask(self, *arguments):
        """Type a command with --json; its exit code and document."""
        code, out, _ = self.type(*arguments, "--json")
        return code, json.loads(out)


@pytest.fixture
def home(sandbox, tmp_path, capsys):
    for name in ("config.yaml", "users.csv"):
        shutil.copy2(Path(sandbox.described["config"]).parent / name, tmp_path / name)
    return Home(tmp_path, capsys)
