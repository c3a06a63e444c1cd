"""`review`: decide in a spreadsheet instead of one command a record."""

from pathlib import Path

import click

from sync.cli.decisions import BY
from sync.cli.options import group, verb
from sync.cli.terminal import Terminal

review = group("review", "Decide in a spreadsheet: export it, fill it in, import it.")


@verb(review)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(terminal: Terminal, file: Path) -> None:
    """Write what is open into a sheet to decide in (XLSX, 0600)."""
    from sync.app.reviewing import write_review

    here = terminal.installation()
    terminal.start_logging()
    rows = write_review(here, file)
    if terminal.as_json:
        terminal.document("review export", file=str(file), rows=rows)
        return
    terminal.say(f"{rows} open findings written to {file}.")
    terminal.say(f"Fill in the yellow columns, then: halosync review import {file} --dry-run")


@verb(review, name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be decided, change nothing.")
@BY
def import_(terminal: Terminal, file: Path, dry_run: bool, by: str) -> None:
    """Take in a filled-in sheet; a second time changes nothing.

    A row whose record is judged otherwise by now is left out and named.
    """
    from sync.app.logs import one_line
    from sync.app.reviewing import read_review

    here = terminal.installation()
    terminal.start_logging()
    found = read_review(here, file, by, dry_run=dry_run)
    if terminal.as_json:
        terminal.document(
            "review import",
            dry_run=dry_run,
            decisions=[
                {"verb": d.verb.value, "kind": d.kind.value, "ae_id": d.ae_id, "halo_id": d.halo_id}
                for d in found.fresh
            ],
            already=found.already,
            refused=[{"row": r.row, "name": r.name, "why": r.why} for r in found.refused],
        )
        return
    for d in found.fresh:
        to = f" -> {one_line(d.names[1] or d.halo_id)}" if d.halo_id else ""
        terminal.say(f"  {d.verb.value} {d.kind.value} {one_line(d.names[0])}{to}")
    for refused in found.refused:
        terminal.say(f"  left out, row {refused.row}: {one_line(refused.name)}: {refused.why}")
    done = "would be decided" if dry_run else "decided; they count from the next run"
    terminal.say(
        f"{len(found.fresh)} {done}. {found.already} were known, {len(found.refused)} left out."
    )
