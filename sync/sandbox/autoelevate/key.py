"""AutoElevate's API keys: bearer and AE-HMAC-SHA256, and why each is refused."""

import hashlib
import hmac
from dataclasses import dataclass
from random import Random

SCHEME = "AE-HMAC-SHA256"
SKEW_MS = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class AeKeys:
    """One bearer key and one HMAC pair of the same service user."""

    bearer_key: str
    hmac_token: str
    hmac_key: str

    @classmethod
    def of(cls, seed: int) -> "AeKeys":
        rng = Random(f"{seed}/ae keys")
        return cls(*(f"{start}{rng.getrandbits(256):064x}" for start in ("aeb_", "aeh_", "")))


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers."""

    method: str
    target: str
    """Path and query as sent, without scheme and host."""
    body: bytes


def refusal(keys: AeKeys, authorization: str, signed: Signed, server_ms: int) -> str:
    """Why this header does not open the door; empty when it does."""
    scheme, _, rest = authorization.partition(" ")
    if scheme == "Bearer":
        return "" if hmac.compare_digest(rest, keys.bearer_key) else "Invalid API key"
    if scheme != SCHEME:
        return "Missing API key"
    return _signature_refusal(keys, rest, signed, server_ms)


def _signature_refusal(keys: AeKeys, parameters: str, signed: Signed, server_ms: int) -> str:
    pairs = [pair.partition("=") for pair in parameters.split(",")]
    if [name for name, _, _ in pairs] != ["token", "bodyHash", "ts", "sig"]:
        return "Malformed Authorization header"
    token, body_hash, ts, sig = (value for _, _, value in pairs)
    if token != keys.hmac_token:
        return "Invalid API key"
    if not ts.isdecimal() or abs(int(ts) - server_ms) > SKEW_MS:
        return "Timestamp outside the allowed window"
    text = f"{SCHEME}\n{signed.method}\n{signed.target}\n{body_hash}\n{ts}"
    right = hmac.new(keys.hmac_key.encode(), text.encode(), hashlib.sha256).hexdigest()
    if body_hash != hashlib.sha256(signed.body).hexdigest() or not hmac.compare_digest(sig, right):
        return "Invalid signature"
    return ""
