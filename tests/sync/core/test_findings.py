"""What a row says of its target: the text that matters, not the first that is filled."""

from sync.core.findings import called
from sync.core.records import Kind
from tests.build import halo

NAMES = (("key_field", "0Q9U6QR"), ("inventory_number", "DSF-LT-0022"))
ASSET = halo(Kind.COMPUTER, "9", "0Q9U6QR", inside="1", names=NAMES)


def test_an_asset_is_called_by_the_text_that_met_the_computers_name():
    assert called(ASSET, "DSF-LT-0022") == "DSF-LT-0022"
    assert called(ASSET, "dsf-lt-0022") == "DSF-LT-0022"


def test_an_asset_that_met_by_nothing_keeps_its_first_name():
    assert called(ASSET, "SRV-1") == "0Q9U6QR"
