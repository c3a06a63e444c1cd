"""`ack`: what a person knows better than a list that shrank."""

import click

from sync.cli.options import verb
from sync.cli.terminal import Terminal


@verb()
@click.argument("run", type=click.IntRange(min=1), metavar="RUN")
@click.option("--by", required=True, metavar="NAME", help="Who says so.")
@click.option("--reason", required=True, metavar="TEXT", help="Why the list became smaller.")
def ack(terminal: Terminal, run: int, by: str, reason: str) -> None:
    """Accept the smaller lists that the latest report doubted.

    Counts once, for the next run; a further loss is doubted again.
    """
    from sync.app.caring import acknowledge
    from sync.words import speak

    here = terminal.installation()
    terminal.start_logging()
    accepted = acknowledge(here, run, by, reason)
    if terminal.as_json:
        terminal.document("ack", run_id=run, classes=[name.value for name in accepted])
        return
    words = speak("en")
    names = ", ".join(words.collection(name) for name in accepted)
    terminal.say(f"Accepted: {names}. The next run judges them again.")
