"""G23: what is installed is what the locks name, byte for byte; the list of parts says the same.

Each lock goes into a fresh, empty environment by hash. What lies there afterwards is read from the
disk and compared with the lock, with pip's report and with the list of parts. pip-audit then looks
for known faults, but only where it can see one: a version with a known fault is asked for first.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.release import sbom
from tests.release.clean_install import Part, Refused, install, on_disk, parts_of, pip, python
from tests.release.locks import AUDIT, EVERYTHING, RUNTIME, asked_for, pins
from tests.reliability.benches.bench import replaced
from tests.reliability.tally import Tally, Tier

TIERS: tuple[Tier, ...] = ("release",)
KNOWN_FAULTY = "jinja2==2.10\n"
"""CVE-2019-10906: who does not find this has no advisories to look in."""
VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
print(JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read()) or "valid")
"""


def run(tier: Tier, seed: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for lock in (RUNTIME, EVERYTHING):
            tally.trials += 1
            found = _flaws(lock, Path(folder) / lock.stem)
            tally.broken(*(f"{lock.name}: {what}" for what in found))
        if not tally.violations:
            _audit(tally, Path(folder), parts_of(Path(folder) / RUNTIME.stem))
    return tally


def sabotage(seed: int) -> Tally:
    """A changed hash, a missing hash and a part kept quiet about: each must be found."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        small = _first_pin(there / "small.lock")
        ways = {
            "a changed hash": list(
                _flaws(_with_a_changed_hash(there / "changed.lock"), there / "1")
            ),
            "a missing hash": list(
                _flaws(_without_hashes(small, there / "bare.lock"), there / "2")
            ),
        }
        with replaced(sbom, "document", lambda *_: {"components": []}):
            ways["a part kept quiet about"] = list(_flaws(small, there / "3"))
    tally.trials = len(ways)
    if all(ways.values()):
        tally.broken(*(f"{way}: {found[0]}" for way, found in ways.items()))
    return tally


def _flaws(lock: Path, place: Path) -> Iterator[str]:
    """How this lock, what pip made of it and what is said about it differ."""
    wanted = {pin.name: pin for pin in pins(lock) if pin.is_for_here}
    yield from (f"{name} has no hash" for name, pin in wanted.items() if not pin.hashes)
    try:
        parts = install(lock, place)
    except Refused as refused:
        yield str(refused)
        return
    for part in parts:
        if part.name not in wanted:
            yield f"{part.name} was installed and is not in the lock"
        elif part.digest not in wanted[part.name].hashes:
            yield f"{part.name} was installed with a hash that is not in the lock"
    if (checked := pip(place, "check")).returncode:
        yield f"pip check: {checked.stdout.strip()}"
    there = set(on_disk(place))
    if missed := there ^ {(pin.name, pin.version) for pin in wanted.values()}:
        yield f"lock and disk differ in {sorted(missed)}"
    if missed := there ^ _listed(parts):
        yield f"list of parts and disk differ in {sorted(missed)}"


def _listed(parts: tuple[Part, ...]) -> set[tuple[str, str]]:
    components = sbom.document(parts, asked_for())["components"]
    return {(component["name"], component["version"]) for component in components}


def _audit(tally: Tally, folder: Path, parts: tuple[Part, ...]) -> None:
    """Ask for known faults, and have the list of parts judged by its own standard."""
    tools = folder / "audit"
    try:
        install(AUDIT, tools)
    except Refused as refused:
        tally.broken(f"{AUDIT.name}: {refused}")
        return
    written = json.dumps(sbom.document(parts, asked_for()))
    said = subprocess.run(
        [python(tools), "-c", VALIDATE], input=written, capture_output=True, text=True, check=False
    )
    tally.notes["sbom"] = f"{len(parts)}-parts"
    if said.stdout.strip() != "valid":
        tally.broken(f"the list of parts is no CycloneDX: {said.stdout or said.stderr[-300:]}")
    known = folder / "known-faulty.txt"
    known.write_text(KNOWN_FAULTY)
    if not any(fault for _, fault, _ in _audited(tools, known, "--no-deps")):
        tally.notes["audit"] = "not-run(no-advisories-reachable)"
        return
    for lock in (RUNTIME, EVERYTHING, AUDIT):
        found = list(_audited(tools, lock, "--strict", "--require-hashes"))
        tally.broken(*(f"{lock.name}: {n}: {f or s}" for n, f, s in found if f or s))
        here = {pin.name for pin in pins(lock) if pin.is_for_here}
        if missed := here ^ {name for name, _, _ in found}:
            tally.broken(f"{lock.name}: not audited: {sorted(missed)}")
    tally.notes["audit"] = "0-vulnerable" if not tally.violations else "see-below"


def _audited(tools: Path, names: Path, *options: str) -> Iterator[tuple[str, str, str]]:
    """Each distribution that pip-audit looked at: name, faults, why it was skipped."""
    done = subprocess.run(
        [python(tools), "-m", "pip_audit", "--disable-pip", *options,
         "--progress-spinner", "off", "-f", "json", "-r", names],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        listed = json.loads(done.stdout)["dependencies"]
    except ValueError:
        return  # strict mode ends at the first it cannot look up, and lists nothing
    for entry in listed:
        faults = ", ".join(fault["id"] for fault in entry.get("vulns", []))
        yield entry["name"], faults, entry.get("skip_reason", "")


def _with_a_changed_hash(copy: Path) -> Path:
    text = RUNTIME.read_text(encoding="utf-8")
    first = pins(RUNTIME)[0]
    for digest in first.hashes:
        text = text.replace(digest, digest[::-1])
    copy.write_text(text, encoding="utf-8")
    return copy


def _first_pin(copy: Path) -> Path:
    """A lock of one small distribution that needs no other."""
    pin = next(pin for pin in pins(RUNTIME) if pin.name == "et-xmlfile")
    hashes = "".join(f" \\\n    --hash=sha256:{digest}" for digest in sorted(pin.hashes))
    copy.write_text(f"{pin.name}=={pin.version}{hashes}\n", encoding="utf-8")
    return copy


def _without_hashes(lock: Path, copy: Path) -> Path:
    copy.write_text(re.sub(r" \\\n    --hash=\S+", "", lock.read_text(encoding="utf-8")))
    return copy
