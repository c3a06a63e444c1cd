"""Builds the finished message and hands it over: to a mail server, or into a folder."""

from reports.mailer.folder import FolderTransport
from reports.mailer.graph import GraphTransport
from reports.mailer.message import Attachment, Envelope, build
from reports.mailer.oauth import ClientCredentials, Post, Reply
from reports.mailer.smtp import SmtpTransport

__all__ = [
    "Attachment", "ClientCredentials", "Envelope", "FolderTransport", "GraphTransport", "Post",
    "Reply", "SmtpTransport", "build",
]  # fmt: skip
