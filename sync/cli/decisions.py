"""`decide`, `decisions` and `backlog`: what people know that two lists of names cannot tell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sync.cli.options import group, verb
from sync.cli.terminal import Terminal

KINDS = click.Choice(["company", "location", "computer", "user"])
BY = click.option("--by", default="", metavar="NAME", help="Who says so; your login by default.")
WHY = click.option("--reason", required=True, metavar="TEXT", help="Why; shown in the report.")

decide = group("decide", "Say what is meant: accept, confirm, reject, ignore, forget.")
decisions = group("decisions", "Everything ever decided: list, export, import.")
backlog = group("backlog", "The findings from before halosync.")


def _verdict(name: str, help_text: str, *, target: bool = False) -> None:
    """Add `decide NAME KIND RECORD [TARGET]`; the records are given by name or id."""

    def run(terminal: Terminal, kind: str, record: str, by: str, reason: str, **rest: Any) -> None:
        _decide(terminal, name, kind, by, reason, record=record, **rest)

    command: Callable[..., None] = run
    if target:
        command = click.argument("target", metavar="HALO-NAME-OR-ID")(command)
    command = click.argument("record", metavar="NAME-OR-ID")(command)
    command = click.argument("kind", type=KINDS)(command)
    verb(decide, name=name, help=help_text)(WHY(BY(command)))


_verdict("accept", "This Halo record is the right one; what remains is to rename.", target=True)
_verdict("confirm", "AutoElevate shows True: these two are linked.", target=True)
_verdict("reject", "Never suggest this Halo record for it again.", target=True)
_verdict("forget", "Take back what was decided about it, and end its pair.")


@verb(decide)
@click.argument("kind", type=KINDS)
@click.argument("record", required=False, default="", metavar="NAME-OR-ID")
@click.option("--pattern", default="", help='All names that fit, such as "TEST-*".')
@click.option("--days", type=click.IntRange(min=1), default=90, show_default=True)
@BY
@WHY
def ignore(  # noqa: PLR0913, PLR0917 - one parameter per option
    terminal: Terminal, kind: str, record: str, pattern: str, days: int, by: str, reason: str
) -> None:
    """Leave a record, or a pattern, out of the report for a while.

    It is always counted, and comes back when the time is over or the facts change.
    """
    if bool(record) == bool(pattern):
        raise click.UsageError("name one record, or give --pattern, not both")
    _decide(terminal, "ignore", kind, by, reason, record=record, pattern=pattern, days=days)


def _decide(
    terminal: Terminal, name: str, kind: str, by: str, reason: str, **wish: Any
) -> None:  # fmt: skip
    from sync.app.deciding import Wish, decide
    from sync.core.decisions import Verb
    from sync.core.records import Kind

    if not reason.strip():
        raise click.UsageError("the reason may not be empty")
    here = terminal.installation()
    terminal.start_logging()
    made = decide(here, Wish(Verb(name), Kind(kind), **wish), by, reason.strip())
    if terminal.as_json:
        terminal.document("decide", id=made.id, verb=name, ae_id=made.ae_id, halo_id=made.halo_id)
        return
    whom = made.pattern or f"{made.names[0]} ({made.ae_id})"
    to = f" -> {made.names[1]} ({made.halo_id})" if made.halo_id else ""
    until = f" until {made.expires:%Y-%m-%d}" if made.expires else ""
    terminal.say(f"Decision {made.id}: {name} {kind} {whom}{to}{until}. Counts from the next run.")


@verb(decisions, name="list")
def list_(terminal: Terminal) -> None:
    """Everything ever decided, oldest first."""
    from sync.app.decision_files import exported
    from sync.app.reading import open_store

    here = terminal.installation()
    terminal.start_logging()
    with open_store(here) as store:
        made = store.decisions()
    if terminal.as_json:
        rows = [{"id": d.id, **cells} for d, cells in zip(made, exported(made), strict=True)]
        terminal.document("decisions list", decisions=rows)
        return
    if not made:
        terminal.say("Nothing was decided yet.")
    for d in made:
        whom = d.pattern or d.names[0] or d.ae_id
        to = f" -> {d.names[1] or d.halo_id}" if d.halo_id else ""
        until = f", until {d.expires:%Y-%m-%d}" if d.expires else ""
        line = f"{d.id:>5}  {d.at:%Y-%m-%d}  {d.verb:<8} {d.kind:<9} {whom}{to}"
        terminal.say(f"{line}  ({d.reason}; {d.actor}{until})")


FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@verb(decisions)
@FILE
def export(terminal: Terminal, file: Path) -> None:
    """Write every decision to a CSV file (0600)."""
    from sync.app.decision_files import write_export
    from sync.app.reading import open_store

    here = terminal.installation()
    terminal.start_logging()
    with open_store(here) as store:
        rows = write_export(file, store.decisions())
    terminal.say(f"{rows} decisions written to {file}.")
    if terminal.as_json:
        terminal.document("decisions export", file=str(file), decisions=rows)


@verb(decisions, name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-n", "--dry-run", is_flag=True, help="Read and check, change nothing.")
def import_(terminal: Terminal, file: Path, dry_run: bool) -> None:
    """Add the decisions of an exported file that are not there yet."""
    from sync.app.decision_files import import_decisions, read_import

    here = terminal.installation()
    terminal.start_logging()
    read = read_import(file)
    added = 0 if dry_run else import_decisions(here, read)
    terminal.say(f"{len(read)} decisions read, {added} added.")
    if terminal.as_json:
        terminal.document("decisions import", read=len(read), added=added)


@verb(backlog)
@BY
@WHY
def accept(terminal: Terminal, by: str, reason: str) -> None:
    """Take all that is open as known: one line, no more rows.

    From then on the mail shows what deviates from it.
    """
    from sync.app.deciding import accept_backlog

    here = terminal.installation()
    terminal.start_logging()
    count = accept_backlog(here, by, reason)
    terminal.say(f"{count} open findings are backlog now; the next report shows deviations.")
    if terminal.as_json:
        terminal.document("backlog accept", accepted=count)
