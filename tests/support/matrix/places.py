"""What two tenants have in each service, by the names of the path parameters that lead to it."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from application.domain.draft import Visitor
from application.domain.ids import ApplicationId, DocumentId, DraftId, Owner
from application.domain.people import InvitationKind
from application.form import EXAMPLE, ApplicationForm, DraftChange
from application.workflow import Workflow as ApplicationWorkflow
from application.workflow.codes.codes import ClassOrder
from application.workflow.documents.upload import Upload
from eligibility import presets
from eligibility.domain.ids import NoticeToken
from eligibility.store import Store
from eligibility.workflow import Environment
from eligibility.workflow.rule_sets.own_form_desk import WrittenDraft, draft_form
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId, RuleSetVersion
from geography.model.hazard_list import Hazard
from issuance.store.inspection import InspectionStore
from issuance.workflow.inspection.inspect import KnownTicket
from issuance.workflow.inspection.requests import TicketRequest
from shared.database import Database
from shared.events.own_form import WrittenForm
from shared.identity import Caller
from support.application import directory
from support.application.documents import PDF
from support.databases import make_tables
from support.eligibility import small_place
from support.eligibility.rule_set_document import ESCHENBORN
from support.eligibility.world import KEYS, MeasurerAsTold, World, fill
from support.matrix.actors import AUTHORITIES, FAMILIES, FIRST, ORGANISATIONS, SCHOOLS
from support.matrix.services import url_of
from support.own_forms import BUS

NOW = small_place.NOW
JUNE = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
"""When the form's example is sent."""
Ids = Mapping[str, str]
HELPER = InvitationKind.HELPER


@dataclass(frozen=True)
class Places:
    """`of`: by tenant. A parameter that is named nowhere belongs to nobody: `there` is one that is there."""

    of: tuple[Ids, Ids]
    absent: Ids
    there: Ids


NONSENSE = "none of them, ever: \N{LATIN SMALL LETTER O WITH DIAERESIS}"


def application(folder: Path) -> Places:
    url = url_of(folder, "application")
    numbers = SCHOOLS
    schools = [directory.school(*each) for each in zip(numbers, ("GY", "GY"), strict=True)]
    schools = [
        replace(each, authority=replace(each.authority, id=authority_id))
        for each, authority_id in zip(schools, AUTHORITIES, strict=True)
    ]
    database = directory.open_filled(url, *schools)
    workflow = directory.workflow_of(database)
    found = [asyncio.run(_family(workflow, *each)) for each in zip(FAMILIES, numbers, strict=True)]
    database.close()
    there = {"number": numbers[0], "path": "none", "act": "withdrawal", "what": "move"}
    names = (
        "application_id",
        "decision_id",
        "document_id",
        "ticket_id",
        "draft_id",
        "draft_document_id",
        "person_id",
        "invitation_id",
        "batch_id",
    )
    absent = {name: str(uuid4()) for name in names}
    absent |= {"number": "999999", "school_number": "999999"}
    absent |= {"invitation_token": "no-such-token", "look_token": "no-such-token"}
    return Places((found[0], found[1]), absent, there)


async def _family(workflow: ApplicationWorkflow, name: str, school: str) -> Ids:
    form = ApplicationForm.model_validate_json(json.dumps(EXAMPLE | {"school_number": school}))
    made = await workflow.applications.submit(Owner(name), f"of-{name}", form, JUNE)
    upload = Upload("upload-0001", "medical_certificate", "Attest.pdf", None, PDF)
    document = await workflow.documents.add(Owner(name), made.id, upload, JUNE)
    draft, draft_document = await _draft(workflow, Owner(name), school)
    ids: dict[str, UUID] = {
        "application_id": made.id,
        "document_id": document.id,
        "ticket_id": uuid4(),
        "decision_id": uuid4(),
        "draft_id": draft,
    }
    named = {"school_number": school}
    ids |= {"draft_document_id": draft_document} | await _people(workflow, Owner(name), made.id)
    ids["batch_id"] = await _codes(workflow, school, made.id)
    return named | {each: str(value) for each, value in ids.items()}


async def _codes(workflow: ApplicationWorkflow, school: str, application_id: ApplicationId) -> UUID:
    """Of the school's authority, and a letter that waits there."""
    authority_id = (await workflow.directory.school(school)).authority.id
    made = await workflow.codes.make(authority_id, ClassOrder(school, "5a", 1), "who fills", datetime.now(UTC))
    await workflow.letters.ask_as_staff(authority_id, application_id, datetime.now(UTC))
    return made.batch_id


async def _people(workflow: ApplicationWorkflow, owner: Owner, application_id: ApplicationId) -> dict[str, UUID]:
    """Somebody who helps, and an invitation that nobody has accepted: that one is no actor of the matrix."""
    now = datetime.now(UTC)
    joins, rests = [await workflow.people.invite(owner, application_id, HELPER, now) for _ in range(2)]
    await workflow.people.accept(Owner(f"grandmother of {owner}"), joins.token, "Oma", now)
    (person,) = (await workflow.people.all(owner, application_id, now)).people
    return {"person_id": person.id, "invitation_id": rests.invitation.id}


