"""Where settings come from, and which source wins."""

from pathlib import Path

import pytest

from sync.config import ConfigMistakes, effective, fingerprint, load, secrets
from sync.errors import ConfigError, Exit

GOOD = """
halo:
  base_url: https://acme.halopsa.com/api/
  client_id: 11111111-aaaa
  client_secret: halo-secret
autoelevate:
  key: aeb_bearer
report:
  policy: always
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="config.yaml", mode=0o600):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        return str(file)

    return write


def read(file, **environment):
    return load(file, environment, cron=lambda line: "" if len(line.split()) == 5 else "bad")


def mistakes(file, **environment):
    with pytest.raises(ConfigMistakes) as caught:
        read(file, **environment)
    return "\n".join(str(mistake) for mistake in caught.value.mistakes)


def test_a_short_file_is_enough_and_the_rest_has_defaults(write):
    config = read(write(GOOD)).config

    assert config.halo.base_url == "https://acme.halopsa.com/api"
    assert config.halo.client_secret.get_secret_value() == "halo-secret"
    assert config.halo.asset_name_fields == ("key_field", "inventory_number")
    assert config.autoelevate.base_url == "https://partner-api.autoelevate.com"
    assert config.brake.max_drop_percent == 20
    assert config.users is None


def test_the_example_file_loads_as_it_is(tmp_path):
    example = (Path(__file__).parents[3] / "config.example.yaml").read_text(encoding="utf-8")
    file = tmp_path / "config.yaml"
    file.write_text(example, encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    for name, text in {
        "halo-client-secret": "a",
        "autoelevate-key": "aeb_x",
        "smtp-password": "p",
    }.items():
        (tmp_path / "secrets" / name).write_text(text, encoding="utf-8")
        (tmp_path / "secrets" / name).chmod(0o600)

    config = read(str(file)).config

    assert config.mail is not None
    assert config.schedule.timezone == "Europe/Madrid"


def test_environment_beats_secret_file_beats_credentials_beats_yaml(write, tmp_path):
    file = write(GOOD)
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    name = "HALOSYNC_HALO__CLIENT_SECRET"
    (credentials / name).write_text("from systemd\n", encoding="utf-8")
    systemd = {"CREDENTIALS_DIRECTORY": str(credentials)}

    assert read(file).config.halo.client_secret.get_secret_value() == "halo-secret"
    assert read(file, **systemd).config.halo.client_secret.get_secret_value() == "from systemd"
    loaded = read(file, **systemd, **{name: "from env"})
    assert loaded.config.halo.client_secret.get_secret_value() == "from env"


def test_a_secret_file_is_read_without_its_last_line_break(write):
    write("in a file\r\n", name="halo-secret")
    file = write(GOOD.replace("client_secret: halo-secret", "client_secret_file: halo-secret"))

    assert read(file).config.halo.client_secret.get_secret_value() == "in a file"


def test_the_environment_is_read_as_each_key_wants_it(write):
    config = read(
        write(GOOD),
        HALOSYNC_HALO__TENANT="007",
        HALOSYNC_HALO__REQUESTS_PER_5_MINUTES="100",
        HALOSYNC_HALO__EXCLUDE_INTERNAL="false",
        HALOSYNC_HALO__ASSET_NAME_FIELDS="[inventory_number]",
        HALOSYNC_REPORT__RECIPIENTS='[{"to": ["a@example.com"]}]',
        HALOSYNC_MAIL="{host: mail.example.com, sender: h@example.com}",
        HALOSYNC_LOG_JSON="1",
    ).config

    assert config.halo.tenant == "007"
    assert config.halo.requests_per_5_minutes == 100
    assert config.halo.exclude_internal is False
    assert config.halo.asset_name_fields == ("inventory_number",)
    assert config.report.recipients[0].to == ("a@example.com",)


def test_yaml_takes_values_from_the_environment_by_name(write):
    text = GOOD + "run_deadline_minutes: ${MINUTES}\n"
    for value, name in {"halo-secret": "VAULTED", "11111111": "PART", "aeb_bearer": "KEY"}.items():
        text = text.replace(value, f"${{{name}}}")
    file = write(text, mode=0o644)  # it holds no secret any more

    config = read(file, VAULTED="s3", PART="9", MINUTES="90", KEY="aeb_1").config

    assert config.halo.client_secret.get_secret_value() == "s3"
    assert config.halo.client_id.get_secret_value() == "9-aaaa"
    assert config.run_deadline_minutes == 90


def test_a_doubled_dollar_keeps_the_text(write):
    file = write(GOOD.replace("halo-secret", "pa$${ss}word"))

    assert read(file).config.halo.client_secret.get_secret_value() == "pa${ss}word"


def test_the_environment_alone_can_configure_everything(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    config = read(
        None,
        HALOSYNC_HALO__BASE_URL="https://acme.halopsa.com",
        HALOSYNC_HALO__CLIENT_ID="1",
        HALOSYNC_HALO__CLIENT_SECRET="2",
        HALOSYNC_AUTOELEVATE__KEY="aeb_3",
        HALOSYNC_REPORT__POLICY="changes",
    ).config

    assert config.report.policy == "changes"


def test_no_file_at_all_says_where_it_was_looked_for(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"no configuration file at .*config\.yaml") as caught:
        read(str(tmp_path / "config.yaml"))

    assert caught.value.exit_code is Exit.CONFIG
    assert "--config" in caught.value.hint


def test_halosync_config_names_the_file(write, monkeypatch, tmp_path):
    file = write(GOOD, name="elsewhere.yaml")
    monkeypatch.chdir(tmp_path)

    assert read(None, HALOSYNC_CONFIG=file).config.report.policy == "always"


def test_relative_paths_start_at_the_file(write, tmp_path, monkeypatch):
    file = write(GOOD + "state_dir: ./here\n")
    monkeypatch.chdir("/")

    assert read(file).config.state_dir == tmp_path / "here"


def test_a_secret_in_a_file_that_others_may_read_is_refused(write):
    said = mistakes(write(GOOD, mode=0o640))

    assert "holds halo.client_secret, autoelevate.key" in said
    assert "chmod 600" in said


def test_a_secret_file_that_others_may_read_is_refused(write):
    write("secret", name="key", mode=0o644)
    file = write(GOOD.replace("key: aeb_bearer", "key_file: key"))

    said = mistakes(file)

    assert "autoelevate.key: holds a secret" in said


def test_read_only_mounts_may_be_allowed(write):
    file = write(GOOD + "allow_readable_secrets: true\n", mode=0o644)
    other = write(GOOD, name="other.yaml", mode=0o644)

    assert read(file).config.allow_readable_secrets
    assert read(other, HALOSYNC_ALLOW_READABLE_SECRETS="true").config.allow_readable_secrets


def test_the_fingerprint_ignores_secrets_and_nothing_else(write):
    one = read(write(GOOD)).config
    rotated = read(write(GOOD), HALOSYNC_HALO__CLIENT_SECRET="other").config
    changed = read(write(GOOD), HALOSYNC_HALO__TENANT="other").config

    assert fingerprint(one) == fingerprint(rotated)
    assert fingerprint(one) != fingerprint(changed)


def test_what_is_shown_holds_no_secret_and_names_every_origin(write):
    loaded = read(write(GOOD), HALOSYNC_HEARTBEAT__OK="https://hc.example.com/uuid-uuid")
    rows = {key: (value, origin) for key, value, origin in effective(loaded)}

    assert rows["halo.client_secret"][0] == "**********"
    assert rows["halo.client_secret"][1].endswith("config.yaml:5")
    assert rows["heartbeat.ok"] == ("**********", "environment HALOSYNC_HEARTBEAT__OK")
    assert rows["linking.exact"] == ("text", "default")


def test_every_secret_is_known_for_redaction_with_the_telling_parts_of_addresses(write):
    config = read(
        write(GOOD), HALOSYNC_HALO__PROXY="http://user-name:pass-word@proxy.example.com:3128"
    ).config

    known = secrets(config)

    assert {"halo-secret", "aeb_bearer", "11111111-aaaa", "pass-word", "user-name"} <= set(known)
    assert not any(secret in repr(config) for secret in known)


def test_a_password_in_an_address_is_known_as_it_is_sent_and_a_key_in_its_path_by_itself(write):
    proxy, beat = "http://u:p%2Fss%25word@p.example:1", "https://ping.example/0b61d068-56b9-3dbd/ok"
    places = {"HALOSYNC_HALO__PROXY": proxy, "HALOSYNC_HEARTBEAT__OK": beat}
    config = read(write(GOOD), **places).config

    assert {"p/ss%word", "p%2Fss%25word", "0b61d068-56b9-3dbd"} <= set(secrets(config))
