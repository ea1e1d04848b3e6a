"""Cases in people's hands: taken, asked, decided anew, told to the family."""

from datetime import UTC, date, datetime, timedelta

import httpx
from eligibility.workflow import MeasuredRoutes
from eligibility.workflow.decision.announce import announce
from shared.events import (
    ApplicationNoticeRetrieved,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    Circumstances,
    EligibilityChangeSettled,
    EligibilityGranted,
    EligibilityMessageFiled,
    EligibilityQuestionAsked,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityShareChanged,
    EligibilityWithdrawn,
    Sibling,
    head,
)
from support.eligibility import small_place as make
from support.eligibility.cases_api import REASON, path_of
from support.eligibility.world import World, settled
from support.identity import bearer
from support.outbox import told_again


def kinds(world: World) -> list[type]:
    return [type(each) for each in world.told()]


async def test_who_has_taken_a_case_has_it_alone_until_it_is_given_back(
    world: World, review: ApplicationSubmitted, http: httpx.AsyncClient
) -> None:
    case = path_of(world, review)
    assert (await http.post(f"{case}/assignment")).json()["assigned_to"] == "anna"
    assert (await http.post(f"{case}/assignment")).status_code == 200
    for method, path, body in (
        ("POST", "/assignment", None),
        ("DELETE", "/assignment", None),
        ("POST", "/decision", REASON),
        ("POST", "/questions", {"text": "Bitte das Attest.", "due": "2026-06-30"}),
    ):
        answer = await http.request(method, f"{case}{path}", json=body, headers=bearer("bert"))
        assert answer.status_code == 409, (method, path, answer.text)
    assert (await http.get("/v1/cases", params={"mine": True})).json()["total"] == 1
    assert (await http.get("/v1/cases", params={"mine": True}, headers=bearer("bert"))).json()["total"] == 0
    assert (await http.delete(f"{case}/assignment", headers=bearer("chef", "administrator+case_reader"))).json()[
        "assigned_to"
    ] is None
    assert (await http.post(f"{case}/assignment", headers=bearer("bert"))).status_code == 200


async def test_the_family_is_asked_until_a_day_and_is_overdue_the_day_after(
    world: World, review: ApplicationSubmitted, http: httpx.AsyncClient
) -> None:
    case = path_of(world, review)
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
    world: World, review: ApplicationSubmitted, http: httpx.AsyncClient
) -> None:
    case = path_of(world, review)
    await http.post(f"{case}/questions", json={"text": "Wo wohnt das Kind?", "due": "2026-06-30"})
    number = world.told_as(EligibilityQuestionAsked).question_id
    only_text = make.changed(review, question_id=number, answer="Wie angegeben.")
    await world.hear(only_text)
    shown = (await http.get(case)).json()
    assert (shown["state"], shown["asked"][0]["answer"]) == ("review", "Wie angegeben.")
    assert "answered" in [each["act"] for each in shown["acts"]]
    world.measurer.answer = MeasuredRoutes(make.measurement(3000.0))
    more = make.changed(review, change_number=2, circumstances=Circumstances(lives_in_nrw=True, severely_disabled=True))
    await world.hear(more)
    await world.hear(more)  # told twice
    await world.hear(only_text)  # an older one comes late
    assert world.case_of(review.application_id).state == "granted"
    assert kinds(world) == [
        EligibilityReviewOpened, EligibilityQuestionAsked, EligibilityMessageFiled, EligibilityChangeSettled, EligibilityGranted,
    ]  # fmt: skip


async def test_what_a_person_has_taken_the_machine_does_not_release(
    world: World, review: ApplicationSubmitted, http: httpx.AsyncClient
) -> None:
    await http.post(f"{path_of(world, review)}/assignment")
    world.measurer.answer = MeasuredRoutes(make.measurement(3000.0))
    await world.hear(make.changed(review, birth_date=date(2017, 3, 1)))
    assert world.case_of(review.application_id).state == "prepared"


async def test_a_move_ends_the_grant_only_when_the_new_decision_goes_out(world: World, http: httpx.AsyncClient) -> None:
    event = make.submitted()
    await world.hear(event)
    first = world.told_as(EligibilityGranted, 0)
    world.clock[0] += timedelta(days=200)
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    await world.hear(make.changed(event, grade="04", changed_from=date(2026, 12, 20)))
    case = path_of(world, event)
    assert world.case_of(event.application_id).state == "prepared"
    assert kinds(world) == [EligibilityGranted]
    assert (await http.post(f"{case}/release")).status_code == 409
    said = {"ends_on": "2026-12-19", "hearing_exception": "3"}
    assert (await http.post(f"{case}/release", json=said)).status_code == 200
    assert kinds(world) == [EligibilityGranted, EligibilityWithdrawn, EligibilityRefused]
    ended = world.told_as(EligibilityWithdrawn, 1)
    assert (ended.decision_id, ended.reason) == (first.decision_id, "facts_changed")
    assert ended.ends_on == date(2026, 12, 19)
    shown = (await http.get(case)).json()
    assert [(each["round"], each["outcome"], each["ended_because"]) for each in shown["decisions"]] == [
        (1, "granted", "facts_changed"),
        (2, "refused", None),
    ]
    assert len(shown["notices"]) == 2
    notice = (await http.get(f"{case}/notice", params={"format": "html"})).text
    assert "gilt ab dem 20.12.2026 nicht mehr" in notice.replace("\N{NO-BREAK SPACE}", " ")
    told = [
        type(each)
        for each in world.database.read_now(
            lambda store: told_again(announce(store, world.environment.keys, "https://x"))
        )
    ]
    assert told == [EligibilityWithdrawn, EligibilityRefused]


