"""What was promised of matching, each with the figure that was measured and a plain verdict."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

Say = Callable[[str], None]
STRONG = 0.99
"""Of what is called strong this share is right, at least."""


class Promise(NamedTuple):
    """One line of what matching is held to."""

    what: str
    figure: str
    met: bool


def table(say: Say, promises: Iterable[Promise]) -> None:
    say("### What was promised, and what was measured\n")
    say("| promise | measured | verdict |\n|---|---|---|")
    for what, figure, met in promises:
        say(f"| {what} | {figure} | {'met' if met else '**not met**'} |")
    say("")
