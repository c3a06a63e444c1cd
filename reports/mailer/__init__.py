"""Builds the finished message and hands it over: to a mail server, or into a folder."""

from reports.mailer.folder import FolderTransport
from reports.mailer.message import Attachment, Envelope, build
from reports.mailer.smtp import SmtpTransport

__all__ = ["Attachment", "Envelope", "FolderTransport", "SmtpTransport", "build"]
