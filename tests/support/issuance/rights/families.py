"""What families and their authority do, as the events that tell of it. Drawn; in the order in which it was said."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from shared.calendar import SchoolYear, day_in_berlin
from shared.events import (
    ApplicationHolderGiven,
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
    Event,
)

AUTHORITY = "101023"
JUST_AFTER = timedelta(microseconds=1)


@dataclass
class Window:
    """A grant as it holds: whose ticket rides on these days."""

    decision_id: UUID
    case_id: UUID
    first: date
    last: date
    until: date
    """As granted; `last` is earlier where it ends before its time."""


@dataclass
class Application:
    id: UUID
    child: str | None
    rounds: int = 0
    holder_change: int = 0
    windows: list[Window] = field(default_factory=list)
    is_withdrawn: bool = False

    def on(self, day: date) -> Window | None:
        return next((each for each in self.windows if each.first <= day <= each.last), None)


class Family:
    """One child, whose applications follow each other. `has_digest`: eligibility tells whose right it is."""

    def __init__(self, drawn: random.Random, *, has_digest: bool) -> None:
        self.drawn, self.has_digest = drawn, has_digest
        self.applications: list[Application] = []
        self.name, self.secret = 0, drawn.getrandbits(200)
        self.shares: set[UUID] = set()
        """Decisions that change the own share alone."""

    @property
    def standing(self) -> list[Application]:
        return [each for each in self.applications if not each.is_withdrawn]

    def act(self, now: datetime, *, knows: bool) -> list[Event]:
        """`knows`: whether a person has seen that a right of the child was revoked."""
        application, today = self.drawn.choice(self.standing or [None]), day_in_berlin(now)
        if application is None or (self.has_digest and self.drawn.random() < 0.05):
            return self._apply(now, knows=knows)  # a person may grant a second one beside the first
        acts = [self._other_share] * 3 + [self._other_period, self._corrected, self._refused, self._next_year]
        acts.append(self._granted_after_all)
        if self.drawn.random() < 0.25:
            return self._withdraw(application, now)
        act = self.drawn.choice(acts)
        return act(application, now, today)

    # one after the other

    def _apply(self, now: datetime, *, knows: bool) -> list[Event]:
        application = Application(self._uuid(), self._digest() if self.has_digest else None)
        self.applications.append(application)
        year = SchoolYear.of(day_in_berlin(now)).first
        days = max(date(year, 8, 1), day_in_berlin(now)), date(year + 1, 7, 31)
        return [self._holder(application, now), self._grant(application, now, *days, knows_revocation=knows)]

    def _withdraw(self, application: Application, now: datetime) -> list[Event]:
        application.is_withdrawn = True
        held, application.windows = application.windows, []
        ends = [self._end(application, each, now, reason="application_withdrawn") for each in held]
        return [ApplicationWithdrawn(**self._head(application, now), withdrawal_id=self._uuid()), *ends]

    def _other_share(self, application: Application, now: datetime, today: date) -> list[Event]:
        """The same days and holder: before or while it holds."""
        window = self.drawn.choice(application.windows) if application.windows else None
        if window is None or window.last < today or window.last != window.until:
            return []
        first = max(window.first, today)
        application.windows.remove(window)
        after = self._grant(application, now, first, window.until, instead_of=window.decision_id)
        ends_on = first - timedelta(days=1) if first > today else None
        self.shares.add(after.decision_id)
        return [self._end(application, window, now, followed_by=after.decision_id, ends_on=ends_on), after]

    def _other_period(self, application: Application, now: datetime, today: date) -> list[Event]:
        """From today or from a later day on, until another day."""
        window = application.on(today)
        if window is None or window.last - today < timedelta(days=60) or window.last != window.until:
            return []
        first = today + timedelta(days=self.drawn.choice([0, 0, 1, 20]))
        until = window.until - timedelta(days=self.drawn.choice([7, 30]))
        is_later = first > today
        if is_later:
            window.last = first - timedelta(days=1)
        else:
            application.windows.remove(window)
        after = self._grant(application, now, first, until, instead_of=window.decision_id)
        more: dict[str, object] = {"ends_on": window.last} if is_later else {"followed_by": after.decision_id}
        return [self._end(application, window, now, **more), after]

    def _corrected(self, application: Application, now: datetime, today: date) -> list[Event]:
        """The family corrects the name, and a person has looked at it."""
        window = application.on(today)
        if window is None or window.last != window.until:
            return []
        application.holder_change += 1
        self.name += 1
        if application.child is not None:
            application.child = self._digest()
        application.windows.remove(window)
        holder = self._holder(application, now)
        after = self._grant(application, now, max(window.first, today), window.until, instead_of=window.decision_id)
        return [holder, self._end(application, window, now, followed_by=after.decision_id), after]

    def _refused(self, application: Application, now: datetime, today: date) -> list[Event]:
        window = application.on(today)
        if window is None or window.last != window.until:
            return []
        last = today + timedelta(days=self.drawn.choice([-1, 10]))
        is_later = last >= today
        window.last = last if is_later else window.last
        if not is_later:
            application.windows.remove(window)
        facts: dict[str, object] = {"distance_m": None, "limit_m": None, "reasons": (), "rules_version": "nrw"}
        refusal = EligibilityRefused(
            **self._head(application, now), decision_id=self._decision(application, window.case_id), **facts
        )
        end = self._end(application, window, now, ends_on=last if is_later else None)
        # the application tells the name again: the refusal may overtake the grant
        return [end, refusal, self._holder(application, now + JUST_AFTER)]

    def _granted_after_all(self, application: Application, now: datetime, today: date) -> list[Event]:
        """After a refusal, which has erased the name: the application tells it again."""
        year = SchoolYear.of(today)
        if application.windows and max(each.last for each in application.windows) >= today:
            return []
        granted = self._grant(application, now, max(year.first_day, today), date(year.first + 1, 7, 31))
        return [granted, self._holder(application, now + JUST_AFTER)]

    def _next_year(self, application: Application, now: datetime, today: date) -> list[Event]:
        year = SchoolYear.of(today).first + 1
        if application.on(today) is None or application.on(date(year, 8, 1)) is not None:
            return []
        return [self._grant(application, now, date(year, 8, 1), date(year + 1, 7, 31))]

    # events

    def _grant(
        self, application: Application, now: datetime, first: date, until: date, **more: object
    ) -> EligibilityGranted:
        case_id = uuid5(application.id, str(SchoolYear.of(first)))
        decision_id = self._decision(application, case_id)
        application.windows.append(Window(decision_id, case_id, first, until, until))
        facts: dict[str, object] = {"own_share_cents": 0, "distance_m": None, "limit_m": None, "reasons": ()}
        return EligibilityGranted(
            **self._head(application, now), **facts, decision_id=decision_id, case_id=case_id, rules_version="nrw",
            child=application.child, valid_from=first, valid_until=until,
            holder_change=application.holder_change or None, **more,
        )  # fmt: skip

    def _end(self, application: Application, window: Window, now: datetime, **more: object) -> EligibilityWithdrawn:
        told = {"decision_id": window.decision_id, "reason": "decided_anew", **more}
        return EligibilityWithdrawn.model_validate({**self._head(application, now), **told})

    def _holder(self, application: Application, now: datetime) -> ApplicationHolderGiven:
        name = {"first_name": "Jörg", "last_name": f"Müßter-{self.name}", "birth_date": date(2012, 2, 29)}
        return ApplicationHolderGiven.model_validate(
            {**self._head(application, now), **name, "change_number": application.holder_change or None}
        )

    def _decision(self, application: Application, case_id: UUID) -> UUID:
        application.rounds += 1
        return uuid5(case_id, str(application.rounds))

    def _head(self, application: Application, now: datetime) -> dict[str, object]:
        return {
            "occurred_at": now,
            "authority_id": AUTHORITY,
            "application_id": application.id,
            "event_id": self._uuid(),
        }

    def _digest(self) -> str:
        return f"{self.secret + self.name:064x}"

    def _uuid(self) -> UUID:
        return UUID(int=self.drawn.getrandbits(128), version=4)
