"""Mail by token: Microsoft Graph, and SMTP with XOAUTH2."""

import socket
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reports.mailer import ClientCredentials, Envelope, GraphTransport, SmtpTransport, build
from reports.mailer.graph import LARGEST
from sync.app.posting import posting
from sync.outbox import Delivery
from tests.reports.microsoft import Tenant, exchange, serving

BOSS, OTHER = "boss@customer.example", "other@customer.example"
GRAPH, OUTLOOK = "https://graph.microsoft.com/.default", "https://outlook.office365.com/.default"


def mail(*to, size=0):
    at = datetime(2026, 11, 23, tzinfo=UTC)
    envelope = Envelope("reports@msp.example", to or (BOSS,), "3 will not link", "<1@msp>", at)
    return build(envelope, "text " + "x" * size, "<p>html</p>")


@pytest.fixture
def tenant():
    return Tenant()


@pytest.fixture
def microsoft(tenant):
    with serving(tenant) as address:
        yield address


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def credentials(address, scope=GRAPH, secret="app-secret-0815", clock=None):
    return ClientCredentials(
        f"{address}/token", "app-id", secret, scope, posting(None), clock or Seconds()
    )


def graph(address, mailbox="reports@msp.example", **changes):
    ways = credentials(address, **changes)
    return GraphTransport(mailbox, ways, posting(None), f"{address}/v1.0")


def states(receipts):
    return {to: receipt.state for to, receipt in receipts.items()}


def test_graph_takes_the_very_bytes_that_were_stored(microsoft, tenant):
    body = mail(BOSS, OTHER)

    receipts = graph(microsoft).send(body, [BOSS, OTHER])

    assert states(receipts) == {BOSS: Delivery.ACCEPTED, OTHER: Delivery.ACCEPTED}
    assert tenant.mails == [([BOSS, OTHER], body)]


def test_only_those_still_waiting_are_addressed(microsoft, tenant):
    graph(microsoft).send(mail(BOSS, OTHER), [OTHER])

    assert [to for to, _ in tenant.mails] == [[OTHER]]


def test_one_token_serves_several_mails_until_it_grows_old(microsoft, tenant):
    clock = Seconds()
    way = graph(microsoft, clock=clock)
    way.send(mail(), [BOSS])
    way.send(mail(), [BOSS])
    assert tenant.asked.count("/token") == 1

    clock.now = 3590.0
    way.send(mail(), [BOSS])

    assert tenant.asked.count("/token") == 2


def test_a_token_refused_once_is_renewed_once(microsoft, tenant):
    way = graph(microsoft)
    way.send(mail(), [BOSS])
    tenant.tokens.clear()
    tenant.tokens["old"] = "graph"

    assert states(way.send(mail(), [BOSS])) == {BOSS: Delivery.ACCEPTED}
    assert tenant.asked.count("/token") == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret": "wrong"}, "AADSTS7000215: Invalid client secret provided."),
        ({"scope": "Mail.Send"}, "AADSTS1002012"),
        ({"scope": OUTLOOK}, "InvalidAuthenticationToken"),
        ({"mailbox": "boss@msp.example"}, "ErrorAccessDenied"),
        ({"mailbox": "gone@msp.example"}, "ErrorInvalidUser"),
    ],
)
def test_a_wrong_setting_keeps_the_mail_waiting_and_says_why(microsoft, tenant, changes, words):
    receipt = graph(microsoft, **changes).send(mail(), [BOSS])[BOSS]

    assert receipt.state is Delivery.PENDING
    assert words in receipt.reason
    assert "\n" not in receipt.reason
    assert tenant.mails == []


def test_a_recipient_that_does_not_exist_is_refused_for_good(microsoft):
    receipt = graph(microsoft).send(mail("nobody@x.example"), ["nobody@x.example"])

    assert states(receipt) == {"nobody@x.example": Delivery.REFUSED}


