"""Installs a lock into a fresh, empty environment, by hash, and tells what pip installed.

The package index is whatever pip itself is configured to use.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


class Refused(Exception):  # noqa: N818 - pip's verdict on a lock
    """Pip installed nothing; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Part:
    """One distribution as pip downloaded, verified and installed it."""

    name: str
    version: str
    digest: str
    """SHA-256 of the archive."""
    needs: tuple[str, ...]


def install(lock: Path, place: Path) -> tuple[Part, ...]:
    """Make an environment there and put in exactly what the lock names."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    report = place / "report.json"
    done = pip(
        place, "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--no-compile",
        "--report", report, "-r", lock,
    )  # fmt: skip
    if done.returncode:
        raise Refused(_why(done.stderr))
    return parts_of(place)


def parts_of(place: Path) -> tuple[Part, ...]:
    """What pip reported when that environment was made."""
    report = place / "report.json"
    listed = json.loads(report.read_text(encoding="utf-8"))["install"]
    return tuple(sorted((_part(entry) for entry in listed), key=lambda part: part.name))


def python(place: Path) -> Path:
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip(place: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run pip from outside, so that the environment holds nothing but what is asked for."""
    command = [sys.executable, "-m", "pip", "--python", python(place), *words]
    return subprocess.run(
        [*map(str, command), "--disable-pip-version-check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def on_disk(place: Path) -> Iterator[tuple[str, str]]:
    """Name and version of everything that lies in the environment, read without pip."""
    for metadata in sorted(place.glob("**/site-packages/*.dist-info/METADATA")):
        headers = HeaderParser().parsestr(metadata.read_text(encoding="utf-8"), headersonly=True)
        yield str(canonicalize_name(headers["Name"])), headers["Version"]


def _part(entry: dict) -> Part:
    metadata, hashes = entry["metadata"], entry["download_info"]["archive_info"].get("hashes", {})
    return Part(
        str(canonicalize_name(metadata["name"])),
        metadata["version"],
        hashes.get("sha256", ""),
        tuple(sorted(_needs(metadata.get("requires_dist", [])))),
    )


def _needs(lines: list[str]) -> set[str]:
    asked = map(Requirement, lines)
    return {
        str(canonicalize_name(need.name))
        for need in asked
        if need.marker is None or need.marker.evaluate({"extra": ""})
    }


def _why(said: str) -> str:
    errors = [line for line in said.splitlines() if line.startswith("ERROR")] or ["no word"]
    if any("DO NOT MATCH THE HASHES" in line for line in errors):
        return "pip refused it: a package does not have the hash that the lock names"
    if any("hash" in line.casefold() for line in errors):
        return f"pip refused it: {errors[0]}"
    return f"pip could not install it (is a package index reachable?): {errors[-1]}"
