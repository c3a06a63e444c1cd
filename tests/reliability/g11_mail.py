"""G11: whatever the mail server does, no report is lost, doubled unseen or wrongly called accepted.

Twenty-nine ways of a mail server and of a monitoring service, over real sockets, each for a night
or two and then one on which all is well. Truth is what the servers wrote down. No password is
heard outside TLS or by a stranger, nothing hangs, and the monitoring service changes nothing.
"""

import base64
import smtplib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from reports.mailer.smtp import SmtpTransport, _Watch
from sync import outbox
from sync.outbox import Delivery, Outbox, Parcel, Receipt, Transport
from tests.reliability.benches.bench import replaced
from tests.reliability.benches.mailbox import digest_of
from tests.reliability.post.post_office import EVERYBODY, Manner, Record
from tests.reliability.post.rig import MailRig, Night, Party
from tests.reliability.post.scenes import SCENARIOS, Scenario
from tests.reliability.tally import Tally, Tier

SEEDS = {"push": 1, "release": 10, "nightly": 20}
SLOW = 12.0
"""Seconds of real time for one run; the longest here waits for three conversations."""
FIRST = "the first night"
REASON = "SELECT run_id, recipient, state FROM delivery JOIN outbox ON outbox.id = outbox_id"

Said = Iterator[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried, how its runs ended, and what the mail server knows of them."""

    scenario: Scenario
    party: Party
    first_run: int
    nights: Sequence[Night]
    record: Record
    recorded: Mapping[tuple[int, str], str]
    """(run, recipient) -> the state that halosync wrote down."""
    pings: Sequence[list[str]]
    """The addresses that the monitoring service was called at, per night."""
    verdicts: frozenset[tuple[object, ...]]

    def runs(self) -> range:
        return range(self.first_run, self.first_run + len(self.nights))


def run(tier: Tier, seed: int) -> Tally:
    return _tried(SCENARIOS, seed, SEEDS[tier])


def sabotage(seed: int) -> Tally:
    """Each guard removed must be missed; one that is not makes the whole find nothing."""
    found = Tally()
    for where, name, other, seen_by in (
        (outbox, "_try", _accepted_before_sending, ("all recipients refused", "greylisted")),
        (SmtpTransport, "_open", _logged_in_at_any_price, ("no STARTTLS", "certificate of nobody")),
        (outbox, "_send", _stamped_anew, ("greylisted", "hung up after the dot")),
    ):
        with replaced(where, name, other):
            tally = _tried([s for s in SCENARIOS if s.name in seen_by], seed, 2)
        if not tally.violations:
            return Tally()
        found.add(tally)
    return found


def _tried(scenarios: Sequence[Scenario], seed: int, seeds: int) -> Tally:
    tally, slowest = Tally(), 0.0
    with MailRig(seed) as rig:
        rig.write(Party.of(Random(seed)))
        if rig.night(0, Manner(), 5.0).code != 0:
            raise AssertionError("not even with a good mail server")
        rig.save(FIRST)
        right = frozenset(rig.verdicts())
        for scenario in scenarios:
            for number in range(seeds):
                trial = _trial(rig, scenario, Random(f"{seed}/{scenario.name}/{number}"))
                found = [*_wrong(rig, trial, right)]
                tally.broken(*(f"{scenario.name}, {number}: {what}" for what in found))
                tally.trials += 1
                slowest = max(slowest, *(night.seconds for night in trial.nights))
    tally.notes["slowest"] = f"{slowest:.1f}s"
    return tally


def _trial(rig: MailRig, scenario: Scenario, rng: Random) -> Trial:
    rig.restore(FIRST)
    party = Party.of(rng)
    rig.write(party)
    nights, pings = [], []
    for number, how in enumerate((*scenario.nights, None)):
        last = number == len(scenario.nights)
        rig.monitor.good_again()
        if scenario.beat and not last:
            scenario.beat(rig.monitor)
            rig.monitor.answer = rig.monitor.answer.replace(b"TRAP", rig.trap.url.encode())
        manner = how(rng, party.everybody) if how else Manner()
        nights.append(rig.night(number, manner, 5.0 if last else scenario.patience))
        pings.append(rig.monitor.paths)
    recorded = {(run_id, to): state for run_id, to, state in rig.rows(REASON)}
    verdicts = frozenset(rig.verdicts())
    return Trial(scenario, party, 2, nights, rig.office.record, recorded, pings, verdicts)


# What must hold


def _wrong(rig: MailRig, trial: Trial, right: frozenset[tuple[object, ...]]) -> Said:
    yield from _lost(trial)
    yield from _falsely_accepted(trial)
    yield from _resent(rig, trial)
    yield from _overheard(trial)
    yield from _ended(trial)
    yield from _pinged(trial)
    if trial.verdicts != right:
        yield "the verdicts differ from those of a night on which all is well"
    if rig.trap.visits:
        rig.trap.visits = 0
        yield "a foreign host was called"


def _lost(trial: Trial) -> Said:
    """Each report has come to each recipient, or was refused for good, which somebody was told."""
    came = {(taken.run_id, taken.to) for taken in trial.record.taken}
    refused = {to for _, to in trial.record.refused}
    said = "".join(night.said for night in trial.nights)
    for run_id in trial.runs():
        for to in trial.party.everybody:
            state = trial.recorded.get((run_id, to))
            if (run_id, to) in came:
                continue
            if not refused & {to, EVERYBODY} or state != Delivery.REFUSED:
                yield f"the report of run {run_id} never came to {to} ({state})"
            elif f"run {run_id}'s report is refused for {to}" not in said:
                yield f"nobody was told that run {run_id}'s report is refused for {to}"


def _falsely_accepted(trial: Trial) -> Said:
    came = {(taken.run_id, taken.to) for taken in trial.record.taken}
    for (run_id, to), state in trial.recorded.items():
        if run_id < trial.first_run:
            continue
        if state == Delivery.ACCEPTED and (run_id, to) not in came:
            yield f"run {run_id} is recorded as accepted for {to}; the server knows nothing of it"
        if state not in {Delivery.ACCEPTED, Delivery.REFUSED}:
            yield f"run {run_id} is {state} for {to} after a night on which all was well"


def _resent(rig: MailRig, trial: Trial) -> Said:
    """The same bytes under the same name, and no copy of what the server answered for."""
    record = trial.record
    for name, digests in record.bodies.items():
        if len(digests) > 1:
            yield f"{name.decode()} was sent with {len(digests)} different contents"
    for part in record.parts:
        if part and not any(body.startswith(part) for body in record.sent.values()):
            yield f"{len(part)} bytes of a message that was cut off belong to none that came"
    for (run_id, to), copies in Counter((t.run_id, t.to) for t in record.taken).items():
        unsure = sum((t.run_id, t.to, t.answered) == (run_id, to, False) for t in record.taken)
        if copies > 1 + unsure:
            yield f"run {run_id} was accepted {copies} times for {to}"
    for run_id in trial.runs():
        archived = rig.archive / f"{run_id:06d}" / "mail.eml"
        if not archived.exists():
            yield f"run {run_id} has no mail in the archive"
            continue
        kept = archived.read_bytes()
        name = next(line for line in kept.splitlines() if line.startswith(b"Message-ID: "))
        if (sent := record.bodies.get(name)) and digest_of(kept) not in sent:
            yield f"the mail of run {run_id} is not the archived one"


def _overheard(trial: Trial) -> Said:
    record, party = trial.record, trial.party
    pair = f"\0{party.user}\0{party.password}"
    forms = [
        party.password.encode(),
        *(base64.b64encode(t.encode()) for t in (pair, party.password)),
    ]
    for place, heard in (("outside TLS", record.clear), ("by a stranger", record.strange)):
        if any(form in heard for form in forms):
            yield f"the password was heard {place}"
        if b"MAIL FROM" in heard.upper():
            yield f"a mail was offered {place}"
    if not any(form in record.trusted for form in forms):
        yield "nobody ever logged in, so nothing is known of passwords"


def _ended(trial: Trial) -> Said:
    """By the exit code of what the server answered that night, in time, and with words."""
    for number, night in enumerate(trial.nights):
        run_id = trial.first_run + number
        if night.code != _due_code(trial, number):
            yield f"run {run_id} ended with {night.code}, not {_due_code(trial, number)}"
        if night.seconds > SLOW:
            yield f"run {run_id} took {night.seconds:.1f} s"
        for to in trial.party.everybody:
            taken = [t for t in trial.record.taken if t.night == number and t.to == to]
            if not any(t.answered and t.run_id == run_id for t in taken) and to not in night.said:
                yield f"nothing was said of the report of run {run_id} for {to}"


def _due_code(trial: Trial, number: int) -> int:
    """0 when the server said of somebody that it took that night's report, else 4."""
    run_id = trial.first_run + number
    return 0 if any(
        t.answered and t.run_id == run_id and t.night == number for t in trial.record.taken
    ) else 4  # fmt: skip


def _pinged(trial: Trial) -> Said:
    for number, called in enumerate(trial.pings):
        last = "ok" if _due_code(trial, number) == 0 else "fail"
        if called != ["start", last]:
            yield f"on night {number} the monitoring service was called at {called}, not at {last}"


# The guards removed


def _accepted_before_sending(
    box: Outbox, transport: Transport, parcel: Parcel, now: object, *, reduced: bool
) -> Mapping[str, Receipt]:
    accepted = {to: Receipt(Delivery.ACCEPTED) for to in parcel.recipients}
    box.mark(parcel, accepted, now, reduced=reduced)
    return transport.send(parcel.reduced if reduced else parcel.body, parcel.recipients)


def _logged_in_at_any_price(self: SmtpTransport, watch: _Watch) -> smtplib.SMTP:
    """TLS where it is offered, whoever offers it."""
    server = self._connect(watch)
    server.ehlo_or_helo_if_needed()
    if server.has_extn("starttls"):
        server.starttls()
        server.ehlo()
    self._log_in(server)
    return server


def _stamped_anew(
    box: Outbox, transport: Transport, parcel: Parcel, now: object
) -> Mapping[str, Receipt]:
    """Say when it was sent, in the message itself."""
    stamped = b"X-Sent: %s\r\n" % str(now).encode() + parcel.body
    mine = Parcel(parcel.id, parcel.run_id, parcel.message_id, parcel.recipients, stamped)
    return outbox._try(box, transport, mine, now, reduced=False)
