"""Reads the lock files: which versions they pin, where, and the hashes that may be installed."""

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
EVERYTHING = ROOT / "requirements.lock"
"""Halosync and what it is developed with."""
RUNTIME = ROOT / "docs/deploy/runtime.lock"
"""What runs in production."""
AUDIT = ROOT / "tests/release/audit.lock"
"""What looks at a release from outside."""
_PIN = re.compile(r"([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+?))?(?: \\)?")
_HASH = re.compile(r"    --hash=sha256:([0-9a-f]{64})(?: \\)?")


@dataclass(frozen=True, slots=True)
class Pin:
    name: str
    version: str
    marker: str
    hashes: frozenset[str]

    @property
    def is_for_here(self) -> bool:
        return not self.marker or Marker(self.marker).evaluate()


def asked_for() -> frozenset[str]:
    """The names that halosync itself asks for on this platform."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = map(Requirement, project["dependencies"])
    return frozenset(
        str(canonicalize_name(need.name))
        for need in needs
        if need.marker is None or need.marker.evaluate()
    )


def pins(lock: Path) -> tuple[Pin, ...]:
    """Every pin; one name may have several, each for other platforms. No line is overlooked."""
    found: list[Pin] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if pin := _PIN.fullmatch(line):
            name = str(canonicalize_name(pin[1]))
            found.append(Pin(name, pin[2], pin[3] or "", frozenset()))
        elif digest := _HASH.fullmatch(line):
            found[-1] = replace(found[-1], hashes=found[-1].hashes | {digest[1]})
        else:
            assert not line.strip() or line.lstrip().startswith("#"), f"{lock.name}: {line}"
    return tuple(found)
