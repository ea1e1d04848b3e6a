"""The authority asks, the family answers or tells of a change: kept, told once, and only where it fits."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from application.store import SqlStore
from application.workflow import Workflow
from application.workflow.announce import announce
from application.workflow.reconcile import Reconciliation, What
from shared.bus import epochs
from shared.calendar import SchoolYear, day_in_berlin
from shared.database import Database
from shared.events import (
    ApplicationChanged,
    ApplicationHolderGiven,
    ApplicationSubmitted,
    EligibilityGranted,
    EligibilityMessageRead,
    EligibilityQuestionAsked,
    EligibilityRefused,
)
from shared.events.base import ApplicationEvent
from shared.questions import CaseOut, CasesReply, Question
from support.answers import Answer, as_asked
from support.json import mapping
from support.outbox import told as told_by
from support.outbox import told_again

Header = Callable[..., dict[str, str]]
Told = Callable[[], list[ApplicationEvent]]


@pytest.fixture
def told(database: Database[SqlStore]) -> Told:
    """The events of the outbox, without those of handing in."""
    kinds = ApplicationChanged, ApplicationSubmitted, ApplicationHolderGiven
    return lambda: told_by(database, *kinds)[2:]


def changes(told: Told) -> list[ApplicationChanged]:
    found = [each for each in told() if isinstance(each, ApplicationChanged)]
    assert len(found) == len(told()), "nothing but changes was told"
    return found


@pytest.fixture
async def application(http: httpx.AsyncClient, bearer: Header, body: dict[str, object]) -> str:
    """The path of an application of the present school year."""
    present = SchoolYear.of(day_in_berlin(datetime.now(UTC)))
    body |= {"school_year": str(present), "wanted_from": present.first_day.isoformat()}
    body |= {"consents": [{"text_id": "portal-notice", "version": "1"}]}
    headers = bearer() | {"Idempotency-Key": "key-12345678"}
    answer = await http.post("/v1/applications", content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["links"]["self"])


async def ask(workflow: Workflow, database: Database[SqlStore], path: str, due: date, *, hearing: bool = False) -> UUID:
    event = EligibilityQuestionAsked(
        occurred_at=datetime.now(UTC),
        authority_id="10261",
        application_id=UUID(path.rsplit("/", 1)[1]),
        question_id=uuid4(),
        case_id=uuid4(),
        text="Bitte senden Sie das Attest.",
        due=due,
        hearing=hearing,
    )
    for _ in range(2):  # told twice is one question
        database.write_now(await workflow.timeline.record(event))
    return event.question_id


async def test_a_question_is_shown_with_its_day_until_it_is_answered(
    http: httpx.AsyncClient,
    bearer: Header,
    workflow: Workflow,
    database: Database[SqlStore],
    application: str,
    told: Told,
) -> None:
    due = datetime.now(UTC).date() + timedelta(days=20)
    number = await ask(workflow, database, application, due)
    shown = (await http.get(application, headers=bearer())).json()
    (question,) = shown["questions"]
    assert (question["text_de"], question["due"], question["answered"], question["overdue"]) == (
        "Bitte senden Sie das Attest.", due.isoformat(), False, False,
    )  # fmt: skip
    assert f"{due:%d.%m.%Y}" in shown["status_text"]["de"]
    assert [each["kind"] for each in shown["timeline"]] == ["submitted", "question_asked"]
    body = {"question_id": str(number), "text": "Das Attest liegt bei der Schule."}
    for _ in range(2):  # sent twice is one answer
        after = await http.post(shown["links"]["answers"], json=body, headers=bearer())
        assert after.status_code == 200, after.text
    assert after.json()["questions"][0]["answered"]
    (changed,) = changes(told)
    assert isinstance(changed, ApplicationChanged)
    assert (changed.question_id, changed.answer, changed.change_number) == (number, body["text"], 1)
    assert changed.portal_notice


async def test_after_a_restore_a_change_takes_no_number_that_a_lost_one_had(
    http: httpx.AsyncClient, bearer: Header, application: str, told: Told, database: Database[SqlStore]
) -> None:
    shown = (await http.get(application, headers=bearer())).json()

    async def write(text: str) -> int:
        answer = await http.post(shown["links"]["answers"], json={"text": text}, headers=bearer())
        assert answer.status_code == 200, answer.text
        changed = [each for each in told() if isinstance(each, ApplicationChanged)]
        return changed[-1].change_number

    assert await write("Das Attest liegt bei der Schule.") == 1
    # put back to a copy from before: eligibility knows change 1, and this service does not
    database.write_now(lambda store: store.session.execute(sa.text("DELETE FROM news WHERE kind = 'answered'")))
    database.write_now(lambda store: epochs.raise_epoch(store.session, "application", datetime.now(UTC)))
    told_back = Reconciliation(database, Eligibility(application.rsplit("/", 1)[1], change_number=1))
    assert [each.what for each in await told_back.lost()] == [What.CHANGE]
    first = await write("Wir haben eine neue Telefonnummer.")
    assert first > 1
    assert await write("Und noch eine.") == first + 1
    assert await told_back.lost() == []


@dataclass(frozen=True)
class Eligibility:
    """Knows one case."""

    application_id: str
    change_number: int

    async def ask(self, _question: Question, answer: type[Answer]) -> Answer | None:
        case = CaseOut(
            application_id=UUID(self.application_id),
            case_id=uuid4(),
            authority_id="101023",
            state="granted",
            addressee="",
            received_on=date(2026, 5, 1),
            change_number=self.change_number,
        )
        return as_asked(CasesReply(cases=(case,), is_last=True), answer)


async def test_a_question_that_was_not_answered_in_time_is_overdue(
    http: httpx.AsyncClient, bearer: Header, workflow: Workflow, database: Database[SqlStore], application: str
) -> None:
    await ask(workflow, database, application, datetime.now(UTC).date() - timedelta(days=2))
    shown = (await http.get(application, headers=bearer())).json()
    assert shown["questions"][0]["overdue"]
    assert "wartet seit" in shown["status_text"]["de"]


async def test_a_move_is_told_with_all_facts_as_they_are_now_and_the_day_of_the_application(
    http: httpx.AsyncClient, bearer: Header, application: str, told: Told, database: Database[SqlStore]
) -> None:
    home = {"street": "Am Bach", "house_number": "3", "postal_code": "33602", "city": "Bielefeld"}
    day = datetime.now(UTC).date().isoformat()
    body = {"text": "Wir sind umgezogen.", "changes": {"home": home}, "changed_from": day}
    assert (await http.post(f"{application}/answers", json=body, headers=bearer())).status_code == 200
    (changed,) = changes(told)
    assert changed.changed_from is not None
    assert (changed.home.street, changed.changed_from.isoformat()) == ("Am Bach", day)
    assert changed.applied_at < changed.occurred_at
    again = [
        each
        for each in database.read_now(lambda store: told_again(announce(store)))
        if isinstance(each, ApplicationChanged)
    ]
    assert [each.model_dump(exclude={"event_id"}) for each in again] == [changed.model_dump(exclude={"event_id"})]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "changes"),
        ({"changes": {"pupil": {}}}, "changes.pupil.last_name"),
        ({"changes": {"school_year": "2027/28"}}, "changes.school_year"),
        ({"changes": {"school_number": "100003"}}, "changes.school_number"),
        ({"changes": {"school_number": "999999"}}, "changes.school_number"),
        ({"changes": {"grade": "99"}}, "changes.grade"),
        ({"changes": {"home": {"street": "x"}}}, "changes.home.house_number"),
        ({"text": "x", "changed_from": "2050-01-01"}, "changed_from"),
        ({"text": "x", "question_id": "00000000-0000-4000-8000-000000000001"}, "question_id"),
        ({"text": "x\u0000"}, "text"),
        ({"text": "x", "more": 1}, "more"),
    ],
)
async def test_what_does_not_fit_is_refused_with_its_field_and_changes_nothing(
    http: httpx.AsyncClient, bearer: Header, application: str, told: Told, sent: dict[str, object], field: str
) -> None:
    answer = await http.post(f"{application}/answers", json=sent, headers=bearer())
    assert answer.status_code == 422, answer.text
    assert field in [each["field"] for each in answer.json()["problems"]]
    assert told() == []


@pytest.mark.parametrize("text", [" ", "\n\n", "\u200b", "\u2060\ufeff \u00a0", "\u3164"], ids=ascii)
async def test_a_text_in_which_nothing_is_seen_is_no_answer(  # fixtures
    http: httpx.AsyncClient, bearer: Header, database: Database[SqlStore], workflow: Workflow, application: str,
    told: Told, text: str,
) -> None:  # fmt: skip
    question = await ask(workflow, database, application, date(2099, 1, 31), hearing=True)
    for body in ({"text": text}, {"text": text, "question_id": str(question)}):
        answer = await http.post(f"{application}/answers", json=body, headers=bearer())
        assert answer.status_code == 422, answer.text
        (problem,) = answer.json()["problems"]
        assert problem["field"] == "text" and "lesen" in str(problem)
    assert told() == []
    both = {"text": text, "changes": {"special_needs": True}}  # the change alone is what was told
    answer = await http.post(f"{application}/answers", json=both, headers=bearer())
    assert answer.status_code == 200, answer.text
    assert [each.answer for each in changes(told)] == [""]


async def test_nobody_else_answers_and_what_was_withdrawn_takes_no_answer(
    http: httpx.AsyncClient, bearer: Header, application: str
) -> None:
    body = {"text": "Guten Tag"}
    assert (await http.post(f"{application}/answers", json=body, headers=bearer("another"))).status_code == 404
    assert (await http.post(f"{application}/answers", content=b"{", headers=bearer())).status_code == 400
    await http.post(f"{application}/withdrawal", headers=bearer())
    assert (await http.post(f"{application}/answers", json=body, headers=bearer())).status_code == 409


async def test_after_a_refusal_the_name_is_told_again_for_the_ticket(
    http: httpx.AsyncClient,
    bearer: Header,
    workflow: Workflow,
    database: Database[SqlStore],
    application: str,
    told: Told,
) -> None:
    refused = EligibilityRefused(
        occurred_at=datetime.now(UTC), authority_id="10261", application_id=UUID(application.rsplit("/", 1)[1]),
        decision_id=uuid4(), distance_m=1.0, limit_m=2, reasons=(), rules_version="x",
    )  # fmt: skip
    database.write_now(await workflow.timeline.record(refused))
    body = {"changes": {"severely_disabled": True}}
    assert (await http.post(f"{application}/answers", json=body, headers=bearer())).status_code == 200
    assert [type(each) for each in told()] == [ApplicationChanged, ApplicationHolderGiven]


@pytest.mark.parametrize(
    ("known", "told_later"), [("2016-00-00", "2016-02-29"), ("02.2016", "2016"), ("2016", "02.2016")]
)
async def test_whose_day_of_birth_is_not_known_tells_changes_like_any_other(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], told: Told, known: str, told_later: str
) -> None:
    mapping(body["pupil"])["birth_date"] = known
    headers = bearer() | {"Idempotency-Key": "key-12345678"}
    path = (await http.post("/v1/applications", json=body, headers=headers)).json()["links"]["self"]
    assert (await http.post(f"{path}/answers", json={"text": "Wir ziehen um."}, headers=bearer())).status_code == 200
    pupil = mapping(body["pupil"]) | {"birth_date": told_later}
    answer = await http.post(f"{path}/answers", json={"text": "x", "changes": {"pupil": pupil}}, headers=bearer())
    assert answer.status_code == 200, answer.text
    first, second, holder = told()
    assert isinstance(first, ApplicationChanged) and isinstance(second, ApplicationChanged)
    assert isinstance(holder, ApplicationHolderGiven)
    assert first.birth_date.isoformat().startswith("2016") and second.birth_date == holder.birth_date
    assert str(second.birth_date) == told_later or second.birth_date.isoformat() == told_later


async def grant(workflow: Workflow, database: Database[SqlStore], path: str) -> None:
    event = EligibilityGranted(
        occurred_at=datetime.now(UTC), authority_id="10261", application_id=UUID(path.rsplit("/", 1)[1]),
        decision_id=uuid4(), case_id=uuid4(), valid_from=date(2026, 9, 1), valid_until=date(2027, 7, 31),
        own_share_cents=1400, distance_m=3612.4, limit_m=3500, reasons=(), rules_version="nrw",
        notice_url="https://bescheid.example/n/1",
    )  # fmt: skip
    database.write_now(await workflow.timeline.record(event))


async def test_who_has_a_ticket_reads_first_that_the_grant_is_to_change_and_by_when_to_answer(
    http: httpx.AsyncClient, bearer: Header, workflow: Workflow, database: Database[SqlStore], application: str
) -> None:
    before = await ask(workflow, database, application, date(2026, 12, 1))
    await grant(workflow, database, application)
    shown = (await http.get(application, headers=bearer())).json()
    assert shown["status_text"]["de"].startswith("Der Antrag ist bewilligt"), "what was asked before is decided"
    due = datetime.now(UTC).date() + timedelta(days=20)
    number = await ask(workflow, database, application, due, hearing=True)
    shown = (await http.get(application, headers=bearer())).json()
    said, said_en = shown["status_text"]["de"], shown["status_text"]["en"]
    assert said.startswith("Der Schulträger will Ihre Bewilligung beenden oder ändern") and f"{due:%d.%m.%Y}" in said
    assert "bewilligt" in said and f"by {due.day} {due:%B %Y}" in said_en
    assert "beenden oder ändern" in shown["timeline"][-1]["text"]["de"]
    assert [each["hearing"] for each in shown["questions"] if each["id"] != str(before)] == [True]
    body = {"question_id": str(number), "text": "Damit bin ich nicht einverstanden."}
    after = await http.post(f"{application}/answers", json=body, headers=bearer())
    assert "beenden" not in after.json()["status_text"]["de"]


async def test_the_same_text_written_again_is_heard_once_the_first_was_read_or_after_a_while(
    http: httpx.AsyncClient,
    bearer: Header,
    workflow: Workflow,
    database: Database[SqlStore],
    application: str,
    told: Told,
) -> None:
    body = {"text": "Ich habe mein Handy verloren, bitte sperren!"}
    for _ in range(2):
        assert (await http.post(f"{application}/answers", json=body, headers=bearer())).status_code == 200
    (first,) = changes(told)
    event = EligibilityMessageRead(
        occurred_at=datetime.now(UTC), authority_id="10261", application_id=UUID(application.rsplit("/", 1)[1]),
        message_id=first.change_id,
    )  # fmt: skip
    database.write_now(await workflow.timeline.record(event))
    assert (await http.post(f"{application}/answers", json=body, headers=bearer())).status_code == 200
    assert [each.answer for each in changes(told)] == [body["text"]] * 2
