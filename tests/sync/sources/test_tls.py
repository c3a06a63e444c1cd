"""TLS: verified always, 1.2 or later, and not one byte to a wrong certificate."""

import socket
import ssl
import threading
import warnings

import pytest

from sync.errors import ConfigError
from sync.sandbox import certificate
from sync.sources.causes import Cause, Trouble
from sync.sources.http import Deadline, HttpWire, Request
from sync.sources.settings import WireSettings
from tests.sync.sources.stand_in import FakeClock, wire


@pytest.fixture
def tls(tmp_path):
    """A TLS server with a home-made certificate; remembers every byte it was sent in clear."""
    pem = certificate.make(tmp_path)
    if pem is None:
        pytest.skip("openssl is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listener = socket.create_server(("127.0.0.1", 0))
    got: list[bytes] = []

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        got.append(secure.recv(65536))
                        secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                except OSError:
                    pass

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}", pem, got, context
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_an_unknown_certificate_gets_not_one_byte(tls, monkeypatch):
    url, pem, got, _ = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with wire(FakeClock()) as real, pytest.raises(Trouble) as caught:
        real.send(Request(url, {"Authorization": "Bearer hunter2"}))

    assert caught.value.cause is Cause.TLS
    assert got == []


def test_a_certificate_from_the_ca_file_is_accepted(tls):
    url, pem, got, _ = tls
    with wire(FakeClock(), ca_file=str(pem)) as real:
        reply = real.send(Request(url))

    assert reply.status == 200
    assert len(got) == 1


def test_a_certificate_for_another_name_is_refused(tls):
    url, pem, got, _ = tls
    with wire(FakeClock(), ca_file=str(pem)) as real, pytest.raises(Trouble) as caught:
        real.send(Request(url.replace("127.0.0.1", "localhost")))

    assert caught.value.cause is Cause.TLS
    assert got == []


def test_old_tls_is_refused(tls):
    url, pem, got, context = tls
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with wire(FakeClock(), ca_file=str(pem)) as real, pytest.raises(Trouble) as caught:
        real.send(Request(url))

    assert caught.value.cause is Cause.TLS
    assert got == []


def test_a_ca_file_without_a_certificate_is_a_configuration_error(tmp_path, clock):
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing here")

    for path in (empty, tmp_path / "absent.pem"):
        with pytest.raises(ConfigError, match="CA file"):
            HttpWire(WireSettings(ca_file=str(path)), clock, Deadline(clock, 60))
