"""Puts the settings together: environment over secret files over YAML, each with its origin."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as File

from sync.config import yaml_tree
from sync.config.mistakes import Mistake, Path, dotted
from sync.config.shape import (
    IDENTIFIERS,
    PREFIX,
    keys_at,
    secret_paths,
    takes_text,
    variable,
)
from sync.config.yaml_tree import Value

_REFERENCE = re.compile(r"\$(\$)?\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECRET_FILE_LIMIT = 64 * 1024


@dataclass(slots=True)
class Layers:
    """The settings as they stand so far."""

    environment: Mapping[str, str]
    file: File | None
    values: dict[str, Value] = field(default_factory=dict)
    origins: dict[Path, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    unreadable: bool = False
    """The file is no YAML at all: what it lacks would be idle talk."""

    @property
    def base(self) -> File:
        """Where relative paths start."""
        return self.file.absolute().parent if self.file else File.cwd()

    def origin(self, path: Path) -> str:
        """Where this key, or the closest section above it, was written."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return str(self.file) if self.file else "environment"

    def note(self, path: Path, message: str, hint: str = "", origin: str = "") -> None:
        place = origin or self.origin(path)
        self.mistakes.append(Mistake(place, dotted(path), message, hint=hint))

    def get(self, path: Path) -> Value:
        node: Value = self.values
        for part in path:
            if isinstance(node, dict):
                node = node.get(str(part))
            elif isinstance(node, tuple) and isinstance(part, int) and part < len(node):
                node = node[part]
            else:
                return None
        return node

    def put(self, path: tuple[str, ...], value: Value, origin: str) -> None:
        node = self.values
        for part in path[:-1]:
            below = node.get(part)
            if not isinstance(below, dict):
                below = node[part] = {}
            node = below
        node[path[-1]] = value
        self.origins[path] = origin

    def drop(self, path: tuple[str, ...]) -> None:
        above = self.get(path[:-1])
        if isinstance(above, dict):
            above.pop(path[-1], None)


def gather(file: File | None, environment: Mapping[str, str]) -> Layers:
    """Read every layer, lowest first; what is wrong is in `mistakes`."""
    layers = Layers(environment, file)
    if file is not None:
        _read_yaml(layers, file)
    if layers.unreadable:
        return layers
    named = _secret_files_in_yaml(layers)
    named |= _secret_files_in_environment(layers)
    for path, (place, origin) in named.items():
        _read_secret(layers, path, place, origin)
    _read_credentials(layers)
    _read_environment(layers)
    return layers


def _read_yaml(layers: Layers, file: File) -> None:
    tree = yaml_tree.read(file)
    layers.mistakes += tree.mistakes
    layers.origins |= {path: f"{file}:{line}" for path, line in tree.lines.items()}
    layers.values = tree.values
    layers.unreadable = bool(tree.mistakes) and not tree.values
    held = [p for p in secret_paths() if p not in IDENTIFIERS and _literal(layers.get(p))]
    if held and _readable_by_others(file):
        names = ", ".join(dotted(path) for path in held)
        _refuse_readable(layers, (), file, f"holds {names}")
    layers.values = {
        key: _with_references(layers, value, (key,)) for key, value in tree.values.items()
    }


def _literal(value: Value) -> bool:
    return isinstance(value, str) and not _REFERENCE.search(value)


def _with_references(layers: Layers, value: Value, path: Path) -> Value:
    """Replace `${NAME}` by the environment's value; `$${NAME}` stays as `${NAME}`."""
    if isinstance(value, dict):
        return {k: _with_references(layers, v, (*path, k)) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(_with_references(layers, v, (*path, n)) for n, v in enumerate(value))
    if not isinstance(value, str) or not _REFERENCE.search(value):
        return value

    def filled(match: re.Match[str]) -> str:
        if match[1]:
            return match[0][1:]
        if match[2] not in layers.environment:
            missing = f"the environment has no {match[2]}"
            layers.note(path, missing, f"export {match[2]}; write $${{...}} if the text is meant")
        return layers.environment.get(match[2], "")

    return _read_text(layers, _REFERENCE.sub(filled, value), path)


def _read_text(layers: Layers, text: str, path: Path) -> Value:
    """A text from outside the YAML file, read as its key wants it."""
    if takes_text(path):
        return text
    tree = yaml_tree.read_text(text, layers.origin(path), path)
    layers.mistakes += tree.mistakes
    return tree.values.get("value")


def _secret_files_in_yaml(layers: Layers) -> dict[tuple[str, ...], tuple[str, str]]:
    named = {}
    for path in secret_paths():
        pointer = (*path[:-1], path[-1] + "_file")
        place = layers.get(pointer)
        if place is None:
            continue
        layers.drop(pointer)
        origin = layers.origin(pointer)
        if layers.get(path) is not None:
            layers.note(pointer, f"{path[-1]} is given too", "keep one of the two")
        elif not isinstance(place, str):
            layers.note(pointer, "must be the path of a file", "write the path as text")
        else:
            named[path] = (place, origin)
    return named


def _secret_files_in_environment(layers: Layers) -> dict[tuple[str, ...], tuple[str, str]]:
    return {
        path: (layers.environment[name], f"environment {name}")
        for path in secret_paths()
        if (name := variable(path) + "_FILE") in layers.environment
    }


def _read_secret(layers: Layers, path: tuple[str, ...], place: str, origin: str) -> None:
    file = layers.base / File(place).expanduser()
    try:
        text = _content(file)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        layers.note(path, f"its file {file} cannot be read: {why}", "name a readable text file",
                    origin=origin)  # fmt: skip
        layers.put(path, "unreadable", origin)
        return
    if _readable_by_others(file):
        _refuse_readable(layers, path, file, "holds a secret")
    layers.put(path, text, f"{origin} -> {file}")


def _read_credentials(layers: Layers) -> None:
    """Credentials of systemd; the service manager guards their modes, so these are not checked."""
    folder = layers.environment.get("CREDENTIALS_DIRECTORY")
    for path in secret_paths() if folder else ():
        file = File(folder or "") / variable(path)
        if not file.is_file():
            continue
        try:
            layers.put(path, _content(file), f"credentials {file.name}")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            layers.note(path, f"its credentials file cannot be read: {why}", origin=str(file))


def _content(file: File) -> str:
    if file.stat().st_size > _SECRET_FILE_LIMIT:
        raise ValueError("it is too large for a secret")
    return file.read_text(encoding="utf-8-sig").rstrip("\r\n")


def _read_environment(layers: Layers) -> None:
    for name, text, path in _settings(layers.environment):
        origin = f"environment {name}"
        layers.put(path, None, origin)
        layers.put(path, _read_text(layers, text, path), origin)


def _settings(environment: Mapping[str, str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Our variables: nested ones, and top-level keys. The rest belong to the command line."""
    pointers = {variable(path) + "_FILE" for path in secret_paths()}
    for name, text in sorted(environment.items()):
        path = tuple(name.removeprefix(PREFIX).lower().split("__"))
        ours = name.startswith(PREFIX) and (len(path) > 1 or path[0] in keys_at(()))
        if ours and name not in pointers:
            yield name, text, path


def _readable_by_others(file: File) -> bool:
    if os.name == "nt":
        return False
    return bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH))


def _refuse_readable(layers: Layers, path: Path, file: File, why: str) -> None:
    allowed = layers.environment.get(variable(("allow_readable_secrets",)), "").casefold()
    if allowed == "true" or layers.get(("allow_readable_secrets",)) is True:
        return
    layers.note(path, f"{why}, and others may read or write the file", f"chmod 600 {file}",
                origin=str(file))  # fmt: skip
