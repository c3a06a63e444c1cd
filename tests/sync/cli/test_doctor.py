"""`halosync doctor` as it is typed: text, JSON, exit codes, and nothing secret on either."""

import pytest

from sync.errors import Exit
from sync.sandbox.switches import HaloSwitches
from sync.sandbox.verbs import NarrowVisibility, Status


def test_the_doctor_names_what_it_looked_at_and_how_tonight_would_end(home):
    code, out, _ = home.type("doctor")

    assert code == Exit.OK
    assert "ok        Permission read:customers: granted" in out
    assert "(Halo: Configuration > Integrations > HaloPSA API > Applications > Auto" in out
    assert "-> tab Permissions: tick edit:tickets" in out
    assert out.endswith("Tonight’s run would be published and delivered (exit code 0).\n")


def test_a_wrong_secret_ends_as_tonight_would(home):
    text = home.config.read_text()
    secret = next(line for line in text.splitlines() if "client_secret" in line)
    home.config.write_text(text.replace(secret, "  client_secret: wrong-secret-0815"))

    code, out, err = home.type("doctor")

    assert code == Exit.SOURCE_DOWN
    assert "FAILED    Client ID and Secret (Services)" in out
    assert "wrong-secret-0815" not in out + err


def test_a_broken_configuration_is_told_before_anybody_is_asked(sandbox, home):
    home.config.write_text("halo: {tenant: NO}\n")
    before = len(sandbox.requests)

    code, _, err = home.type("doctor")

    assert code == Exit.CONFIG
    assert "config.yaml:1" in err
    assert len(sandbox.requests) == before


def test_machines_get_the_same_lines_as_a_document(home):
    code, told = home.ask("doctor")

    assert (code, told["exit_code"]) == (0, 0)
    by_code = {(check["code"], check["of"]): check for check in told["checks"]}
    assert by_code["scope", "read:assets"]["status"] == "ok"
    assert by_code["ae-scope", "edit:tickets"]["click"] == "tab Permissions: tick edit:tickets"


def test_a_test_mail_arrives_only_when_asked_for(sandbox, home):
    home.type("doctor")
    assert sandbox.inbox.mails == []

    home.type("doctor", "--send-test")

    assert [mail.recipients for mail in sandbox.inbox.mails] == [("admin@msp.example",)]


def test_a_test_mail_that_is_refused_is_tonights_exit_code(sandbox, home):
    sandbox.inbox.faults.codes["rcpt"] = "550 no such user"
    code, out, _ = home.type("doctor", "--send-test")
    sandbox.inbox.faults.codes.clear()

    assert code == Exit.MAIL_NOT_ACCEPTED
    assert "550 no such user" in out


def test_after_a_night_the_doctor_knows_how_long_the_lists_were(sandbox, home):
    assert home.type("run")[0] == Exit.OK
    sandbox.faults.on("halo.sites", Status(200, b'{"record_count":1,"sites":[{"id":20}]}'))

    code, out, _ = home.type("doctor")

    assert code == Exit.BRAKE
    assert "Length of Halo sites: 1 now" in out


HALO_LISTS = ("halo.clients", "halo.sites", "halo.assets", "halo.agents")
AE_LISTS = ("ae.companies", "ae.locations", "ae.computers")
NOBODY = NarrowVisibility(frozenset())


REFUSALS = [
    *((endpoint, Status(403, b"{}")) for endpoint in (*HALO_LISTS, *AE_LISTS)),
    ("halo.token", Status(401, b'{"error":"invalid_client"}')),
    ("halo.assettypes", Status(403)),
    ("halo.agents.me", Status(403)),
    ("ae.computers", Status(401, b"{}")),
    ("ae.usage", Status(403, b"{}")),
]
EMPTIED = [(endpoint, NOBODY) for endpoint in (*HALO_LISTS[:3], *AE_LISTS)]


@pytest.mark.parametrize(
    ("endpoint", "verb", "nights"),
    [*((*fault, 0) for fault in (*REFUSALS, *EMPTIED)), *((*fault, 1) for fault in EMPTIED)],
)
def test_the_doctors_exit_code_is_the_nights(sandbox, home, endpoint, verb, nights):
    sandbox.halo.configure(sandbox.halo.switches)  # fresh quotas
    sandbox.autoelevate.configure(sandbox.autoelevate.switches)
    for _ in range(nights):
        assert home.type("run")[0] == Exit.OK
    sandbox.faults.on(endpoint, verb)

    doctor = home.type("doctor")[0]
    night = home.type("run", "--dry-run")[0]

    assert doctor == night


@pytest.mark.parametrize("lists", [HALO_LISTS, AE_LISTS])
def test_a_system_that_refuses_every_list_is_missing_as_a_whole(sandbox, home, lists):
    sandbox.halo.configure(sandbox.halo.switches)
    sandbox.autoelevate.configure(sandbox.autoelevate.switches)
    for endpoint in lists:
        sandbox.faults.on(endpoint, Status(403, b"{}"))

    codes = home.type("doctor")[0], home.type("run", "--dry-run")[0]

    assert codes == (Exit.SOURCE_DOWN, Exit.SOURCE_DOWN)


def test_a_login_that_sees_no_agents_costs_the_night_its_technicians(sandbox, home):
    sandbox.autoelevate.configure(sandbox.autoelevate.switches)
    sandbox.halo.configure(HaloSwitches(default_team=False))

    codes = home.type("doctor")[0], home.type("run", "--dry-run")[0]
    sandbox.halo.configure(HaloSwitches())

    assert codes == (Exit.BRAKE, Exit.BRAKE)


def test_the_doctor_leaves_no_trace(home):
    before = sorted(home.folder.rglob("*"))

    home.type("doctor")

    assert sorted(home.folder.rglob("*")) == before


def test_the_doctor_speaks_spanish_with_both_labels(home):
    _, out, _ = home.type("doctor", "--language", "es")

    assert "Puede asignarse a [Can be assigned to]: activado para 1st Line" in out
    assert "-> pestaña Permisos [Permissions]: marque edit:tickets" in out
    assert "se publicaría y se entregaría" in out


@pytest.mark.parametrize("who", ["3", "autoelevate@msp.example"])
def test_autoelevates_agent_can_be_named(home, who):
    assert "AutoElevate Integration (id 3)" in home.type("doctor", "--agent", who)[1]
