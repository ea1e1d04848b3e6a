"""This service without bus and browser: a real database with the small place, and ways as a test says they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from eligibility import presets
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId, NoticeToken
from eligibility.domain.keys import Key, Keys
from eligibility.domain.transitions import RuleSetState
from eligibility.rules.rule_set.content import RuleSetContent
from eligibility.store import Store, StoredRecords
from eligibility.store.places.address_search import StoredAddresses
from eligibility.store.places.importer import PlaceImporter
from eligibility.workflow import (
    Assessor,
    CaseDesk,
    CaseHandling,
    Decide,
    Environment,
    MeasuredRoutes,
    NoticeDesk,
    Revise,
    Workflow,
    workflow_on,
)
from eligibility.workflow.addresses import Addresses
from eligibility.workflow.family.families import FAMILIES, Families
from eligibility.workflow.ports import ApplicationContext
from eligibility.workflow.prechecks import Prechecks
from eligibility.workflow.renewal.renewals import Renewals
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId, RuleSetVersion
from geography.model import Address, School
from shared.calendar import SchoolYear
from shared.database import Database
from shared.events import (
    ALL,
    ApplicationChanged,
    ApplicationDocumentAdded,
    ApplicationDocumentOpened,
    ApplicationDocumentRemoved,
    ApplicationFamilyErased,
    ApplicationHintFailed,
    ApplicationHintSent,
    ApplicationLossReported,
    ApplicationNoticeRetrieved,
    ApplicationSelfPayerChosen,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    AttendanceConfirmed,
    AttendanceEnded,
    AttendanceQuestioned,
    AttendanceReopened,
    EligibilityDeliveryChanged,
    Event,
    TicketQuotaReached,
    TicketRequestAnswered,
    TicketStateChanged,
)
from shared.runtime.backlog import Backlog
from support.databases import make_tables
from support.eligibility import small_place
from support.outbox import Kind, told
from support.record import faults

KEYS = Keys(Key(b"a key of digests for tests alone."))


@dataclass
class MeasurerAsTold:
    """Implements RouteMeasurer: says what the test told it to measure."""

    answer: MeasuredRoutes = field(default_factory=lambda: MeasuredRoutes(small_place.measurement(2500.0)))
    asked: list[ApplicationContext] = field(default_factory=list)

    async def routes(self, home: Address, school: School, found: ApplicationContext) -> MeasuredRoutes:
        self.asked.append(found)
        return self.answer

    def area(self) -> tuple[float, float, float, float]:
        return (5.0, 47.0, 16.0, 56.0)


@dataclass
class World:
    """What a test does with the service. `clock[0]`: the present moment, which a test sets."""

    database: Database[Store]
    measurer: MeasurerAsTold
    environment: Environment
    clock: list[datetime]

    def __post_init__(self) -> None:
        self.writes_past_the_record = False
        """Said by a test that changes tables by hand: then the trail does not hold at its end."""
        self.workflow = self.workflow_by(StoredRecords(self.database, presets.preset), self.environment)

    def workflow_by(self, records: StoredRecords, environment: Environment) -> Workflow:
        return workflow_on(
            self.database, records, self.measurer, environment, presets, families_backlog=self.families_backlog
        )

    @property
    def families_backlog(self) -> Backlog:
        return Backlog(FAMILIES, self.database, self.environment.now)

    @property
    def decide(self) -> Decide:
        return self.workflow.decide

    @property
    def revise(self) -> Revise:
        return self.workflow.revise

    @property
    def desk(self) -> CaseDesk:
        return self.workflow.cases

    @property
    def handling(self) -> CaseHandling:
        return self.workflow.handling

    @property
    def notice_desk(self) -> NoticeDesk:
        return self.workflow.notices

    @property
    def prechecks(self) -> Prechecks:
        assessor = Assessor(StoredRecords(self.database, presets.preset), self.measurer)
        return Prechecks(assessor, Addresses(self.database, StoredAddresses(self.database)), self.environment.now)

    async def hear(self, event: Event) -> None:
        """As the consumer does: the handler, then its step in a transaction."""
        match event:
            case ApplicationChanged():
                await self.database.write(await self.revise.changed(event))
            case ApplicationSubmitted():
                await self.database.write(await self.decide.submitted(event))
            case ApplicationSelfPayerChosen():
                await self.database.write(await self.workflow.self_payers.chosen(event))
            case ApplicationWithdrawn():
                await self.database.write(await self.decide.withdrawn(event))
            case ApplicationDocumentAdded():
                await self.database.write(await self.workflow.documents.added(event))
            case ApplicationDocumentRemoved():
                await self.database.write(await self.workflow.documents.removed(event))
            case ApplicationDocumentOpened():
                await self.database.write(await self.workflow.documents.opened(event))
            case ApplicationLossReported():
                await self.database.write(await self.workflow.tickets.loss_reported(event))
            case ApplicationFamilyErased():
                await self.database.write(await self.workflow.erasure.family_erased(event))
            case AttendanceConfirmed() | AttendanceQuestioned() | AttendanceEnded() | AttendanceReopened():
                await self.database.write(await self.workflow.attendance.told(event))
            case TicketStateChanged():
                await self.database.write(await self.workflow.tickets.state_changed(event))
            case TicketRequestAnswered():
                await self.database.write(await self.workflow.tickets.answered(event))
            case ApplicationHintSent():
                await self.database.write(await self.workflow.hints.sent(event))
            case ApplicationHintFailed():
                await self.database.write(await self.workflow.hints.failed(event))
            case ApplicationNoticeRetrieved():
                await self.database.write(await self.workflow.hints.retrieved(event))
            case TicketQuotaReached():
                await self.database.write(await self.workflow.tickets.quota_reached(event))
            case _:
                raise AssertionError(f"nothing hears {event.subject} here")

    def told(self) -> list[Event]:
        """The events in the outbox, in order; without how notices are on their way, which follows every one of them."""
        return told(self.database, *(each for each in ALL if each is not EligibilityDeliveryChanged))

    def told_as(self, kind: type[Kind], place: int = -1) -> Kind:
        """The event at this place of the outbox, by default the newest; it is of this kind."""
        event = self.told()[place]
        assert isinstance(event, kind), event.subject
        return event

    def told_of(self, event: ApplicationSubmitted, *kinds: type[Kind]) -> list[Kind]:
        """Those of these kinds that are about this application."""
        said = told(self.database, *kinds)
        return [each for each in said if getattr(each, "application_id", None) == event.application_id]

    def set_authority(self, **changes: object) -> None:
        self.database.write_now(lambda store: store.set_authority(small_place.authority(**changes)))

    def publish(self, choices: dict[str, object], version: str = "1", **parts: object) -> str:
        """A rule set of the authority's own on top of NRW's, in force; its rules_version."""
        head = {"name": "eschenborn", "title": "Eschenborn", "version": version, "origin": "nrw"}
        text = presets.as_yaml(head | {"choices": choices, **parts})
        rules = presets.from_text(text).rules
        now = small_place.NOW
        made = RuleSetVersion(
            RuleSetId(uuid4()), "12345", "eschenborn", "published", rules.version, text, rules.rule_set.content(), None,
            ("anna",), now, now, "bert", now, date(2026, 1, 1),
        )  # fmt: skip
        self.database.write_now(partial(publish_version, made))
        self.database.write_now(lambda store: store.archive(rules.version, made.content, now))
        return rules.version

    def case_of(self, application_id: UUID) -> Case:
        case = self.database.read_now(lambda store: store.case_of(ApplicationId(application_id)))
        assert case is not None
        return case

    def decision_of(self, application_id: UUID) -> Decision:
        decision = self.decision_if_any(application_id)
        assert decision is not None
        return decision

    def decision_if_any(self, application_id: UUID) -> Decision | None:
        case = self.case_of(application_id)
        return self.database.read_now(lambda store: store.decision_of(case.id))

    def families(self) -> Families:
        return self.workflow.families

    def renewals(self, school_year: str) -> Renewals:
        return renewals_on(self.database, self, school_year)


def publish_version(version: RuleSetVersion, store: Store) -> None:
    """One that is published, by all the states before that."""
    states: tuple[RuleSetState, ...] = ("draft", "tried", "published")
    for state in states:
        store.put_rule_set(replace(version, state=state))


def renewals_on(database: Database[Store], world: World, school_year: str) -> Renewals:
    """For this school year. `database`: where the cases are; the rest is as in the world."""
    records = StoredRecords(database, presets.preset, lambda: SchoolYear.parse(school_year).first_day)
    return Renewals(database, records, Decide(records, world.measurer, world.environment), world.environment)


async def settled(families: Families) -> None:
    """Until nothing is left; a loop would never end."""
    for _ in range(5):
        if not await families.settle():
            return
    raise AssertionError("the families are never settled")


def fill_at(url: str) -> None:
    """The small place, into an empty database."""
    database = Database(url, Store)
    fill(database)
    database.close()


def make_template(path: Path) -> None:
    """A database with the small place, which worlds are copied from: migrations are run once."""
    make_filled(f"sqlite:///{path}")


def make_filled(url: str) -> None:
    """The tables, with the small place."""
    make_tables(url, "eligibility")
    fill_at(url)


def fill(database: Database[Store]) -> None:
    """With the small place."""
    PlaceImporter(database).replace_schools(iter(small_place.SCHOOLS))
    PlaceImporter(database).replace_addresses(iter(small_place.ADDRESSES))
    database.write_now(lambda store: store.set_authority(small_place.authority()))
    for name in presets.PRESETS:  # as the service does when it starts
        rules = presets.preset(name)
        database.write_now(partial(_archive, rules.version, rules.rule_set.content()))


def _archive(version: str, content: RuleSetContent, store: Store) -> None:
    store.archive(version, content, small_place.NOW)


@contextmanager
def open_world(template: Path, path: Path) -> Iterator[World]:
    """In a copy of the template. At the end the audit trail holds, whatever the test did."""
    path.write_bytes(template.read_bytes())
    with world_at(f"sqlite:///{path}") as world:
        yield world


@contextmanager
def world_at(url: str) -> Iterator[World]:
    """In a database with the small place. At the end the audit trail holds, whatever the test did."""
    database = Database(url, Store)
    clock = [small_place.NOW]
    tokens = iter(range(1_000_000))
    token: Callable[[], NoticeToken] = lambda: NoticeToken(f"token-{next(tokens)}")  # noqa: E731
    environment = Environment(lambda: clock[0], token, KEYS, "https://bescheid.example")
    yield (world := World(database, MeasurerAsTold(), environment, clock))
    if not world.writes_past_the_record:
        assert not faults(database), "what was done is not on record as it was done"
    database.close()
