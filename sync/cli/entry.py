"""From the process's arguments to its exit code."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from sync import __version__
from sync.cli.options import Verbs, with_common_options
from sync.cli.terminal import Terminal
from sync.errors import Exit, SlotDone, SyncError, UsageError

VERBS = {
    # what is typed: (module, the line in --help)
    "run": ("sync.cli.running", "Do one run now and mail the report."),
    "serve": ("sync.cli.running", "Stay and run on the configured schedule."),
    "status": ("sync.cli.showing", "Where things stand: last run, lists, what waits."),
    "history": ("sync.cli.showing", "The last runs, newest first."),
    "diff": ("sync.cli.comparing", "What changed between two runs."),
    "report": ("sync.cli.reporting", "Show, send or preview reports."),
    "explain": ("sync.cli.explain", "Why one record has its verdict, and what would change it."),
    "verify": ("sync.cli.showing", "Check the database against its own digests and rules."),
    "ack": ("sync.cli.deciding", "Accept that a list really became smaller."),
    "decide": ("sync.cli.decisions", "Say what is meant: accept, confirm, reject, ignore, forget."),
    "decisions": ("sync.cli.decisions", "Everything ever decided: list, export, import."),
    "review": ("sync.cli.review", "Decide in a spreadsheet: export it, import it."),
    "backlog": ("sync.cli.decisions", "Take the findings from before halosync as known."),
    "init": ("sync.cli.init", "Set up: asks, tries, writes config.yaml."),
    "doctor": ("sync.cli.doctor", "Is everything set up? Names each box to tick."),
    "config": ("sync.cli.setting", "Check and show the configuration."),
    "schedule": ("sync.cli.setting", "Show when `serve` runs."),
    "backup": ("sync.cli.setting", "Copy the database now."),
    "restore": ("sync.cli.setting", "Put a backup in the database's place."),
    "bundle": ("sync.cli.bundle", "Pack a problem, without secrets and names."),
    "match": ("sync.cli.trying", "Compare two lists of names."),
    "sandbox": ("sync.cli.trying", "Serve an invented HaloPSA, AutoElevate and mailbox."),
    "demo": ("sync.cli.trying", "Run one night against the sandbox and show the result."),
}

EXAMPLES = """\b
Examples:
  halosync demo                        see it work; nothing to set up
  halosync config check                every mistake in the configuration at once
  halosync run --dry-run               pull and judge, publish nothing
  halosync run --slot nightly          what cron or a timer calls
"""


class Halosync(Verbs):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let `halosync --run-now ...` mean `halosync run ...`, with all of run's options."""
        return super().parse_args(ctx, ["run" if arg == "--run-now" else arg for arg in args])


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"halosync {__version__}")
        context.exit()


halosync = with_common_options(
    Halosync(
        table=VERBS,
        name="halosync",
        help="Nightly reconciliation of HaloPSA and AutoElevate: what will not link, what it"
        " costs, what to type where. It reads; it never links anything by itself.",
        epilog=EXAMPLES,
        no_args_is_help=True,
        context_settings={
            "auto_envvar_prefix": "HALOSYNC",
            "help_option_names": ["-h", "--help"],
        },
        params=[
            click.Option(["--run-now"], is_flag=True, expose_value=False, help="Same as `run`."),
            click.Option(
                ["--version"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_show_version,
                help="Show the version.",
            ),
        ],
    )
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code."""
    # Whatever is written, by us or by a library, is for this account alone: folders on the way too.
    os.umask(0o077)
    sys.exit(perform(list(sys.argv[1:] if arguments is None else arguments)))


def perform(arguments: list[str]) -> int:
    """Run one command; give its exit code and let no exception through."""
    terminal = Terminal(as_json="--json" in arguments)
    try:
        code = halosync.main(arguments, prog_name="halosync", standalone_mode=False, obj=terminal)
    except click.exceptions.Exit as leaving:
        code = leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as unfinished:
        unfinished.show()
        code = Exit.USAGE
    except click.ClickException as error:
        code = _refused(terminal, _as_usage(error))
    except SlotDone as done:
        code = _already_done(terminal, done)
    except SyncError as error:
        code = _refused(terminal, error)
    except (KeyboardInterrupt, click.Abort):
        code = Exit.SIGINT
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away; nothing is left to tell it
        code = Exit.BUG
    except Exception as bug:  # noqa: BLE001 - the last line of defence: it becomes a crash file
        code = _crashed(terminal, bug)
    finally:
        _close_logs()
    return int(code or Exit.OK)


def _already_done(terminal: Terminal, done: SlotDone) -> Exit:
    if terminal.as_json:
        terminal.document("run", run_id=None, done=str(done), exit_code=int(Exit.OK))
    terminal.note(str(done))
    return Exit.OK


def _as_usage(error: click.ClickException) -> UsageError:
    hint = "halosync --help"
    context = getattr(error, "ctx", None)
    if context is not None:
        hint = f"{context.command_path} --help"
    return UsageError(error.format_message().rstrip("."), hint=hint)


def _refused(terminal: Terminal, error: SyncError) -> int:
    if "sync.app.logs" in sys.modules:
        import logging

        logging.getLogger("halosync").debug("stopped by", exc_info=error)
    terminal.error(error)
    return int(error.exit_code)


def _crashed(terminal: Terminal, bug: Exception) -> int:
    """A bug of ours: a redacted traceback in a file, one sentence on the terminal."""
    import platform
    import tempfile

    from sync.app.logs import write_crash

    facts = [f"halosync {__version__}", f"Python {platform.python_version()}", platform.platform()]
    folder = terminal.crash_folder or Path(tempfile.gettempdir())
    try:
        place = f"the details are in {write_crash(folder, bug, terminal.redactor, facts)}"
    except OSError:
        place = "and the details could not be written"
    told = SyncError(
        f"a bug in halosync stopped it ({type(bug).__name__}); {place}",
        hint="nothing half-done was published; please report the file, it holds no secrets",
    )
    terminal.error(told)
    return int(Exit.BUG)


def _close_logs() -> None:
    if "sync.app.logs" in sys.modules:
        from sync.app.logs import close

        close()
