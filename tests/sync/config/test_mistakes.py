"""Every mistake in a configuration is found at once, with its place and what to write instead."""

from pathlib import Path

import pytest

from sync.config import ConfigMistakes, load, schema
from sync.config.shape import secret_paths

GOOD = {
    "halo": ["base_url: https://acme.halopsa.com", "client_id: abc", "client_secret: s"],
    "autoelevate": ["key: aeb_x"],
    "report": ["policy: always"],
    "mail": ["host: mail.example.com", "sender: h@example.com"],
}


def text_with(section, *lines):
    sections = {name: list(kept) for name, kept in GOOD.items()}
    keys = {line.partition(":")[0] for line in lines}
    kept = [line for line in sections.get(section, []) if line.partition(":")[0] not in keys]
    sections[section] = [*kept, *lines]
    return "".join(
        f"{name}:\n" + "".join(f"  {line}\n" for line in body) for name, body in sections.items()
    )


@pytest.fixture
def mistakes_of(tmp_path):
    def mistakes_of(text, **environment):
        file = tmp_path / "c.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        file.chmod(0o600)
        with pytest.raises(ConfigMistakes) as caught:
            load(str(file), environment, cron=lambda line: "" if line == "0 5 * * *" else "minute")
        return [str(m).replace(f"{tmp_path}/", "") for m in caught.value.mistakes]

    return mistakes_of


