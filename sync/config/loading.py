"""From a file and the environment to a checked Config, or to the full list of what is wrong."""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from sync.config.layers import Layers, gather
from sync.config.mistakes import ConfigMistakes, Path, dotted
from sync.config.model import Config
from sync.config.shape import PREFIX, keys_at, secret_paths, variable
from sync.errors import ConfigError

CronProblem = Callable[[str], str]
"""Says what is wrong with a cron line; empty when nothing is."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A checked configuration, and where each of its values was written."""

    config: Config
    file: File | None
    origins: Mapping[Path, str]


def candidates(given: str | None, environment: Mapping[str, str]) -> tuple[File, ...]:
    """The files that may hold the configuration, the first existing one wins."""
    if given:
        return (File(given),)
    if PREFIX + "CONFIG" in environment:
        return (File(environment[PREFIX + "CONFIG"]),)
    if os.name == "nt":
        shared = File(environment.get("PROGRAMDATA", "C:/ProgramData")) / "halosync/config.yaml"
    else:
        shared = File("/etc/halosync/config.yaml")
    return (File("config.yaml"), shared)


def find(given: str | None, environment: Mapping[str, str]) -> File | None:
    """The configuration file; None when the environment alone configures this installation."""
    places = candidates(given, environment)
    for place in places:
        if place.is_file():
            return place
    named = bool(given) or PREFIX + "CONFIG" in environment
    if not named and any(name.startswith(PREFIX + "HALO__") for name in environment):
        return None
    looked = " or ".join(str(place) for place in places)
    raise ConfigError(
        f"no configuration file at {looked}",
        hint="copy config.example.yaml to config.yaml, or name another file with --config",
    )


def load(given: str | None, environment: Mapping[str, str], *, cron: CronProblem) -> Loaded:
    """Read and check everything; raise `ConfigMistakes` with all that is wrong."""
    layers = gather(find(given, environment), environment)
    if layers.unreadable:
        raise ConfigMistakes(layers.mistakes)
    config = None
    try:
        config = Config.model_validate(layers.values, context={"base": layers.base, "cron": cron})
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            _note(layers, problem)
    if layers.mistakes or config is None:
        raise ConfigMistakes(sorted(set(layers.mistakes), key=_reading_order))
    return Loaded(config, layers.file, layers.origins)


def _reading_order(mistake: Any) -> tuple[str, int, str]:
    file, _, line = mistake.origin.rpartition(":")
    return (file or line, int(line) if line.isdigit() else 0, mistake.path)


def _note(layers: Layers, problem: Any) -> None:
    path, kind = _known_part(layers, problem["loc"]), problem["type"]
    refused = any(mistake.path == dotted(path) for mistake in layers.mistakes)
    if refused and kind not in {"missing", "extra_forbidden"}:
        return  # its text was refused already
    if kind == "too_short" and layers.get(path):
        return  # its entries were, one by one
    layers.note(path, *_words(layers, problem, path))


def _known_part(layers: Layers, loc: Path) -> Path:
    """The path of a key as the operator knows it, without pydantic's names for union branches."""
    path: list[str | int] = []
    for part in loc:
        above = layers.get(tuple(path))
        written = isinstance(above, dict) and part in above
        listed = isinstance(above, tuple) and isinstance(part, int)
        if not (written or listed or str(part) in keys_at(tuple(path))):
            break
        path.append(part)
    return tuple(path)


def _words(layers: Layers, problem: Any, path: Path) -> tuple[str, str]:
    """One sentence and one piece of advice for what pydantic found."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "halosync":
        return context["message"], context["hint"]
    if kind == "missing":
        return "is missing", _how_to_set(path)
    if kind == "extra_forbidden":
        return "is not a known key", _did_you_mean(path)
    if layers.get(path) is None:
        return "is empty", _how_to_set(path)
    return _TYPES.get(kind) or (problem["msg"].replace("Input should be", "must be"), "")


_TYPES = {
    "string_type": ("must be text", "put the value in quotes"),
    "int_type": ("must be a whole number", "write digits only, without quotes"),
    "int_from_float": ("must be a whole number", "write digits only"),
    "float_type": ("must be a number", "write it without quotes"),
    "bool_type": ("must be true or false", "write true or false, without quotes"),
    "tuple_type": ("must be a list", "write [first, second], or one `- entry` per line"),
    "dict_type": ("must have keys of its own", "write `key: value` lines below it"),
    "model_type": ("must have keys of its own", "write `key: value` lines below it"),
    "model_attributes_type": ("must have keys of its own", "write `key: value` lines below it"),
    "too_short": ("must have at least one entry", "add one"),
    "path_type": ("must be a path", "write the path as text"),
}


def _how_to_set(path: Path) -> str:
    if path in secret_paths():
        return f"set {path[-1]}_file, or the environment variable {variable(path)}"
    if keys_at(path):
        return "see config.example.yaml"
    return f"set {dotted(path)}, or the environment variable {variable(path)}"


def _did_you_mean(path: Path) -> str:
    known = keys_at(path[:-1])
    close = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"known here: {', '.join(known)}" if known else ""
