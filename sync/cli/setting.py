"""`config`, `schedule`, `backup` and `restore`: how this installation is set up and kept."""

import json
from pathlib import Path
from typing import Any

import click

from sync.cli.options import group, verb
from sync.cli.terminal import Terminal

config = group("config", "Check and show the configuration.")
schedule = group("schedule", "Show when `halosync serve` runs.")


@verb(config, "check")
def check(terminal: Terminal) -> None:
    """List every mistake at once, each with its line and what to write instead.

    Nobody is contacted.
    """
    here = terminal.installation()
    file = here.loaded.file
    if terminal.as_json:
        terminal.document("config check", valid=True, file=str(file) if file else None)
        return
    terminal.say(f"{file or 'The environment'}: no mistakes. Nobody was contacted.")


@verb(config, "show")
def show_settings(terminal: Terminal) -> None:
    """Every setting in force and where it comes from; secrets are struck out."""
    from sync.config import effective

    here = terminal.installation()
    rows = effective(here.loaded)
    if terminal.as_json:
        settings = [{"key": k, "value": v, "origin": o} for k, v, o in rows]
        terminal.document("config show", settings=settings)
        return
    for key, value, origin in rows:
        terminal.say(f"{key}: {_as_yaml(value)}  # {origin}")


def _as_yaml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@verb(config, "schema")
def schema(terminal: Terminal) -> None:
    """Print the JSON Schema of config.yaml, for editors that check while you type."""
    from sync.config import schema as schema_of

    terminal.say(json.dumps(schema_of(), indent=None if terminal.as_json else 2), always=True)


@verb(config, "paths")
def paths(terminal: Terminal) -> None:
    """Which files and folders are used."""
    here = terminal.installation()
    found = {
        "config": here.loaded.file,
        "state": here.where.state,
        "database": here.where.database,
        "reports": here.where.archive,
        "logs": here.where.log_file,
    }
    if terminal.as_json:
        terminal.document("config paths", **{k: v and str(v) for k, v in found.items()})
        return
    for name, path in found.items():
        terminal.say(f"{name:<9} {path or 'none; the environment configures everything'}")


@verb(schedule, "show")
@click.option("--count", type=click.IntRange(1, 1000), default=5, show_default=True)
def show_schedule(terminal: Terminal, count: int) -> None:
    """When `halosync serve` runs next, in words and in moments."""
    from datetime import UTC, datetime

    from sync.schedule import next_slots

    here = terminal.installation()
    slots = next_slots(here.crontab, datetime.now(UTC), count)
    if terminal.as_json:
        coming = [{"key": slot.key, "at": slot.at.isoformat()} for slot in slots]
        settings = here.config.schedule.model_dump()
        terminal.document("schedule show", **settings, slots=coming)
        return
    terminal.say(f"{here.crontab.explain()}, {here.config.schedule.timezone}")
    for slot in slots:
        terminal.say(f"  {slot.at:%Y-%m-%d %H:%M %Z}  {slot.key}")


@verb()
def backup(terminal: Terminal) -> None:
    """Copy the database now, checked, beside the nightly copies."""
    from sync.app.caring import back_up

    here = terminal.installation()
    terminal.start_logging()
    file = back_up(here)
    if terminal.as_json:
        terminal.document("backup", file=str(file))
        return
    terminal.say(f"{file}")


@verb()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(terminal: Terminal, file: Path) -> None:
    """Put a backup in the database's place; the old database is kept beside it.

    What was decided after the backup was made is not in it: `decisions export` first, if the old
    database can still be read, and `decisions import` afterwards.
    """
    from sync.app.caring import restored

    here = terminal.installation()
    terminal.start_logging()
    old = restored(here, file)
    if terminal.as_json:
        terminal.document("restore", file=str(file), replaced=str(old))
        return
    terminal.say(f"{file} is the database now; the old one is {old}.")
    terminal.say("Check it with `halosync verify`; the next run compares with the night it is of.")
