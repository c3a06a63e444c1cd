"""What may be said about a configuration: its values without secrets, its hash, its schema."""

import hashlib
import json
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from sync.config.loading import Loaded
from sync.config.mistakes import Path, dotted
from sync.config.model import Config
from sync.config.shape import secret_paths

KEY_LENGTH = 16
"""A part of an address's path from this length on is taken for a key."""


def secrets(config: Config) -> tuple[str, ...]:
    """Every text that must not leave the process, parts of secret addresses included."""
    found = []
    for path in secret_paths():
        value: Any = config
        for part in path:
            value = getattr(value, part, None)
        if isinstance(value, SecretStr):
            found += _parts(value.get_secret_value())
    return tuple(dict.fromkeys(found))


def _parts(text: str) -> list[str]:
    """The text; of an address also its password and its path, which errors print alone.

    A password is sent decoded, and a part of a path may be a key of its own.
    """
    if "://" not in text:
        return [text]
    address = urlsplit(text)
    inner = [address.username, address.password, address.path.strip("/"), address.query]
    keys = [part for part in address.path.split("/") if len(part) >= KEY_LENGTH]
    found = [part for part in inner if part and len(part) >= 6]
    return [text, *found, *map(unquote, found), *keys]


def fingerprint(config: Config) -> str:
    """A short hash of every setting but the secrets: says which settings a run had."""
    canonical = json.dumps(config.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def schema() -> dict[str, Any]:
    """The JSON Schema of the YAML file, for editors that check while typing."""
    document = Config.model_json_schema()
    for section in document["$defs"].values():
        hidden = [name for name, field in section["properties"].items() if _is_secret(field)]
        for name in hidden:
            section["properties"][f"{name}_file"] = {"type": "string", "format": "path"}
            if name in section.get("required", ()):
                section["required"].remove(name)  # its file may stand in its place
    return document


def _is_secret(field: dict[str, Any]) -> bool:
    return any(part.get("format") == "password" for part in (field, *field.get("anyOf", ())))


def effective(loaded: Loaded) -> list[tuple[str, Any, str]]:
    """Every setting as (key, value, origin), secrets struck out, in the model's order."""
    rows: list[tuple[str, Any, str]] = []
    _walk(loaded, loaded.config.model_dump(mode="json"), (), rows)
    return rows


def _walk(loaded: Loaded, node: Any, path: Path, rows: list[tuple[str, Any, str]]) -> None:
    if isinstance(node, dict) and node:
        for key, value in node.items():
            _walk(loaded, value, (*path, key), rows)
        return
    if isinstance(node, list) and any(isinstance(item, dict) for item in node):
        for index, item in enumerate(node):
            _walk(loaded, item, (*path, index), rows)
        return
    rows.append((dotted(path), node, _origin(loaded, path)))


def _origin(loaded: Loaded, path: Path) -> str:
    exact = loaded.origins.get(path)
    if exact is None and path and isinstance(path[-1], int):
        exact = loaded.origins.get(path[:-1])
    return exact or "default"
