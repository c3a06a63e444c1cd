"""A letter as it arrives: through a real mail server, read by the standard library alone."""

import email
import email.policy
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reports.deliver import Group, ReportSettings, compose
from reports.mailer import SmtpTransport
from reports.preview import nights
from tests.reports.smtp_server import Script, serving

ANA = "ana@msp.example"
NIGHTS = nights(rows=400)
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d{3})*")


def arrived(name):
    """Send a night's letter; give what the server got and the JSON of the same night."""
    result, language = NIGHTS[name]
    settings = ReportSettings("h@msp.example", language=language, groups=(Group((ANA,)),))
    edition = compose(result, settings)
    with serving(Script()) as (port, log):
        transport = SmtpTransport("127.0.0.1", port, "h@msp.example", tls="none-on-loopback")
        transport.send(edition.letters[0].body, (ANA,))
    (got,) = log.messages
    message = email.message_from_bytes(got, policy=email.policy.default)
    return message, json.loads(edition.files["report.json"])


def structure(part):
    if not part.is_multipart():
        return part.get_content_type()
    return part.get_content_subtype(), *(structure(inner) for inner in part.iter_parts())


def defects(message):
    return [defect for part in message.walk() for defect in part.defects]


class Shown(HTMLParser):
    """The text of a page, without its style."""

    def __init__(self, page):
        super().__init__()
        self.text, self.hidden = "", False
        self.feed(page)

    def handle_starttag(self, tag, _attrs):
        self.hidden = tag == "style"

    def handle_endtag(self, _tag):
        self.hidden = False

    def handle_data(self, data):
        self.text += "" if self.hidden else f"{data}\n"


def numbers(text):
    """Every number of a text, without what its language puts between thousands."""
    return {re.sub(r"\D", "", found) for found in NUMBER.findall(text)}


def told(node):
    """Every number in a JSON document, in its texts too."""
    if isinstance(node, dict):
        return {n for part in node.values() for n in told(part)}
    if isinstance(node, list):
        return {n for part in node for n in told(part)}
    return numbers(str(node))


def forms(message):
    yield str(message["Subject"])
    yield message.get_body(("plain",)).get_content()
    yield Shown(message.get_body(("html",)).get_content()).text


@pytest.mark.parametrize("name", ["clean", "ordinary", "brake", "spanish", "hostile"])
def test_it_is_mixed_of_alternatives_and_attachments_and_parses_without_a_defect(name):
    message, _ = arrived(name)
    kind, alternative, *attached = structure(message)

    assert (kind, alternative[:2]) == ("mixed", ("alternative", "text/plain"))
    assert alternative[2] == "text/html" or alternative[2][:2] == ("related", "text/html")
    assert [kind.rpartition(".")[2] for kind in attached] == ["sheet", "text/csv"]
    assert defects(message) == []


@pytest.mark.parametrize("name", NIGHTS)
def test_every_number_in_it_is_in_the_json(name):
    message, document = arrived(name)
    known = told(document)

    for form in forms(message):
        found = numbers(form)
        assert found
        assert found - known - steps(document) == set()


def steps(document):
    """The numbers that only count the steps of a recipe or the checks of a doubt."""
    longest = max([3, *(len(f["recipe"]) for f in document["findings"])])
    return {str(n) for n in range(1, longest + 1)}


def test_a_number_that_the_json_lacks_is_noticed():
    result, _ = NIGHTS["ordinary"]
    more = replace(result.findings[0].impact, active=77_777, computers=88_888)
    other = replace(result, findings=(replace(result.findings[0], impact=more),))
    (letter,) = compose(other, ReportSettings("h@x.example", groups=(Group((ANA,)),))).letters
    message = email.message_from_bytes(letter.body, policy=email.policy.default)
    _, document = arrived("ordinary")

    for form in (message.get_body((kind,)).get_content() for kind in ("plain", "html")):
        assert {"77777", "88888"} <= numbers(form) - told(document)
