"""Tells how a run ended: a few lines for people, one document for machines."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from sync.cli.terminal import Terminal
from sync.outbox import Delivery
from sync.words import speak

if TYPE_CHECKING:
    from sync.app.installation import Installation
    from sync.core.result import Result
    from sync.job import Ending, Order


def tell(terminal: Terminal, here: "Installation", order: "Order", ending: "Ending") -> None:
    if terminal.as_json:
        terminal.document("run", **document(here, order, ending))
        return
    if terminal.quiet:
        return
    for line in lines(here, order, ending):
        terminal.say(line)


def document(here: "Installation", order: "Order", ending: "Ending") -> dict[str, Any]:
    """The run as numbers and codes; names stay in the report's own JSON."""
    result = ending.result
    return {
        "run_id": result.run.id or None,
        "slot": order.slot,
        "dry_run": order.dry_run,
        "exit_code": int(ending.exit_code),
        "exit": ending.exit_code.name.lower(),
        "counts": _counts(result),
        "open": len(result.findings),
        "resolved": len(result.resolved),
        "classes": {
            m.collection.value: {
                "state": m.state.value,
                "cause": m.cause,
                "declared": m.declared,
                "received": m.received,
                "unique": m.unique,
            }
            for m in result.manifests
        },
        "doubts": [
            {"class": d.collection.value, "code": d.code, "before": d.before, "now": d.now}
            for d in result.doubts
        ],
        "mail": {
            to: {"state": r.state.value, "reason": r.reason} for to, r in ending.receipts.items()
        },
        "report": report_path(here, ending),
    }


def _counts(result: "Result") -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for (kind, outcome), number in sorted(result.counts.items()):
        table.setdefault(kind.value, {})[outcome.value] = number
    return table


def report_path(here: "Installation", ending: "Ending") -> str | None:
    """The page of a published run; a dry run leaves none."""
    from sync.app.post import page_of

    page = page_of(here, ending.result.run.id) if ending.result.run.id else None
    return str(page) if page else None


def lines(here: "Installation", order: "Order", ending: "Ending") -> list[str]:
    """What one glance should tell."""
    result = ending.result
    run = "Dry run: nothing was published." if order.dry_run else f"Run {result.run.id} published."
    records, linked = sum(result.counts.values()), 0
    for (_, outcome), number in result.counts.items():
        linked += number if outcome.value in {"linked", "renamed"} else 0
    found = f"{len(result.findings)} open, {len(result.resolved)} resolved"
    told = [run, f"  {found}, {linked} of {records} records link by name"]
    told += withheld_lines(result)
    stopping = [doubt for doubt in result.doubts if doubt.stops]
    if stopping and result.run.id:
        told.append(f"  if that is right: halosync ack {result.run.id} --by YOUR-NAME --reason WHY")
    told += [f"  mail: {text}" for text in mail_lines(ending)]
    page = report_path(here, ending)
    if page:
        told.append(f"  report: {page}")
    return told


def withheld_lines(result: "Result") -> list[str]:
    """Which lists are not believed, by cause, and what to do about each cause."""
    words, told = speak("en"), []
    for cause in dict.fromkeys((m.cause, m.state) for m in result.withheld):
        same = [m for m in result.withheld if (m.cause, m.state) == cause]
        lists = words.listing([words.collection(m.collection) for m in same])
        told.append(f"  not judged: {lists}. {words.cause(cause[0]) or words.state(cause[1])}")
        if remedy := words.remedy(cause[0]):
            told.append(f"    -> {remedy}")
    return told


def mail_lines(ending: "Ending") -> list[str]:
    """How far the mail got, in words that claim no more than the mail server said."""
    if not ending.receipts:
        return ["none due"] if not ending.edition.letters else []
    states = Counter(receipt.state.value for receipt in ending.receipts.values())
    told = [", ".join(f"{count} {state}" for state, count in sorted(states.items()))]
    told += [
        f"{to}: {receipt.reason}"
        for to, receipt in ending.receipts.items()
        if receipt.reason and receipt.state is not Delivery.ACCEPTED
    ]
    return told
