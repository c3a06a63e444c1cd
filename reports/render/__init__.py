"""Prints a view as mail (HTML and text), as the archive's page, and as the index of nights."""

from reports.render.mail import LIMIT_BYTES, mail_html, mail_text
from reports.render.page import NightLine, nights_html, page_html

__all__ = ["LIMIT_BYTES", "NightLine", "mail_html", "mail_text", "nights_html", "page_html"]
