"""One POST to a mail service: TLS verified, nothing followed, the environment left out."""

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.mailer import Post, Reply
from reports.mailer.oauth import NO_ANSWER, NOT_REACHED
from sync.errors import ConfigError

SECONDS = 120.0
MOST_BYTES = 1_000_000


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Never follow: the request carries a secret or a report."""


def posting(ca_file: Path | None) -> Post:
    """Give the way to post, verifying servers by this file or by the built-in authorities."""

    def post(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        request = urllib.request.Request(  # noqa: S310 - the configuration allows https and loopback
            url, data=body, headers={"User-Agent": "halosync", **headers}, method="POST"
        )
        try:
            return _sent(_opener(ca_file), request)
        except urllib.error.URLError as error:
            return Reply(NOT_REACHED, reason=f"not reached: {error.reason}")
        except (OSError, http.client.HTTPException) as error:
            return Reply(NO_ANSWER, reason=type(error).__name__)

    return post


def _sent(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> Reply:
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return Reply(answer.status, answer.read(MOST_BYTES))
    except urllib.error.HTTPError as refused:
        with refused:
            return Reply(refused.code, refused.read(MOST_BYTES), refused.reason)


def _opener(ca_file: Path | None) -> urllib.request.OpenerDirector:
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except OSError as error:
        raise ConfigError(
            f"the CA file {ca_file} cannot be used: {error.strerror or 'no certificate in it'}",
            hint="mail.ca_file names a PEM file with the certificate authority of the server",
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=context),
        _NoRedirect(),
    )
