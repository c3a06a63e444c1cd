"""The request signature, against published vectors."""

import json
from pathlib import Path

import pytest

from sync.sources.signing import signature_header

VECTORS = json.loads((Path(__file__).parents[2] / "fixtures/ae-hmac-vectors.json").read_text())


def signed(vector):
    return signature_header(
        VECTORS["token"],
        VECTORS["hmac_key"],
        vector["method"],
        vector["request_target"],
        vector["ts_ms"],
    )


@pytest.mark.parametrize("vector", VECTORS["accept"], ids=lambda v: v["request_target"])
def test_our_signature_is_the_published_one(vector):
    assert signed(vector) == vector["authorization"]


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS["reject"] if "server_now_ms" not in v], ids=lambda v: v["why"]
)
def test_we_do_not_make_a_known_mistake(vector):
    assert signed(vector) != vector["authorization"]
