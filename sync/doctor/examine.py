"""The checklist from top to bottom."""

from collections.abc import Iterator

from sync.doctor import ae_agent, ae_application, autoelevate, budget, files, halo_lists, mail
from sync.doctor.case import Case
from sync.doctor.checks import Check
from sync.doctor.halo_login import log_in
from sync.doctor.halo_tickets import ticket_checks
from sync.doctor.host import host_checks
from sync.doctor.sizes import Sizes, compared


def examine(case: Case, *, send_test: bool = False) -> Iterator[Check]:
    """Yield every line as soon as it is known."""
    sizes = Sizes(dict(case.known))
    yield from host_checks(case)
    api = yield from log_in(case)
    if api is not None:
        people = yield from halo_lists.list_checks(case, api, sizes)
        yield from ticket_checks(case, api, sizes)
        application = yield from ae_application.application_checks(api, case)
        yield from ae_agent.agent_checks(api, case, people, application)
    yield from autoelevate.key_checks(case, sizes)
    yield from compared(sizes)
    yield from files.file_checks(case)
    yield from budget.budget_checks(case, sizes)
    yield from mail.mail_checks(case, send_test=send_test)
