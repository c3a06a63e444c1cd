"""Mails are stored byte for byte, and no recipient is forgotten or told twice for nothing."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from sync import failpoint
from sync.core.result import Edition
from sync.errors import ConfigError
from sync.outbox import Delivery, Receipt, send_all
from tests.build import NIGHT, night
from tests.sync.store.nightly import estate, letter, rows, spoil

ANN, BOB = "ann@msp.example", "bob@msp.example"
ACCEPTED = Receipt(Delivery.ACCEPTED, "250 ok")
REFUSED = Receipt(Delivery.REFUSED, "550 no such user")
LATER = Receipt(Delivery.PENDING, "451 try again")
TOO_BIG = Receipt(Delivery.REFUSED, "552 too big", too_big=True)


class Server:
    """Says what it is told to say, and keeps what it accepted."""

    def __init__(self, *answers):
        self.answers, self.taken = list(answers), []

    def send(self, body, recipients):
        answer = self.answers.pop(0)
        self.taken.append((body, tuple(recipients)))
        if isinstance(answer, BaseException):
            raise answer
        return {to: answer.get(to, ACCEPTED) for to in recipients}


@pytest.fixture
def posted(nights):
    nights.run(night(*estate()), letters=[letter([ANN, BOB])])


def states(store):
    return {d.recipient: d.state for d in store.run(1).deliveries}


def test_a_published_letter_waits_for_all_its_recipients(store, posted):
    (parcel,) = store.unsent()

    assert (parcel.run_id, parcel.recipients) == (1, (ANN, BOB))
    assert (parcel.body, parcel.reduced) == (letter().body, letter().reduced)


def test_only_those_who_neither_accepted_nor_refused_are_tried_again(store, posted):
    first = Server({ANN: ACCEPTED, BOB: LATER})
    send_all(store, first, NIGHT)
    second = Server({BOB: REFUSED})
    send_all(store, second, NIGHT)

    assert second.taken == [(letter().body, (BOB,))]
    assert states(store) == {ANN: Delivery.ACCEPTED, BOB: Delivery.REFUSED}
    assert store.unsent() == ()
    assert [d.attempts for d in store.run(1).deliveries] == [1, 2]


def test_a_death_while_sending_means_unknown_and_the_same_bytes_again(store, posted):
    with pytest.raises(KeyboardInterrupt):
        send_all(store, Server(KeyboardInterrupt()), NIGHT)
    assert states(store)[ANN] is Delivery.SENDING

    (parcel,) = store.unsent()
    assert states(store) == {ANN: Delivery.UNKNOWN, BOB: Delivery.UNKNOWN}
    assert parcel.body == letter().body
    send_all(store, Server({}), NIGHT)
    assert store.unsent() == ()


def test_the_reduced_form_goes_out_after_the_full_one_was_too_big(store, posted):
    server = Server({ANN: TOO_BIG, BOB: TOO_BIG}, {})
    send_all(store, server, NIGHT)

    assert [body for body, _ in server.taken] == [letter().body, letter().reduced]
    assert {d.reduced for d in store.run(1).deliveries} == {True}
    assert store.unsent() == ()


def test_accepted_never_changes(store, posted, path):
    (parcel,) = store.unsent()
    store.mark(parcel, {ANN: ACCEPTED}, NIGHT, reduced=False)
    store.mark(parcel, {ANN: REFUSED}, NIGHT, reduced=False)

    assert states(store)[ANN] is Delivery.ACCEPTED
    with pytest.raises(sqlite3.IntegrityError, match="never changes"):
        spoil(path, "UPDATE delivery SET state='pending' WHERE state='accepted'")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outbox SET body=x'00'",
        "UPDATE outbox SET reduced=x'00', body=NULL",
        "UPDATE outbox SET message_id='<2@x>'",
        "UPDATE outbox SET body_sha256=''",
        "DELETE FROM outbox",
        "DELETE FROM delivery",
        "UPDATE event SET actor='me'",
        "DELETE FROM event",
        "UPDATE run SET slot='x'",
        "UPDATE run SET state='failed'",
        "DELETE FROM run",
        "UPDATE observation SET state='complete'",
        "DELETE FROM observation",
    ],
)
def test_what_was_published_cannot_be_edited(store, posted, path, statement):
    with pytest.raises(sqlite3.IntegrityError, match="never changes"):
        spoil(path, statement)
    assert store.check_invariants() == []


def test_a_message_id_is_never_used_twice(store, nights, posted):
    world = night(*estate())
    facts = nights.begin()
    result = nights.decide(facts, world)

    with pytest.raises(Exception, match="message_id"):
        store.publish(world, result, Edition((letter([ANN], body=b"other"),)))
    assert store.letters(1) == (letter([ANN, BOB]),)


def test_a_recipient_named_twice_gets_one_mail(store, nights):
    nights.run(night(*estate()), letters=[letter([ANN, ANN])])

    assert store.unsent()[0].recipients == (ANN,)


def test_letters_come_back_byte_for_byte(store, nights):
    body = bytes(range(256)) * 100
    nights.run(night(*estate()), letters=[letter([ANN], body=body)])

    assert store.letters(1)[0].body == body
    assert store.letters(2) == ()


def test_a_mail_whose_bytes_changed_on_disk_is_not_sent(store, posted, path):
    spoil(path, "DROP TRIGGER outbox_fixed", "UPDATE outbox SET body=x'41'")

    with pytest.raises(ConfigError, match=r"the stored mail <1\.a\.full@host> is not what was"):
        store.unsent()


def test_a_mail_whose_short_form_changed_on_disk_is_not_sent_either(store, posted, path):
    spoil(path, "DROP TRIGGER outbox_fixed", "UPDATE outbox SET reduced=x'41'")

    with pytest.raises(ConfigError, match=r"the stored mail <1\.a\.full@host> is not what was"):
        store.unsent()


def test_a_mail_without_a_short_form_has_none(store, nights):
    nights.run(night(*estate()), letters=[replace(letter([ANN]), reduced=b"")])

    assert store.unsent()[0].reduced == b""
    assert store.letters(1)[0].reduced == b""


def test_what_the_server_said_is_kept_with_its_moment_and_every_attempt(store, posted):
    with pytest.raises(KeyboardInterrupt):
        send_all(store, Server(KeyboardInterrupt()), NIGHT)
    begun = store.run(1).deliveries
    later = NIGHT + timedelta(hours=1)
    send_all(store, Server({ANN: ACCEPTED, BOB: REFUSED}), later)
    ended = store.run(1).deliveries

    assert [(d.attempts, d.at, d.reason) for d in begun] == [(1, NIGHT, ""), (1, NIGHT, "")]
    assert [(d.attempts, d.at, d.reason, d.reduced) for d in ended] == [
        (2, later, "250 ok", False),
        (2, later, "550 no such user", False),
    ]


def test_who_was_left_in_the_middle_of_sending_counts_as_unsent(store, posted):
    with pytest.raises(KeyboardInterrupt):
        send_all(store, Server(KeyboardInterrupt()), NIGHT)

    assert store.status().unsent == 2


def test_a_death_while_marking_what_is_unknown_loses_nothing(store, posted):
    with pytest.raises(KeyboardInterrupt):
        send_all(store, Server(KeyboardInterrupt()), NIGHT)

    def boom():
        raise KeyboardInterrupt

    failpoint.arm("outbox-unknown:before-commit", boom)
    with pytest.raises(KeyboardInterrupt):
        store.unsent()
    failpoint.disarm()

    assert states(store)[ANN] is Delivery.SENDING
    assert store.unsent()[0].recipients == (ANN, BOB)


def test_the_words_that_a_database_holds_are_read_by_every_later_version(store, posted, path):
    """They stand in databases that are years old: a new word needs a migration."""
    words = ("pending", "sending", "refused", "unknown", "accepted")
    seen = []
    for word in words:
        spoil(path, f"UPDATE delivery SET state='{word}' WHERE recipient='{ANN}'")
        seen.append((states(store)[ANN], ANN in [t for p in store.unsent() for t in p.recipients]))

    assert seen == [
        (Delivery.PENDING, True),
        (Delivery.SENDING, True),
        (Delivery.REFUSED, False),
        (Delivery.UNKNOWN, True),
        (Delivery.ACCEPTED, False),
    ]


def test_the_oldest_letter_goes_first(store, nights, posted):
    nights.run(night(*estate()), letters=[letter([ANN], id="<2@x>")])

    assert [parcel.run_id for parcel in store.unsent()] == [1, 2]


def test_requests_are_counted_per_route_and_across_runs(store):
    minutes = [NIGHT + timedelta(minutes=m) for m in (0, 20, 50)]
    for at in minutes:
        store.note("/companies", at)
    store.note("/computers", minutes[2])

    assert store.recent("/companies", minutes[1]) == (minutes[1], minutes[2])
    assert store.recent("/nothing", NIGHT) == ()


def test_requests_that_no_quota_looks_at_are_forgotten(store, path):
    store.note("/companies", NIGHT)
    store.note("/companies", NIGHT + timedelta(hours=3))

    assert rows(path, "SELECT count(*) FROM quota") == [(1,)]


def test_a_report_that_is_refused_for_good_is_logged_with_its_recipient(nights, posted, caplog):
    send_all(nights.store, Server({BOB: REFUSED}), NIGHT)

    (line,) = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert BOB in line
    assert "550 no such user" in line


def test_the_next_report_tells_once_whom_the_mail_server_refused(store, nights, posted):
    send_all(store, Server({BOB: REFUSED}), NIGHT + timedelta(hours=1))
    assert nights.begin().refused == ((BOB, "550 no such user"),)
    assert nights.begin("again").refused == ((BOB, "550 no such user"),), "not told until published"

    nights.run(night(*estate()), slot="third")
    assert nights.begin("fourth").refused == ()
