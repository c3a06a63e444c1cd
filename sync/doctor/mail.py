"""The way out: whether the mail server lets us in, and, if asked for, takes a test mail."""

from collections.abc import Iterator

from sync.doctor.case import Attempt, Case, Post
from sync.doctor.checks import Check, Part, Status
from sync.errors import Exit, SyncError


def mail_checks(case: Case, *, send_test: bool) -> Iterator[Check]:
    post = case.post
    if not post.transport:
        yield Check(Part.MAIL, "mail", Status.WARNING, why="none")
        return
    if not post.recipients:
        yield Check(Part.MAIL, "recipients", Status.WARNING)
    knocked = _tried("mail", post, post.knock)
    yield knocked
    if send_test and knocked.status is Status.OK:
        yield _tried("test-mail", post, post.send)


def _tried(code: str, post: Post, attempt: Attempt | None) -> Check:
    facts = (("where", post.where), ("n", post.recipients))
    if attempt is None:
        return Check(Part.MAIL, code, Status.UNREADABLE, why=post.transport, facts=facts)
    try:
        attempt()
    except SyncError as error:
        return Check(
            Part.MAIL,
            code,
            Status.FAILED,
            facts=(*facts, ("hint", error.hint)),
            detail=str(error),
            tonight=Exit.MAIL_NOT_ACCEPTED if post.recipients else Exit.OK,
        )
    return Check(Part.MAIL, code, Status.OK, why=post.transport, facts=facts)
