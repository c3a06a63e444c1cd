"""The `flags` section: AutoElevate's "Linked to Ticketing System" columns, brought by hand."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from sync.config.fields import Encoding, Place, Text, wrong
from sync.config.section import Section


class FlagColumns(Section):
    """The headers that may stand over each column; the first one found is taken."""

    name: tuple[Text, ...] = ("Name", "Company", "Computer", "Machine Name", "Nombre", "Empresa")
    company: tuple[Text, ...] = ("Company", "Company Name", "Empresa")
    email: tuple[Text, ...] = ("Email", "E-mail", "Email Address", "Correo electrónico")
    linked: tuple[Text, ...] = (
        "Linked to Ticketing System",
        "Linked",
        "Vinculado al sistema de tickets",
    )


class Flags(Section):
    """One CSV or XLSX file for each grid of the portal that somebody copies out."""

    companies: Place | None = None
    locations: Place | None = None
    computers: Place | None = None
    users: Place | None = None
    columns: FlagColumns = FlagColumns()
    encoding: Encoding = "utf-8"
    final_line_break: bool = True
    max_age_days: Annotated[int, Field(ge=1)] = 35
    """An older file says nothing."""

    @model_validator(mode="after")
    def _any(self) -> Self:
        if not (self.companies or self.locations or self.computers or self.users):
            raise wrong("names no file", "name one: companies, locations, computers or users")
        return self
