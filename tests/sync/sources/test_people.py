"""The users file: read as it stands, or refused with a reason; never guessed."""

import os
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from sync.core.pulls import Answer, State
from sync.core.records import Collection
from sync.errors import ConfigError
from sync.sources.causes import Trouble
from sync.sources.files import Disk
from sync.sources.people import PeopleSource
from sync.sources.settings import PeopleSettings, Person
from tests.sync.sources.stand_in import NOON, FakeClock

GOOD = "Name,Email,Role\nSam Poe,Sam@MSP.example,Administrator\nAnn Lee,ann@msp.example,\n"


def put(folder: Path, content, name="users.csv", *, days_old=1.0, mode=0o600):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    at = (NOON - timedelta(days=days_old)).timestamp()
    os.utime(path, (at, at))
    return path


def read(path, clock=None, **changes):
    source = PeopleSource(PeopleSettings(file=path, **changes), clock or FakeClock())
    (pulled,) = source.pull()
    return pulled


def refused(path, **changes):
    pulled = read(path, **changes)
    assert pulled.manifest.state.withheld
    return pulled.manifest.cause


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

    assert refused(path) in {"file-encoding", "file-growing"}
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

    assert refused(path) == "file-growing"
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

    assert source.linked() == {"a@x.example": True, "b@x.example": False}


# Age, absence, safety


def test_an_absent_file_is_stale(tmp_path):
    manifest = read(tmp_path / "users.csv").manifest

    assert (manifest.state, manifest.cause) == (State.STALE, "file-absent")


def test_an_old_file_is_stale_but_its_people_are_shown(tmp_path):
    pulled = read(put(tmp_path, GOOD, days_old=36))

    assert (pulled.manifest.state, pulled.manifest.cause) == (State.STALE, "file-old")
    assert "36 days old" in pulled.manifest.detail
    assert len(pulled.records) == 2
    assert read(put(tmp_path, GOOD, days_old=34.9)).manifest.state is State.COMPLETE


def test_a_young_file_must_hold_still_for_two_seconds(tmp_path):
    path = put(tmp_path, GOOD, days_old=0)
    clock = FakeClock()

    assert read(path, clock).manifest.state is State.COMPLETE
    assert clock.waits == [2.0]


def test_a_file_that_grows_meanwhile_is_refused(tmp_path):
    path = put(tmp_path, GOOD, days_old=0)

    class Busy(FakeClock):
        def wait(self, seconds):
            super().wait(seconds)
            with path.open("a") as more:
                more.write("Bob,bob@x.example,\n")

    assert read(path, Busy()).manifest.cause == "file-growing"


def test_a_part_file_beside_it_means_unfinished(tmp_path):
    path = put(tmp_path, GOOD)
    put(tmp_path, "", "users.csv.part")

    assert refused(path) == "file-growing"
    assert refused(put(tmp_path, GOOD, "other.part")) == "file-growing"


def test_links_pipes_and_folders_are_no_files(tmp_path):
    (tmp_path / "link.csv").symlink_to(put(tmp_path, GOOD))
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()

    for name in ("link.csv", "pipe.csv", "folder.csv"):
        assert refused(tmp_path / name) == "file-unsafe", name


def test_a_file_anyone_may_change_is_refused(tmp_path):
    assert refused(put(tmp_path, GOOD, mode=0o602)) == "file-unsafe"
    assert read(put(tmp_path, GOOD, mode=0o644)).manifest.state is State.COMPLETE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_account_is_refused(tmp_path):
    path = put(tmp_path, GOOD)
    os.chown(path, 12345, 12345)

    assert refused(path) == "file-unsafe"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_forbidden(tmp_path):
    assert refused(put(tmp_path, GOOD, mode=0)) == "file-forbidden"


def test_a_giant_is_refused_before_it_is_read(tmp_path):
    assert refused(put(tmp_path, GOOD), max_bytes=10) == "file-too-big"


# XLSX