WRONG = [
    # section, lines, the path named, words of the message, words of the hint
    ("halo", ["exclude_internal: NO"], "halo.exclude_internal", "reads this as true", "true or"),
    ("halo", ["tenant: on"], "halo.tenant", "reads this as true", "quotes"),
    ("halo", ["client_id: 0123"], "halo.client_id", "another number", "quotes"),
    ("halo", ["client_id: 1_000"], "halo.client_id", "another number", "quotes"),
    ("halo", ["client_id: 0x1F"], "halo.client_id", "another number", "quotes"),
    ("halo", ["client_id: 12345"], "halo.client_id", "must be text", "quotes"),
    ("halo", ["tenant: 2026-01-01"], "halo.tenant", "a date", "quotes"),
    ("halo", ["tenant: true"], "halo.tenant", "must be text", "quotes"),
    ("halo", ["client_id:"], "halo.client_id", "is empty", "HALOSYNC_HALO__CLIENT_ID"),
    ("halo", ['client_secret: "  "'], "halo.client_secret", "is empty", "_file"),
    ("halo", ["exclude_internal: yes"], "halo.exclude_internal", "true", "true or false"),
    ("halo", ['exclude_internal: "true"'], "halo.exclude_internal", "true or false", "quotes"),
    ("halo", ["asset_name_fields: key_field"], "halo.asset_name_fields", "a list", "["),
    ("halo", ["asset_name_fields: []"], "halo.asset_name_fields", "at least one", "add"),
    ("halo", ["requests_per_5_minutes: '9'"], "halo.requests_per_5_minutes", "whole", "digits"),
    ("halo", ["requests_per_5_minutes: 900"], "halo.requests_per_5_minutes", "300", ""),
    ("halo", ["requests_per_5_minutes: 1.5"], "halo.requests_per_5_minutes", "whole", "digits"),
    ("halo", ["base_url: http://acme.halopsa.com"], "halo.base_url", "encrypted", "https"),
    ("halo", ["base_url: acme.halopsa.com"], "halo.base_url", "web address", "https://"),
    ("halo", ["base_url: ftp://acme.halopsa.com"], "halo.base_url", "web address", "https://"),
    ("halo", ["base_url: https://u:p@acme.halopsa.com"], "halo.base_url", "password", "apart"),
    ("halo", ["base_url: https://acme.halopsa.com/?a=b"], "halo.base_url", "query", ""),
    ("halo", ["base_url: https://[::1"], "halo.base_url", "web address", ""),
    ("halo", ["base_urll: x"], "halo.base_urll", "not a known key", "did you mean base_url?"),
    ("halo", ["proxy: socks://x"], "halo.proxy", "proxy", "http://"),
    ("halo", ["client_secret_file: nowhere", "client_secret: x"], "halo.client_secret_file", "too", "keep one"),
    ("halo", ["tenant: ${NOT_THERE}"], "halo.tenant", "no NOT_THERE", "export"),
    ("halo", ["tenant: !!python/name:os.system x"], "halo.tenant", "tag", "leave"),
    ("halo", ["tenant: !secret x"], "halo.tenant", "tag", "leave"),
    ("halo", ["<<: {tenant: x}"], "halo", "plain text", ""),
    ("halo", ["? [a, b]", ": c"], "halo", "plain text", ""),
    ("halos", ["base_url: x"], "halos", "not a known key", "did you mean halo?"),
    ("autoelevate", ["key: aeh_x"], "autoelevate", "without hmac_key", "hmac_key_file"),
    ("autoelevate", ["key: aeb_x", "hmac_key: y"], "autoelevate", "bearer key", "aeh_"),
    ("autoelevate", ["key_file: nowhere"], "autoelevate.key_file", "too", "keep one"),
    ("autoelevate", ["spacing_seconds: -1"], "autoelevate.spacing_seconds", "greater", ""),
    ("autoelevate", ["requests_per_hour: 0"], "autoelevate.requests_per_hour", "greater", ""),
    ("users", ["max_age_days: 3"], "users", "either file or list", "CSV"),
    ("users", ["file: a.csv", "list: []"], "users", "either file or list", "CSV"),
    ("users", ["list: [{name: A, email: nobody}]"], "users.list.0.email", "mail address", "@"),
    ("users", ["list: [{name: A}]"], "users.list.0.email", "is missing", ""),
    ("users", ["file: a.csv", "encoding: utf-9"], "users.encoding", "text encoding", "cp1252"),
    ("users", ["file: a.csv", "encoding: base64"], "users.encoding", "text encoding", "cp1252"),
    ("users", ["file: a.csv", "encoding: UTF16"], "users.encoding", "order of the bytes", "utf-16-le"),
    ("users", ["file: a.csv", "final_line_break: 'no'"], "users.final_line_break", "true or false", ""),
    ("flags", ["users: a.csv", "encoding: utf-9"], "flags.encoding", "text encoding", "cp1252"),
    ("linking", ["exact: fuzzy"], "linking.exact", "must be 'text'", ""),
    ("brake", ["max_drop_percent: 0.2"], "brake.max_drop_percent", "whole", ""),
    ("brake", ["max_drop_percent: 120"], "brake.max_drop_percent", "100", ""),
    ("schedule", ["cron: '61 5 * * *'"], "schedule.cron", "not a schedule", "five fields"),
    ("schedule", ["cron: 22:30"], "schedule.cron", "another number", "quotes"),
    ("schedule", ["timezone: Europe/Madird"], "schedule.timezone", "zone", "Europe/Madrid"),
    ("schedule", ["timezone: ../../etc/passwd"], "schedule.timezone", "zone", "such as"),
    ("schedule", ["on: '1'"], "schedule.on", "not a known key", "did you mean cron?"),
    ("report", ["policy: sometimes"], "report.policy", "'always'", ""),
    ("report", ["policy:"], "report.policy", "is empty", "report.policy"),
    ("report", ["language: fr"], "report.language", "'en' or 'es'", ""),
    ("report", ["recipients: [a@example.com]"], "report.recipients.0", "keys of its own", ""),
    ("report", ["recipients: [{to: []}]"], "report.recipients.0.to", "at least one", ""),
    ("report", ["recipients: [{to: ['A <a@b.c>']}]"], "report.recipients.0.to.0", "mail", "only"),
    ("report", ["recipients: [{to: [a@b.c], only: [sites]}]"], "report.recipients.0.only.0", "'company'", ""),
    ("report", ["recipients: [{to: [a@b.c], only: [urgent]}]"], "report.recipients.0.only.0", "'medium' or 'low'", ""),
    ("report", ["recipients: [{to: [a@b.c], only: [computer, high]}]"], "report.recipients.0.only", "never list", "medium"),
    ("report", ["recipients: [{to: [a@b.c], only: [company, medium]}]"], "report.recipients.0.only", "never list", "high"),
    ("report", ["recipients: [{to: [a@evil.example]}]", "allowed_domains: [b.c]"], "report", "outside", "allowed_domains"),
    ("report", ["recipients: [{to: [josé@b.example]}]"], "report.recipients.0.to.0", "letters", "xn--"),
    ("mail", ["tls: none-on-loopback"], "mail", "without TLS", "starttls"),
    ("mail", ["tls: none"], "mail.tls", "'starttls'", ""),
    ("mail", ["transport: folder"], "mail", "no folder", "mail.folder"),
    ("mail", ["username: a"], "mail", "together", "both"),
    ("mail", ["port: 99999"], "mail.port", "65535", ""),
    ("heartbeat", ["ok: http://hc.example.com/x"], "heartbeat.ok", "encrypted", "https"),
    ("retention", ["daily_backups: 0"], "retention.daily_backups", "greater", ""),
]  # fmt: skip


