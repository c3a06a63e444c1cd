"""The users file: read as it stands, or refused with a reason; never guessed."""

from datetime import timedelta

import pytest

from sync.core.pulls import Answer, State
from sync.core.records import Collection
from sync.errors import ConfigError
from sync.sources.people import PeopleSource
from sync.sources.settings import PeopleSettings, Person
from tests.sync.sources.stand_in import NOON, FakeClock
from tests.sync.sources.users_file import GOOD, put, read, refused


def test_people_are_known_by_their_e_mail(tmp_path):
    pulled = read(put(tmp_path, GOOD))

    assert pulled.manifest.state is State.COMPLETE
    assert [(p.id, p.name, p.email, p.mode) for p in pulled.records] == [
        ("ann@msp.example", "Ann Lee", "ann@msp.example", ""),
        ("sam@msp.example", "Sam Poe", "Sam@MSP.example", "Administrator"),
    ]


def test_the_manifest_says_how_old_the_file_is(tmp_path):
    manifest = read(put(tmp_path, GOOD)).manifest

    assert manifest.as_of == NOON - timedelta(days=1)
    assert (manifest.endpoint, manifest.declared, manifest.unique) == ("users.csv", None, 2)


def test_nothing_configured_is_off_and_no_fault():
    (pulled,) = PeopleSource(PeopleSettings(), FakeClock()).pull()

    assert pulled.manifest.state is State.OFF


def test_a_list_serves_as_well():
    people = (Person("Sam", "sam@msp.example", "L1"), Person("Sam again", "SAM@msp.example"))
    (pulled,) = PeopleSource(PeopleSettings(people=people), FakeClock()).pull()

    assert [p.mode for p in pulled.records] == ["L1"]
    assert pulled.manifest.duplicate == 1


def test_nobody_can_be_asked_for_in_a_file():
    source = PeopleSource(PeopleSettings(), FakeClock())

    assert source.ask(Collection.AE_USERS, "sam@msp.example") is Answer.UNKNOWN
    assert source.facts() is None
    assert source.recent_requests() is None


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32"]
NAMES = [
    "NA",
    "None",
    "null",
    "nan",
    "00123",
    "1E5",
    "TRUE",
    "12-05",
    "=1+1",
    "-",
    "Müller",
    "Nuñez",
    "李",
    "O'Brien",
    "a;b",
    "x\ty",
    '"q"',
    "'",
    "#N/A",
    "1.0",
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_names_come_through_every_encoding_and_delimiter(tmp_path, encoding, delimiter):
    lines = [delimiter.join(("Role", "Email", "Name"))]
    for n, name in enumerate(NAMES):
        quoted = '"' + name.replace('"', '""') + '"'
        lines.append(
            delimiter.join(
                ("Technician, L1" if delimiter == ";" else "T", f"u{n}@x.example", quoted)
            )
        )
    text = "\r\n".join(lines) + "\r\n"
    pulled = read(put(tmp_path, text.encode(encoding)))

    assert pulled.manifest.state is State.COMPLETE, pulled.manifest.detail
    assert {p.name for p in pulled.records} == set(NAMES)


def test_an_encoding_is_configured_and_never_guessed(tmp_path):
    path = put(tmp_path, "Name,Email\nMüller,m@x.example\n".encode("cp1252"))

    assert refused(path) == "file-encoding"
    assert read(path, encoding="cp1252").records[0].name == "Müller"


def test_utf16_without_a_mark_is_named(tmp_path):
    path = put(tmp_path, GOOD.encode("utf-16-le"))

    assert refused(path) == "file-encoding"
    assert len(read(path, encoding="utf-16-le").records) == 2


def test_an_encoding_that_does_not_exist_is_a_configuration_error():
    with pytest.raises(ConfigError, match="utf-9"):
        PeopleSource(PeopleSettings(encoding="utf-9"), FakeClock())


def test_headers_are_found_by_their_aliases_in_any_case_and_order(tmp_path):
    path = put(tmp_path, "CORREO  Electrónico;x;nombre\nsam@x.example;1;Sam\n")
    pulled = read(path, name_headers=("Name", "Nombre"), email_headers=("Correo electrónico",))

    assert pulled.records[0].name == "Sam"


def test_of_two_aliases_the_first_configured_is_taken(tmp_path):
    path = put(tmp_path, "User,Full Name,Email\nsp,Sam Poe,sam@x.example\n")

    assert read(path, name_headers=("Full Name", "User")).records[0].name == "Sam Poe"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Nom,Courriel", "expected Name; Email; found Nom, Courriel"),
        ("Name,Name,Email", "stands there twice"),
        ("Name", "expected Email; found Name"),
        ("", "found nothing"),
    ],
)
def test_wrong_headers_say_what_was_found_and_expected(tmp_path, header, words):
    manifest = read(put(tmp_path, f"{header}\na,b\n")).manifest

    assert manifest.cause == "file-headers"
    assert words in manifest.detail


