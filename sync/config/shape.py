"""What the model says about a path: which keys exist, which take text, which hold a secret."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

from sync.config.mistakes import Path
from sync.config.model import Config

PREFIX = "HALOSYNC_"
IDENTIFIERS = frozenset({("halo", "client_id")})
"""Kept out of logs like secrets, but a file that holds only these may be read by others."""


def variable(path: Path) -> str:
    """The environment variable (and credentials file) that sets this key."""
    return PREFIX + "__".join(str(part).upper() for part in path)


def keys_at(path: Path) -> tuple[str, ...]:
    """The keys the section at this path knows; empty where it is no section."""
    section = _model(_annotation(path))
    return tuple(section.model_fields) if section else ()


def takes_text(path: Path) -> bool:
    """Whether a text given for this key stays text, or must be read as YAML first."""
    kinds = tuple(_plain_types(_annotation(path)))
    return not kinds or all(
        (isinstance(kind, str) or (isinstance(kind, type) and not _structured(kind)))
        for kind in kinds
    )


def secret_paths() -> tuple[tuple[str, ...], ...]:
    """Every key whose value must never be printed."""
    return tuple(_secrets(Config, ()))


def _structured(kind: type) -> bool:
    return kind in {int, float, bool, tuple, dict} or issubclass(kind, BaseModel)


def _secrets(section: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, field in section.model_fields.items():
        kinds = tuple(_plain_types(field.annotation))
        if SecretStr in kinds:
            yield (*path, name)
        inner = _model(field.annotation)
        if inner is not None:
            yield from _secrets(inner, (*path, name))


def _annotation(path: Path) -> Any:
    annotation: Any = Config
    for part in path:
        section = _model(annotation)
        if section is None:
            item = _item(annotation)
            if item is None:
                return None
            annotation = item
        elif str(part) in section.model_fields:
            annotation = section.model_fields[str(part)].annotation
        else:
            return None
    return annotation


def _model(annotation: Any) -> type[BaseModel] | None:
    for kind in _plain_types(annotation):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _item(annotation: Any) -> Any:
    """The type of a list's entries or of a mapping's values."""
    if get_origin(annotation) is Annotated:
        return _item(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return next((i for part in get_args(annotation) if (i := _item(part))), None)
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0]
    if get_origin(annotation) is dict:
        return get_args(annotation)[1]
    return None


def _plain_types(annotation: Any) -> Iterator[Any]:
    """The classes and literal values behind Annotated, unions and optionals."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _plain_types(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for part in get_args(annotation):
            if part is not type(None):
                yield from _plain_types(part)
    elif origin is Literal:
        yield from get_args(annotation)
    elif origin is not None:
        yield origin
    elif annotation is not None:
        yield annotation
