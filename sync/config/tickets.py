"""The `ticket_evidence` section: which of Halo's tickets prove that AutoElevate is linked."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from sync.config.fields import Text, wrong
from sync.config.section import Section


class TicketEvidence(Section):
    """Who makes AutoElevate's tickets in Halo, or of which type they are; or both."""

    agent: Text | None = None
    ticket_type: Text | int | None = None
    """Its name, or its id."""
    days: Annotated[int, Field(ge=1, le=90)] = 30
    """An older ticket proves nothing."""

    @model_validator(mode="after")
    def _any(self) -> Self:
        if self.agent is None and self.ticket_type is None:
            raise wrong(
                "names neither an agent nor a ticket type",
                "name AutoElevate's agent in Halo, a ticket type that nothing else uses, or both",
            )
        return self
