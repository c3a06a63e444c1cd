"""A short mail when a run failed: made in memory, tried once, without names or findings.

Reports leave through the outbox only; but a run that fails may be one whose database is the
trouble, so its alarm asks nothing of it.
"""

import logging
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from sync.app.installation import Installation
from sync.app.post import transport
from sync.errors import Exit, SyncError, was_published
from sync.outbox import Delivery

log = logging.getLogger("halosync")
BEFORE = "The run {slot} failed. Nothing was published; the last report still stands."
AFTERWARDS = (
    "The run {slot} failed after its report was published: its findings are kept, but the mail or "
    "the page in the archive may be missing. `halosync report show` shows it, and `halosync report "
    "send` sends what has not left yet."
)


def raise_alarm(here: Installation, slot: str, error: BaseException, at: datetime) -> None:
    """Tell every recipient of the report what failed, and whether it is published all the same."""
    recipients = tuple({to: None for group in here.config.report.recipients for to in group.to})
    if here.config.mail is None or not recipients:
        return
    letter = _letter(here, slot, error, at)
    letter["To"] = ", ".join(recipients)
    receipts = transport(here.config).send(letter.as_bytes(), recipients)
    reached = sum(receipt.state is Delivery.ACCEPTED for receipt in receipts.values())
    log.info("the failure was mailed: %d of %d accepted", reached, len(recipients))


def _letter(here: Installation, slot: str, error: BaseException, at: datetime) -> EmailMessage:
    sender = here.config.mail.sender if here.config.mail else ""
    code = error.exit_code if isinstance(error, SyncError) else Exit.BUG
    letter = EmailMessage(policy=SMTP)
    what = (
        "the run failed after its report" if was_published(error) else "no report, the run failed"
    )
    letter["Subject"] = f"halosync: {what} (exit code {int(code)})"
    letter["From"] = sender
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = make_msgid("failed", sender.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(here.redactor.clean(_text(slot, error)))
    return letter


def _text(slot: str, error: BaseException) -> str:
    """A bug's own words may hold anything, so only its kind is told."""
    if isinstance(error, SyncError):
        what, hint = str(error), error.hint
    else:
        what, hint = f"a bug in halosync ({type(error).__name__})", "the log has the details"
    known = AFTERWARDS if was_published(error) else BEFORE
    lines = [known.format(slot=slot), ""]
    lines += [f"What happened: {what}"]
    lines += [f"What to do: {hint}"] if hint else []
    return "\n".join([*lines, "", "The next run starts on schedule.", ""])
