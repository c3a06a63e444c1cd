"""`report`: read a published report again, send what waits, look at samples."""

import sys
import webbrowser
from pathlib import Path

import click

from sync.cli.options import group, verb
from sync.cli.terminal import Terminal
from sync.errors import Exit

report = group("report", "Show, send or preview reports.")


@verb(report, "show")
@click.option("--run", "run_id", type=click.IntRange(min=1), help="This run; else the latest.")
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@click.option("--raw", is_flag=True, help="Write the mail itself, byte for byte, and no more.")
def show(terminal: Terminal, run_id: int | None, open_page: bool, raw: bool) -> None:
    """Print a published report's text and name its files, their digests compared."""
    from sync.app.archive import read_report

    here = terminal.installation()
    terminal.start_logging()
    found = read_report(here, run_id)
    if raw:
        sys.stdout.buffer.write(found.mail)
        return
    if terminal.as_json:
        files = {name: str(path) for name, path in found.files.items()}
        terminal.document("report show", run_id=found.run_id, files=files, changed=found.changed)
    else:
        terminal.say(found.text or "No mail is kept for this run; its page is in the archive.")
        for path in found.files.values():
            terminal.say(str(path))
        for name in found.changed:
            terminal.note(f"{name} is not the file that was published: its digest differs")
    if open_page and found.page:
        webbrowser.open(found.page.as_uri())


@verb(report, "send")
def send(terminal: Terminal) -> int:
    """Send every report that no mail server has accepted yet, byte for byte."""
    from sync.app.caring import send_waiting

    here = terminal.installation()
    terminal.start_logging()
    said = send_waiting(here)
    if terminal.as_json:
        terminal.document(
            "report send",
            mail={to: {"state": r.state.value, "reason": r.reason} for to, r in said.items()},
        )
    elif not said:
        terminal.say("Nothing waits to be sent.")
    for to, receipt in said.items():
        terminal.say(f"{to}: {receipt.state.value} {receipt.reason}".rstrip())
    accepted = any(receipt.state.value == "accepted" for receipt in said.values())
    return int(Exit.OK if accepted or not said else Exit.MAIL_NOT_ACCEPTED)


@verb(report, "preview")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("preview"),
    show_default=True,
    help="Where the samples are written.",
)
def preview(terminal: Terminal, folder: Path) -> None:
    """Write sample reports with invented names, to look at in a browser."""
    from sync.app.archive import write_preview

    files = write_preview(folder)
    if terminal.as_json:
        terminal.document("report preview", files=[str(file) for file in files])
        return
    for file in files:
        terminal.say(str(file))
