"""Every setting reaches the part that it is for."""

import dataclasses
from datetime import timedelta

import pytest

from sync.app.connections import wire_settings
from sync.app.parts import (
    autoelevate_settings,
    flag_settings,
    halo_settings,
    judging,
    keep,
    people_settings,
)
from sync.app.post import report_settings, transport
from sync.config import load
from sync.core.guard import Limits
from sync.core.names import Exact
from sync.sources.settings import (
    AutoElevateSettings,
    HaloSettings,
    PeopleSettings,
    Person,
    TicketSettings,
)
from sync.store import Keep

SETTINGS = """
halo:
  {base_url: https://h.example, auth_url: https://a.example, auth_hosts: [a.example], tenant: t,
   client_id: id-id, client_secret: s-s, asset_name_fields: [key_field2], asset_types: [PC, 7],
   exclude_internal: false, ca_file: ca.pem, proxy: http://p.example:1, requests_per_5_minutes: 9}
autoelevate:
  {base_url: https://ae.example, key: aeh_k, hmac_key: hh, spacing_seconds: 1.5,
   requests_per_hour: 11}
users:
  {file: u.csv, max_age_days: 3, own_domains: [o.example], encoding: cp1252,
   final_line_break: false,
   columns: {name: [N], email: [E], role: [R], linked: [L]}}
linking: {exact: casefold, allow_many_to_one: [Acme, 12]}
brake: {min_rows: 4, max_drop_percent: 30, note_percent: 6, max_rows: 7, parent_rows: 8}
report:
  {policy: changes, language: es,
   recipients: [{to: [a@b.c], language: en, only: [company, high], counts_only: true}]}
mail: {host: m.example, port: 25, tls: tls, username: u, password: pw, sender: s@b.c}
retention: {history_months: 24, outbox_days: 30, daily_backups: 2, weekly_backups: 3}
"""
MINIMAL = """
halo: {base_url: https://h.example, client_id: id-id, client_secret: s-s}
autoelevate: {key: aeb_k}
report: {policy: always}
"""


@pytest.fixture
def config(tmp_path):
    def config(text):
        file = tmp_path / "config.yaml"
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        return load(str(file), {}, cron=lambda _line: "").config

    return config


def test_halo_gets_all_its_settings(config):
    assert halo_settings(config(SETTINGS)) == HaloSettings(
        base_url="https://h.example",
        client_id="id-id",
        client_secret="s-s",
        tenant="t",
        auth_url="https://a.example",
        auth_hosts=("a.example",),
        asset_name_fields=("key_field2",),
        asset_types=("PC", 7),
        exclude_internal=False,
        requests_per_window=9,
    )


def test_tickets_are_asked_for_only_where_the_section_names_whose(config):
    wanted = "ticket_evidence: {agent: AE, ticket_type: 31, days: 7}\n"

    assert halo_settings(config(MINIMAL)).tickets is None
    assert halo_settings(config(MINIMAL + wanted)).tickets == TicketSettings("AE", 31, 7)


def test_autoelevate_gets_all_its_settings(config):
    assert autoelevate_settings(config(SETTINGS)) == AutoElevateSettings(
        "aeh_k", "hh", "https://ae.example", 1.5, 11
    )


def test_the_people_are_a_file_or_a_list_or_nobody_at_all(config, tmp_path):
    file = people_settings(config(SETTINGS))
    listed = people_settings(
        config(MINIMAL + "users: {list: [{name: Ana, email: ana@b.c, role: Admin}]}\n")
    )

    assert (file.file, file.people, file.max_age_days) == (tmp_path / "u.csv", None, 3)
    assert (file.encoding, file.final_line_break) == ("cp1252", False)
    assert file.name_headers + file.email_headers == ("N", "E")
    assert file.role_headers + file.linked_headers == ("R", "L")
    assert listed.people == (Person("Ana", "ana@b.c", "Admin"),)
    assert people_settings(config(MINIMAL)) == PeopleSettings()


def test_judging_gets_linking_brake_and_our_own_domains(config):
    judged = judging(config(SETTINGS))

    assert judged.linking.exact is Exact.CASEFOLD
    assert judged.linking.many_to_one == {"Acme", "12"}
    assert judged.linking.own_domains == {"o.example"}
    assert dataclasses.astuple(judged.limits)[:5] == (4, 30, 6, 7, 8)


def test_what_is_not_configured_has_the_parts_own_defaults(config):
    plain = config(MINIMAL)

    assert judging(plain).limits == Limits()
    assert halo_settings(plain) == HaloSettings("https://h.example", "id-id", "s-s")
    assert autoelevate_settings(plain) == AutoElevateSettings("aeb_k")
    assert keep(plain) == Keep()


def test_the_way_to_the_systems_has_proxy_and_authorities(config, tmp_path):
    halo = config(SETTINGS).halo

    wire = wire_settings(halo.ca_file, halo.proxy)

    assert (wire.ca_file, wire.proxy) == (str(tmp_path / "ca.pem"), "http://p.example:1")
    assert "p.example" not in repr(wire)


def test_the_report_gets_policy_language_and_groups(config):
    settings = report_settings(config(SETTINGS))

    assert (settings.policy, settings.language, settings.sender) == ("changes", "es", "s@b.c")
    (group,) = settings.groups
    assert (group.to, group.language) == (("a@b.c",), "en")
    assert (group.only, group.counts_only) == (("company", "high"), True)


def test_mail_gets_its_server(config):
    server = transport(config(SETTINGS))

    assert (server.host, server.port, server.tls) == ("m.example", 25, "tls")
    assert (server.username, server.password, server.sender) == ("u", "pw", "s@b.c")


def test_mail_may_be_a_folder(config, tmp_path):
    folder = transport(config(MINIMAL + "mail: {transport: folder, folder: out, sender: a@b.c}\n"))

    assert folder.folder == tmp_path / "out"


def test_retention_reaches_the_store(config):
    kept = keep(config(SETTINGS))

    assert (kept.days, kept.weeks, kept.mail) == (2, 3, timedelta(days=30))
    assert timedelta(days=729) < kept.closed < timedelta(days=732)


def test_the_files_of_flags_are_read_as_they_are_written(config, tmp_path):
    text = "flags: {users: f.csv, encoding: cp1252, final_line_break: false, max_age_days: 4}\n"
    settings = flag_settings(config(MINIMAL + text))

    assert [path for _, path in settings.files] == [tmp_path / "f.csv"]
    assert (settings.form.encoding, settings.form.final_line_break) == ("cp1252", False)
    assert settings.max_age_days == 4
