"""A monitoring service on this machine that remembers what it was told."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Monitor(HTTPServer):
    """A monitoring service that remembers what it was told, and answers as told."""

    def __init__(self, status=200):
        super().__init__(("127.0.0.1", 0), _Listener)
        self.status, self.told = status, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class _Listener(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.told.append((self.path, None))
        self.send_error(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        pass


@contextmanager
def listening(status=200):
    server = Monitor(status)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
