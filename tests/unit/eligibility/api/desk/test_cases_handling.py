"""Cases in people's hands: taken, asked, overridden by two, decided anew; and the trail of who did what."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
import sqlalchemy as sa
from eligibility import api
from eligibility.commands.audit import app as audit_app
from eligibility.printing.press import Press
from eligibility.printing.worker import Printing
from eligibility.store.tables import AUDIT, AUDIT_HEAD
from eligibility.workflow import Ways
from eligibility.workflow.audit import broken
from eligibility.workflow.decision.announce import announce
from fastapi import FastAPI, Header
from shared.events import (
    ApplicationWithdrawn,
    Circumstances,
    EligibilityGranted,
    EligibilityQuestionAsked,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityWithdrawn,
    Sibling,
)
from shared.http import problems
from shared.identity import Caller
from typer.testing import CliRunner

REASON = {
    "outcome": "granted",
    "reason": "Das Attest liegt vor.",
    "legal_basis": "§ 6 Abs. 1 SchfkVO",
    "own_share_cents": 1400,
}
STRANGER = "Bearer bert/99999/case_worker"


class Told:
    """Stands for Identity: the token is `subject/authority/role`."""

    async def caller(self, authorization: Annotated[str, Header()]) -> Caller:
        subject, authority_id, role = authorization.removeprefix("Bearer ").split("/")
        return Caller(subject, authority_id or None, frozenset({role}))


@pytest.fixture
async def http(world: Any) -> AsyncIterator[httpx.AsyncClient]:
    app, identity = FastAPI(), Told()
    problems.install(app)
    printing = Printing(world.database, Press(), world.surroundings.now)
    app.include_router(api.cases_router(world.desk, identity))  # type: ignore[arg-type]
    app.include_router(api.handling_router(world.desk, world.handling, world.notice_desk, printing, identity))  # type: ignore[arg-type]
    app.include_router(api.notices_router(printing, world.notice_desk, world.desk, identity))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        client.headers["Authorization"] = "Bearer anna/12345/case_worker"
        yield client


def who(subject: str, role: str = "case_worker") -> dict[str, str]:
    return {"Authorization": f"Bearer {subject}/12345/{role}"}


@pytest.fixture
async def review(world: Any, make: Any) -> Any:
    """A case that a person must look at."""
    world.walks.answer = Ways(make.measurement(2000.0))
    event = make.submitted()
    await world.hear(event)
    return event


def url(world: Any, event: Any) -> str:
    return f"/v1/cases/{world.case_of(event.application_id).id}"


def kinds(world: Any) -> list[type]:
    return [type(each) for each in world.told()]


async def test_who_has_taken_a_case_has_it_alone_until_it_is_given_back(
    world: Any, review: Any, http: httpx.AsyncClient
) -> None:
    case = url(world, review)
    assert (await http.post(f"{case}/assignment")).json()["assigned_to"] == "anna"
    assert (await http.post(f"{case}/assignment")).status_code == 200
    for method, path, body in (
        ("POST", "/assignment", None),
        ("DELETE", "/assignment", None),
        ("POST", "/decision", REASON),
        ("POST", "/questions", {"text": "Bitte das Attest.", "due": "2026-06-30"}),
    ):
        answer = await http.request(method, f"{case}{path}", json=body, headers=who("bert"))
        assert answer.status_code == 409, (method, path, answer.text)
    assert (await http.get("/v1/cases", params={"mine": True})).json()["total"] == 1
    assert (await http.get("/v1/cases", params={"mine": True}, headers=who("bert"))).json()["total"] == 0
    assert (await http.delete(f"{case}/assignment", headers=who("chef", "administrator"))).json()["assigned_to"] is None
    assert (await http.post(f"{case}/assignment", headers=who("bert"))).status_code == 200


async def test_the_family_is_asked_until_a_day_and_is_overdue_the_day_after(
    world: Any, review: Any, http: httpx.AsyncClient
) -> None:
    case = url(world, review)
    for due in ("2026-05-20", "2027-05-20"):  # today; a year ahead
        wrong = await http.post(f"{case}/questions", json={"text": "Bitte das Attest.", "due": due})
        assert wrong.status_code == 422
    answer = await http.post(f"{case}/questions", json={"text": "Bitte das Attest.", "due": "2026-06-30"})
    assert answer.status_code == 201
    asked = world.told()[-1]
    assert isinstance(asked, EligibilityQuestionAsked)
    assert (asked.text, asked.due) == ("Bitte das Attest.", date(2026, 6, 30))
    world.clock[0] = datetime(2026, 6, 30, 21, 59, tzinfo=UTC)  # one minute to midnight in Germany
    assert not (await http.get(case)).json()["asked"][0]["overdue"]
    assert (await http.get("/v1/cases", params={"overdue": True})).json()["total"] == 0
    world.clock[0] += timedelta(minutes=2)
    assert (await http.get(case)).json()["asked"][0]["overdue"]
    assert (await http.get("/v1/cases", params={"overdue": True})).json()["total"] == 1


async def test_an_answer_reopens_the_question_to_the_rules_and_is_kept(
    world: Any, make: Any, review: Any, http: httpx.AsyncClient
) -> None:
    case = url(world, review)
    await http.post(f"{case}/questions", json={"text": "Wo wohnt das Kind?", "due": "2026-06-30"})
    number = world.told()[-1].question_id
    only_text = make.changed(review, question_id=number, answer="Wie angegeben.")
    await world.hear(only_text)
    shown = (await http.get(case)).json()
    assert (shown["state"], shown["asked"][0]["answer"]) == ("review", "Wie angegeben.")
    assert "answered" in [each["act"] for each in shown["acts"]]
    world.walks.answer = Ways(make.measurement(3000.0))
    more = make.changed(review, change_number=2, circumstances=Circumstances(lives_in_nrw=True, severely_disabled=True))
    await world.hear(more)
    await world.hear(more)  # told twice
    await world.hear(only_text)  # an older one comes late
    assert world.case_of(review.application_id).state == "granted"
    assert kinds(world) == [EligibilityReviewOpened, EligibilityQuestionAsked, EligibilityGranted]


async def test_what_a_person_has_taken_the_machine_does_not_release(
    world: Any, make: Any, review: Any, http: httpx.AsyncClient
) -> None:
    await http.post(f"{url(world, review)}/assignment")
    world.walks.answer = Ways(make.measurement(3000.0))
    await world.hear(make.changed(review, birth_date=date(2017, 3, 1)))
    assert world.case_of(review.application_id).state == "prepared"


async def test_a_move_ends_the_grant_only_when_the_new_decision_goes_out(
    world: Any, make: Any, http: httpx.AsyncClient
) -> None:
    event = make.submitted()
    await world.hear(event)
    first = world.told()[0]
    world.clock[0] += timedelta(days=200)
    world.walks.answer = Ways(make.measurement(1500.0))
    await world.hear(make.changed(event, grade="04", changed_from=date(2026, 12, 1)))
    case = url(world, event)
    assert world.case_of(event.application_id).state == "prepared"
    assert kinds(world) == [EligibilityGranted]
    assert (await http.post(f"{case}/release")).status_code == 200
    assert kinds(world) == [EligibilityGranted, EligibilityWithdrawn, EligibilityRefused]
    ended = world.told()[1]
    assert (ended.decision_id, ended.reason) == (first.decision_id, "facts_changed")
    shown = (await http.get(case)).json()
    assert [(each["round"], each["outcome"], each["ended_because"]) for each in shown["decisions"]] == [
        (1, "granted", "facts_changed"),
        (2, "refused", None),
    ]
    assert len(shown["notices"]) == 2
    notice = (await http.get(f"{case}/notice", params={"format": "html"})).text
    assert "mit Wirkung vom 01.12.2026 aufgehoben" in notice.replace("\N{NO-BREAK SPACE}", " ")
    told = [type(each) for each in world.database.read_now(lambda store: list(announce(store, "https://x")))]
    assert told == [EligibilityWithdrawn, EligibilityRefused]


async def test_a_sibling_leaves_and_the_grant_begins_anew_with_another_share(
    world: Any, make: Any, http: httpx.AsyncClient
) -> None:
    world.set_authority(release_by_person="nothing")
    sibling = Sibling(birth_date=date(2012, 1, 1), funded=True)
    event = make.submitted(circumstances=Circumstances(lives_in_nrw=True, siblings=(sibling,)))
    await world.hear(event)
    alone = Circumstances(lives_in_nrw=True)
    await world.hear(make.changed(event, circumstances=alone, changed_from=date(2027, 2, 1)))
    first, ended, second = world.told()
    assert (first.own_share_cents, second.own_share_cents) == (700, 1400)
    assert (ended.decision_id, ended.reason) == (first.decision_id, "facts_changed")
    assert (second.valid_from, second.valid_until) == (date(2027, 2, 1), date(2027, 7, 31))
    await world.hear(
        ApplicationWithdrawn(
            occurred_at=world.clock[0],
            authority_id="12345",
            application_id=event.application_id,
            withdrawal_id=event.event_id,
        )
    )
    assert (world.told()[-1].decision_id, world.told()[-1].reason) == (second.decision_id, "application_withdrawn")


async def test_an_override_takes_two_people(world: Any, make: Any, http: httpx.AsyncClient) -> None:
    world.walks.answer = Ways(make.measurement(1500.0))
    event = make.submitted()
    await world.hear(event)
    case = url(world, event)
    assert (await http.post(f"{case}/decision", json=REASON)).status_code == 409  # the rules could decide it
    assert (await http.post(f"{case}/override/confirmation", headers=who("bert"))).status_code == 409
    assert (await http.post(f"{case}/override", json=REASON)).status_code == 202
    assert (await http.post(f"{case}/override", json=REASON, headers=who("bert"))).status_code == 409
    assert (await http.post(f"{case}/override/confirmation")).status_code == 409
    assert (await http.post(f"{case}/release")).status_code == 409
    assert kinds(world) == []
    confirmed = await http.post(f"{case}/override/confirmation", headers=who("bert", "releaser"))
    assert confirmed.status_code == 200, confirmed.text
    (granted,) = world.told()
    assert (granted.reasons[0].text, granted.own_share_cents, granted.distance_m) == (REASON["reason"], 1400, 1500.0)
    shown = confirmed.json()
    assert (shown["decision"]["decided_by"], shown["decision"]["released_by"]) == ("anna", "bert")
    assert [each["act"] for each in shown["acts"] if each["number"]] == ["override proposed", "override confirmed"]


async def test_an_override_of_a_grant_in_force_ends_it(world: Any, make: Any, http: httpx.AsyncClient) -> None:
    event = make.submitted()
    await world.hear(event)
    case = url(world, event)
    body = {"outcome": "refused", "reason": "Die Angaben waren falsch.", "legal_basis": "§ 48 VwVfG NRW"}
    await http.post(f"{case}/override", json=body)
    await http.post(f"{case}/override/confirmation", headers=who("bert"))
    granted, ended, refused = world.told()
    assert (ended.decision_id, ended.reason) == (granted.decision_id, "decided_anew")
    assert isinstance(refused, EligibilityRefused)


async def test_changed_facts_drop_a_proposal_and_a_dropped_one_can_be_made_again(
    world: Any, make: Any, http: httpx.AsyncClient
) -> None:
    world.walks.answer = Ways(make.measurement(1500.0))
    event = make.submitted()
    await world.hear(event)
    case = url(world, event)
    await http.post(f"{case}/override", json=REASON)
    assert (await http.delete(f"{case}/override", headers=who("bert"))).json()["override"] is None
    await http.post(f"{case}/override", json=REASON)
    await world.hear(make.changed(event, birth_date=date(2017, 3, 1)))
    assert (await http.post(f"{case}/override/confirmation", headers=who("bert"))).status_code == 409
    assert len((await http.get(case)).json()["decisions"]) == 2


async def test_bulk_release_leaves_what_another_has_or_what_ends_a_grant(
    world: Any, make: Any, http: httpx.AsyncClient
) -> None:
    world.set_authority(release_by_person="everything")
    events = [make.submitted() for _ in range(3)]
    for event in events:
        await world.hear(event)
    await http.post(f"{url(world, events[0])}/assignment", headers=who("bert"))
    assert (await http.post("/v1/cases/release")).json() == {"released": 2, "left": 0}
    await world.hear(make.changed(events[1], circumstances=Circumstances(lives_in_nrw=True, benefits=("SGB XII",))))
    assert world.case_of(events[1].application_id).state == "prepared"
    assert (await http.post("/v1/cases/release")).json() == {"released": 0, "left": 0}


async def test_another_authority_gets_the_answer_of_what_is_not_there(
    world: Any, make: Any, http: httpx.AsyncClient
) -> None:
    event = make.submitted()
    await world.hear(event)
    case, notice = url(world, event), world.told()[0].notice_url.removeprefix("https://bescheid.example")
    question = {"text": "Bitte das Attest.", "due": "2026-06-30"}
    calls: tuple[tuple[str, str, Any], ...] = (
        ("POST", f"{case}/assignment", None),
        ("DELETE", f"{case}/assignment", None),
        ("POST", f"{case}/questions", question),
        ("POST", f"{case}/override", REASON),
        ("POST", f"{case}/override/confirmation", None),
        ("DELETE", f"{case}/override", None),
        ("GET", f"{case}/notice", None),
        ("POST", f"{notice}/deliveries", {"channel": "post", "day": "2026-05-20"}),
    )
    for method, path, body in calls:
        answer = await http.request(method, path, json=body, headers={"Authorization": STRANGER})
        assert answer.status_code == 404, (method, path, answer.text)


async def test_how_a_notice_was_delivered_is_kept_and_the_last_day_shown(
    world: Any, make: Any, http: httpx.AsyncClient
) -> None:
    event = make.submitted(portal_notice=True)
    await world.hear(event)
    case, path = url(world, event), world.told()[0].notice_url.removeprefix("https://bescheid.example")
    assert (await http.get(case)).json()["notices"][0]["remedy"]["last_day"] is None
    await http.get(f"{case}/notice")  # the authority's own look is no retrieval
    assert (await http.get(case)).json()["notices"][0]["deliveries"] == []
    post = {"channel": "post", "day": "2026-05-20"}
    assert (await http.post(f"{path}/deliveries", json=post)).status_code == 201
    assert (await http.post(f"{path}/deliveries", json=post)).status_code == 409
    for day in ("2026-05-19", "2026-05-21"):
        assert (await http.post(f"{path}/deliveries", json=post | {"day": day})).status_code == 422
    for _ in range(2):
        assert (await http.get(path)).status_code == 200
    (kept,) = (await http.get(case)).json()["notices"]
    assert sorted((each["channel"], each["noted_by"]) for each in kept["deliveries"]) == [
        ("download", "family"),
        ("post", "anna"),
    ]
    # retrieved on 20 May with consent: notified on the 21st; 21 June 2026 is a Sunday
    assert (kept["remedy"]["notified"], kept["remedy"]["last_day"]) == ("2026-05-21", "2026-06-22")
    assert kept["remedy"]["certainty"] == "unsure"


async def test_the_audit_trail_shows_what_was_changed_left_out_or_cut_off(
    world: Any, review: Any, http: httpx.AsyncClient
) -> None:
    case = url(world, review)
    for method in ("POST", "DELETE", "POST"):
        await http.request(method, f"{case}/assignment")

    def fault() -> str | None:
        return world.database.read_now(lambda store: broken(store.chain("12345"), store.heads()["12345"]))  # type: ignore[no-any-return]

    def tampered(statement: Any) -> str | None:
        connection = world.database._engine.connect()
        transaction = connection.begin()
        connection.execute(statement)
        transaction.commit()
        connection.close()
        return fault()

    assert fault() is None
    assert tampered(AUDIT.update().where(AUDIT.c.number == 2).values(subject="nobody")) == "act 2 was changed"
    assert tampered(AUDIT.delete().where(AUDIT.c.number == 2)) == "act 2 is missing"
    assert tampered(AUDIT.delete().where(AUDIT.c.number == 3)) == "the chain ends with act 1, but act 3 was written"
    assert tampered(AUDIT_HEAD.update().values(number=1)) is not None
    rows = world.database.read_now(lambda store: store.rows(sa.select(AUDIT)))
    assert len(rows) == 1


async def test_the_command_verifies_the_trail(
    world: Any, review: Any, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await http.post(f"{url(world, review)}/assignment")
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", f"sqlite:///{tmp_path / 'eligibility.db'}")
    good = CliRunner().invoke(audit_app, ["verify"])
    assert good.exit_code == 0 and "1 acts hold" in good.output
    anchor = good.output.split("newest ")[1].strip()
    assert CliRunner().invoke(audit_app, ["verify", "--expect", anchor]).exit_code == 0
    assert CliRunner().invoke(audit_app, ["verify", "--expect", f"1:{'0' * 64}"]).exit_code == 1
