"""A change reaches the decision: through HTTP at application, and as its event through eligibility's workflow.

For every leaf of the form that may be changed: the event says it, the case has it, and it is decided anew on it, or put to
a person; what was in force goes on until then.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from application.store import SqlStore
from eligibility.domain.decision import Decision
from eligibility.notice.content import notice_content
from eligibility.store import Store
from eligibility.store.places.importer import PlaceImporter
from eligibility.workflow import MeasuredRoutes, Proof
from shared.database import Database
from shared.events import (
    ApplicationChanged,
    ApplicationHolderGiven,
    ApplicationSubmitted,
    EligibilityGranted,
    EligibilityWithdrawn,
)
from support.application import directory
from support.application.every_change import GENERAL, HOME, changes_of, leaves
from support.application.families import FAMILIES, URL
from support.eligibility import small_place
from support.eligibility.office import ANNA
from support.eligibility.world import World, make_template, open_world
from support.json import Json
from support.outbox import told
from support.tokens import issuer

KEPT_BY_APPLICATION = {"guardian.email", *(each for each in leaves() if each.startswith("custody."))}
"""Where messages are sent to: nothing that anybody decides on. Custody is told only where the authority asks for it, which
the authority of these tests does not (tests/unit/application/api/pages/test_custody_pages.py)."""
ONLY_ISSUANCE = {"pupil.gender"}
"""Is on the ticket, and nowhere else: eligibility learns that the holder was given anew, not what is new."""
LATER = date(2027, 1, 15)
SCHOOLS = (
    directory.school("100001", "G", authority_id="12345"),
    directory.school("100003", "G", authority_id="12345"),
    directory.school("100004", "GY", authority_id="12345"),
    directory.school("100007", "GY", authority_id="12345"),
    directory.school("100005", "BK", authority_id="12345"),
    directory.school("100006", "GY", authority_id="99999"),
)


@dataclass
class Both:
    """Both services. `told`: what application has told, in order."""

    http: httpx.AsyncClient
    headers: dict[str, str]
    database: Database[SqlStore]
    world: World

    async def applies(self, body: dict[str, object]) -> str:
        """The path of the application; eligibility has heard of it."""
        headers = self.headers | {"Idempotency-Key": "key-12345678"}
        answer = await self.http.post("/v1/applications", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        (event,) = told(self.database, ApplicationSubmitted)
        await self.world.hear(event)
        return str(answer.json()["links"]["self"])

    async def changes(self, path: str, **body: object) -> ApplicationChanged:
        answer = await self.http.post(f"{path}/answers", json=body, headers=self.headers)
        assert answer.status_code == 200, answer.text
        event = told(self.database, ApplicationChanged)[-1]
        await self.world.hear(event)
        return event

    async def shown(self, path: str) -> Json:
        shown: Json = (await self.http.get(path, headers=self.headers)).json()
        return shown


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "eligibility.db"
    make_template(path)
    database = Database(f"sqlite:///{path}", Store)
    another = small_place.school("100007", form="GY", form_number="20", kind=None)
    PlaceImporter(database).replace_schools(iter((*small_place.SCHOOLS, another)))
    database.close()
    return path


@pytest.fixture
def world(template: Path, tmp_path: Path) -> Iterator[World]:
    with open_world(template, tmp_path / "eligibility.db") as found:
        found.set_authority(release_by_person="nothing")
        found.measurer.answer = MeasuredRoutes(small_place.measurement(6000.0))
        yield found


@pytest.fixture
async def both(world: World, tmp_path: Path) -> AsyncIterator[Both]:
    database = directory.open_filled(f"sqlite:///{tmp_path / 'application.db'}", *SCHOOLS)
    transport = httpx.ASGITransport(FAMILIES.serving(directory.workflow_of(database)))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        yield Both(http, issuer().bearer("parent-1", "guardian"), database, world)
    database.close()


def plain(event: ApplicationSubmitted) -> dict[str, object]:
    """What is told, as of an application."""
    own = ("event_id", "occurred_at", "holder_change")
    return {name: value for name, value in event.model_dump().items() if name in ApplicationSubmitted.model_fields and name not in own}  # fmt: skip


def kept(world: World, application_id: UUID) -> tuple[object, ...]:
    """What a case rests on, and what its notice says."""
    case = world.case_of(application_id)
    submission = {name: value for name, value in case.submission.items() if name != "holder_change"}
    return case.facts, submission, case.school_number


@pytest.mark.parametrize("leaf", list(leaves()))
async def test_a_change_of_each_leaf_of_the_form_is_told_kept_and_decided_on(both: Both, leaf: str) -> None:
    body, changes = changes_of(leaf)
    assert changes, "the form says something else then"
    path = await both.applies(body)
    (first,) = told(both.database, ApplicationSubmitted)
    world, number = both.world, first.application_id
    before, rounds = kept(world, number), len(decisions(world, number))
    event = await both.changes(path, changes=changes)
    if leaf in KEPT_BY_APPLICATION:
        assert plain(event) == plain(first)
        return
    assert plain(event) != plain(first) or leaf in ONLY_ISSUANCE
    case = world.case_of(number)
    assert kept(world, number) != before or leaf.startswith("home.") or leaf in ONLY_ISSUANCE
    assert case.change_number == 1
    assert case.state == "review" or len(decisions(world, number)) > rounds
    change = world.database.read_now(lambda store: store.last_change(case.id))
    assert change is not None and change.before is not None and plain(change.before) == plain(first)
    assert (event.holder_change == 1) == leaf.startswith("pupil.")


def decisions(world: World, application_id: UUID) -> list[Decision]:
    case = world.case_of(application_id)
    return list(world.database.read_now(lambda store: store.decisions_of(case.id)))


SIMPLE = {
    "guardian": {"first_name": "Zoë", "last_name": "Müller"},
    "pupil": {"first_name": "Jānis", "last_name": "Muller", "birth_date": "2013-02-28"},
    "home": HOME, "school_number": "100004", "grade": "07", "track": "GY9", "school_year": "2026/27",
    "wanted_from": "2026-08-01", "lives_in_nrw": True,
}  # fmt: skip
"""Granted by the rules alone."""
SEEN: dict[str, tuple[dict[str, object], str]] = {
    "school": ({"school_number": "100007"}, "Schule 100007"),
    "grade": ({"grade": "08"}, "Klasse 8"),
    "addressee": ({"guardian": {"first_name": "Ida", "last_name": "Ek"}}, "Ida Ek"),
    "where the letter goes": (
        {"guardian": SIMPLE["guardian"] | {"address": HOME | {"street": "Am Bach"}}}, "Am Bach 5a",  # type: ignore[operator]
    ),
    "last day": ({"leaves_on": "2027-02-28"}, "28.02.2027"),
    "wanted from": ({"wanted_from": "2026-10-01"}, "01.10.2026"),
}  # fmt: skip
PROVEN: dict[str, tuple[dict[str, object], Proof, str]] = {
    "siblings": (
        {"siblings": [{"birth_date": "2010-01-01", "funded": True}]}, Proof(siblings=(date(2010, 1, 1),)), "7,00 Euro im Monat",
    ),
    "benefits": ({"benefits": ["SGB XII"]}, Proof(benefits=("SGB XII",)), "SGB XII"),
}  # fmt: skip
"""Told alone these lower nothing: a proof does."""


@pytest.mark.parametrize("what", SEEN)
async def test_the_notice_of_the_new_decision_says_what_was_changed(both: Both, what: str) -> None:
    changes, said = SEEN[what]
    path = await both.applies(SIMPLE)
    (first,) = told(both.database, ApplicationSubmitted)
    assert isinstance(both.world.told()[-1], EligibilityGranted)
    await both.changes(path, changes=changes)
    assert said in newest_notice(both.world, first.application_id)


@pytest.mark.parametrize("what", PROVEN)
async def test_the_notice_says_what_lowers_the_share_once_it_is_proven_and_not_before(both: Both, what: str) -> None:
    changes, proof, said = PROVEN[what]
    path = await both.applies(SIMPLE)
    (first,) = told(both.database, ApplicationSubmitted)
    await both.changes(path, changes=changes)
    assert said not in newest_notice(both.world, first.application_id)
    case = both.world.case_of(first.application_id)
    assert case.state == "granted"
    await both.world.workflow.proofs.recognise(ANNA, case.id, proof)
    assert said in newest_notice(both.world, first.application_id)


def newest_notice(world: World, application_id: UUID) -> str:
    case, newest = world.case_of(application_id), decisions(world, application_id)[-1]
    text = json.dumps(notice_content(small_place.authority(), case, newest), ensure_ascii=False)
    return text.replace("\N{NO-BREAK SPACE}", " ")


async def test_a_change_that_lies_ahead_holds_from_its_day_and_the_grant_until_then(both: Both) -> None:
    path = await both.applies(SIMPLE)
    await both.changes(path, changes={"school_number": "100007"}, changed_from=LATER.isoformat())
    granted, ended, anew = both.world.told()
    assert isinstance(granted, EligibilityGranted) and isinstance(ended, EligibilityWithdrawn)
    assert isinstance(anew, EligibilityGranted)
    assert (ended.decision_id, ended.ends_on) == (granted.decision_id, date(2027, 1, 14))
    assert (anew.valid_from, anew.valid_until) == (LATER, date(2027, 7, 31))


async def test_a_change_that_would_end_the_grant_waits_for_a_person_whatever_the_machine_may(both: Both) -> None:
    path = await both.applies(SIMPLE)
    both.world.measurer.answer = MeasuredRoutes(small_place.measurement(500.0))
    event = await both.changes(path, changes={"school_number": "100007"}, changed_from=LATER.isoformat())
    assert [type(each) for each in both.world.told()] == [EligibilityGranted]
    assert decisions(both.world, event.application_id)[-1].outcome == "refused"


async def test_a_change_before_anything_was_decided_loses_no_day(both: Both) -> None:
    both.world.set_authority(release_by_person="everything")
    path = await both.applies(SIMPLE)
    event = await both.changes(path, changes={"school_number": "100007"}, changed_from=LATER.isoformat())
    case = both.world.case_of(event.application_id)
    assert (case.state, case.reasons[0]["rule"]) == ("review", "change")


async def test_a_corrected_name_is_a_persons_matter_and_goes_to_issuance_with_its_number(both: Both) -> None:
    path = await both.applies(SIMPLE)
    pupil = {"first_name": "Jānis", "last_name": "Müller", "birth_date": "2013-02-27"}
    event = await both.changes(path, changes={"pupil": pupil})
    case = both.world.case_of(event.application_id)
    assert (case.state, case.reasons[0]["rule"]) == ("review", "name")
    assert not [each for each in both.world.told() if isinstance(each, EligibilityWithdrawn)]  # the grant goes on
    first, second = told(both.database, ApplicationHolderGiven)
    assert (first.change_number, first.last_name) == (None, "Muller")
    assert (second.change_number, second.last_name, second.birth_date) == (1, "Müller", date(2013, 2, 27))
    assert (await both.shown(path))["pupil"]["last_name"] == "Müller"


async def test_a_school_of_another_authority_ends_the_grant_with_the_last_day_here(both: Both) -> None:
    path = await both.applies(SIMPLE)
    refused = await both.http.post(
        f"{path}/answers", json={"changes": {"school_number": "100006"}}, headers=both.headers
    )
    assert refused.status_code == 422 and "changed_from" in refused.text
    event = await both.changes(path, changes={"school_number": "100006", "grade": "08"}, changed_from=LATER.isoformat())
    assert (event.school_number, event.grade, event.leaves_on, event.leaves_for) == (
        "100004", "07", date(2027, 1, 14), "100006",
    )  # fmt: skip
    shown = await both.shown(path)
    entry = shown["timeline"][-1]["text"]["de"]
    assert "anderen Trägers" in entry and "15.01.2027" in entry and "neuen Antrag" in entry
    newest = decisions(both.world, event.application_id)[-1]
    assert (newest.outcome, newest.valid_from, newest.valid_until, newest.released_at) == (
        "granted", date(2026, 8, 1), date(2027, 1, 14), None,
    )  # fmt: skip
    assert [type(each) for each in both.world.told()] == [EligibilityGranted]


async def test_a_new_school_is_checked_with_the_class_that_was_told_before(both: Both) -> None:
    path = await both.applies(SIMPLE)
    answer = await both.http.post(
        f"{path}/answers", json={"changes": {"school_number": "100001"}}, headers=both.headers
    )
    assert answer.status_code == 422
    assert {"changes.grade", "changes.track"} <= {each["field"] for each in answer.json()["problems"]}


async def test_the_example_of_the_documentation_works(both: Both) -> None:
    path = await both.applies(SIMPLE)
    app = both.http._transport.app  # type: ignore[attr-defined]
    operation = app.openapi()["paths"]["/v1/applications/{application_id}/answers"]["post"]
    example = operation["requestBody"]["content"]["application/json"]["examples"]["moved"]["value"]
    answer = await both.http.post(f"{path}/answers", json=example, headers=both.headers)
    assert answer.status_code == 200, answer.text


def test_every_part_is_tried_with_something_in_it() -> None:
    assert {each.split(".")[0] for each in leaves()} <= {*GENERAL, "course"}