async def _draft(workflow: ApplicationWorkflow, owner: Owner, school: str) -> tuple[DraftId, DocumentId]:
    """All filled in, with a document; begun at this moment, because drafts do not last."""
    change = DraftChange.of(EXAMPLE | {"school_number": school})
    draft = (await workflow.drafts.begin(owner, change, datetime.now(UTC))).draft.id
    upload = Upload("upload-0001", "medical_certificate", "Attest.pdf", None, PDF)
    document = await workflow.draft_documents.add(Visitor(owner), draft, upload, datetime.now(UTC))
    return draft, document.id


def eligibility(folder: Path) -> Places:
    url = url_of(folder, "eligibility")
    make_tables(url, "eligibility")
    database = Database(url, Store)
    fill(database)
    tokens = iter(f"token-{number}" for number in range(100))
    environment = _environment(lambda: next(tokens))
    world = World(database, MeasurerAsTold(), environment, [NOW])
    neighbour = small_place.authority(id=AUTHORITIES[1], name="Nachbarstadt", register_numbers=())
    database.write_now(lambda store: store.set_authority(neighbour))
    schools = "100001", "100006"
    found = [asyncio.run(_authority(world, *each)) for each in zip(AUTHORITIES, schools, strict=True)]
    database.close()
    absent = {
        name: str(uuid4()) for name in ("case_id", "rule_set_id", "form_id", "hazard_id", "decision_id", "letter_id")
    }
    absent |= {"authority_id": "77777", "number": "999999", "token": "no-such-token"}
    return Places((found[0], found[1]), absent, {"path": "none"})


def _environment(token: Callable[[], str]) -> Environment:
    return Environment(lambda: NOW, lambda: NoticeToken(token()), KEYS, "https://bescheid.example")


async def _authority(world: World, authority_id: str, school: str) -> Ids:
    event = small_place.submitted(authority_id=authority_id, school_number=school)
    await world.hear(event)
    case = world.case_of(event.application_id)
    caller = Caller("who fills", authority_id, frozenset({"case_worker"}))
    if case.state == "prepared":
        await world.desk.release(caller, case.id)
    file = await world.desk.file(caller, case.id)
    rules = presets.from_text(ESCHENBORN).rules
    draft = RuleSetVersion(
        RuleSetId(uuid4()), authority_id, "eschenborn", "draft", rules.version, ESCHENBORN, rules.rule_set.content(),
        None, ("anna",), NOW, NOW,
    )  # fmt: skip
    hazard = Hazard(
        str(uuid4()), "stretch", ((8.75, 51.71), (8.76, 51.71)), (), "Kein Gehweg", (), "", date(2026, 3, 1)
    )
    world.database.write_now(lambda store: store.put_rule_set(draft))
    written = WrittenDraft(json.dumps(BUS), WrittenForm.model_validate(BUS), "anna", NOW)
    form = world.database.write_now(lambda store: draft_form(store, authority_id, written))
    world.database.write_now(lambda store: store.add_hazard(authority_id, hazard, "anna", NOW))
    ids = {
        "case_id": case.id,
        "rule_set_id": draft.id,
        "form_id": form.id,
        "hazard_id": hazard.id,
        "decision_id": file.notices[0].decision.id,
        "letter_id": file.notices[0].dispatches[0].id,
    }
    named = {name: str(value) for name, value in ids.items()}
    return named | {"authority_id": authority_id, "number": school, "token": str(file.notices[0].token)}


def issuance(folder: Path) -> Places:
    url = url_of(folder, "issuance")
    make_tables(url, "issuance", "migrations/inspection")
    database = Database(url, InspectionStore)
    found = [_company(database, tenant) for tenant in range(len(ORGANISATIONS))]
    database.close()
    there = {"shard": "32838-416", "part": "32838-416-vdv-1", "path": "none"}
    return Places((found[0], found[1]), {"number": "999999", "request_id": str(uuid4())}, there)


def _company(database: Database[InspectionStore], tenant: int) -> Ids:
    number, authority, organisation = 1001 + tenant, AUTHORITIES[tenant], ORGANISATIONS[tenant]
    ticket = KnownTicket(uuid4(), UUID(int=tenant + 1), authority, organisation, number, "issued")
    request = TicketRequest(uuid4(), ticket, "suspend", "by_authority", "who fills", NOW, "authority")
    database.write_now(lambda store: store.keep_state(ticket, 1))
    database.write_now(lambda store: store.keep_request(request))
    return {"number": str(number), "request_id": str(request.request_id)}


def wallet_pass(folder: Path) -> Places:
    make_tables(url_of(folder, "wallet-pass"), "wallet_pass")
    there = {"authority_id": AUTHORITIES[FIRST], "path": "none", "pass_type": "pass.example"}
    there |= {"of": "all", "kind": "logo"}
    return Places(({}, {}), {"token": "no-such-token", "serial_number": str(uuid4())}, there)


FILL: Mapping[str, Callable[[Path], Places]] = {
    "application": application,
    "eligibility": eligibility,
    "issuance": issuance,
    "wallet-pass": wallet_pass,
}
