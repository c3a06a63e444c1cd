"""`bundle`: one file to send to somebody who helps."""

from pathlib import Path

import click

from sync.cli.options import verb
from sync.cli.stopping import stoppable
from sync.cli.terminal import Terminal
from sync.errors import Exit, UsageError


@verb()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Default: halosync-bundle-DATE.zip here.",
)
@click.option(
    "--recording",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    metavar="DIR",
    help="Use this earlier `run --record DIR` instead of pulling now.",
)
@click.option("--offline", is_flag=True, help="Contact nobody: no recording, no doctor.")
def bundle(terminal: Terminal, out: Path | None, recording: Path | None, offline: bool) -> int:
    """Pack versions, settings, last runs, logs and a recording into one file.

    Secrets are struck out and every name is replaced by an invented one, the same everywhere.
    Look into it before you send it.
    """
    from sync.app.bundle import pack
    from sync.clock import SystemClock

    here = terminal.installation()
    terminal.start_logging()
    with stoppable() as stop:
        clock = SystemClock(stop)
        target = out or Path(f"halosync-bundle-{clock.now():%Y-%m-%d-%H%M%S}.zip")
        if target.exists():
            raise UsageError(f"{target} is there already", hint="name another file with --out")
        if not offline and recording is None:
            terminal.note("pulling both systems once; nothing is published or mailed")
        live = not offline
        file = pack(here, clock, target, recording=recording, live=live and recording is None)
    if terminal.as_json:
        terminal.document("bundle", file=str(file))
    terminal.say(f"Wrote {file}; only you can read it. Look into it before you send it.")
    return int(Exit.OK)