async def test_a_sibling_leaves_and_the_grant_goes_on_with_a_share_that_waits_for_the_familys_word(
    world: World, http: httpx.AsyncClient
) -> None:
    world.set_authority(release_by_person="nothing")
    sibling = Sibling(birth_date=date(2012, 1, 1), funded=True)
    event = make.submitted(circumstances=Circumstances(lives_in_nrw=True, siblings=(sibling,)))
    await world.hear(event)
    told = {"siblings": ["2012-01-01"]}
    assert (await http.post(f"{path_of(world, event)}/proofs", json=told, headers=bearer("anna"))).status_code == 201
    alone = Circumstances(lives_in_nrw=True)
    await world.hear(make.changed(event, circumstances=alone, changed_from=date(2027, 2, 1)))
    await settled(world.families())
    first, less = world.told_as(EligibilityGranted, 0), world.told_as(EligibilityShareChanged, 1)
    assert (first.own_share_cents, less.own_share_cents) == (1400, 700)
    assert world.case_of(event.application_id).state == "prepared"
    assert world.decision_of(event.application_id).own_share_cents == 1400
    questions = [each["rule"] for each in world.case_of(event.application_id).reasons if each["result"] == "question"]
    assert questions == ["heard_before"]
    await world.hear(
        ApplicationWithdrawn(
            occurred_at=world.clock[0],
            authority_id="12345",
            application_id=event.application_id,
            withdrawal_id=event.event_id,
        )
    )
    ended = world.told_as(EligibilityWithdrawn)
    assert (ended.decision_id, ended.reason) == (first.decision_id, "application_withdrawn")


async def test_bulk_release_leaves_what_another_has_or_what_ends_a_grant(world: World, http: httpx.AsyncClient) -> None:
    world.set_authority(release_by_person="everything")
    events = [make.submitted() for _ in range(3)]
    for event in events:
        await world.hear(event)
    await http.post(f"{path_of(world, events[0])}/assignment", headers=bearer("bert"))
    assert (await http.post("/v1/cases/release")).json() == {"released": 2, "left": 0}
    await world.hear(make.changed(events[1], grade="04"))
    assert world.case_of(events[1].application_id).state == "prepared"
    assert (await http.post("/v1/cases/release")).json() == {"released": 0, "left": 0}


def first_notice(world: World) -> str:
    """The path of the first grant's."""
    url = world.told_as(EligibilityGranted, 0).notice_url
    assert url is not None
    return url.removeprefix("https://bescheid.example")


async def test_another_authority_gets_the_answer_of_what_is_not_there(world: World, http: httpx.AsyncClient) -> None:
    event = make.submitted()
    await world.hear(event)
    case, notice = path_of(world, event), first_notice(world)
    question = {"text": "Bitte das Attest.", "due": "2026-06-30"}
    calls: tuple[tuple[str, str, object], ...] = (
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
        answer = await http.request(method, path, json=body, headers=bearer("bert", authority_id="99999"))
        assert answer.status_code == 404, (method, path, answer.text)


async def test_how_a_notice_was_delivered_is_kept_and_the_last_day_shown(world: World, http: httpx.AsyncClient) -> None:
    event = make.submitted(portal_notice=True)
    await world.hear(event)
    case, path = path_of(world, event), first_notice(world)
    assert (await http.get(case)).json()["notices"][0]["remedy"]["last_day"] is None
    await http.get(f"{case}/notice")  # the authority's own look is no retrieval
    looks: tuple[dict[str, str], ...] = (
        {}, {"Accept": "text/html"}, {"Sec-Purpose": "prefetch;prerender"}, {"User-Agent": "Slackbot-LinkExpanding 1.0"}
    )  # fmt: skip
    for headers in looks:  # nor is that of whoever has the link
        assert (await http.get(path, headers=headers)).status_code == 200
    assert (await http.get(case)).json()["notices"][0]["deliveries"] == []
    post = {"channel": "post", "day": "2026-05-20"}
    assert (await http.post(f"{path}/deliveries", json=post)).status_code == 201
    assert (await http.post(f"{path}/deliveries", json=post)).status_code == 409
    for day in ("2026-05-19", "2026-05-21"):
        assert (await http.post(f"{path}/deliveries", json=post | {"day": day})).status_code == 422
    (decision_id,) = [each["decision_id"] for each in (await http.get(case)).json()["notices"]]
    for _ in range(2):  # signed in, and by a deliberate act: `application` tells
        await world.hear(
            ApplicationNoticeRetrieved(
                **head(event, (now := world.environment.now())), decision_id=decision_id, retrieved_at=now
            )
        )
    (kept,) = (await http.get(case)).json()["notices"]
    assert sorted((each["channel"], each["noted_by"]) for each in kept["deliveries"]) == [
        ("download", "family"),
        ("post", "anna"),
    ]
    # retrieved on 20 May with consent: notified on the 21st; 21 June 2026 is a Sunday
    assert (kept["remedy"]["notified"], kept["remedy"]["last_day"]) == ("2026-05-21", "2026-06-22")
    assert kept["remedy"]["certainty"] == "unsure"
