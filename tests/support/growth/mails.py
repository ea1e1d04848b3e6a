"""Families give addresses, confirm them, are sent hints, and some come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

from application.checks.key_tables import school_keys
from application.domain.draft import Visitor
from application.domain.ids import Owner
from application.form import ApplicationForm, DraftChange
from application.store import SqlStore
from application.store.figures import show_figures
from application.web.mail_templates import MAIL_TEMPLATES
from application.workflow import MailOffice, workflow_on
from application.workflow.mails.giving import GivenAddress
from application.workflow.mails.hints import draw_consequences
from shared.database import Database
from shared.events import EligibilityDeliveryChanged
from shared.mail import MailAddress, MailSender, MailSending, MailState, MailTerms
from shared.mail.return_paths import ReturnPaths
from shared.mail.sending import Outcome, end_mail
from shared.mail.smtp import MailAnswer, Reply, SmtpConnection, Submission

OFFICE = MailOffice("https://antrag.example", bytes(32))
SENDER = MailSender(MailAddress.parse("noreply@amt.example"), "Schulticket")
PATHS = ReturnPaths(MailAddress.parse("zurueck@amt.example"), bytes(32))
TERMS = MailTerms(SENDER, PATHS, timedelta(hours=48), MAIL_TEMPLATES)


class Taking(SmtpConnection):
    """Of a server that takes all but what goes to `busy@…`."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def send(self, message: EmailMessage, return_path: str, to: MailAddress) -> Reply:
        body = message.get_body(("plain",))
        assert body is not None
        self.tokens += [line.rpartition("/")[2] for line in str(body.get_content()).splitlines() if "/emails/" in line]
        return Reply(MailAnswer.LATER, "450 4.2.0") if to.local == "busy" else Reply(MailAnswer.TAKEN)


@dataclass(frozen=True)
class NoServer(Submission):
    """What is sent ends here. `tokens`: of the links that ask."""

    tokens: tuple[list[str], ...] = ()

    @contextmanager
    def connected(self, our_name: str) -> Iterator[SmtpConnection]:
        yield Taking(self.tokens[0])


async def work_of_mails(database: Database[SqlStore], form: dict[str, object]) -> None:
    """Some rest at the end, of each kind."""
    workflow, now, tokens = workflow_on(database, school_keys(), office=OFFICE), datetime.now(UTC), list[str]()
    submission = NoServer("localhost", 25, "none", tokens=(tokens,))
    sending = MailSending(database, submission, TERMS, lambda: now, draw_consequences)
    for number, name in enumerate(("anna", "busy")):
        owner, link = (
            Owner(f"parent-with-mail-00000{number}"),
            await workflow.drafts.begin(None, DraftChange.of(form), now),
        )
        visitor, given = Visitor(token=link.token), GivenAddress(f"{name}-draft@example.org", "de")
        await workflow.contacts.give_for_draft(visitor, link.draft.id, given, now)
        guardian = {"last_name": "Muster", "email": f"{name}@example.org"}
        told = ApplicationForm.model_validate(form | {"guardian": guardian}, strict=False)
        made = await workflow.applications.submit(owner, f"mail-number-00000000{number}", told, now)
        await sending.work()
        for token in tokens:
            await workflow.contacts.confirm(token, now)
        await workflow.contacts.want_hints(owner, made.id, wants=True)
        await workflow.contacts.of_application(made.id)
        event = EligibilityDeliveryChanged(
            occurred_at=now, authority_id=made.authority_id, application_id=made.id, dispatch_id=uuid4(),
            decision_id=uuid4(), step=1, recipient=0, channel="portal", state="provided",
        )  # fmt: skip
        await database.write(await workflow.hints.record(event))
        await sending.work()
    await workflow.contacts.ask_again(owner, made.id, now)
    await workflow.reminders.remind(now + timedelta(days=23, minutes=1))
    await workflow.contacts.forget_asked(now)
    database.write_now(
        lambda store: end_mail(store, draw_consequences, Outcome(UUID(int=1), MailState.REFUSED, ""), now)
    )
    database.read_now(lambda store: show_figures(store, now))
