"""What the manifest of a pull says: what came, when, in how many passes, and what went wrong."""

from datetime import timedelta

from sync.core.pulls import Answer, Manifest, State
from sync.core.records import Collection
from sync.sources.causes import Cause, Trouble
from sync.sources.halo_rows import Client, client_record
from sync.sources.pages import Page
from sync.sources.proof import digest
from sync.sources.pulling import doubted, is_empty, pull
from sync.sources.rows import RowReader, each
from sync.sources.walk import Walk
from tests.build import NIGHT
from tests.build import pull as pulled

CLIENTS = Collection.HALO_CLIENTS
ASKED = Manifest(CLIENTS, State.OFF, endpoint="/Client", login="halosync")
READER = RowReader(Client, each(lambda row: None if row.id == 4 else client_record(row)))


def rows(*ids):
    return [{"id": i, "name": f"Client {i}"} for i in ids]


def minute(n):
    return NIGHT + timedelta(minutes=n)


def walk(*passes):
    """A walk whose passes bring these pages, a minute apart."""
    left = [page for pages in passes for page in pages]
    times = iter(map(minute, range(99)))
    return Walk(CLIENTS, lambda *_: (left.pop(0), next(times)), READER, 2)


def made(*walks, answer=Answer.UNKNOWN):
    return pull(ASKED, lambda: walks, lambda _: answer, lambda: minute(50), needs_order=True)


def test_the_manifest_counts_everything_that_came():
    bad = {"id": 900, "name": 5.5}
    pages = Page([*rows(1, 2, 4, *range(5, 204)), bad], 204), Page(rows(901), 204)
    done = made(walk(pages))
    manifest = done.manifest

    assert (manifest.endpoint, manifest.login) == ("/Client", "halosync")
    assert (manifest.state, manifest.cause, manifest.detail) == (State.COMPLETE, "", "")
    assert (manifest.pages, manifest.repulls) == (2, 0)
    assert (manifest.declared, manifest.received, manifest.unique) == (204, 204, 204)
    assert (manifest.left_out, manifest.duplicate, manifest.rejected_rows) == (1, 0, 1)
    assert manifest.rejected == (("name: wrong type", 1),)
    assert (manifest.started, manifest.ended) == (minute(0), minute(1))


def test_records_are_sorted_by_id_and_sealed_by_their_digest():
    done = made(walk([Page(rows(2, 10), 3), Page(rows(11), 3)]))
    again = made(walk([Page(rows(2, 11), 3), Page(rows(10), 3)], [Page(rows(2, 10, 11), 3)]))

    assert [r.id for r in done.records] == ["10", "11", "2"]
    assert done.manifest.digest == again.manifest.digest == digest(done.records)


def test_rejected_rows_are_told_by_reason_in_order():
    bad = [{"id": 900, "name": 5.5}, {"id": "x", "name": "Acme"}]
    done = made(walk([Page([*rows(1), *bad], 3)], [Page([*rows(1), *bad], 3)]))

    assert done.manifest.rejected == (("id: wrong type", 1), ("name: wrong type", 1))


def test_a_second_pass_is_counted_and_its_numbers_stand():
    cut = [Page(rows(1), 2), Page([], 0)]
    manifest = made(walk(cut, [Page(rows(1, 2), 2)])).manifest

    assert (manifest.state, manifest.repulls, manifest.pages) == (State.COMPLETE, 1, 3)
    assert (manifest.received, manifest.unique) == (2, 2)
    assert (manifest.started, manifest.ended) == (minute(0), minute(2))


def test_what_did_not_add_up_is_said():
    cut = [Page(rows(1, 1), 3), Page([], 0)]
    done = made(walk(cut, cut))
    manifest = done.manifest

    assert (manifest.state, manifest.cause) == (State.PARTIAL, "rows-repeated")
    assert manifest.detail == "1 of 2 rows came twice"
    assert (manifest.duplicate, [r.id for r in done.records]) == (1, ["1"])


def test_whether_a_lost_record_is_gone_is_asked():
    first = [Page(rows(1, 2), 3), Page([], 0)]
    passes = first, [Page(rows(1), 1)]

    assert made(walk(*passes), answer=Answer.GONE).manifest.state is State.COMPLETE
    assert made(walk(*passes), answer=Answer.PRESENT).manifest.cause == "pulls-differ"


def test_a_list_out_of_order_is_pulled_twice_only_where_order_counts():
    page = [Page(rows(2, 1), 2)]
    ordered = made(walk(page, page)).manifest
    unordered = pull(
        ASKED, lambda: [walk(page)], lambda _: Answer.UNKNOWN, lambda: NIGHT, needs_order=False
    ).manifest

    assert (ordered.repulls, unordered.repulls) == (1, 0)


def test_trouble_before_the_first_page_has_its_moment():
    def plan():
        raise Trouble(Cause.UNAUTHORIZED, "401 at /auth")

    done = pull(ASKED, plan, lambda _: Answer.UNKNOWN, lambda: minute(50), needs_order=True)

    assert (done.manifest.state, done.records) == (State.UNREACHABLE, ())
    assert (done.manifest.cause, done.manifest.detail) == ("unauthorized", "401 at /auth")
    assert (done.manifest.started, done.manifest.ended) == (minute(50), minute(50))
    assert done.manifest.endpoint == "/Client"


def test_trouble_on_the_first_page_has_the_moment_of_the_last_exchange():
    def fetch(*_):
        raise Trouble(Cause.TIMEOUT, "no answer")

    manifest = made(Walk(CLIENTS, fetch, READER, 2)).manifest

    assert (manifest.state, manifest.detail) == (State.UNREACHABLE, "page 1: no answer")
    assert (manifest.started, manifest.ended) == (minute(50), minute(50))


def test_a_right_count_with_doubtful_content_is_withheld_and_kept():
    done = doubted(made(walk([Page(rows(1), 1)])), Cause.AGENTS_HIDDEN, "only itself")

    assert (done.manifest.state, done.manifest.cause) == (State.SUSPECT, "agents-hidden")
    assert (done.manifest.detail, done.manifest.received) == ("only itself", 1)
    assert [r.id for r in done.records] == ["1"]


def test_only_a_list_that_proved_itself_can_be_empty():
    assert is_empty(pulled(CLIENTS))
    assert not is_empty(pulled(CLIENTS, state=State.PARTIAL))
    assert not is_empty(made(walk([Page(rows(1), 1)])))
