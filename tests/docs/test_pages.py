"""What the pages say is so: links lead somewhere, commands exist, every message is explained."""

import re
from pathlib import Path

import pytest

from sync.cli.entry import VERBS, halosync
from sync.doctor.halo_login import SCOPES
from sync.doctor.rights import RIGHTS
from sync.sources.causes import Cause
from sync.words import causes

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
LABELS = [
    "Authentication Method", "Login Type", "Agent to log in as", "Is an API-only Agent",
    "Can be assigned to", "Can view Unassigned Tickets for this Team",
    "Can view Tickets assigned to other Agents in this Team", "Membership Level", "View All",
    "Linked to Ticketing System", *(right.label for right in RIGHTS),
]  # fmt: skip
SPANISH = [
    "Método de autenticación", "Tipo de inicio de sesión", "El agente para iniciar sesión",
    "Puede asignarse a", "Puede ver los tickets no asignados para este equipo",
    "Puede ver los tickets asignados a otros agentes en este equipo", "Nivel de membresía",
    "Nivel de acceso a los tickets", "Nivel de acceso del cliente", "Ver (solo nombres)",
    "Nivel de acceso a los activos", "Puede agregar nuevos tickets",
    "Puede ver tickets no asignados", "Puede ver los tickets asignados a otros agentes",
    "Puede reasignar tickets",
    "Puede asignar a agentes en equipos de los que el agente no es miembro",
    "Pueden editar tickets que no les están asignados",
    "Siempre se pueden actualizar los estados de los tickets y reasignarlos fuera de las acciones",
    "Vinculado al sistema de tickets",
]  # fmt: skip


def read(name):
    """A page as running text: wrapped lines joined."""
    return re.sub(r"\s*\n(?![\n|#-])", " ", (ROOT / "docs" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_that_are_there(page):
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(((?!https?:)[^)#]+)", text)

    assert [t for t in targets if not (page.parent / t).exists()] == []


def typed(text):
    """Every command in a code block or a code span, as (verb, the rest of its line)."""
    blocks = re.findall(r"^ *```[a-z]*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(
        r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    )
    for line in (*spans, *(line for block in blocks for line in block.splitlines())):
        found = re.search(r"(?:^|bin/|\$ |  )halosync ([a-z]+)([^#]*)", line)
        if found:
            yield found.groups()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_pages_exist_with_their_options(page):
    for verb, rest in typed(page.read_text(encoding="utf-8")):
        assert verb in VERBS, f"halosync {verb}"
        words = rest.split()
        command = halosync.get_command(None, verb)
        if hasattr(command, "commands") and words and words[0] in command.commands:
            command = command.commands[words[0]]
        known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        asked = {w.partition("=")[0] for w in words if re.fullmatch(r"--[a-z-]+(=.*)?", w)}
        assert asked <= known, f"halosync {verb} {rest}"


@pytest.mark.parametrize("label", LABELS)
def test_both_set_up_pages_name_every_box_of_the_checklist(label):
    assert label.casefold() in read("set-up.md").casefold()
    assert label.casefold() in read("set-up.es.md").casefold()


@pytest.mark.parametrize("label", SPANISH)
def test_the_spanish_page_uses_the_articles_words(label):
    assert label in read("set-up.es.md")


@pytest.mark.parametrize("page", ["set-up.md", "set-up.es.md"])
def test_the_set_up_pages_name_the_scopes_we_ask_for(page):
    text = read(page)

    assert all(f"`{scope}`" in text for scope in SCOPES)
    assert all(f"`{scope}`" in text for scope in ("companyView", "locationView", "computerView"))
    assert "`requestEdit`" not in text


@pytest.mark.parametrize("cause", list(Cause), ids=lambda cause: cause.value)
def test_every_cause_is_explained_with_what_to_do(cause):
    text = read("troubleshooting.md")

    assert f"`{cause.value}`" in text
    assert str(causes.CAUSES[cause.value]) in text
    assert causes.REMEDIES.get(cause.value, "halosync bundle") in text
