"""Patience: what is asked again, after how long, and when a system is given up."""

import pytest

from sync.errors import Stopped
from sync.sources.causes import Cause, Trouble
from sync.sources.http import Deadline, Reply, Request
from sync.sources.ledger import MemoryLedger
from sync.sources.line import AE_PATIENCE, HALO_PATIENCE, Line, retry_after
from sync.sources.pace import LONGEST_QUOTA_WAIT, Spaced, Window
from tests.sync.sources.stand_in import NOON, FakeClock


class ScriptedWire:
    """Gives one prepared answer per request, the last one for ever."""

    def __init__(self, clock, *answers, seconds=36_000):
        self.clock = clock
        self.deadline = Deadline(clock, seconds)
        self.answers = list(answers)
        self.sent = []

    def send(self, _request):
        self.sent.append(self.clock.monotonic())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Trouble):
            raise answer
        return answer


def reply(status=200, body=b"{}", **headers):
    return Reply(status, {k.replace("_", "-"): v for k, v in headers.items()}, body, NOON)


def line(*answers, patience=HALO_PATIENCE, seconds=36_000, requests=240):
    clock = FakeClock()
    wire = ScriptedWire(clock, *answers, seconds=seconds)
    return Line(wire, Window(clock, requests, 300), patience, jitter=lambda: 0.0)


def ask(asked):
    return asked.ask(Request("https://halo.example/api/Client"), "/api/Client")


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_error_is_asked_again_three_times(status):
    asked = line(reply(status), reply(status), reply(status), reply(200))

    assert ask(asked).status == 200
    assert asked.clock.waits == [5, 10, 20]


def test_a_gateway_error_that_stays_takes_the_whole_system_out():
    asked = line(reply(503))

    with pytest.raises(Trouble, match="server-error"):
        ask(asked)
    with pytest.raises(Trouble, match="server-error"):
        ask(asked)

    assert len(asked.wire.sent) == 4, "the second question must fail without being sent"


def test_a_500_is_asked_twice_and_the_other_lists_still_get_their_turn():
    asked = line(reply(500), reply(500), reply(200))

    with pytest.raises(Trouble, match="server-error"):
        ask(asked)

    assert len(asked.wire.sent) == 2
    assert ask(asked).status == 200


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_is_never_asked_again(status):
    asked = line(reply(status))

    assert ask(asked).status == status
    assert len(asked.wire.sent) == 1


@pytest.mark.parametrize(
    "cause",
    [Cause.TIMEOUT, Cause.TRUNCATED, Cause.NETWORK, Cause.REFUSED, Cause.DNS, Cause.PROXY],
)
def test_a_broken_connection_is_tried_four_times(cause):
    asked = line(Trouble(cause))

    for _ in range(2):
        with pytest.raises(Trouble, match=cause.value):
            ask(asked)

    assert len(asked.wire.sent) == 4, "the next list fails at once, with the same cause"


@pytest.mark.parametrize("cause", [Cause.TLS, Cause.NOT_RECORDED])
def test_a_bad_certificate_is_not_asked_to_be_better(cause):
    asked = line(Trouble(cause))

    with pytest.raises(Trouble, match=cause.value):
        ask(asked)

    assert len(asked.wire.sent) == 1


def test_halo_quota_refusals_are_borne_for_six_minutes():
    asked = line(reply(429))

    with pytest.raises(Trouble, match="quota"):
        ask(asked)

    assert asked.clock.waits[:7] == [5, 10, 20, 40, 60, 60, 60]
    assert 360 <= sum(asked.clock.waits) <= 420


def test_autoelevate_quota_refusals_are_borne_three_times():
    asked = line(reply(429), patience=AE_PATIENCE)

    with pytest.raises(Trouble, match="quota"):
        ask(asked)

    assert asked.clock.waits == [5, 10, 20]


def test_retry_after_is_obeyed():
    asked = line(reply(429, retry_after="17"), reply(200))

    ask(asked)

    assert asked.clock.waits == [17]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 1),
        ("17", 17),
        ("99999", 300),
        ("Fri, 20 Nov 2026 12:00:40 GMT", 40),
        ("Fri, 20 Nov 2037 12:00:40 GMT", 300),
        ("Fri, 20 Nov 2026 11:00:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("1e3", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_in_all_its_forms(said, seconds):
    assert retry_after(reply(429, retry_after=said)) == seconds


def test_retry_after_may_stand_in_the_body():
    assert retry_after(reply(429, b'{"retryAfterInSeconds": 25}')) == 25
    assert retry_after(reply(429, b'{"retryAfterInSeconds": "soon"}')) is None
    assert retry_after(reply(503, b'{"retryAfterInSeconds": 25}')) is None


def test_jitter_never_stretches_a_pause_beyond_the_cap():
    asked = line(reply(429, retry_after="299"), reply(200))
    asked._jitter = lambda: 1.0

    ask(asked)

    assert asked.clock.waits == [300]


def test_a_redirect_is_an_error_that_names_only_the_host():
    asked = line(reply(302, location="https://user:pw@evil.example/steal?token=abc"))

    with pytest.raises(Trouble) as caught:
        ask(asked)

    assert caught.value.cause is Cause.REDIRECT
    assert "evil.example" in caught.value.detail
    assert "abc" not in caught.value.detail
    assert "pw" not in caught.value.detail


def test_the_local_window_holds_back_before_the_server_must():
    asked = line(reply(200), requests=3)

    for _ in range(7):
        ask(asked)

    sent = asked.wire.sent
    assert all(later - sent[n] >= 300 for n, later in enumerate(sent[3:]))


def test_a_pause_beyond_the_deadline_is_not_begun():
    asked = line(reply(429, retry_after="250"), seconds=100)

    with pytest.raises(Trouble, match="quota"):
        ask(asked)

    assert asked.clock.waits == []


def test_a_stop_ends_a_pause_at_once():
    asked = line(reply(503))
    asked.clock.stop = Stopped("stop")

    with pytest.raises(Stopped):
        ask(asked)


def test_one_giant_page_is_that_lists_trouble_alone():
    asked = line(Trouble(Cause.PAGE_TOO_BIG), reply(200))

    with pytest.raises(Trouble, match="page-too-big"):
        ask(asked)

    assert ask(asked).status == 200


def test_what_we_can_do_without_takes_nothing_out():
    asked = line(reply(503), reply(503), reply(503), reply(503), reply(200))

    with asked.dispensable():
        ask(asked)

    assert ask(asked).status == 200


def test_a_spent_hour_stretches_the_night_but_not_without_end():
    clock = FakeClock()
    spaced = Spaced(clock, MemoryLedger(), seconds=4, per_hour=80)
    for _ in range(30):
        spaced.note("/api/v1/computers")

    assert spaced.planned_wait("/api/v1/computers", 50) == 0
    assert spaced.planned_wait("/api/v1/computers", 51) == 3600
    assert spaced.planned_wait("/api/v1/computers", 50 + 81) == 7200
    assert spaced.planned_wait("/api/v1/computers", 10**6) == LONGEST_QUOTA_WAIT


def test_every_request_is_counted():
    asked = line(reply(503), reply(503), reply(200))

    ask(asked)

    assert asked.requests == 3
