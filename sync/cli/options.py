"""The options that every command takes, before or after its name, and the lazy table of verbs."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

from sync.cli.terminal import Terminal

COMMON = (
    (("-c", "--config"), {"metavar": "FILE", "help": "Configuration file."}),
    (("-v", "--verbose"), {"count": True, "help": "Log more; -vv logs everything."}),
    (("-q", "--quiet"), {"is_flag": True, "help": "Only errors."}),
    (
        ("--json", "as_json"),
        {"is_flag": True, "envvar": "HALOSYNC_JSON", "help": "Answer as JSON on stdout."},
    ),
    (
        ("--log-json",),
        {"is_flag": True, "envvar": "HALOSYNC_LOG_JSON", "help": "Log as JSON lines."},
    ),
    (
        ("--log-file",),
        {
            "type": click.Path(dir_okay=False, path_type=Path),
            "envvar": "HALOSYNC_LOG_FILE",
            "metavar": "FILE",
            "help": "Log here; `run` and `serve` otherwise log into the state directory.",
        },
    ),
)


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value:
        setattr(context.ensure_object(Terminal), parameter.name or "", value)


C = TypeVar("C", bound=click.Command)


def with_common_options(command: C) -> C:
    """Let a command take the common options too, so that their place does not matter."""
    for names, settings in COMMON:
        option = click.Option(list(names), expose_value=False, callback=_remember, **settings)
        command.params.append(option)
    return command


class Verbs(click.Group):
    """A group whose commands are imported when used, so that `--help` answers at once."""

    def __init__(self, *, table: dict[str, tuple[str, str]], **settings: Any) -> None:
        super().__init__(**settings)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self._table:
            return None
        module, _summary = self._table[cmd_name]
        return getattr(import_module(module), cmd_name.replace("-", "_"))  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self._table.items()])


Function = Callable[..., Any]
pass_terminal: Callable[[Function], Function] = click.make_pass_decorator(Terminal, ensure=True)


def verb(
    group: click.Group | None = None, name: str | None = None, **settings: Any
) -> Callable[[Function], click.Command]:
    """Make a function a command with the common options; it is given the Terminal first."""

    def make(function: Function) -> click.Command:
        make_command: Function = click.command(name=name, **settings)
        command: click.Command = make_command(pass_terminal(function))
        with_common_options(command)
        if group is not None:
            group.add_command(command)
        return command

    return make


def group(name: str, help_text: str) -> click.Group:
    """Make a group of verbs: `halosync config ...`."""
    made = click.Group(name=name, help=help_text, no_args_is_help=True)
    with_common_options(made)
    return made
