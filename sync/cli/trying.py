"""`match`, `sandbox` and `demo`: everything that needs no Halo and no AutoElevate."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from sync.cli.options import verb
from sync.cli.stopping import stoppable
from sync.cli.terminal import Terminal
from sync.errors import Stopped

KINDS = ("company", "location", "computer", "user")


@verb(
    epilog="A list is CSV or XLSX with the columns id, name and, if names count inside something, "
    "parent; or plain text, a name on each line. - reads standard input."
)
@click.argument("left", type=click.Path(path_type=Path))
@click.argument("right", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What the names name.")
@click.option("--top", type=click.IntRange(1, 20), default=3, show_default=True, help="At most.")
@click.option("--all", "everything", is_flag=True, help="Show what scores less than 0.5, too.")
def match(terminal: Terminal, left: Path, right: Path, kind: str, **shown: Any) -> None:
    """For each name of LEFT, what it probably is in RIGHT, and why, as CSV.

    The report's own engine, without Halo, AutoElevate or a database. A name for which nothing is
    close gets no row.
    """
    from sync.app.matching import match_files
    from sync.cli.matches import HEADER, document, rows
    from sync.core.records import Kind

    stdin = sys.stdin.buffer if sys.stdin else None
    found = match_files((left, right), Kind(kind), stdin=stdin, **shown)
    if terminal.as_json:
        terminal.document("match", kind=kind, matches=document(found))
    else:
        terminal.table(HEADER, rows(found))


@verb()
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for configuration, users file, truth and mail.",
)
@click.option("--seed", type=int, default=7, show_default=True, help="Which world.")
@click.option("--companies", type=click.IntRange(1, 100_000), default=40, show_default=True)
@click.option("--computers", type=click.IntRange(0, 1_000_000), default=600, show_default=True)
@click.option(
    "--advance", "nights", type=click.IntRange(0, 3650), default=0, help="Nights gone by since."
)
def sandbox(terminal: Terminal, folder: Path, **world: int) -> None:
    """Serve an invented HaloPSA, AutoElevate and mailbox on this machine until stopped.

    Prints one line of JSON: addresses, keys, and the files written.
    """
    from sync.app.playground import serve_sandbox

    with stoppable() as stop:
        serve_sandbox(folder, world, stop, partial(terminal.say, always=True))
        raise Stopped("the sandbox was asked to stop")


@verb()
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the demo keeps everything; delete it to begin again.",
)
@click.option("--seed", type=int, default=7, show_default=True, help="Which world.")
@click.option("--companies", type=click.IntRange(1, 10_000), default=40, show_default=True)
@click.option("--computers", type=click.IntRange(0, 100_000), default=600, show_default=True)
def demo(terminal: Terminal, folder: Path, **world: int) -> int:
    """Run one night against invented systems, and show what it found.

    Everything is real but the companies: sockets, files, mail. Each further demo is the next
    night of the same world.
    """
    from sync.app.demo import run_demo
    from sync.cli.demonstration import show

    terminal.start_logging()
    with stoppable() as stop:
        shown = run_demo(folder, world, terminal.redactor, stop)
    show(terminal, shown)
    return int(shown.ending.exit_code)
