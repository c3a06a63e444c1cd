"""Writes the list of parts (CycloneDX 1.6) that goes out beside the wheel; `make dist` does both.

It says what pip installed from the runtime lock into an empty environment, with the hash of each
archive that was verified on the way; the same parts give the same bytes.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sync import __version__
from tests.release.clean_install import Part, install
from tests.release.locks import RUNTIME, asked_for


def document(parts: tuple[Part, ...], directly: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The parts as CycloneDX; `directly` names those that halosync itself asks for."""
    known = {part.name: _purl(part.name, part.version) for part in parts}
    own = _purl("halosync", __version__)
    needs = {own: directly, **{known[part.name]: part.needs for part in parts}}
    content = {
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "halosync",
                "version": __version__,
                "purl": own,
            }
        },
        "components": [
            {
                "type": "library",
                "bom-ref": known[part.name],
                "name": part.name,
                "version": part.version,
                "purl": known[part.name],
                "hashes": [{"alg": "SHA-256", "content": part.digest}],
            }
            for part in parts
        ],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(known[name] for name in names if name in known)}
            for ref, names in needs.items()
        ],
    }
    serial = uuid5(NAMESPACE_URL, json.dumps(content, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    return {**head, "serialNumber": f"urn:uuid:{serial}", **content}


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.release.sbom", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the file goes")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        parts = install(RUNTIME, Path(place))
    target = folder / f"halosync-{__version__}.cdx.json"
    target.write_text(json.dumps(document(parts, asked_for()), indent=1) + "\n", encoding="utf-8")
    print(f"{target}: {len(parts)} parts")


if __name__ == "__main__":
    main()
