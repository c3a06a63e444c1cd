"""How one mail is tried: in full, then shorter, and each word of the server is passed on."""

from sync.outbox import Delivery, Parcel, Receipt, send_all
from tests.build import NIGHT

ANN, BOB = "ann@msp.example", "bob@msp.example"
ACCEPTED = Receipt(Delivery.ACCEPTED, "250 ok")
LATER = Receipt(Delivery.PENDING, "451 try again")
TOO_BIG = Receipt(Delivery.REFUSED, "552 too big", too_big=True)


class Shelf:
    """Holds parcels, and writes down what was marked in which order."""

    def __init__(self, *parcels):
        self.parcels, self.marked = parcels, []

    def unsent(self):
        return self.parcels

    def mark(self, parcel, receipts, at, *, reduced):
        assert (at, set(receipts)) == (NIGHT, set(receipts) & set(parcel.recipients))
        self.marked.append(({to: r.state for to, r in receipts.items()}, reduced))


class Server:
    def __init__(self, *answers):
        self.answers, self.taken = list(answers), []

    def send(self, body, recipients):
        self.taken.append((body, recipients))
        return self.answers.pop(0)


def parcel(*to, id=1, reduced=b"short"):  # noqa: A002
    return Parcel(id, 1, f"<{id}@host>", to or (ANN,), b"in full", reduced)


def test_sending_is_written_down_before_the_server_hears_of_it():
    shelf, server = Shelf(parcel()), Server({ANN: ACCEPTED})

    assert send_all(shelf, server, NIGHT) == {ANN: ACCEPTED}
    assert shelf.marked == [({ANN: Delivery.SENDING}, False), ({ANN: Delivery.ACCEPTED}, False)]


def test_the_last_word_to_each_recipient_of_all_parcels_is_told():
    shelf = Shelf(parcel(ANN), parcel(ANN, BOB, id=2))
    server = Server({ANN: LATER}, {ANN: ACCEPTED, BOB: LATER})

    assert send_all(shelf, server, NIGHT) == {ANN: ACCEPTED, BOB: LATER}


def test_too_big_is_not_the_last_word_while_there_is_a_shorter_form():
    shelf, server = Shelf(parcel()), Server({ANN: TOO_BIG}, {ANN: ACCEPTED})

    assert send_all(shelf, server, NIGHT) == {ANN: ACCEPTED}
    assert [body for body, _ in server.taken] == [b"in full", b"short"]
    assert shelf.marked == [
        ({ANN: Delivery.SENDING}, False),
        ({ANN: Delivery.SENDING}, True),
        ({ANN: Delivery.ACCEPTED}, True),
    ]


def test_only_who_finds_it_too_big_gets_the_shorter_form():
    shelf = Shelf(parcel(ANN, BOB))
    server = Server({ANN: ACCEPTED, BOB: TOO_BIG}, {BOB: LATER})

    assert send_all(shelf, server, NIGHT) == {ANN: ACCEPTED, BOB: LATER}
    assert server.taken == [(b"in full", (ANN, BOB)), (b"short", (BOB,))]
    assert shelf.marked[1:] == [
        ({ANN: Delivery.ACCEPTED}, False),
        ({BOB: Delivery.SENDING}, True),
        ({BOB: Delivery.PENDING}, True),
    ]


def test_without_a_shorter_form_too_big_is_the_last_word():
    shelf = Shelf(Parcel(1, 1, "<1@host>", (ANN,), b"in full"))
    server = Server({ANN: TOO_BIG})

    assert send_all(shelf, server, NIGHT) == {ANN: TOO_BIG}
    assert shelf.marked[-1] == ({ANN: Delivery.REFUSED}, False)


def test_a_shorter_form_that_is_too_big_as_well_is_refused_for_good():
    shelf, server = Shelf(parcel()), Server({ANN: TOO_BIG}, {ANN: TOO_BIG})

    assert send_all(shelf, server, NIGHT) == {ANN: TOO_BIG}
    assert shelf.marked[-1] == ({ANN: Delivery.REFUSED}, True)


def test_a_server_that_says_nothing_more_leaves_no_reason():
    assert Receipt(Delivery.PENDING).reason == ""