def test_a_mail_larger_than_graph_takes_is_refused_as_too_big_without_asking(microsoft, tenant):
    receipt = graph(microsoft).send(mail(size=LARGEST), [BOSS])[BOSS]

    assert (receipt.state, receipt.too_big) == (Delivery.REFUSED, True)
    assert tenant.asked == []


@pytest.mark.parametrize(
    ("answer", "state", "too_big"),
    [
        ((413, None), Delivery.REFUSED, True),
        ((400, {"error": {"code": "ErrorMessageSizeExceeded"}}), Delivery.REFUSED, True),
        ((429, None), Delivery.PENDING, False),
        ((503, {"error": "busy"}), Delivery.PENDING, False),
        ((302, None), Delivery.PENDING, False),
        ((0, None), Delivery.UNKNOWN, False),
    ],
)
def test_each_answer_of_graph_has_its_meaning(microsoft, tenant, answer, state, too_big):
    tenant.answers = [answer]

    receipt = graph(microsoft).send(mail(), [BOSS])[BOSS]

    assert (receipt.state, receipt.too_big) == (state, too_big)
    assert tenant.asked.count("/token") == 1


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_graph_that_is_away_keeps_the_mail_waiting():
    receipt = graph(f"http://127.0.0.1:{closed_port()}").send(mail(), [BOSS])[BOSS]

    assert receipt.state is Delivery.PENDING
    assert "not reached" in receipt.reason


def test_the_doctor_can_knock_at_graph_without_sending(microsoft, tenant):
    assert graph(microsoft).knock().state is Delivery.ACCEPTED
    assert graph(microsoft, secret="wrong").knock().state is Delivery.PENDING
    assert tenant.mails == []


def test_no_secret_is_in_what_is_printed(microsoft):
    way = graph(microsoft, secret="app-secret-0815")
    way.send(mail(), [BOSS])

    assert "0815" not in repr(way)
    assert "token-0" not in repr(way)


def smtp(port, token, mailbox="reports@msp.example"):
    return SmtpTransport(
        "127.0.0.1",
        port,
        "reports@msp.example",
        tls="none-on-loopback",
        username=mailbox,
        token=token,
    )


def test_smtp_logs_in_with_a_token(microsoft, tenant):
    with exchange(tenant) as port:
        receipts = smtp(port, credentials(microsoft, OUTLOOK).token).send(mail(), [BOSS])

    assert states(receipts) == {BOSS: Delivery.ACCEPTED}
    assert [to for to, _ in tenant.mails] == [[BOSS]]


@pytest.mark.parametrize(
    ("scope", "mailbox"), [(GRAPH, "reports@msp.example"), (OUTLOOK, "boss@msp.example")]
)
def test_a_token_for_another_service_or_mailbox_is_refused_and_the_mail_waits(
    microsoft, tenant, scope, mailbox
):
    with exchange(tenant) as port:
        receipt = smtp(port, credentials(microsoft, scope).token, mailbox).send(mail(), [BOSS])[
            BOSS
        ]

    assert receipt.state is Delivery.PENDING
    assert "535 5.7.3 Authentication unsuccessful" in receipt.reason
    assert b"" in tenant.asked  # the challenge was answered by an empty line
    assert tenant.mails == []


def test_without_a_token_nothing_is_tried(microsoft, tenant):
    with exchange(tenant) as port:
        way = smtp(port, credentials(microsoft, OUTLOOK, secret="wrong").token)
        receipt = way.send(mail(), [BOSS])[BOSS]

    assert receipt.state is Delivery.PENDING
    assert "AADSTS7000215" in receipt.reason
    assert way.knock().state is Delivery.PENDING


def test_what_graph_says_is_cleaned_before_it_is_kept(microsoft):
    way = replace(graph(microsoft, mailbox="boss@msp.example"), clean=str.upper)

    assert "ERRORACCESSDENIED" in way.send(mail(), [BOSS])[BOSS].reason
