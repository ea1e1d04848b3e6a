"""What a family is told by e-mail, on a real server: only after a click, only hints, and what follows where one fails."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from application.checks import SchoolKeys
from application.domain.draft import Visitor
from application.domain.ids import ApplicationId, Owner
from application.form import EXAMPLE, DraftChange
from application.store import SqlStore
from application.workflow import MailOffice, Workflow, workflow_on
from application.workflow.mails.giving import GivenAddress
from shared.database import Database
from shared.errors import Conflict, NotFound
from shared.events import ApplicationHintFailed, ApplicationHintSent, EligibilityDeliveryChanged
from support.application.family_pages import FamilyPlace, family_place
from support.application.form_pages import forms_of
from support.application.mailing import DISPATCH, OFFICE, PostRoom, post_room, token_of
from support.outbox import told

ZOE, PARENT = "zoe@example.org", Owner("parent-1")
SECRETS = ("Zoe", "Max", "Muster", "168890", "Gymnasium", "2026/27", "Bescheid", "notice", "Ticket", "ticket")


@dataclass
class Family:
    place: FamilyPlace
    post: PostRoom
    workflow: Workflow

    async def applied(self, owner: str = PARENT, **changes: object) -> ApplicationId:
        return ApplicationId(await self.place.applied(owner, **changes))

    async def confirmed(self) -> ApplicationId:
        """An application, and the click."""
        one = await self.applied()
        (mail,) = await self.post.send()
        await self.workflow.contacts.confirm(token_of(mail), self.now)
        return one

    async def provided(self, one: ApplicationId, **changes: object) -> None:
        event = {
            "occurred_at": self.now, "authority_id": "10261", "application_id": one, "dispatch_id": DISPATCH,
            "decision_id": UUID(int=9), "step": 1, "recipient": 0, "channel": "portal", "state": "provided",
        }  # fmt: skip
        await self.place.hear(EligibilityDeliveryChanged(**(event | changes)))

    def failed(self) -> list[str]:
        return [each.reason for each in told(self.place.database, ApplicationHintFailed)]

    def sent(self) -> int:
        return len(told(self.place.database, ApplicationHintSent))

    @property
    def now(self) -> datetime:
        return self.place.clock[0]


@pytest.fixture
def office() -> MailOffice | None:
    return OFFICE


@pytest.fixture
async def family(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime, tmp_path: Path, office: MailOffice | None
) -> AsyncIterator[Family]:
    workflow = workflow_on(database, keys, office=office)
    place = family_place(workflow, database, now)
    with post_room(database, tmp_path, place.clock) as post:
        yield Family(place, post, workflow)


async def test_before_the_click_nothing_goes_to_an_address_but_the_question_whether_it_is_right(family: Family) -> None:
    one = await family.applied()
    await family.place.asked(one, date(2026, 7, 1))
    await family.place.granted(one)
    await family.provided(one)
    (mail,) = await family.post.send()
    assert mail.to == ZOE and mail.message["Subject"] == "Bitte bestätigen Sie Ihre E-Mail-Adresse"
    assert family.failed() == ["no_address"] and family.sent() == 0


async def test_after_the_click_each_hint_goes_once_and_says_nothing(family: Family) -> None:
    one = await family.confirmed()
    for _ in range(2):  # told again, it goes once
        await family.place.asked(one, date(2026, 7, 1))
        await family.place.granted(one)
        await family.provided(one)
    mails = await family.post.send()
    assert sorted(each.message["Subject"] for each in mails) == [
        "Im Portal liegt ein Dokument für Sie bereit",
        "Im Portal liegt etwas Neues für Sie bereit",
        "Im Portal wartet eine Frage auf Ihre Antwort",
    ]
    for mail in mails:
        assert mail.link == "http://antrag.test/family"
        shown = mail.text() + mail.text("html") + str(mail.message["Subject"]) + str(mail.message["From"])
        assert [word for word in SECRETS if word in shown.replace("Schulticket", "")] == []
        assert str(one) not in mail.content.decode()
    assert (family.sent(), family.failed()) == (1, [])


async def test_the_click_counts_for_a_sibling_with_the_same_address_of_the_same_account(family: Family) -> None:
    await family.confirmed()
    family.place.clock[0] += timedelta(minutes=1)
    two = await family.applied(pupil=EXAMPLE["pupil"] | {"first_name": "Ida"})
    assert family.post.waiting() == []
    await family.place.asked(two, date(2026, 7, 1))
    assert family.post.waiting() == ["question"]


async def test_two_children_with_one_address_are_asked_about_once(family: Family) -> None:
    ones = [await family.applied()]
    family.place.clock[0] += timedelta(minutes=1)
    ones.append(await family.applied(pupil=EXAMPLE["pupil"] | {"first_name": "Ida"}))
    (mail,) = await family.post.send()
    await family.workflow.contacts.confirm(token_of(mail), family.now)
    contacts = [await family.workflow.contacts.of_application(one) for one in ones]
    assert [each.state for each in contacts if each] == ["confirmed", "confirmed"]


async def test_the_click_of_one_account_does_not_count_for_another(family: Family) -> None:
    await family.confirmed()
    await family.applied(owner="parent-2")
    assert family.post.waiting() == ["confirm"]


async def test_an_address_that_is_named_often_gets_three_questions_a_day(family: Family) -> None:
    ones = [await family.applied(owner=f"parent-{number}") for number in range(6)]
    assert len(await family.post.send()) == 3
    with pytest.raises(Conflict):
        await family.workflow.contacts.ask_again(Owner("parent-5"), ones[5], family.now)
    family.place.clock[0] += timedelta(hours=25)
    await family.workflow.contacts.forget_asked(family.now)
    await family.workflow.contacts.ask_again(Owner("parent-5"), ones[5], family.now)
    assert len(await family.post.send()) == 1


async def test_a_link_expires_is_replaced_and_confirms_once(family: Family) -> None:
    one = await family.applied()
    (first,) = await family.post.send()
    await family.workflow.contacts.ask_again(PARENT, one, family.now)
    (second,) = await family.post.send()
    contacts = family.workflow.contacts
    for token in (token_of(first), "x" * 22, "x" * 500, "ü", ""):
        with pytest.raises(NotFound):
            await contacts.confirm(token, family.now)
    with pytest.raises(NotFound):
        await contacts.confirm(token_of(second), family.now + timedelta(days=7))
    await contacts.confirm(token_of(second), family.now)
    await contacts.confirm(token_of(second), family.now)
    contact = await contacts.of_application(one)
    assert contact is not None and contact.confirmed_at == family.now


@pytest.mark.parametrize("reply", ["550 5.1.1 unknown", "552 5.2.2 full"])
async def test_a_mailbox_that_refuses_is_told_to_eligibility_and_gets_nothing_more(family: Family, reply: str) -> None:
    one = await family.confirmed()
    family.post.server.always[ZOE] = reply
    await family.provided(one)
    assert await family.post.send() == []
    assert (family.sent(), family.failed()) == (0, ["refused"])
    await family.place.asked(one, date(2026, 7, 1))
    await family.provided(one, dispatch_id=UUID(int=62))
    assert family.post.waiting() == []
    assert family.failed() == ["refused", "refused"]


async def test_a_hint_that_comes_back_days_later_is_told_after_it_was_sent(family: Family) -> None:
    one = await family.confirmed()
    await family.provided(one)
    (mail,) = await family.post.send()
    family.place.clock[0] += timedelta(days=3)
    await family.post.come_back(mail)
    await family.post.come_back(mail)
    (sent,), (failed,) = (
        told(family.place.database, ApplicationHintSent),
        told(family.place.database, ApplicationHintFailed),
    )
    assert (sent.dispatch_id, failed.dispatch_id, failed.reason) == (DISPATCH, DISPATCH, "bounced")
    assert failed.failed_at - sent.sent_at == timedelta(days=3)


async def test_what_comes_back_from_an_old_address_says_nothing_of_the_new_one(family: Family) -> None:
    one = await family.confirmed()
    await family.provided(one)
    (mail,) = await family.post.send()
    await change_address(family, one, "neu@example.org")
    (asks,) = await family.post.send()
    assert asks.to == "neu@example.org"
    await family.workflow.contacts.confirm(token_of(asks), family.now)
    await family.post.come_back(mail)
    contact = await family.workflow.contacts.of_application(one)
    assert contact is not None and contact.state == "confirmed" and family.failed() == ["bounced"]


async def test_a_server_that_is_away_for_two_days_is_not_the_familys_fault(family: Family) -> None:
    one = await family.confirmed()
    await family.provided(one)
    family.place.clock[0] += timedelta(hours=49)
    await family.post.send()
    assert family.failed() == ["no_transport"]
    contact = await family.workflow.contacts.of_application(one)
    assert contact is not None and contact.state == "confirmed"


async def test_who_stops_hints_still_hears_that_a_document_is_ready(family: Family) -> None:
    one = await family.confirmed()
    await family.workflow.contacts.want_hints(PARENT, one, wants=False)
    await family.place.asked(one, date(2026, 7, 1))
    await family.provided(one)
    assert family.post.waiting() == ["document"]
    await family.workflow.contacts.want_hints(PARENT, one, wants=True)
    await family.place.granted(one)
    assert sorted(family.post.waiting()) == ["document", "ticket"]


@pytest.mark.parametrize("changes", [{"state": "announced"}, {"state": "queued", "channel": "post"}])
async def test_other_steps_of_a_delivery_send_nothing(family: Family, changes: dict[str, object]) -> None:
    one = await family.confirmed()
    await family.provided(one, **changes)
    assert (family.post.waiting(), family.failed()) == ([], [])


async def test_the_other_guardian_has_no_address_here(family: Family) -> None:
    one = await family.confirmed()
    await family.provided(one, recipient=1)
    assert (family.post.waiting(), family.failed()) == ([], ["no_address"])


async def test_an_address_in_the_form_that_nobody_can_write_to_is_none(family: Family) -> None:
    one = await family.applied(guardian=EXAMPLE["guardian"] | {"email": "a..b@example.org"})
    assert family.post.waiting() == []
    await family.provided(one)
    assert family.failed() == ["no_address"]


async def test_a_family_that_is_erased_takes_its_mails_with_it(family: Family) -> None:
    one = await family.confirmed()
    await family.provided(one)
    await family.workflow.erasure.of_application(one, family.now)
    assert await family.post.send() == []


@pytest.mark.parametrize("office", [None])
async def test_where_nothing_is_mailed_nothing_waits_and_eligibility_hears_it(family: Family) -> None:
    one = await family.applied()
    await family.place.asked(one, date(2026, 7, 1))
    await family.provided(one)
    assert (family.post.waiting(), family.failed()) == ([], ["no_transport"])
    with pytest.raises(Conflict):
        await family.workflow.contacts.ask_again(PARENT, one, family.now)


async def test_a_draft_is_told_of_a_week_and_a_day_before_it_is_deleted_and_not_else(family: Family) -> None:
    link = await family.workflow.drafts.begin(None, DraftChange.of({"grade": "07"}), family.now)
    visitor, given = Visitor(token=link.token), GivenAddress("anna@example.org", "en")
    await family.workflow.contacts.give_for_draft(visitor, link.draft.id, given, family.now)
    silent = await family.workflow.drafts.begin(None, DraftChange.of({"grade": "07"}), family.now)
    await family.workflow.contacts.give_for_draft(
        Visitor(token=silent.token), silent.draft.id, GivenAddress("b@example.org", "de"), family.now
    )
    asks, _ = await family.post.send()
    await family.workflow.contacts.confirm(token_of(asks), family.now)
    days = []
    for day in range(1, 32):
        for hour in (1, 9, 17):
            family.place.clock[0] = link.draft.edited_at + timedelta(days=day, hours=hour)
            await family.workflow.reminders.remind(family.now)
            days += [(day, mail.to, mail.message["Subject"]) for mail in await family.post.send()]
            await family.workflow.drafts.forget(family.now)
    assert days == [(day, "anna@example.org", "What you have begun is deleted soon") for day in (23, 29)]


async def test_an_account_that_has_confirmed_an_address_hears_of_its_drafts_there(family: Family) -> None:
    await family.confirmed()
    await family.workflow.drafts.begin(PARENT, DraftChange.of({"grade": "07"}), family.now)
    family.place.clock[0] += timedelta(days=23, hours=1)
    await family.workflow.reminders.remind(family.now)
    (mail,) = await family.post.send()
    assert mail.to == ZOE


async def test_a_drafts_address_goes_on_with_its_application(family: Family) -> None:
    link = await family.workflow.drafts.begin(PARENT, DraftChange.of(EXAMPLE), family.now)
    visitor = Visitor(PARENT, link.token)
    await family.workflow.contacts.give_for_draft(visitor, link.draft.id, GivenAddress(ZOE, "de"), family.now)
    handed_in = await family.workflow.draft_submission.submit(PARENT, "key", link.token, link.draft.id, family.now)
    (mail,) = await family.post.send()
    await family.workflow.contacts.confirm(token_of(mail), family.now)
    contact = await family.workflow.contacts.of_application(handed_in.application.id)
    assert contact is not None and contact.state == "confirmed"


async def change_address(family: Family, one: ApplicationId, address: str) -> None:
    """On the page of the child."""
    browser = await family.place.family()
    path = f"/family/applications/{one}/change/name"
    (form,) = [each for each in forms_of((await browser.get(path)).text) if each.action == path]
    answer = await browser.http.post(path, data=form.fields | {"guardian_email": address})
    assert answer.status_code == 303, answer.text
