"""A rule set from draft to force, through HTTP: who may, what is kept, what decides afterwards."""

import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from types import SimpleNamespace
from uuid import UUID

import httpx
import pytest
from eligibility import api, presets, simulating
from eligibility.presets import kept_rules
from eligibility.rules import Rules, parse
from eligibility.rules.rule_set.document import Document
from eligibility.store import StoredRecords
from eligibility.tables_of_before import keep_presets
from eligibility.workflow.decision.recompute import compare_decision
from eligibility.workflow.rule_sets.rule_set_desk import RuleSetDesk
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId
from eligibility.workflow.rule_sets.simulation_desk import SimulationDesk
from fastapi import FastAPI
from shared.http import problems
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.rule_set_document import ESCHENBORN
from support.eligibility.world import World
from support.identity import PlainTokens, bearer
from support.json import Json, text
from support.record import acts_of_people
from support.standing_app import StandingApp, behind_gate

BASE = "/v1/authorities/12345/rule-sets"


def person(subject: str, authority_id: str = "12345", role: str = "administrator") -> dict[str, str]:
    return bearer(subject, role, authority_id)


@dataclass
class Desks:
    """What the application asks for, of one world."""

    desk: RuleSetDesk
    simulations: SimulationDesk


def _build(world: Desks) -> FastAPI:
    app, identity = FastAPI(openapi_url=None), PlainTokens()
    problems.install(app)
    app.include_router(api.rule_sets_router(world.desk, presets.preset, presets.PRESETS, identity))
    run, cases_of = partial(simulating.run, seconds=100), partial(simulating.from_body, most=3000)
    app.include_router(api.simulations_router(world.simulations, run, cases_of, identity))
    return behind_gate(app, api.INTERFACE, identity)


