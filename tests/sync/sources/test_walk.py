"""What a walk over pages says when one of them is no good."""

import pytest

from sync.core.records import Collection
from sync.sources.causes import Cause, Trouble
from sync.sources.halo_rows import Client, client_record
from sync.sources.pages import Page
from sync.sources.rows import RowReader
from sync.sources.walk import Tally, Walk
from tests.build import NIGHT


def test_a_refused_page_is_named_by_its_number():
    broken = Trouble(Cause.PAGE_BROKEN, "no well-formed JSON at byte 7", NIGHT)

    def fetch(number, _received):
        if number == 2:
            raise broken
        return Page([{"id": 1, "name": "Acme"}], total=2), NIGHT

    walk = Walk(Collection.HALO_CLIENTS, fetch, RowReader(Client, client_record), 1)
    tally = Tally()
    with pytest.raises(Trouble) as caught:
        walk.run(tally)

    assert (caught.value.cause, caught.value.at) == (Cause.PAGE_BROKEN, NIGHT)
    assert caught.value.detail == "page 2: no well-formed JSON at byte 7"
    assert broken.detail == "no well-formed JSON at byte 7"
    assert list(tally.records) == ["1"]
