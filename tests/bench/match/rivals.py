"""One engine over one set, in a process and where need be an environment of its own."""

import json
import os
import random
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from tests.bench.match.generate import NameSet
from tests.bench.match.measure import Figures, figures

ROOT = Path(__file__).parents[3]
LOCK = Path(__file__).with_name("peers.lock")
HOME = ROOT / ".venv" / "peers"
"""The rivals' environment, kept from run to run; `make clean` takes it along."""
OURS = "halosync"
SLOW = {"rapidfuzz WRatio", "recordlinkage"}
BESIDE_US = (OURS, "rapidfuzz token_sort", "rapidfuzz WRatio")
"""These run in the product's own environment."""
RIVALS = ("string_grouper", "splink (duckdb)", "recordlinkage")
SAMPLE = 500
"""Questions a slow rival is asked, of a set with more."""


@dataclass(frozen=True)
class Run:
    figures: Figures
    seconds: float
    cpu: float
    """Processor seconds, which a busy machine does not stretch as much."""
    peak: float
    asked: int


def pythons(*, rivals: bool = True) -> dict[str, str]:
    """Say for each engine which Python runs it; without a package index the rivals are missing."""
    found = dict.fromkeys(BESIDE_US, sys.executable)
    rival = _installed() if rivals else ""
    return found | (dict.fromkeys(RIVALS, rival) if rival else {})


def _installed() -> str:
    """Install what the lock names, unless it is there; give its Python, or nothing."""
    python = str(HOME / ("Scripts" if os.name == "nt" else "bin") / "python")
    stamp = HOME / LOCK.name
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return python
    venv.create(HOME, with_pip=True, clear=True)
    wanted = ["--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]
    command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted]
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode:
        sys.stderr.write(done.stderr.decode()[-2000:])
        shutil.rmtree(HOME)
        return ""
    shutil.copy(LOCK, stamp)
    return python


def measure(engine: str, python: str, names: NameSet, folder: Path) -> Run | None:
    """Run one engine over one set; None if it did not run."""
    asked = names.left
    if engine in SLOW and len(asked) > SAMPLE:
        asked = random.Random(5).sample(asked, SAMPLE)
    source, result = folder / "in.json", folder / "out.json"
    source.write_text(json.dumps({"left": asked, "right": names.right}))
    script = str(Path(__file__).with_name("engines.py"))
    done = subprocess.run(
        [python, script, engine, str(source), str(result)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stderr.decode()[-2000:])
        return None
    told = json.loads(result.read_text())
    answers = {i: [(t, s) for t, s in found] for i, found in told["answers"].items()}
    measured = figures(names, answers, {i for i, _ in asked})
    return Run(measured, told["seconds"], told["cpu"], told["peak"], len(asked))
