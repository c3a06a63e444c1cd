"""AutoElevate's request signature (AE-HMAC-SHA256), proven by published vectors in the tests."""

import hashlib
import hmac

SCHEME = "AE-HMAC-SHA256"
NO_BODY = hashlib.sha256(b"").hexdigest()
"""We only ever send GET."""


def signature_header(token: str, key: str, method: str, target: str, ts: int) -> str:
    """Give the Authorization value. `target` is path and query as sent; `ts` milliseconds.

    NOTE: the key is 64 hex characters used as text, not decoded, and the host is not signed.
    """
    signed = "\n".join((SCHEME, method, target, NO_BODY, str(ts)))
    sig = hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return f"{SCHEME} token={token},bodyHash={NO_BODY},ts={ts},sig={sig}"
