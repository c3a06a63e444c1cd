"""Stand-ins for Microsoft's token service, Graph and Exchange SMTP, refusing what those refuse."""

import base64
import json
import socket
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import SMTP as POLICY
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

SCOPES = {
    "https://graph.microsoft.com/.default": "graph",
    "https://outlook.office365.com/.default": "outlook",
}


class Tenant:
    """One tenant: its application, its mailboxes, the tokens it gave, the mail it took."""

    def __init__(self):
        self.client = ("app-id", "app-secret-0815")
        self.mailboxes = {"reports@msp.example", "boss@msp.example"}
        self.allowed = {"reports@msp.example"}
        self.expires_in = 3599
        self.tokens = {}
        self.mails = []
        self.asked = []
        self.answers = []
        """Scripted (status, body) that come before everything else, for sendMail."""

    def token(self, form):
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            said = "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1"
            return 401, {"error": "invalid_client", "error_description": said}
        if form.get("scope") not in SCOPES:
            said = "AADSTS1002012: The provided value for scope is not valid."
            return 400, {"error": "invalid_scope", "error_description": said}
        token = f"token-{len(self.tokens)}"
        self.tokens[token] = SCOPES[form["scope"]]
        return 200, {"token_type": "Bearer", "expires_in": self.expires_in, "access_token": token}

    def send_mail(self, mailbox, headers, body):
        """Take the mail, or answer with the first of Graph's refusals that applies."""
        if self.answers:
            return self.answers.pop(0)
        refused = self._stranger(mailbox, headers) or self._malformed(headers, body)
        if refused:
            return refused
        mime = base64.b64decode(body)
        message = message_from_bytes(mime, policy=POLICY)
        if message["From"].addresses[0].addr_spec != mailbox:
            return 403, _error("ErrorSendAsDenied", "not allowed to send as")
        to = [address.addr_spec for address in message["To"].addresses]
        if any(address.startswith("nobody@") for address in to):
            return 400, _error("ErrorInvalidRecipients", "At least one recipient isn't valid.")
        self.mails.append((to, mime))
        return 202, None

    def _stranger(self, mailbox, headers):
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token) != "graph":
            return 401, _error("InvalidAuthenticationToken", "Invalid audience.")
        if mailbox not in self.mailboxes:
            return 404, _error("ErrorInvalidUser", f"The requested user '{mailbox}' is invalid.")
        if mailbox not in self.allowed:
            return 403, _error("ErrorAccessDenied", "Access is denied.")
        return None

    def _malformed(self, headers, body):
        if headers.get("Content-Type") != "text/plain":
            return 400, _error("UnableToDeserializePostBody", "unable to deserialize")
        if len(body) > 4_000_000:
            return 413, _error("RequestEntityTooLarge", "too large")
        try:
            base64.b64decode(body, validate=True)
        except ValueError:
            return 400, _error("ErrorMimeContentInvalidBase64String", "Invalid base64 string.")
        return None

    def lets_in(self, mailbox, token):
        """Exchange SMTP: a token for Outlook, and a mailbox the application may use."""
        return self.tokens.get(token) == "outlook" and mailbox in self.allowed


def _error(code, message):
    return {"error": {"code": code, "message": message}}


@contextmanager
def serving(tenant):
    """Serve `/token` and `/v1.0/users/{mailbox}/sendMail`; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            tenant.asked.append(self.path)
            parts = self.path.strip("/").split("/")
            if self.path == "/token":
                status, answer = tenant.token(dict(parse_qsl(body.decode())))
            elif parts[:2] == ["v1.0", "users"] and parts[3:] == ["sendMail"]:
                status, answer = tenant.send_mail(parts[2], self.headers, body)
            else:
                status, answer = 404, None
            if status == 0:
                self.close_connection = True
                return
            sent = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            if status == 302:
                self.send_header("Location", "/token")
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Exchange(SMTP):
    """Announces only XOAUTH2, and answers a bad token as Exchange does: challenge, then 535."""

    async def auth_XOAUTH2(self, server, arguments):  # noqa: N802 - aiosmtpd finds it by this name
        said = dict(
            pair.partition("=")[::2]
            for pair in base64.b64decode(arguments[1]).decode().split("\x01")
            if pair
        )
        tenant = server.event_handler.tenant
        if tenant.lets_in(said["user"], said["auth"].removeprefix("Bearer ")):
            return AuthResult(success=True, auth_data=said["user"])
        challenge = base64.b64encode(b'{"status":"401"}')
        tenant.asked.append(await server.challenge_auth(challenge, encode_to_b64=False))
        refusal = "535 5.7.3 Authentication unsuccessful"
        return AuthResult(success=False, handled=False, message=refusal)


class _Post:
    def __init__(self, tenant):
        self.tenant = tenant

    async def handle_MAIL(self, _server, session, envelope, address, _options):  # noqa: N802
        if not session.authenticated:
            return "530 5.7.57 Client not authenticated to send mail"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.tenant.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


class _Controller(Controller):
    def factory(self):
        return _Exchange(
            self.handler,
            auth_require_tls=False,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
        )


@contextmanager
def exchange(tenant):
    """Serve Exchange's SMTP on a loopback port; gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = _Controller(_Post(tenant), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
