"""`status`, `history` and `verify`: what the database knows, for people and for machines."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from sync.cli.options import verb
from sync.cli.terminal import Terminal
from sync.errors import Exit

if TYPE_CHECKING:
    from sync.app.reading import RunRow


@verb()
def status(terminal: Terminal) -> None:
    """Where things stand: the last run, each list, what waits for you."""
    from sync.app.reading import next_slot, open_store
    from sync.words import speak

    here, words = terminal.installation(), speak("en")
    terminal.start_logging()
    with open_store(here) as store:
        now = store.status()
    if terminal.as_json:
        terminal.document("status", **_status_document(now))
        return
    if now.published is None:
        terminal.say("No run has been published yet. Start one with `halosync run`.")
        return
    run = now.published
    terminal.say(f"Last report   run {run.id}, {_local(run)}")
    terminal.say(f"              {run.open} open, {run.linked} of {run.records} link by name")
    if now.latest and now.latest.id != run.id:
        late = now.latest
        terminal.say(
            f"Last attempt  run {late.id}, {_local(late)}: {late.state} {late.why}".rstrip()
        )
    for manifest in now.manifests:
        name, state = words.collection(manifest.collection), words.state(manifest.state)
        count = "" if manifest.state.value == "off" else f"{manifest.unique:>7}"
        terminal.say(f"  {name:<24} {count:>7}  {state}")
    if now.waiting:
        names = ", ".join(words.collection(name) for name in now.waiting)
        terminal.say(f"Waits for you {names}: halosync ack {run.id} --by YOUR-NAME --reason WHY")
    if now.unsent:
        terminal.say(f"Mail          recipients not reached yet: {now.unsent}")
    terminal.say(f"Next          {next_slot(here)} if `halosync serve` runs")


def _status_document(now: Any) -> dict[str, Any]:
    return {
        "latest": _row(now.latest),
        "published": _row(now.published),
        "classes": {
            m.collection.value: {"state": m.state.value, "cause": m.cause, "unique": m.unique}
            for m in now.manifests
        },
        "waiting": list(now.waiting),
        "unsent": now.unsent,
        "tenants": {side.value: name for side, name in now.tenants.items()},
        "install_id": now.install_id,
    }


@verb()
@click.option("--limit", type=click.IntRange(min=1), default=30, show_default=True)
def history(terminal: Terminal, limit: int) -> None:
    """The last runs, newest first."""
    from sync.app.reading import open_store

    here = terminal.installation()
    terminal.start_logging()
    with open_store(here) as store:
        rows = store.runs(limit)
    if terminal.as_json:
        terminal.document("history", runs=[_row(row) for row in rows])
        return
    if not rows:
        terminal.say("No run yet.")
        return
    terminal.say(f"{'run':>5}  {'started':<17} {'state':<10} {'open':>6} {'link':>7}  slot")
    for row in rows:
        told = row.why or ("a list was not believed" if row.withheld else "")
        terminal.say(
            f"{row.id:>5}  {_local(row):<17} {row.state:<10} {row.open:>6} {row.linked:>7}"
            f"  {row.slot}  {told}".rstrip()
        )


@verb()
@click.option("--run", "run_id", type=click.IntRange(min=1), help="Check this run's files too.")
def verify(terminal: Terminal, run_id: int | None) -> int:
    """Check the database: SQLite's own check, digests, and the rules that must always hold."""
    from sync.app.archive import complaints_about
    from sync.app.reading import open_store

    here = terminal.installation()
    terminal.start_logging()
    with open_store(here) as store:
        complaints = store.check_invariants()
    if run_id is not None:
        complaints += complaints_about(here, run_id)
    if terminal.as_json:
        terminal.document("verify", sound=not complaints, complaints=complaints)
    elif complaints:
        terminal.say("Not everything holds that must:")
        for complaint in complaints:
            terminal.say(f"  {complaint}")
        terminal.say("Keep the files; the newest backup lies beside the database.")
    else:
        terminal.say("Sound: every digest and rule holds.")
    return int(Exit.CONFIG if complaints else Exit.OK)


def _local(row: "RunRow") -> str:
    """A moment in the zone that the run was started in."""
    started: datetime = row.started.astimezone(ZoneInfo(row.timezone))
    return f"{started:%Y-%m-%d %H:%M}"


def _row(row: "RunRow | None") -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row.id,
        "slot": row.slot,
        "started": row.started.isoformat(),
        "ended": row.ended.isoformat() if row.ended else None,
        "state": row.state,
        "why": row.why,
        "open": row.open,
        "linked": row.linked,
        "records": row.records,
        "withheld": row.withheld,
        "version": row.version,
        "digest": row.digest,
    }
