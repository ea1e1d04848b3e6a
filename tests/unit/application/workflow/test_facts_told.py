"""Every fact that the form takes is told to eligibility; what contradicts itself is said in a parent's words."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from application.checks.answering import BY_RULE
from application.checks.uploads import KINDS
from application.form import CHANGEABLE, ApplicationForm, fingerprint
from application.workflow import Store, Workflow
from shared.bus import outbox
from shared.database import Database
from shared.events import ApplicationSubmitted, EligibilityReviewOpened, Reason
from support.json import mapping

Header = Callable[..., dict[str, str]]
FACTS: dict[str, object] = {
    "applicant": "guardian",
    "transport": {
        "kind": "car", "public_available": True, "special_available": False, "walk_to_stops_m": 2100.5,
        "minutes_a_day": 190, "minutes_one_way": 95, "waiting_minutes": 50, "leaves_home_at": "05:45",
        "public_unsuitable": True, "kilometres_one_way": 12.5, "rides_a_day": 2, "school_days_a_month": 20,
        "passengers": 1,
    },
    "place_of_teaching": {
        "required": True, "distance_m": 5200,
        "address": {"street": "Werkstraße", "house_number": "3", "postal_code": "33602", "city": "Bielefeld"},
    },
    "leaves_on": "2027-06-30",
    "income_within_limit": True,
    "lives_in_authority_area": True,
    "siblings": [{"birth_date": "2016-02-29", "funded": True, "funded_from": "2026-08-01",
                  "funded_until": "2027-01-31", "counts_first": True}],
    "claims": {"health": {"weeks": 8, "days": 57, "certificate": True}, "nearest_refused": True,
               "nearest_refused_school": "100001", "afternoon_lessons": True, "assigned_place": True, "escort": True, "boarding": True},
}  # fmt: skip


async def post(http: httpx.AsyncClient, bearer: Header, body: dict[str, object]) -> httpx.Response:
    headers = bearer() | {"Idempotency-Key": "key-12345678"}
    return await http.post("/v1/applications", content=json.dumps(body).encode(), headers=headers)


def submitted(database: Database[Store]) -> ApplicationSubmitted:
    first = database.read_now(lambda store: outbox.waiting_events(store.session, 10))[0]  # type: ignore[attr-defined]
    return ApplicationSubmitted.model_validate_json(first.payload)


async def test_every_fact_of_the_form_is_told(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], database: Database[Store]
) -> None:
    answer = await post(http, bearer, body | FACTS)
    assert answer.status_code == 201, answer.text
    event = submitted(database)
    told = event.model_dump(mode="json")
    assert {name: told[name] for name in ("applicant", "transport", "place_of_teaching", "leaves_on")} == {
        name: FACTS[name] for name in ("applicant", "transport", "place_of_teaching", "leaves_on")
    }
    assert told["circumstances"]["siblings"] == FACTS["siblings"]
    assert event.circumstances.income_within_limit
    assert event.circumstances.lives_in_authority_area
    assert (event.claims.escort, event.claims.boarding) == (True, True)
    claims = event.claims
    assert (claims.health_weeks, claims.health_days, claims.health_claimed) == (8, 57, True)
    assert (claims.nearest_refused_school, claims.afternoon_lessons, claims.assigned_place) == ("100001", True, True)


async def test_a_course_tells_whether_it_follows_a_training(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], database: Database[Store]
) -> None:
    course = {"annex": "E", "full_time": True, "after_training": False}
    changes = {"school_number": "100002", "grade": "01", "track": None, "course": course}
    changes["pupil"] = mapping(body["pupil"]) | {"birth_date": "2005-01-01"}
    answer = await post(http, bearer, body | changes)
    assert answer.status_code == 201, answer.text
    told = submitted(database).course
    assert told is not None
    assert told.after_training is False


def test_a_form_of_before_is_kept_and_recognised_as_it_was(body: dict[str, object]) -> None:
    """Its key may come again after this version was installed: the fingerprint must be the same."""
    form = ApplicationForm.model_validate_json(json.dumps(body))
    kept = json.loads(form.model_dump_json())
    assert not {"applicant", "transport", "place_of_teaching", "leaves_on", "income_within_limit"} & set(kept)
    assert set(kept["claims"]) == {"health", "dangerous_route", "nearest_refused", "second_home"}
    assert set(kept["claims"]["health"]) == {"weeks", "certificate"}
    assert set(kept["siblings"][0]) == {"birth_date", "funded"}
    assert fingerprint(form).hex() == "056ebf1a34d43aeed64b6b45c446a644740b12d06f7b908c9ce56930a1f4874f"


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"applicant": "pupil", "guardian": {"last_name": "Schmidt"}}, "applicant", "derselbe Name"),
        ({"claims": {"health": {"weeks": 8, "days": 90}}}, "claims.health.days", "Wochen"),
        ({"claims": {"nearest_refused_school": "100001"}}, "claims.nearest_refused_school", "abgelehnt"),
        (
            {"claims": {"nearest_refused": True, "nearest_refused_school": "168890"}},
            "claims.nearest_refused_school", "besucht",
        ),
        ({"siblings": [{"birth_date": "2013-11-05", "funded": False, "funded_until": "2027-01-31"}]},
         "siblings.0.funded", "Ticket"),
        ({"siblings": [{"birth_date": "2013-11-05", "funded": True, "funded_from": "2027-02-01",
                        "funded_until": "2027-01-31"}]}, "siblings.0.funded_until", "vor dem ersten"),
        ({"siblings": [{"birth_date": "2013-11-05", "funded": True, "counts_first": True}]},
         "siblings.0.counts_first", "am selben Tag"),
        ({"transport": {"kind": "public", "public_available": False}}, "transport.public_available", "anderes"),
        ({"transport": {"public_unsuitable": True}}, "transport.kind", "stattdessen"),
        ({"transport": {"minutes_one_way": 60, "minutes_a_day": 50}}, "transport.minutes_one_way", "Hin- und Rückweg"),
        ({"transport": {"leaves_home_at": "6 Uhr"}}, "transport.leaves_home_at", "06:40"),
        ({"transport": {"kind": "helicopter"}}, "transport.kind", "Möglich"),
        ({"transport": {"minutes_a_day": "90"}}, "transport.minutes_a_day", "Zahl"),
        ({"place_of_teaching": {"distance_m": -1}}, "place_of_teaching.distance_m", "mindestens"),
        ({"leaves_on": "2027-08-01"}, "leaves_on", "außerhalb des Schuljahres"),
        ({"leaves_on": "2026-08-10"}, "leaves_on", "vor dem gewünschten Beginn"),
    ],
)  # fmt: skip
async def test_what_contradicts_itself_is_said_in_words_that_a_parent_understands(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], changes: dict[str, object], field: str, word: str
) -> None:
    answer = await post(http, bearer, body | changes)
    assert answer.status_code == 422, answer.text
    said = {each["field"]: each["detail"] for each in answer.json()["problems"]}
    assert set(said) == {field}
    assert word in said[field]


@pytest.mark.parametrize(
    "changes",
    [
        # a minor who applies alone, and somebody with a power of attorney: the rules ask, the form refuses nobody
        {"applicant": "pupil", "guardian": {"first_name": "Jānis", "last_name": "Łukasiewicz"}},
        {"applicant": "other"},
        {"applicant": "pupil", "guardian": {"first_name": "Jānis", "last_name": "O’Neill"}},  # married
        {"claims": {"health": {}}},  # nobody knows yet how long
        {"claims": {"health": {"weeks": 9, "days": 57}}},
        {"claims": {"health": {"weeks": 8, "days": 57}}},
        {"transport": {"kind": "special", "special_available": False}},
        {"transport": {}},
        {"place_of_teaching": {}},
        {"leaves_on": "2026-09-02"},
    ],
)
async def test_a_true_story_is_taken(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], changes: dict[str, object]
) -> None:
    answer = await post(http, bearer, body | changes)
    assert answer.status_code == 201, answer.text


async def test_an_answer_may_hold_every_one_of_these_facts(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], database: Database[Store]
) -> None:
    path = (await post(http, bearer, body)).json()["links"]["self"]
    answer = await http.post(f"{path}/answers", json={"changes": FACTS}, headers=bearer())
    assert answer.status_code == 200, answer.text
    last = database.read_now(lambda store: outbox.waiting_events(store.session, 10))[-1]  # type: ignore[attr-defined]
    told = json.loads(last.payload)
    assert (last.subject, told["transport"]) == ("application.changed.v1", FACTS["transport"])
    wrong = {"changes": {"transport": {"kind": "public", "public_available": False}}}
    answer = await http.post(f"{path}/answers", json=wrong, headers=bearer())
    assert [each["field"] for each in answer.json()["problems"]] == ["changes.transport.public_available"]


def test_what_is_asked_can_be_answered_by_parts_that_may_be_changed_and_documents_that_are_taken() -> None:
    for each in BY_RULE.values():
        assert set(each.parts) <= CHANGEABLE
        assert set(each.documents) <= set(KINDS)


async def test_an_open_question_names_the_parts_of_the_form_that_answer_it(
    http: httpx.AsyncClient, bearer: Header, body: dict[str, object], workflow: Workflow, database: Database[Store]
) -> None:
    path = (await post(http, bearer, body)).json()["links"]["self"]
    opened = EligibilityReviewOpened(
        occurred_at=datetime.now(UTC), authority_id="10261", application_id=UUID(path.rsplit("/", 1)[1]),
        case_id=uuid4(),
        reasons=tuple(Reason(rule=rule, legal_basis="§", text="?") for rule in ("transport", "a_rule_of_next_year")),
    )  # fmt: skip
    database.write_now(await workflow.timeline.record(opened))
    (entry,) = (await http.get(path, headers=bearer())).json()["timeline"][1:]
    assert [(each["answer_with"], each["documents"]) for each in entry["reasons"]] == [
        (["transport"], ["medical_certificate"]),
        ([], []),
    ]
