"""What each service does in its life, run by its own code on a real database: journeys, people's work, jobs by the hour.

At the end all is at rest but a few: so stands what rests in nearly every row, when they are multiplied.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast, get_args
from uuid import UUID, uuid4

import httpx
from application.workflow.announce import announce as announce_applications
from application.workflow.told_back import EventReplies as ApplicationKnowledge
from eligibility.domain.ids import NoticeToken
from eligibility.printing.press import Press
from eligibility.printing.seals.worker import NoticeSealer
from eligibility.printing.worker import NoticePrinter
from eligibility.store import Store as EligibilityStore
from eligibility.store.figures import figures as figures_of_cases
from eligibility.workflow import Environment, MeasuredRoutes
from eligibility.workflow.catch_up import CatchingUp
from eligibility.workflow.decision.announce import announce as announce_decisions
from eligibility.workflow.desk.work_list import Pile
from eligibility.workflow.reconcile import Reconciliation
from eligibility.workflow.told_back import EventReplies as CaseKnowledge
from issuance.consumer import inspection_handlers
from issuance.domain.verdict import Verdict
from issuance.inspection.scanner import LiveScanner
from issuance.signer.upkeep import Keys, Upkeep
from issuance.store.inspection import InspectionStore
from issuance.store.inspection.figures import show_lists
from issuance.store.signer.figures import figures
from issuance.verification.trust import assemble
from issuance.workflow import inspection
from issuance.workflow.inspection.scan_log import ScanEntry, mark
from issuance.workflow.signer.announce import announce as announce_tickets
from issuance.workflow.signer.quota import Quota
from shared.audit.heads import TellingHeads
from shared.calendar import in_berlin
from shared.database import Database
from shared.events import (
    ALL,
    ApplicationAuditHead,
    EligibilityAuditHead,
    EligibilityGranted,
    Event,
    IssuanceAuditHead,
    Person,
    TicketIssued,
)
from shared.identity import Caller
from shared.questions import (
    CasesQuestion,
    DecisionsReply,
    Question,
    ToldActsQuestion,
    ToldActsReply,
    ToldDecisionsQuestion,
)
from support.answers import Answer, as_asked
from support.application.documents import PDF
from support.application.every_change import GENERAL
from support.both_services import BothServices, both_services
from support.databases import make_tables
from support.eligibility import small_place
from support.eligibility.cases_api import cases_app
from support.eligibility.desk import open_desk
from support.eligibility.tickets import Signer
from support.eligibility.world import KEYS, MeasurerAsTold, World, fill, settled
from support.growth.bus_work import bus_work
from support.growth.drafts import work_of_drafts
from support.growth.mails import work_of_mails
from support.growth.people import work_of_people
from support.identity import bearer
from support.issuance.example import NOW, make_pki
from support.issuance.public_keys import PublicKeys
from support.issuance.signer_world import AUTHORITY, SignerWorld, open_database
from support.json import mapping
from support.outbox import told, told_again
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import TicketStory, about, issued
from wallet_pass import certificates, credentials
from wallet_pass.apple.package import AppleWallet
from wallet_pass.google.wallet import GoogleWallet, ServiceAccount
from wallet_pass.store.figures import DUE, show_figures
from wallet_pass.workflow.announce import announce as announce_passes

MIDDLE = UUID(int=2**127)
"""Of all ids."""
CHILDREN = ("Mia", "Noah", "Ana", "Jonas")
OF_AGE = GENERAL | {"pupil": mapping(GENERAL["pupil"]) | {"birth_date": "2008-02-28"}, "grade": "Q2", "siblings": []}


# application and eligibility


@asynccontextmanager
async def families(folder: Callable[[str], str]) -> AsyncIterator[BothServices]:
    """Both services, on the databases that `folder` names."""
    url = folder("eligibility")
    make_tables(url, "eligibility")
    database: Database[EligibilityStore] = Database(url, EligibilityStore)
    fill(database)
    clock, tokens = [datetime.now(UTC)], iter(range(1_000_000))
    environment = Environment(
        lambda: clock[0], lambda: NoticeToken(f"token-of-a-notice-{next(tokens):06d}"), KEYS, "https://a.example"
    )
    world = World(database, MeasurerAsTold(), environment, clock)
    world.set_authority(release_by_person="nothing")
    async with both_services(world, folder("application")) as both:
        yield both
    database.close()


async def lives_of_families(both: BothServices) -> None:
    """Families apply, change, ask, lose a ticket and withdraw; people decide; tickets and passes come back as news."""
    paths = [await _apply(both, number) for number in range(len(CHILDREN))]
    await both.deliver_all()
    await settled(both.world.families())
    await _print(both.world)
    for number, path in enumerate(paths):
        await _news_of_ticket(both, path, number)
    await _families_go_on(both, paths)
    await work_of_drafts(both.workflow, GENERAL)
    await work_of_people(both.workflow, OF_AGE)
    await work_of_mails(both.database, GENERAL)
    await both.deliver_all()
    await settled(both.world.families())
    await _print(both.world)
    await _at_the_desk(both.world)
    await _hourly(both)
    await _is_asked_after_a_restore(both)
    both.database.read_now(lambda store: told_again(announce_applications(store)))
    both.world.database.read_now(lambda store: told_again(announce_decisions(store, KEYS, "https://a.example")))
    both.world.database.read_now(lambda store: figures_of_cases(store, datetime.now(UTC)))
    await bus_work(both.database, "application")
    await bus_work(both.world.database, "eligibility")


async def _apply(both: BothServices, number: int) -> str:
    pupil = mapping(GENERAL["pupil"]) | {"first_name": CHILDREN[number], "last_name": small_place.family_name(number)}
    body = GENERAL | {"pupil": pupil}
    headers = _family(number) | {"Idempotency-Key": f"application-number-{number:06d}"}
    for _ in range(2):  # as a careful client
        answer = await both.http.post("/v1/applications", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
    return str(answer.json()["links"]["self"])


def _family(number: int) -> dict[str, str]:
    from support.tokens import issuer

    return issuer().bearer(f"parent-of-a-child-{number:06d}", "guardian")


async def _news_of_ticket(both: BothServices, path: str, number: int) -> None:
    """As the signer and wallet-pass would tell them."""
    application_id = path.rsplit("/", 1)[1]
    granted = [
        each for each in told(both.world.database, EligibilityGranted) if str(each.application_id) == application_id
    ]
    if not granted:
        return
    signer = Signer(both.world, SimpleNamespace(application_id=granted[0].application_id, authority_id="12345"))  # type: ignore[arg-type]
    steps = (("issued", "issued"), ("suspended", "suspended"), ("issued", "restored"), ("issued", "signed_anew"))
    for state, happened in steps:
        event = await signer.tells(state, happened, number=436208003 + number)
        await _application_hears(both, event)


async def _application_hears(both: BothServices, event: Event) -> None:
    from application.consumer import handlers

    await both.database.write(await handlers(both.workflow)[type(event)](event))


async def _families_go_on(both: BothServices, paths: list[str]) -> None:
    said = {"lives_in_nrw": True, "message": "Guten Tag, wir haben noch eine Frage."}
    await both.http.post(f"{paths[0]}/answers", json=said, headers=_family(0))
    both.headers = _family(1)
    await both.sends(paths[1], "upload-number-000001", PDF)
    await both.http.post(f"{paths[2]}/withdrawal", headers=_family(2))
    for number, path in enumerate(paths):
        await both.http.get(path, headers=_family(number))
        await both.http.get("/v1/applications", headers=_family(number))
    await both.http.get("/v1/schools", params={"search": "Schule"})


async def _print(world: World) -> None:
    printing = NoticePrinter(world.database, Press(), world.environment.now)
    while await printing.print_due():
        pass
    await NoticeSealer(world.database, {}, world.environment.now).seal_due()


async def _at_the_desk(world: World) -> None:
    """Lists, a case, a search, and the same by the pages."""
    refused = small_place.submitted(child=Person(first_name="Ida", last_name="Brinkmann-Ahlers"))
    world.measurer.answer = MeasuredRoutes(small_place.measurement(1200.0))
    await world.hear(refused)
    case_id = world.case_of(refused.application_id).id
    transport = httpx.ASGITransport(cases_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as http:
        for state in ("review", "prepared", "granted", "refused", "withdrawn"):
            await http.get("/v1/cases", params={"state": state}, headers=bearer("anna"))
        for query in ({}, {"overdue": "true"}, {"assigned_to": "me"}, {"application_id": str(refused.application_id)}):
            await http.get("/v1/cases", params=query, headers=bearer("anna"))
        await http.get("/v1/cases/counts", headers=bearer("anna"))
        await http.get(f"/v1/cases/{case_id}", headers=bearer("anna"))
        await http.post(f"/v1/cases/{case_id}/assignment", headers=bearer("anna"))
        await http.post(
            f"/v1/cases/{case_id}/questions",
            json={"text": "Bitte senden Sie das Attest.", "text_en": ""},
            headers=bearer("anna"),
        )
        await http.post("/v1/cases/release", headers=bearer("bert", "releaser"))
    desk = open_desk(world)
    await desk.sign_in("anna")
    for pile in get_args(Pile):
        for more in ("", "&mine=true", "&newest=true"):
            await desk.get(f"/desk/?pile={pile}{more}")
        await desk.get(f"/desk/next?pile={pile}")
    await desk.get(f"/desk/cases/{case_id}")
    for sought in ("Brinkmann", str(case_id)[:8]):
        await desk.send((await desk.get("/desk/")).text, "/desk/search", search=sought)


async def _is_asked_after_a_restore(both: BothServices) -> None:
    """Each by the other, and what eligibility has lost."""
    ids = both.database.read_now(lambda store: store.page_of_ids(None, 50))
    # of a family that has taken its application back nothing is missed
    case = next(each for each in map(both.world.case_of, ids) if each.state != "withdrawn")
    application_id = case.application_id
    place = {"authority_id": case.authority_id, "application_id": application_id, "case_id": case.id}
    days = {"valid_from": _now().date(), "valid_until": _now().date()}
    said: dict[str, object] = {"own_share_cents": 0, "distance_m": None, "limit_m": None, "reasons": ()}
    head = {"occurred_at": _now(), "decision_id": uuid4(), "decision_digest": "ab" * 32, "rules_version": "nrw"}
    await _application_hears(both, EligibilityGranted(**place, **days, **said, **head))
    application, eligibility = ApplicationKnowledge(both.database), CaseKnowledge(both.world.database, _now)
    for after in (None, MIDDLE):
        await application.decisions(ToldDecisionsQuestion(after=after))
        await application.acts(ToldActsQuestion(after=after))
        await eligibility.cases(CasesQuestion(after=after))
    decisions = [*(await application.decisions(ToldDecisionsQuestion())).decisions]
    acts = [*(await application.acts(ToldActsQuestion())).acts]
    told = next(each for each in decisions if each.application_id == application_id)
    act = next(each for each in acts if each.application_id == application_id)
    decisions.append(told.model_copy(update={"decision_id": uuid4()}))
    acts.append(act.model_copy(update={"reference": str(uuid4())}))

    class Others:
        async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
            if isinstance(question, ToldActsQuestion):
                return as_asked(ToldActsReply(acts=tuple(acts)), answer)
            return as_asked(DecisionsReply(decisions=tuple(decisions)), answer)

    assert await Reconciliation(both.world.database, Others()).lost()
    assert await CatchingUp(both.world.database, Others(), _now).catch_up()


def _now() -> datetime:
    return datetime.now(UTC)


async def _hourly(both: BothServices) -> None:
    await both.workflow.openings.forget(datetime.now(UTC), timedelta(days=730))
    await TellingHeads(both.database, ApplicationAuditHead, lambda: datetime.now(UTC)).tell()
    await TellingHeads(both.world.database, EligibilityAuditHead, lambda: datetime.now(UTC)).tell()


# issuance


@dataclass
class BothProcesses:
    signer: SignerWorld
    upkeep: Upkeep
    api: Database[InspectionStore]
    inspection: inspection.Workflow


def processes(folder: Callable[[str], str]) -> BothProcesses:
    pki = make_pki()
    signer = SignerWorld(open_database(folder("signer")), pki, assemble(pki.certificates.values(), pki.trust_list, ()))
    keys = cast(Keys, PublicKeys(pki, []))
    upkeep = Upkeep(keys, signer.issuing, signer.publishing, signer.renewing, signer.filters)
    url = folder("issuance")
    make_tables(url, "issuance", "migrations/inspection")
    api: Database[InspectionStore] = Database(url, InspectionStore)
    scanner = LiveScanner(api, lambda: 0.0)
    return BothProcesses(signer, upkeep, api, inspection.workflow_on(api, scanner, signer.clock, secrets.token_bytes))


def lives_of_tickets(both: BothProcesses) -> None:
    world = both.signer
    alive = [world.new_ticket() for _ in range(8)]
    for change in ("suspend", "restore", "renew", "replace", "revoke"):
        world.ask(alive[0] if change != "revoke" else alive[1], change, reason="fees")
        world.issue()
    world.apply(first_name="Zoë")
    world.application_id = uuid4()
    world.grant(uuid4(), authority_id="999999")  # an authority whose terms nobody has set
    world.holder(authority_id="999999")
    world.application_id = uuid4()
    world.grant(uuid4())  # whose holder never comes
    world.application_id = uuid4()
    world.holder()
    world.issue()
    world.publish()
    asyncio.run(_hours(both))
    world.publish()
    measure = figures(Quota(10))
    world.database.read_now(lambda store: measure(store, world.now))
    world.grant(uuid4(), decision_digest="ab" * 32, case_id=uuid4(), transport="special")
    for after in (None, MIDDLE):
        world.database.read_now(lambda store, after=after: store.page_of_decisions(after, 100))  # type: ignore[misc]
        both.api.read_now(lambda store, after=after: store.page_of_tickets(after, 100))  # type: ignore[misc]
    both.api.read_now(lambda store: store.list_versions())
    world.database.read_now(lambda store: told_again(announce_tickets(store, world.now)))
    asyncio.run(_api(both, alive))
    asyncio.run(bus_work(world.database, "signer"))
    asyncio.run(bus_work(both.api, "issuance"))


async def _hours(both: BothProcesses) -> None:
    world = both.signer
    await both.upkeep.hourly()
    await world.ending.end_due()
    await world.heads.sign_own()
    both.upkeep.keys.modules.append(b"module00")  # type: ignore[attr-defined]
    await world.renewing.renew_codes([b"stolen00"], [b"module00"])
    world.now += timedelta(hours=7)
    await both.upkeep.filters.publish(None)


async def _api(both: BothProcesses, alive: list[TicketIssued]) -> None:
    table = inspection_handlers(both.inspection)
    for event in told(both.signer.database, *ALL):
        if type(event) in table:
            await both.api.write(await table[type(event)](event))
    caller = Caller("op", AUTHORITY, frozenset({"operator", "inspector"}), organisation_id=32838)
    asking, recording = both.inspection.requesting, both.inspection.recording
    for each in alive:
        await asking.ticket(caller, each.number, None)
    await asking.tickets_of(caller, alive[0].application_id)
    living = [each.number for each in told(both.signer.database, TicketIssued)][-1]
    request = await asking.ask(caller, living, None, "suspend", "fees")
    await asking.outcome(caller, living, request.request_id)
    day = mark(in_berlin(both.signer.now).date(), 32838, living)
    shown = ScanEntry(uuid4(), both.signer.now, Verdict("valid"), "green", "vdv", 32838, day)
    await recording.record(caller, [shown, replace(shown, id=uuid4())])
    await recording.report(caller)
    await recording.forget()
    both.api.read_now(lambda store: show_lists(store, both.signer.now))
    await TellingHeads(both.api, IssuanceAuditHead, both.signer.clock).tell()


# wallet-pass


def wallets(folder: Path) -> tuple[AppleWallet, GoogleWallet]:
    certificates.hold_ceremony(folder, NOW - timedelta(days=1))
    account = ServiceAccount.load(folder / certificates.GOOGLE_ACCOUNT)
    apple = AppleWallet(credentials.load_signer(folder), "https://pass.example", "https://pass.example/apple")
    return apple, GoogleWallet("3388000000012345678", account, "https://pass.example", lambda: NOW)


def lives_of_passes(service: WalletService) -> None:
    story = TicketStory()
    service.hear(story.old())
    service.hear(story.suspended(1), story.restored(2), story.renewed(3, b"\x9e\x81\x80anewVDV\x11\x10"))
    service.hear(story.ends(4, 2, date(2027, 1, 31)))
    service.hear(story.new())
    service.hear(story.replaced())
    for _ in range(2):
        another = uuid4()
        service.hear(issued(**about(0, another) | {"number": another.int % 2**30, "application_id": uuid4()}))
    service.hear(story.revoked(40, "notice", another))
    service.do(service.workflow.remake())
    service.do(service.workflow.tell_google())
    for path in ("", "/pass.pkpass", "/ticket.png"):
        service.client.get(f"/v1/passes/{service.token()}{path}")
    service.client.get(f"/apple/v1/passes/pass.example/{about(0)['ticket_id']}")
    for after in (None, MIDDLE):
        service.database.read_now(lambda store, after=after: store.page_by_ticket(after, 20))  # type: ignore[misc]
    service.database.read_now(lambda store: told_again(announce_passes(store, "https://pass.example")))
    service.database.read_now(lambda store: show_figures(store, NOW, DUE))
    asyncio.run(bus_work(service.database, "wallet-pass"))