APP = StandingApp(_build)


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    seconds = count()
    ticking = replace(world.environment, now=lambda: world.environment.now() + timedelta(seconds=next(seconds)))
    records = StoredRecords(world.database, presets.preset, lambda: world.environment.now().date())
    desk, simulations = RuleSetDesk(world.database, ticking, presets), SimulationDesk(world.database, records)
    transport = httpx.ASGITransport(app=APP.serving(Desks(desk, simulations)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=person("anna")) as client:
        client.headers["Accept-Language"] = "en"
        yield client


async def published(http: httpx.AsyncClient, text: str = ESCHENBORN, day: str = "2026-05-20") -> Json:
    made = (await http.post(BASE, content=text)).json()
    tried = (await http.post(f"{BASE}/{made['id']}/trial")).json()
    assert (tried["green"], tried["failed"]) == (True, [])
    answer = await http.post(f"{BASE}/{made['id']}/publication", json={"in_force_from": day}, headers=person("bert"))
    assert answer.status_code == 200, answer.text
    version: Json = answer.json()
    return version


def acts(world: World) -> list[tuple[str, str]]:
    return [each for each in acts_of_people(world.database) if each[1].startswith("rule set")]


async def test_from_draft_to_force_by_two_persons_and_then_it_decides(http: httpx.AsyncClient, world: World) -> None:
    version = await published(http)
    assert version["state"] == "published" and version["published_by"] == "bert" and version["editors"] == ["anna"]
    records = StoredRecords(world.database, presets.preset, lambda: world.environment.now().date())
    assert (await records.rules_of("12345")).version == version["version"]
    assert acts(world) == [
        ("anna", "rule set: drafted"),
        ("anna", "rule set: tried"),
        ("bert", "rule set: published"),
    ]
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    assert decision.own_share_cents == 1200
    assert decision.rules_version == version["version"]


async def test_a_rule_set_of_the_future_does_not_decide_yet(http: httpx.AsyncClient, world: World) -> None:
    await published(http, day="2026-05-21")
    records = StoredRecords(world.database, presets.preset, lambda: world.environment.now().date())
    assert (await records.rules_of("12345")).version == presets.preset("nrw").version


async def test_who_wrote_at_it_may_not_publish_it(http: httpx.AsyncClient) -> None:
    made = (await http.post(BASE, content=ESCHENBORN)).json()
    await http.put(f"{BASE}/{made['id']}", content=ESCHENBORN, headers=person("carl"))
    await http.post(f"{BASE}/{made['id']}/trial")
    for writer in ("anna", "carl"):
        answer = await http.post(
            f"{BASE}/{made['id']}/publication", json={"in_force_from": "2026-08-01"}, headers=person(writer)
        )
        assert answer.status_code == 403


async def test_it_is_tried_before_it_is_published_and_red_stays_a_draft(http: httpx.AsyncClient) -> None:
    made = (await http.post(BASE, content=ESCHENBORN.replace("own_share_cents: 1200", "own_share_cents: 1100"))).json()
    tried = (await http.post(f"{BASE}/{made['id']}/trial")).json()
    assert tried["failed"][0]["differences"] == {"own_share_cents": {"expected": 1100, "came": 1200}}
    answer = await http.post(
        f"{BASE}/{made['id']}/publication", json={"in_force_from": "2026-08-01"}, headers=person("bert")
    )
    assert answer.status_code == 409


async def test_the_sentences_of_the_law_must_hold_but_for_the_authoritys_own_choice(http: httpx.AsyncClient) -> None:
    made = (await http.post(BASE, content=ESCHENBORN)).json()
    tried = (await http.post(f"{BASE}/{made['id']}/trial")).json()
    assert tried["green"]
    assert tried["sentences"] > 200
    changed = {each["name"]: each for each in tried["changed_by_choice"]}
    assert changed["the first child pays 14 euros"]["differences"] == {
        "own_share_cents": {"expected": 1400, "came": 1200}
    }
    assert changed["the first child pays 14 euros"]["because"] == [
        {
            "path": "parameters.own_share.by_rank_cents",
            "text": "Zeile 6, Spalte 3: own_share.by_rank_cents",
            "text_en": "Line 6, column 3: own_share.by_rank_cents",
        }
    ]
    wrong = ESCHENBORN.replace(
        "tests:",
        """  scope.course_forms:
    - {valid_from: 2005-08-01, value: [], legal_basis: "§ 97 SchulG NRW", source: Irrtum, certainty: official}
tests:""",
    )
    made = (await http.post(BASE, content=wrong)).json()
    tried = (await http.post(f"{BASE}/{made['id']}/trial")).json()
    assert not tried["green"]
    failed = {each["name"]: each for each in tried["failed"]}
    red = failed["the dual system in part time is not covered"]
    assert (red["kind"], red["because"][0]["text_en"]) == ("law", "Line 8, column 3: scope.course_forms")
    assert red["differences"] == {"outcome": {"expected": "refused", "came": "granted"}}
    answer = await http.post(
        f"{BASE}/{made['id']}/publication", json={"in_force_from": "2026-08-01"}, headers=person("bert")
    )
    assert answer.status_code == 409


async def test_the_sentences_of_the_origin_bind_who_adapts_it(http: httpx.AsyncClient) -> None:
    forms = 'tests:\n  base: {}\n  sentences:\n    - {name: Anlage A wird in Vollzeit gezahlt, facts: {school_year: "2026/27", pupil: {lives_in_nrw: true, birth_date: "2009-01-01"}, school: {form: BK}, course: {annex: A, full_time: true}, distance_m: 9000, attends_nearest: true}, expected: {outcome: granted, own_share_cents: 1200}, basis: Ratsbeschluss}\n'
    first = await published(http, ESCHENBORN[: ESCHENBORN.index("tests:")] + forms)
    there, zoe = "/v1/authorities/67890/rule-sets", person("zoe", "67890")

    async def tried(parameter: str, value: str) -> Json:
        text = f"name: nachbar\ntitle: Nachbar\nversion: '1'\norigin: {first['version']}\nparameters:\n"
        text += f"  {parameter}:\n    - {{valid_from: 2005-08-01, value: {value}, legal_basis: Rat, source: Rat, certainty: official}}\n"
        made = await http.post(there, content=text, headers=zoe)
        assert made.status_code == 201, made.text
        trial: Json = (await http.post(f"{there}/{made.json()['id']}/trial", headers=zoe)).json()
        return trial

    own = await tried("own_share.by_rank_cents", "[1000, 0, 0]")
    assert [each["name"] for each in own["changed_by_choice"] if each["kind"] == "origin"] == [
        "Anlage A wird in Vollzeit gezahlt"
    ]
    assert own["green"]
    against = await tried("scope.course_forms", "[BK, R]")
    assert [each["kind"] for each in against["failed"]] and not against["green"]


async def test_nothing_comes_into_force_in_the_past(http: httpx.AsyncClient) -> None:
    made = (await http.post(BASE, content=ESCHENBORN)).json()
    await http.post(f"{BASE}/{made['id']}/trial")
    answer = await http.post(
        f"{BASE}/{made['id']}/publication", json={"in_force_from": "2026-05-19"}, headers=person("bert")
    )
    assert answer.status_code == 409


async def test_a_published_version_never_changes(http: httpx.AsyncClient) -> None:
    version = await published(http)
    assert (await http.put(f"{BASE}/{version['id']}", content=ESCHENBORN)).status_code == 409
    assert (await http.get(f"{BASE}/{version['id']}/export")).text == ESCHENBORN


async def test_a_bad_draft_is_refused_with_its_place_and_the_version_in_force_stays(
    http: httpx.AsyncClient, world: World
) -> None:
    version = await published(http)
    answer = await http.post(BASE, content=ESCHENBORN.replace("source: Ratsbeschluss, ", ""))
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["detail"].startswith("Line 7, column 7: source is missing")
    records = StoredRecords(world.database, presets.preset, lambda: world.environment.now().date())
    assert (await records.rules_of("12345")).version == version["version"]


async def test_who_wrote_a_rule_set_publishes_it_where_the_authority_lets_one_person_do_it(
    http: httpx.AsyncClient, world: World
) -> None:
    made = (await http.post(BASE, content=ESCHENBORN)).json()
    await http.post(f"{BASE}/{made['id']}/trial")
    publication = f"{BASE}/{made['id']}/publication"
    for chosen, status in ((["rule_set"], 403), ([], 200)):
        world.set_authority(second_person_for=chosen)
        assert (await http.post(publication, json={"in_force_from": "2026-05-20"})).status_code == status


async def test_another_authority_hears_that_there_is_nothing_and_writes_into_nobodys_audit_trail(
    http: httpx.AsyncClient, world: World
) -> None:
    version = await published(http)
    before, stranger = acts(world), person("mallory", "99999")
    for place in (BASE, "/v1/authorities/none/rule-sets"):
        own = f"{place}/{version['id']}"
        said = [
            await http.get(own, headers=stranger),
            await http.get(place, headers=stranger),
            await http.put(own, content=ESCHENBORN, headers=stranger),
            await http.post(place, content=ESCHENBORN, headers=stranger),
            await http.post(f"{own}/trial", headers=stranger),
            await http.post(f"{own}/publication", json={"in_force_from": "2026-05-20"}, headers=stranger),
            await http.post(
                f"{place}/take-over", json={"rule_set_id": version["id"], "name": "mine"}, headers=stranger
            ),
        ]
        assert {(each.status_code, each.text) for each in said} == {(404, said[0].text)}
    assert acts(world) == before
    strange = "/v1/authorities/A%0A19900%3A%203%20acts%20hold/rule-sets"
    assert (await http.post(strange, content=ESCHENBORN, headers=stranger)).status_code == 404
    assert acts(world) == before
    assert (await http.post(BASE, content=ESCHENBORN, headers=person("dora", role="case_worker"))).status_code == 403


async def test_taken_over_it_names_its_origin_and_a_later_one_is_offered(http: httpx.AsyncClient) -> None:
    first = await published(http)
    there = "/v1/authorities/67890/rule-sets"
    zoe = person("zoe", "67890")
    answer = await http.post(f"{there}/take-over", json={"rule_set_id": first["id"], "name": "nachbar"}, headers=zoe)
    taken = answer.json()
    assert (answer.status_code, taken["origin"]) == (201, first["version"])
    assert (await http.post(f"{there}/{taken['id']}/trial", headers=zoe)).json()["green"]
    later = ESCHENBORN.replace("[1200, 600, 0]", "[1000, 500, 0]").replace('version: "1"', 'version: "2"')
    second = await published(http, later.replace("own_share_cents: 1200", "own_share_cents: 1000"))
    offered = (await http.get(f"{there}/{taken['id']}/origin-difference", headers=zoe)).json()
    assert offered["newest"] == second["version"]
    assert [(each["path"], each["adapted"]) for each in offered["changes"]] == [
        ("parameters.own_share.by_rank_cents", False)
    ]


async def test_a_later_preset_is_offered_to_who_adapted_an_earlier_one_by_its_name(
    http: httpx.AsyncClient, world: World
) -> None:
    version = await published(http)
    content = presets.preset("nrw").rule_set.content()
    content["parameters"]["cost.cap_cents"][-1]["value"] = 11000
    later = parse(content, None)
    documents = SimpleNamespace(from_text=presets.from_text, as_yaml=presets.as_yaml, preset_or_none=lambda _: later)
    program = RuleSetDesk(world.database, world.environment, documents)
    anna = Caller("anna", "12345", frozenset({"administrator"}))
    newest, changes = await program.origin_difference(anna, "12345", RuleSetId(UUID(text(version["id"]))))
    assert newest == later.version
    assert [(each.path, each.adapted) for each in changes] == [("parameters.cost.cap_cents", False)]


async def test_a_decision_is_computed_again_by_the_version_it_names(http: httpx.AsyncClient, world: World) -> None:
    keep_presets(world.database, datetime.now(UTC))
    by_preset, by_own = make.submitted(), make.submitted()
    await world.hear(by_preset)
    await published(http)
    await world.hear(by_own)
    versions = set()
    for event in (by_preset, by_own):
        decision = world.decision_of(event.application_id)
        kept = world.database.read_now(lambda store: store.kept_decision(str(decision.id)))  # noqa: B023  # it is done at once
        assert kept is not None
        version = kept.rules_version
        rules = world.database.read_now(lambda store: kept_rules(store.archived, version))  # noqa: B023  # it is done at once
        assert rules is not None
        result = compare_decision(kept, rules)
        assert result.same, result.as_json()
        versions.add(version)
        from_archive = world.database.read_now(lambda store: store.archived(version))  # noqa: B023  # it is done at once
        assert from_archive is not None
    assert len(versions) == 2


async def test_a_draft_is_tried_on_past_decisions_and_on_given_cases(http: httpx.AsyncClient, world: World) -> None:
    await world.hear(make.submitted())
    made = (await http.post(BASE, content=ESCHENBORN)).json()
    url = f"/v1/authorities/12345/simulations?rule_set_id={made['id']}"
    lines = (await http.post(url)).text.splitlines()
    assert json.loads(lines[-1])["result"]["effects"]["pays_less"] == 1
    case = json.dumps({"school_year": "2026/27", "grade": "03", "distance_m": 100, "school": {"form": "G"}})
    result = json.loads((await http.post(url, content=case)).text.splitlines()[-1])["result"]
    assert result["outcomes_before"] == result["outcomes_after"] == {"refused": 1}
    assert (await http.post(url, headers=person("mallory", "99999"))).status_code == 404


async def test_a_simulation_is_bounded_in_lines_and_time_and_says_so(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (await http.post(BASE, content=ESCHENBORN)).json()
    url = f"/v1/authorities/12345/simulations?rule_set_id={made['id']}"
    for body in (b"grade\n" + b"03\n" * 3001, b"{}\n" * 3001):
        answer = await http.post(url, content=body)
        assert (answer.status_code, answer.json()["problems"][0]["detail"]) == (422, "At most 3000 cases at once.")
    answer = await http.post(url, content=b"grade" + b"\n" * 80_000)
    assert json.loads(answer.text.splitlines()[-1])["result"]["cases"] == 0  # empty lines are no cases
    monkeypatch.setattr(simulating, "monotonic", count(step=500.0).__next__)
    answer = await http.post(url, content=b"grade\n" + b"03\n" * 2500)
    assert "took too long" in json.loads(answer.text.splitlines()[-1])["error"]["en"]


@pytest.mark.parametrize(
    "body",
    [
        b"a." * 60_000 + b"b\n1\n",
        b"a;" * 60_000 + b"\n1\n",
        b'grade\n"' + b"x" * 200_000,
        b'grade\n"' + b"x" * 200_000 + b'"\n',
        b"siblings\n" + b"[" * 200_000 + b"\n",
        b"siblings\n" + b"[" * 9_000 + b"\n",
        b'{"label": 1, "facts": ' + b"[" * 200_000,
        b'{"label": 1, "facts": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"label":"facts"}\n{"label": [], "facts": []}\n{',
        b"grade\n\x00\n\r\r\n",
        b"grade\n" + b"9" * 100_000,
        b"label;grade\n" + b"x" * 100_000 + b";03",
        b"\xff\xfe",
    ],
)
async def test_no_table_of_cases_makes_a_simulation_fail(http: httpx.AsyncClient, body: bytes) -> None:
    made = (await http.post(BASE, content=ESCHENBORN)).json()
    answer = await http.post(f"/v1/authorities/12345/simulations?rule_set_id={made['id']}", content=body)
    assert answer.status_code == 422 or "result" in json.loads(answer.text.splitlines()[-1])


async def test_a_rule_set_is_read_beside_the_event_loop_wherever_it_is_read(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[bool] = []
    read = presets.from_text

    def watched(text: str, kept: dict[str, Rules] | None = None) -> Document:
        threads.append(threading.current_thread() is threading.main_thread())
        return read(text, kept)

    monkeypatch.setattr(presets, "from_text", watched)
    made = await published(http)
    assert (await http.get(f"{BASE}/{made['id']}/origin-difference")).status_code == 200
    assert (await http.post(BASE, content=b"- " * 60_000 + b"x")).status_code == 422
    assert len(threads) >= 5 and not any(threads)
