"""The demo's last page: both sides side by side, what hurts most, where to look, and the proof."""

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from sync.app.logs import one_line
from sync.cli.ending import mail_lines
from sync.cli.terminal import Terminal
from sync.core.records import AE_OF, HALO_OF, Kind
from sync.words import speak

if TYPE_CHECKING:
    from sync.app.demo import Shown
    from sync.core.result import Finding, Result

COSTLIEST = 5
LINKED = frozenset({"linked", "renamed"})


def show(terminal: Terminal, shown: "Shown") -> None:
    """Print everything the demo led to."""
    if terminal.as_json:
        terminal.document("demo", **_document(shown))
        return
    console = terminal.console()
    result = shown.ending.result
    console.print(f"\n[bold]Night {shown.night + 1} of an invented service provider[/bold]")
    console.print(_sides(result))
    if result.findings:
        console.print(_costliest(result.findings[:COSTLIEST]))
    for line in _where(shown):
        console.print(line)
    console.print(_proof(shown))
    console.print(Text("Run it again for the next night. Delete the folder to begin again."))


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)


def _sides(result: "Result") -> Table:
    """One row per kind: how many on each side, and how many link by name."""
    words = speak("en")
    unique = {manifest.collection: manifest.unique for manifest in result.manifests}
    table = _table("Both sides")
    for column in ("", "AutoElevate", "HaloPSA", "link by name", "open", "wait for company"):
        table.add_column(column, justify="right" if column else "left")
    for kind in Kind:
        counts = {o.value: n for (k, o), n in result.counts.items() if k is kind}
        still_open = sum(n for (k, o), n in result.counts.items() if k is kind and o.is_open)
        table.add_row(
            words.kinds(kind),
            str(unique.get(AE_OF[kind], 0)),
            str(unique.get(HALO_OF[kind], 0)),
            f"[green]{sum(counts.get(name, 0) for name in LINKED)}[/green]",
            f"[{'red' if still_open else 'green'}]{still_open}[/]",
            str(counts.get("blocked", 0)),
        )
    return table


def _costliest(findings: "tuple[Finding, ...]") -> Table:
    words = speak("en")
    table = _table("What costs most")
    for column in ("", "name in AutoElevate", "why", "probably meant"):
        table.add_column(column, overflow="fold")
    table.add_column("active computers", justify="right")
    for finding in findings:
        table.add_row(
            words.kind(finding.kind),
            Text(one_line(finding.name)),
            words.outcome(finding.outcome),
            Text(one_line(_meant(finding))),
            str(finding.impact.active),
        )
    return table


def _meant(finding: "Finding") -> str:
    if len(finding.targets) > 1:
        return f"{len(finding.targets)} bear this name"
    if finding.targets:
        return finding.targets[0].name
    return finding.suggestions[0].name if finding.suggestions else "nothing close"


def _where(shown: "Shown") -> list[str]:
    told = [f"Mail    {escape(str(mail))}" for mail in shown.mails]
    told += [f"        {escape(text)}" for text in mail_lines(shown.ending)]
    if shown.page:
        told.append(f"Report  {escape(str(shown.page))}")
    return told


def _proof(shown: "Shown") -> str:
    score = shown.score
    well = not score.wrong and not score.missed
    return (
        f"Truth   exact links: {score.right} right,"
        f" [{'green' if well else 'red'}]{score.wrong} wrong, {score.missed} missed[/]"
        " against the sandbox's own list"
    )


def _document(shown: "Shown") -> dict[str, object]:
    result = shown.ending.result
    return {
        "night": shown.night,
        "open": len(result.findings),
        "links": {
            "right": shown.score.right,
            "wrong": shown.score.wrong,
            "missed": shown.score.missed,
        },
        "mails": [str(mail) for mail in shown.mails],
        "report": str(shown.page) if shown.page else None,
        "exit_code": int(shown.ending.exit_code),
    }
