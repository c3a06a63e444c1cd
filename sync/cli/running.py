"""`run` and `serve`: the commands that cron, timers, services and impatient people call."""

import re
from pathlib import Path
from typing import Any

import click

from sync.cli.options import verb
from sync.cli.stopping import stoppable
from sync.cli.terminal import Terminal, interactive
from sync.errors import Stopped

FOLDER = click.Path(file_okay=False, path_type=Path)


class Duration(click.ParamType[float]):
    """`30s`, `10m`, `2h`, or plain seconds."""

    name = "time"
    UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}  # noqa: RUF012 - never written to

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, int | float):
            return float(value)
        match = re.fullmatch(r"(\d+)\s*([smh]?)", str(value).strip())
        if match is None:
            self.fail(f"{value!r} is not a time such as 30s, 10m or 2h", param, ctx)
        return float(match[1]) * self.UNITS[match[2]]


@verb(
    epilog="Exit codes: 0 done, 3 a list not believed, 4 mail not accepted, 5 a list shrank, "
    "6 a system could not be read."
)
@click.option("--slot", metavar="NAME", help="Today's slot of this name: published at most once.")
@click.option(
    "--wait", type=Duration(), default=0, help="Wait so long for another run to end (10m)."
)
@click.option("-n", "--dry-run", is_flag=True, help="Pull and judge; publish and send nothing.")
@click.option("--no-email", is_flag=True, help="Publish and archive, but send no mail.")
@click.option("--record", type=FOLDER, help="Keep every answer in this new folder.")
@click.option("--replay", type=FOLDER, help="Judge a recording instead; implies --dry-run.")
@click.option(
    "--fail-on-unlinked",
    type=click.IntRange(min=1),
    is_flag=False,
    flag_value=1,
    metavar="[N]",
    help="Exit 10 when at least N records are open (1).",
)
def run(terminal: Terminal, slot: str | None, **wishes: Any) -> int:
    """Do one run now: pull both systems, judge, publish, mail the report.

    Without --slot every call is a run of its own.
    """
    from sync.app.connections import Tape
    from sync.app.night import Wish, run_once
    from sync.app.ordering import order
    from sync.cli.ending import tell
    from sync.cli.progress import pulling
    from sync.clock import SystemClock

    here = terminal.installation()
    terminal.log_beside(here)
    tape, wait = Tape(wishes.pop("record"), wishes.pop("replay")), wishes.pop("wait")
    wishes["dry_run"] = wishes["dry_run"] or tape.replay is not None
    with stoppable() as stop, pulling(wanted=interactive() and not terminal.quiet) as progress:
        clock = SystemClock(stop)
        asked = order(here, clock.now(), slot, **wishes)
        ending = run_once(here, Wish(asked, wait, tape, progress), clock)
    tell(terminal, here, asked, ending)
    return int(ending.exit_code)


@verb()
def serve(terminal: Terminal) -> int:
    """Stay and run on the configured schedule until stopped.

    At start, the latest slot missed while nothing ran is caught up.
    """
    from sync.app.service import run_service
    from sync.clock import SystemClock

    here = terminal.installation()
    terminal.verbose = max(1, terminal.verbose)
    terminal.log_beside(here)
    with stoppable() as stop:
        run_service(here, SystemClock(stop))
        raise Stopped("the service was asked to stop")