def test_an_empty_file_has_no_headers(tmp_path):
    assert refused(put(tmp_path, "")) == "file-headers"


@pytest.mark.parametrize("row", ["Sam,sam@x.example,Admin,extra", "Sam,sam@x.example", "Sam"])
def test_a_row_of_another_width_is_refused(tmp_path, row):
    manifest = read(put(tmp_path, GOOD + row + "\n")).manifest

    assert manifest.cause == "file-width"
    assert "row 4" in manifest.detail


def test_blank_lines_are_no_rows(tmp_path):
    assert len(read(put(tmp_path, GOOD + "\n,,\n")).records) == 2


def test_excels_sep_line_is_understood(tmp_path):
    assert len(read(put(tmp_path, "sep=;\r\nName;Email\r\nSam;s@x.example\r\n")).records) == 1


def test_no_cut_of_a_file_is_taken_for_the_whole(tmp_path):
    content = (
        "Role;Name;Email\r\n" + "T;Änn Lee;ann@x.example\r\n" * 2 + 'T;"Po;e";p@x.example\r\n'
    ).encode()
    rows_end = {n + 1 for n, byte in enumerate(content) if byte == ord("\n")}
    for cut in range(len(content)):
        pulled = read(put(tmp_path, content[:cut]))
        # NOTE: a cut exactly between two rows leaves a whole smaller file; the brake's business.
        # A cut between CR and LF is the same thing.
        if cut in rows_end or cut + 1 in rows_end:
            continue
        assert pulled.manifest.state.withheld, content[:cut]


def test_a_missing_last_line_break_may_be_allowed(tmp_path):
    path = put(tmp_path, GOOD.rstrip("\n"))

    assert refused(path) == "file-cut"
    assert len(read(path, final_line_break=False).records) == 2


def test_an_unclosed_quote_is_a_broken_file(tmp_path):
    assert refused(put(tmp_path, 'Name,Email\n"Sam,sam@x.example\n')) == "file-broken"


@pytest.mark.parametrize(
    ("email", "reason"),
    [("", "email: missing"), ("sam", "email: not an address"), ("a b@x", "email: not an address")],
)
def test_a_person_without_an_address_is_rejected_by_reason(tmp_path, email, reason):
    pulled = read(put(tmp_path, GOOD + f"Bob,{email},\n"))

    assert dict(pulled.manifest.rejected) == {reason: 1}
    assert pulled.manifest.cause == "rows-rejected"
    assert pulled.manifest.received == len(pulled.records) + 1


def test_one_bad_row_in_a_hundred_does_not_cost_the_file(tmp_path):
    rows = "".join(f"U{n},u{n}@x.example,\n" for n in range(150))
    pulled = read(put(tmp_path, "Name,Email,Role\n" + rows + "Bob,,\n"))

    assert (pulled.manifest.state, len(pulled.records)) == (State.COMPLETE, 150)


def test_a_shared_address_is_counted_and_said(tmp_path):
    pulled = read(put(tmp_path, GOOD + "Sammy,SAM@msp.example,\n"))

    assert (pulled.manifest.state, pulled.manifest.duplicate) == (State.COMPLETE, 1)
    assert "repeat an e-mail" in pulled.manifest.detail


def test_the_linked_column_is_read_where_it_says_yes_or_no(tmp_path):
    rows = "Name,Email,Linked to Ticketing System\nA,a@x.example,True\nB,b@x.example,no\nC,c@x.example,?\n"
    source = PeopleSource(PeopleSettings(file=put(tmp_path, rows)), FakeClock())
    list(source.pull())

    (file,) = source.flags()
    assert {row.email: row.linked for row in file.rows} == {
        "a@x.example": True,
        "b@x.example": False,
    }
    assert file.unread == 1


def test_two_rows_of_one_person_are_both_kept_so_that_a_contradiction_shows(tmp_path):
    rows = "Name,Email,Linked\nA,a@x.example,True\nA,A@x.example,False\n"
    settings = PeopleSettings(file=put(tmp_path, rows), linked_headers=("Linked",))
    source = PeopleSource(settings, FakeClock())
    list(source.pull())

    (file,) = source.flags()
    assert [row.linked for row in file.rows] == [True, False]


@pytest.mark.parametrize(
    ("content", "days_old"),
    [
        (GOOD, 1),
        ("Name,Email,Linked to Ticketing System\nA,a@x.example,True\n", 99),
        ("Name,Email,Linked to Ticketing System\nA,a@x.example,True", 1),
    ],
)
def test_without_the_column_or_from_a_file_that_is_not_believed_nothing_is_proof(
    tmp_path, content, days_old
):
    path = put(tmp_path, content, days_old=days_old)
    source = PeopleSource(PeopleSettings(file=path), FakeClock())
    list(source.pull())

    assert source.flags() == ()
