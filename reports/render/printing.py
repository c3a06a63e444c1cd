"""The template engine, set so that a foreign name can only ever become a text node."""

import textwrap
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.view.parts import Prose, Role
from reports.view.prose import plain
from sync.words import Several, speak

TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def html(language: str) -> Environment:
    """One environment per language; a template says `_("...")` for its own words."""
    return _environment(language, escaping=True)


@cache
def text(language: str) -> Environment:
    """Plain text: nothing to escape, but long lines to wrap."""
    environment = _environment(language, escaping=False)
    words = speak(language)
    environment.filters.update(
        plain=lambda prose: plain(prose, words), shown=_shown, wrap=_wrap, columns=_columns
    )
    return environment


def _environment(language: str, *, escaping: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escaping,  # noqa: S701 - off for plain text only
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    words = speak(language)
    environment.globals.update(
        _=words.gettext,
        say=lambda sentence, **facts: str(words.say(sentence, **facts)),
        many=lambda one, many, n, **facts: str(words.say(Several(one, many), n=n, **facts)),
    )
    return environment


def _shown(prose: Prose) -> str:
    """A marked name in text: what differs stands in brackets."""
    return "".join(f"[{text}]" if role == Role.MARK else text for text, role in prose)


def _wrap(said: str, indent: int = 0, first: str = "", width: int = 76) -> str:
    """Fold a paragraph; `first` stands before its first line, inside the indent."""
    lead = " " * (indent - len(first)) + first
    return textwrap.fill(
        said,
        width,
        initial_indent=lead,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _columns(cells: Iterable[str], widths: Iterable[int]) -> str:
    """Set cells side by side: the first to the left, numbers to the right."""
    out = []
    for i, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        out.append(cell[:width].ljust(width) if i == 0 else cell.rjust(width))
    return "  ".join(out).rstrip()
