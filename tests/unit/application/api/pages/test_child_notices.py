"""A family's notice: opened by its own button after signing in, and until when an action can be brought."""

import html
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

import pytest
from application.domain.ids import ApplicationId, Owner
from application.domain.people import InvitationKind
from application.workflow.deliveries.retrieval import Retrievals
from shared.errors import Forbidden, NotFound, Unavailable
from shared.events import (
    ApplicationHintFailed,
    ApplicationNoticeRetrieved,
)
from shared.questions import NoticeAccessQuestion, Question, Reply
from support.application.family_pages import FamilyPlace
from support.outbox import told

DECISION = UUID(int=5)
URL = "https://bescheid.example/v1/notices/b?access=1780000000.ab"


@dataclass
class EligibilityThere:
    """Implements Asks: eligibility, which gives a link for the decision that it knows. `away`: nobody answers."""

    away: bool = False
    asked: list[Question] = field(default_factory=list)

    async def ask(self, question: Question, answer: type[Reply]) -> Reply | None:
        assert isinstance(question, NoticeAccessQuestion)
        self.asked.append(question)
        return None if self.away else answer(url=URL if question.decision_id == DECISION else None)


def with_eligibility(place: FamilyPlace) -> EligibilityThere:
    there = EligibilityThere()
    retrievals = Retrievals(place.database, there)  # type: ignore[arg-type]
    object.__setattr__(place.workflow, "retrievals", retrievals)
    return there


async def page_of(place: FamilyPlace, one: UUID, language: str = "de") -> str:
    return html.unescape((await (await place.family()).get(f"/family/applications/{one}?language={language}")).text)


async def test_a_notice_is_opened_by_a_button_and_its_first_retrieval_is_told_once(place: FamilyPlace) -> None:
    there = with_eligibility(place)
    one = await place.applied()
    await place.granted(one)
    browser = await place.family()
    path = f"/family/applications/{one}"
    page = (await browser.get(path)).text
    assert f'action="{path}/notices/{DECISION}/retrieval"' in page and not there.asked, "looking is no retrieval"
    for _ in range(2):
        opened = await browser.send(page, f"{path}/notices/{DECISION}/retrieval")
        assert opened.status_code == 200 and URL in html.unescape(opened.text)
    (said,) = told(place.database, ApplicationNoticeRetrieved)
    assert (said.application_id, said.decision_id, said.retrieved_at) == (one, DECISION, place.clock[0])
    assert "Sie haben den Bescheid geöffnet." in await page_of(place, one)


async def test_a_notice_that_cannot_be_opened_counts_as_retrieved_by_nobody(place: FamilyPlace) -> None:
    there = with_eligibility(place)
    one = ApplicationId(await place.applied())
    retrieve = place.workflow.retrievals.retrieve
    with pytest.raises(NotFound):
        await retrieve(Owner("parent-1"), one, DECISION, place.clock[0])
    await place.granted(one)
    with pytest.raises(NotFound):
        await retrieve(Owner("parent-2"), one, DECISION, place.clock[0])
    with pytest.raises(NotFound):
        await retrieve(Owner("parent-1"), one, uuid4(), place.clock[0])
    assert not there.asked
    there.away = True
    with pytest.raises(Unavailable):
        await retrieve(Owner("parent-1"), one, DECISION, place.clock[0])
    assert told(place.database, ApplicationNoticeRetrieved) == []


async def test_the_page_says_until_when_an_action_can_be_brought_or_that_the_period_does_not_run(
    place: FamilyPlace,
) -> None:
    one = await place.applied()
    await place.granted(one)
    assert "klagen" not in await page_of(place, one), "nothing is said of a notice of before"
    await place.delivered(one, 1, "provided")
    assert "Die Klagefrist läuft noch nicht." in await page_of(place, one)
    await place.delivered(one, 2, "announced", retrieve_until=date(2026, 6, 11))
    assert "Bitte öffnen Sie ihn bis zum 11.06.2026." in await page_of(place, one)
    await place.delivered(one, 4, "posted", "post", notified=date(2026, 6, 19), last_day=date(2026, 7, 20))
    await place.delivered(one, 3, "lapsed")  # heard late
    shown = await page_of(place, one)
    assert "Als Tag der Bekanntgabe gilt der 19.06.2026." in shown, "on whichever side of that day it is read"
    assert (
        "Der letzte Tag für eine Klage ist der 20.07.2026." in shown and "Der Bescheid ist zur Post gegeben." in shown
    )
    assert "The last day for an action is 20 July 2026." in await page_of(place, one, "en")
    await place.delivered(one, 5, "returned", "post")
    shown = await page_of(place, one)
    assert "klagen. Als" not in shown and "kam zurück" in shown


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"administrative_act": False, "state": "queued", "channel": "post"}, "läuft keine Klagefrist"),
        ({"recipient": 1, "state": "posted", "channel": "post", "last_day": date(2026, 7, 20)}, ""),
    ],
)
async def test_a_letter_has_no_period_and_another_guardians_is_not_shown(
    place: FamilyPlace, more: dict[str, object], said: str
) -> None:
    one = await place.applied()
    await place.granted(one)
    await place.delivered(one, 1, **more)  # type: ignore[arg-type]
    shown = await page_of(place, one)
    assert said in shown and "20.07.2026" not in shown


async def test_where_nothing_is_mailed_the_hint_has_failed_at_once(place: FamilyPlace) -> None:
    one = await place.applied()
    await place.granted(one)
    await place.delivered(one, 1, "queued", "post")
    assert told(place.database, ApplicationHintFailed) == []
    await place.delivered(one, 2, "provided")
    (failed,) = told(place.database, ApplicationHintFailed)
    assert (failed.reason, failed.dispatch_id) == ("no_transport", UUID(int=9))


async def test_who_helps_retrieves_nothing(place: FamilyPlace) -> None:
    with_eligibility(place)
    one = ApplicationId(await place.applied())
    await place.granted(one)
    people, now = place.workflow.people, place.clock[0]
    invitation = await people.invite(Owner("parent-1"), one, InvitationKind.HELPER, now)
    await people.accept(Owner("parent-2"), invitation.token, "Oma", now)
    with pytest.raises(Forbidden):
        await place.workflow.retrievals.retrieve(Owner("parent-2"), one, DECISION, now)
