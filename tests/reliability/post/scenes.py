"""What can be wrong with a mail server or a monitoring service, night by night, for G11."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.reliability.post.post_office import (
    DRIP_BYTES,
    DRIP_LINES,
    HANG_UP,
    SILENCE,
    Manner,
    Reply,
)
from tests.reliability.post.rude_monitor import RudeMonitor

How = Callable[[Random, Sequence[str]], Manner | None]
"""(chance, recipients) -> how the mail server behaves for one night; None = nobody listens."""
Unwell = Callable[[RudeMonitor], None]

LATER = (b"450 4.2.0 greylisted", b"451 4.3.0 try again", b"452 4.3.1 no room", b"421 4.7.0 busy")
NEVER = (b"550 5.1.1 no such user", b"551 5.7.1 not here", b"553 5.1.3 bad name", b"554 5.7.1 spam")
SECRET_LOGIN = (False, True)


@dataclass(frozen=True, slots=True)
class Scenario:
    """The nights are followed by one on which all is well."""

    name: str
    nights: tuple[How, ...]
    patience: float = 5.0
    """Seconds that halosync waits for an answer; short where there will be none."""
    beat: Unwell | None = None
    """What is wrong with the monitoring service on those nights; None = nothing."""
    good_beat: bool = field(default=True)


def _good(_rng: Random, _to: Sequence[str]) -> Manner:
    return Manner()


def _says(*stages: str, among: Sequence[Reply]) -> How:
    """Answer so at one of these stages."""

    def how(rng: Random, _to: Sequence[str]) -> Manner:
        return Manner({rng.choice(stages): rng.choice(among)})

    return how


def _one_refused(rng: Random, to: Sequence[str]) -> Manner:
    return Manner({f"rcpt:{rng.choice(to)}": rng.choice(NEVER)})


def _one_later(rng: Random, to: Sequence[str]) -> Manner:
    return Manner({f"rcpt:{rng.choice(to)}": rng.choice(LATER[:3])})


def _first_group_refused(_rng: Random, to: Sequence[str]) -> Manner:
    return Manner({f"rcpt:{to[0]}": b"451 later", f"rcpt:{to[1]}": b"451 later"})


def _cut_off(rng: Random, _to: Sequence[str]) -> Manner:
    return Manner({"body": b"%d" % rng.randrange(1, 8000)})


def _hang_up_after_the_dot(*, kept: bool) -> How:
    return lambda _rng, _to: Manner({"final": HANG_UP}, kept=kept)


def _silent(rng: Random, _to: Sequence[str]) -> Manner:
    stage = rng.choice(("greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "final"))
    return Manner({stage: SILENCE}, kept=rng.random() < 0.5)


def _endless(rng: Random, _to: Sequence[str]) -> Manner:
    stage = rng.choice(("greeting", "ehlo", "auth", "mail", "final"))
    return Manner({stage: rng.choice((DRIP_LINES, DRIP_BYTES))}, kept=rng.random() < 0.5)


def _no_tls(rng: Random, _to: Sequence[str]) -> Manner:
    """Not offered, though a login is; or offered and then refused."""
    if rng.random() < 0.5:
        return Manner(certificate="", login=(True, True))
    return Manner(
        {"starttls": rng.choice((b"454 not now", b"502 no", b"250 ok"))}, login=(True, True)
    )


def _strange(*certificates: str) -> How:
    return lambda rng, _to: Manner(certificate=rng.choice(certificates), login=(True, True))


def _login_before_tls_only(_rng: Random, _to: Sequence[str]) -> Manner:
    return Manner(login=(True, False))


def _too_big(rng: Random, _to: Sequence[str]) -> Manner:
    return Manner(limit=rng.randrange(150_000, 250_000), size_told=rng.random() < 0.5)


def _down(_rng: Random, _to: Sequence[str]) -> None:
    return None


def _garbage(rng: Random, _to: Sequence[str]) -> Manner:
    noise = rng.randbytes(40).replace(b"\n", b"?")
    stage = rng.choice(("greeting", "ehlo", "auth", "mail", "data", "final"))
    said = b"334 " + noise if stage == "auth" else rng.choice((noise, b"HTTP/1.1 400 Bad", b""))
    return Manner({stage: said})


def _seven_bits(rng: Random, _to: Sequence[str]) -> Manner:
    """An old one: no EHLO, no 8BITMIME, no long lines. Without EHLO there is no TLS either."""
    old = {"ehlo": b"502 5.5.1 what is EHLO?"} if rng.random() < 0.3 else {}
    return Manner(old, seven_bits=True)


def _out_of_step(_rng: Random, _to: Sequence[str]) -> Manner:
    return Manner({"data": b"250 ok"})


# The monitoring service


def _answers(answer: bytes) -> Unwell:
    return lambda monitor: setattr(monitor, "answer", answer)


def _silent_beat(monitor: RudeMonitor) -> None:
    monitor.silent = True


def _endless_beat(monitor: RudeMonitor) -> None:
    monitor.dripping = True


def _dead_beat(monitor: RudeMonitor) -> None:
    monitor.answer = b""


ELSEWHERE = b"HTTP/1.1 307 Go\r\nLocation: TRAP\r\nContent-Length: 0\r\n\r\n"
"""TRAP is replaced by a foreign host that must never hear from us."""

SCENARIOS = (
    Scenario("all is well", (_good,)),
    Scenario("one recipient refused", (_one_refused,)),
    Scenario("all recipients refused", (_says("rcpt", among=NEVER),)),
    Scenario("one recipient greylisted", (_one_later,)),
    Scenario("greylisted", (_says("mail", "rcpt", "final", among=LATER[:3]),)),
    Scenario("message refused", (_says("mail", "data", "final", among=NEVER),)),
    Scenario("busy at connect", (_says("greeting", among=[LATER[3], b"554 no mail here"]),)),
    Scenario("cut off in the message", (_cut_off,)),
    Scenario("kept, and hung up instead of saying so", (_hang_up_after_the_dot(kept=True),)),
    Scenario("hung up after the dot", (_hang_up_after_the_dot(kept=False),)),
    Scenario("never answers", (_silent,), patience=0.5),
    Scenario("never ends its answer", (_endless,), patience=0.5),
    Scenario("no STARTTLS", (_no_tls,)),
    Scenario("certificate of nobody", (_strange("unknown_issuer"),)),
    Scenario("certificate of another host, old TLS", (_strange("other_host", "old_version"),)),
    Scenario("login refused", (_says("auth", among=[b"535 5.7.8 wrong", b"454 4.7.0 not now"]),)),
    Scenario("login offered before TLS only", (_login_before_tls_only,)),
    Scenario("too big", (_too_big,)),
    Scenario("down for two nights", (_down, _down)),
    Scenario("garbage", (_garbage,)),
    Scenario("seven bits only", (_seven_bits,)),
    Scenario("out of step", (_out_of_step,)),
    Scenario("one of two groups greylisted", (_first_group_refused,)),
    Scenario("monitoring service hangs up", (_good,), beat=_dead_beat),
    Scenario("monitoring service broken", (_good,), beat=_answers(b"HTTP/1.1 500 No\r\n\r\n")),
    Scenario("monitoring service silent", (_good,), patience=0.5, beat=_silent_beat),
    Scenario("monitoring service endless", (_good,), patience=0.5, beat=_endless_beat),
    Scenario("monitoring service moved away", (_good,), beat=_answers(ELSEWHERE)),
    Scenario("monitoring service talks rubbish", (_good,), beat=_answers(b"\x00\xff" * 99)),
)