def workbook(folder, rows, *, days_old=1.0):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "users.xlsx"
    book.save(path)
    path.chmod(0o600)
    at = (NOON - timedelta(days=days_old)).timestamp()
    os.utime(path, (at, at))
    return path


def test_a_workbook_is_read_by_its_headers(tmp_path):
    rows = [["Role", "Email", "Name"], [None, "sam@x.example", "00123"], [1, "b@x.example", True]]
    pulled = read(workbook(tmp_path, rows))

    assert [(p.name, p.mode) for p in pulled.records] == [("TRUE", "1"), ("00123", "")]


def test_a_formula_is_never_evaluated_or_shown(tmp_path):
    rows = [["Name", "Email"], ['=HYPERLINK("http://evil")', "sam@x.example"]]
    (person,) = read(workbook(tmp_path, rows)).records

    assert person.name == ""


def test_a_cell_beyond_the_header_is_refused(tmp_path):
    rows = [["Name", "Email"], ["Sam", "sam@x.example", None, "stray"]]

    assert refused(workbook(tmp_path, rows)) == "file-width"


def test_blank_rows_and_trailing_cells_of_a_sheet_are_nothing(tmp_path):
    rows = [["Name", "Email", "Role"], [], ["Sam", "sam@x.example"], [None, " "]]

    assert len(read(workbook(tmp_path, rows)).records) == 1


def test_one_far_cell_is_one_more_row(tmp_path):
    path = workbook(tmp_path, [["Name", "Email"], ["Sam", "sam@x.example"]])
    book = openpyxl.load_workbook(path)
    book.active.cell(1_000_000, 1, "far")
    book.save(path)

    pulled = read(path, settle_seconds=0)

    assert len(pulled.records) == 1
    assert dict(pulled.manifest.rejected) == {"email: missing": 1}, "seen, and not lost"


def test_what_only_looks_like_a_workbook_is_broken(tmp_path):
    assert refused(put(tmp_path, b"PK\x03\x04 and then nothing", "users.xlsx")) == "file-broken"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"]
)
def test_a_damaged_workbook_is_broken_not_a_crash(tmp_path, part):
    whole = workbook(tmp_path, [["Name", "Email"], ["Sam", "sam@x.example"]])
    damaged = rewritten(
        whole, tmp_path / "damaged.xlsx", part, lambda content: content[: len(content) // 2]
    )

    assert refused(damaged, settle_seconds=0) in {"file-broken", "file-headers"}


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unopened(tmp_path, monkeypatch):
    monkeypatch.setattr("sync.sources.workbook.MOST_INFLATED", 1_000_000)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings.xml", b" " * 2_000_000)
    bomb.chmod(0o600)

    assert refused(bomb, settle_seconds=0) == "file-too-big"


def rewritten(whole, target, part, change):
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item, change(content) if item.filename == part else content)
    target.chmod(0o600)
    return target


def test_a_sheet_that_lies_about_its_size_loses_no_row(tmp_path):
    whole = workbook(tmp_path, [["Name", "Email"], ["Sam", "s@x.example"], ["Ann", "a@x.example"]])
    liar = rewritten(
        whole,
        tmp_path / "liar.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1:B2"'),
    )

    assert len(read(liar, settle_seconds=0).records) == 2


def test_a_file_that_changes_under_the_reader_is_refused(tmp_path):
    path = put(tmp_path, GOOD)

    with (
        pytest.raises(Trouble, match="file-growing"),
        Disk(FakeClock()).take(path, settle_seconds=0, max_bytes=1000),
        path.open("a") as more,
    ):
        more.write("Bob,bob@x.example,\n")


def test_a_file_replaced_under_the_reader_is_refused(tmp_path):
    path = put(tmp_path, GOOD)

    with (
        pytest.raises(Trouble, match="file-growing"),
        Disk(FakeClock()).take(path, settle_seconds=0, max_bytes=1000),
    ):
        put(tmp_path, GOOD, "new.csv").rename(path)
