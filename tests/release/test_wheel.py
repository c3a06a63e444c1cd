"""The wheel stands alone: installed into an empty environment it runs the demo, far from here."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.release.clean_install import Refused, install, pip, python
from tests.release.locks import ROOT, RUNTIME


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build from a copy: building leaves nothing behind in the checkout."""
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("sync", "reports", "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (made,) = folder.glob("halosync-*.whl")
    return made


def files_below(name):
    """What a checkout holds there, without what running it leaves behind."""
    found = (path for path in (ROOT / name).rglob("*") if path.is_file())
    return {str(p.relative_to(ROOT)) for p in found if "__pycache__" not in p.parts}


def test_the_wheel_holds_every_file_of_the_program_and_nothing_else(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    program = files_below("sync") | files_below("reports")
    own = {name for name in held if name.partition("/")[0].endswith(".dist-info")}

    assert held - own == program
    assert {Path(name).suffix for name in program} >= {
        ".py",
        ".j2",
        ".po",
        ".mo",
        ".css",
        ".js",
        ".json",
    }


@pytest.mark.slow
def test_installed_from_the_lock_into_an_empty_environment_it_passes_the_demo(wheel, tmp_path):
    place, elsewhere = tmp_path / "environment", tmp_path / "elsewhere"
    try:
        install(RUNTIME, place)
    except Refused as refused:
        pytest.fail(f"the runtime lock was not installed: {refused}")
    assert pip(place, "install", "--no-deps", "--no-index", wheel).returncode == 0
    elsewhere.mkdir()
    bare = {"PATH": os.defpath, "HOME": str(elsewhere), "LC_ALL": "C.UTF-8"}
    command = python(place).with_name("halosync")
    done = subprocess.run(
        [command, "demo", "--dir", "demo"],
        cwd=elsewhere, env=bare, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert (elsewhere / "demo").is_dir()
    assert str(ROOT) not in done.stdout + done.stderr