@pytest.mark.parametrize("row", WRONG, ids=lambda row: f"{row[0]}-{row[1][0]}")
def test_one_mistake_is_named_with_its_line_and_a_hint(mistakes_of, row):
    section, lines, path, message, hint = row
    said = mistakes_of(text_with(section, *lines))

    assert len(said) == 1, said
    place, _, words = said[0].partition(f": {path}: ")
    assert place.startswith("c.yaml:")
    assert message in words
    assert hint in words


def test_all_mistakes_come_at_once_in_the_order_of_the_file(mistakes_of):
    said = mistakes_of("halo:\n  tenant: NO\n  base_url: x\nreport:\n  policy: never\n")

    places = [line.split(": ")[:2] for line in said]
    assert places == [
        ["c.yaml", "autoelevate"],
        ["c.yaml:1", "halo.client_id"],
        ["c.yaml:1", "halo.client_secret"],
        ["c.yaml:2", "halo.tenant"],
        ["c.yaml:3", "halo.base_url"],
        ["c.yaml:5", "report.policy"],
    ]


def test_a_key_given_twice_is_refused_with_both_lines(mistakes_of):
    said = mistakes_of(text_with("halo", "tenant: a", "tenant: b"))

    assert said == ["c.yaml:6: halo.tenant: appears twice, first in line 5 (keep one)"]


def test_an_alias_is_refused_so_that_nine_lines_cannot_fill_the_memory(mistakes_of):
    said = mistakes_of("a: &a [x, x]\nb: [*a, *a]\n")

    assert "alias" in said[0]
    assert said[0].startswith("c.yaml:2")


@pytest.mark.parametrize("text", ["halo: [", "halo:\n\tbase_url: x", "a: b: c", "@daily", '"'])
def test_broken_yaml_names_the_line(mistakes_of, text):
    said = mistakes_of(text)

    assert said[0].startswith("c.yaml:")
    assert "not valid YAML" in said[0]


def test_a_file_in_another_encoding_is_named(mistakes_of):
    assert "is not UTF-8 text" in mistakes_of("halo: {tenant: ñ}".encode("cp1252"))[0]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text", "42"])
def test_a_file_without_keys_is_refused(mistakes_of, text):
    assert "is not a list of keys" in mistakes_of(text)[0]


def test_a_file_that_is_a_folder_is_not_taken_for_a_configuration(mistakes_of, tmp_path):
    (tmp_path / "folder").mkdir()
    said = mistakes_of(
        text_with("halo", "client_secret_file: folder").replace("client_secret: s", "")
    )

    assert "cannot be read: Is a directory" in said[0]


def test_a_mistake_in_the_environment_names_the_variable(mistakes_of):
    said = mistakes_of(
        text_with("halo"), HALOSYNC_HALO__CLIENT_SECRT="x", HALOSYNC_MAIL__PORT="many"
    )

    typo, port = said
    assert typo.startswith("environment HALOSYNC_HALO__CLIENT_SECRT: halo.client_secrt: is not a")
    assert "did you mean client_secret?" in typo
    assert port.startswith("environment HALOSYNC_MAIL__PORT: mail.port: must be a whole number")


@pytest.mark.parametrize("path", secret_paths(), ids=".".join)
def test_no_message_ever_repeats_what_stood_in_a_secret_key(mistakes_of, path):
    section, key = path[0], path[-1]
    for value in ("0123987", "[canary]", "{canary: canary}", "yes canary", "ftp://canary", "''"):
        said = " ".join(mistakes_of(text_with(section, f"{key}: {value}", "nonsense: 1")))

        assert "nonsense" in said
        assert "canary" not in said
        assert "0123987" not in said


def test_the_schema_accepts_the_example_and_knows_the_secret_files():
    jsonschema = pytest.importorskip("jsonschema")
    yaml = pytest.importorskip("yaml")
    example = Path(__file__).parents[3] / "config.example.yaml"

    document = schema()
    jsonschema.validate(yaml.safe_load(example.read_text(encoding="utf-8")), document)

    assert "client_secret_file" in document["$defs"]["Halo"]["properties"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"halo": {}}, document)
