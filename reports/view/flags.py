"""How old AutoElevate's "Linked" columns are that somebody brought, or why one says nothing."""

from collections.abc import Iterable

from reports.view.moment import local
from reports.view.parts import Fact
from reports.view.visible import visible
from sync.core.result import Result
from sync.core.sides import FlagFile
from sync.words import N_, Several, Words

LINKED = N_("“Linked” column")
READ = Several("{name}, {age}, {n} row", "{name}, {age}, {n} rows")
TODAY = N_("of today")
OLD = Several("{n} day old", "{n} days old")
UNREAD = Several("{n} not understood", "{n} not understood")
DOUBTED = N_("{name} was not used tonight: {cause}")


def read(result: Result, words: Words) -> list[Fact]:
    """One line for each file that was read."""
    return [
        Fact(f"{words.gettext(LINKED)}: {words.kinds(file.kind)}", _read(file, result, words))
        for file in result.flag_files
        if not file.cause
    ]


def _read(file: FlagFile, result: Result, words: Words) -> str:
    days = 0
    if file.as_of is not None:
        days = (result.run.started.date() - local(file.as_of, result.run).date()).days
    age = str(words.say(OLD, n=days)) if days > 0 else words.gettext(TODAY)
    said = str(words.say(READ, name=visible(file.name), age=age, n=len(file.rows)))
    return f"{said} · {words.say(UNREAD, n=file.unread)}" if file.unread else said


def doubted(result: Result, words: Words) -> Iterable[str]:
    """Why a file says nothing: too old, unreadable, not there."""
    for file in result.flag_files:
        if file.cause:
            cause = words.cause(file.cause)
            yield str(words.say(DOUBTED, name=visible(file.name), cause=cause))
