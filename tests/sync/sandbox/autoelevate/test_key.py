"""The signing scheme, checked against published vectors."""

import json
from pathlib import Path

import pytest

from sync.sandbox.autoelevate.key import AeKeys, Signed, refusal

VECTORS = json.loads(
    (Path(__file__).parents[3] / "fixtures/specs/ae-hmac-vectors.json").read_text()
)
KEYS = AeKeys("aeb_unused", VECTORS["token"], VECTORS["hmac_key"])


def why(vector, *, now=None, **changed):
    parts = {"method": vector["method"], "target": vector["request_target"], "body": b""} | changed
    server = now or vector.get("server_now_ms", vector["ts_ms"])
    return refusal(KEYS, vector["authorization"], Signed(**parts), server)


@pytest.mark.parametrize("vector", VECTORS["accept"], ids=lambda v: v["request_target"])
def test_a_right_signature_opens(vector):
    assert why(vector) == ""


@pytest.mark.parametrize("vector", VECTORS["reject"], ids=lambda v: v["why"])
def test_a_wrong_one_does_not(vector):
    assert why(vector) == (vector["expect"]["message"] or "Timestamp outside the allowed window")


@pytest.mark.parametrize(
    "changed", [{"method": "POST"}, {"target": "/api/v1/other"}, {"body": b"x"}]
)
def test_the_signature_covers_method_target_and_body(changed):
    assert why(VECTORS["accept"][0], **changed) == "Invalid signature"


@pytest.mark.parametrize(("minutes", "fits"), [(-5, True), (5, True), (-5.1, False), (5.1, False)])
def test_five_minutes_of_skew_are_allowed(minutes, fits):
    vector = VECTORS["accept"][0]

    assert (why(vector, now=vector["ts_ms"] + int(minutes * 60_000)) == "") is fits


def test_parameters_in_another_order_are_malformed():
    first = VECTORS["accept"][0]["authorization"]
    scheme, parameters = first.split(" ")
    swapped = f"{scheme} {','.join(reversed(parameters.split(',')))}"

    assert (
        refusal(KEYS, swapped, Signed("GET", "/api/v1/usage", b""), 0)
        == "Malformed Authorization header"
    )
