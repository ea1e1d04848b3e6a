"""What must hold before a decision goes out, whoever lets it out and however: the only place where that is asked.

1. No notice leaves without the court before which it can be challenged. 2. Nothing that a family was granted is taken
away or made less by the machine, unheard (§ 28 VwVfG NRW), or from one day to the next: a person lets it out, the
family was asked and has answered or its time has passed, or the person says which exception holds; and a person chose
the last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from shared.blank import count_seen
from shared.calendar import day_after, day_before, day_in_berlin, month_end
from shared.errors import Conflict, Invalid, Text

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Change, Question
from eligibility.domain.ending import Ending, GrantEnd, Hearing, Loss
from eligibility.workflow.decision.awaited_school import AttendanceReader, has_left, release_waits
from eligibility.workflow.decision.elsewhere import is_granted_elsewhere
from eligibility.workflow.decision.losses import last_day, losses_of
from eligibility.workflow.policy import DecisionPolicy
from eligibility.workflow.ports import CaseReader, DecisionReader, QuestionReader

MACHINE = "rules"
"""Who lets out where no person does."""
SHORTEST_WHY = 10
NEEDS_DAY: frozenset[Loss] = frozenset({"ends", "without_ticket"})
"""Losses whose day the decision itself does not say."""
A_PERSON_ENDS = Text(
    "Damit endet eine Bewilligung, oder sie wird weniger. Bitte öffnen Sie den Fall: Das entscheidet eine Person, "
    "einzeln.",
    "A grant ends by this, or becomes less. Please open the case: a person decides that, one by one.",
)
HEAR_FIRST = Text(
    "Damit endet eine Bewilligung, oder sie wird weniger: Bitte hören Sie die Familie zuerst an (eine Frage mit Frist, "
    "als Anhörung gekennzeichnet) und warten Sie die Antwort oder die Frist ab, oder geben Sie an, welche Ausnahme des "
    "§ 28 Abs. 2 VwVfG NRW gilt.",
    "A grant ends by this, or becomes less: please hear the family first (a question with a date, marked as a hearing) "
    "and wait for the answer or the date, or say which exception of § 28 Abs. 2 VwVfG NRW holds.",
)
NOT_THEIR_WORD = Text(
    "Nr. 3 gilt nur, wo die Familie die Änderung selbst gemeldet hat. Das ist hier nicht so.",
    "Nr. 3 holds only where the family told of the change itself. Here it did not.",
)
SAY_WHY = Text(
    "Bitte begründen Sie in einem Satz, warum von der Anhörung abgesehen wird. Das steht im Bescheid.",
    "Please say in a sentence why the family is not heard. The notice says it.",
)
CHOOSE_DAY = Text(
    "Bitte wählen Sie den letzten Tag der Bewilligung.", "Please choose the last day of the grant."
)  # fmt: skip
DAY_TOO_EARLY = Text(
    "Der letzte Tag muss nach heute liegen. Nur nach einer Anhörung kann es der Tag vor der Änderung sein, die die "
    "Familie gemeldet hat.",
    "The last day must lie after today. Only after a hearing can it be the day before the change that the family told.",
)
DAY_TOO_LATE = Text(
    "Bis zu diesem Tag gilt die Bewilligung gar nicht.", "The grant does not hold until that day at all."
)
NO_NAME = Text(
    "Ein Bescheid trägt den Namen der Person, die ihn verantwortet (§ 37 Abs. 3 VwVfG NRW). Bitte tragen Sie in den "
    "Einstellungen des Schulträgers eine Ansprechperson ein (contact.person), mit „eligibility authority set“, oder "
    "hinterlegen Sie Ihren Namen bei der Anmeldung.",
    "A notice bears the name of the person who answers for it (§ 37 (3) VwVfG NRW). Please enter a person in the "
    "authority's settings (contact.person), with `eligibility authority set`, or have your name added to your sign-in.",
)
NO_COURT = Text(
    "Ohne das zuständige Verwaltungsgericht wäre die Rechtsbehelfsbelehrung falsch, und die Klagefrist ein Jahr. Bitte "
    "tragen Sie es in den Einstellungen des Schulträgers ein (court, oder municipality: der amtliche "
    "Gemeindeschlüssel), mit „eligibility authority set“.",
    "Without the administrative court that is responsible the instruction on remedies would be wrong, and the period a "
    "year. Please enter it in the authority's settings (court, or municipality: the official municipality key), with "
    "`eligibility authority set`.",
)


class GuardStore(DecisionReader, QuestionReader, CaseReader, Protocol):
    """The store, as what is at stake is read from it."""


class MachineStore(GuardStore, AttendanceReader, Protocol):
    """The store, as it is asked whether the machine may let something out."""


@dataclass(frozen=True)
class Stake:
    """What a family would lose by a decision."""

    grant: Decision
    """In force now."""
    last: date
    """Until when it would hold without the decision."""
    losses: tuple[Loss, ...]


def at_stake(store: GuardStore, case: Case, decision: Decision, today: date) -> Stake | None:
    """None where the family loses nothing that it has."""
    renewed = any(each["rule"] == "renewal" for each in case.reasons)
    if decision.terms.self_payer or (decision.round == 1 and not case.change_number and not renewed):
        return None
    for grant in reversed(running_grants(store, case, today)):
        last = last_day(grant)
        losses = losses_of(grant, decision, last)
        if losses:
            return Stake(grant, last, losses)
    return _not_carried_on(store, case) if decision.outcome == "refused" else None


def goes_out_by_itself(  # noqa: PLR0917  # all that it depends on
    store: MachineStore, policy: DecisionPolicy, authority: Authority, case: Case, new: Decision, now: datetime
) -> bool:
    """Whether the machine may let it out: the authority lets it, nothing is taken away, and the court is known. Nothing
    is granted that waits for the school, or whose school says that the pupil has left. Nothing is refused while the
    family is asked, or has said what nobody has read."""
    if not policy.releases_itself(new.outcome) or not authority.can_send(self_payer=new.terms.self_payer):
        return False
    if release_waits(store, authority, case, new) or (new.outcome == "granted" and has_left(store, case)):
        return False
    if new.outcome == "refused" and (_is_talking(store, case) or is_granted_elsewhere(store, case)):
        return False
    return at_stake(store, case, new, day_in_berlin(now)) is None


def _is_talking(store: GuardStore, case: Case) -> bool:
    asked = any(each.answered_at is None for each in store.questions_of([case.id]))
    return asked or any(each.read_at is None for each in store.messages_of(case.application_id))


def check_end(  # noqa: PLR0917  # all that it depends on
    store: GuardStore,
    authority: Authority,
    case: Case,
    decision: Decision,
    by: str,
    ending: Ending | None,
    now: datetime,
) -> GrantEnd | None:
    """What is kept of the end that this decision brings; None where it brings none.

    Args:
        ending: None where no person looked at this one case.

    Raises:
        Conflict: where it must not go out now.
        Invalid: for what the person has to say first.
    """
    today = day_in_berlin(now)
    # 1.
    if not authority.can_send(self_payer=decision.terms.self_payer):
        raise Conflict(NO_COURT, field="court")
    # 2.
    stake = at_stake(store, case, decision, today)
    if stake is None:
        return None
    if by == MACHINE or ending is None:
        raise Conflict(A_PERSON_ENDS, field="ends_on")
    heard = hearing_of(store.questions_of([case.id]), case, stake.grant, today)
    if heard is None:
        _check_exception(ending, store.last_change(case.id), stake.grant)
    last = _chosen_day(stake, decision, ending)
    if last is not None and "not_carried_on" not in stake.losses:
        _check_day(last, stake, case, today, heard=heard is not None)
    end = GrantEnd(stake.grant.id, stake.losses, last, with_ticket=stake.grant.terms.with_ticket)
    if heard is None:
        return replace(end, exception=ending.exception, why=ending.why if ending.exception else "")
    return replace(end, heard_on=heard.day, heard_until=heard.until, answered_on=heard.answered_on)


def must_be_signed(authority: Authority, decision: Decision, by: str, responsible: str) -> None:
    """An act that a person lets out bears a name; one by automatic means may do without (§ 37 Abs. 5 VwVfG NRW), and
    what a family orders is no act.

    Raises:
        Conflict.
    """
    act = authority.decides_by == "administrative_act" and not decision.terms.self_payer
    if act and by != MACHINE and not responsible and not authority.contact.person:
        raise Conflict(NO_NAME, field="contact.person")


def running_grants(store: DecisionReader, case: Case, today: date) -> list[Decision]:
    """Grants of which the family still has something today or later: in force, or ended with a day to come. The first
    first."""
    found = [each for each in store.decisions_of(case.id) if each.released_at and each.outcome == "granted"]
    return [each for each in found if (not each.withdrawn_at or each.ended_on) and last_day(each) >= today]


def proposed_end(changed_from: date | None, last: date, today: date) -> date:
    """Shown to the person, who chooses: the day before the change where that lies ahead, else the end of this month, or
    of the next where less than two weeks of it are left."""
    if changed_from is not None and day_before(changed_from) > today:
        return min(day_before(changed_from), last)
    month = month_end(today)
    return min(month if month - today >= timedelta(days=14) else month_end(day_after(month)), last)


def change_date(case: Case) -> date | None:
    """From when what the family told last holds."""
    day = case.submission.get("changed_from")
    return date.fromisoformat(day) if day else None


def _not_carried_on(store: GuardStore, case: Case) -> Stake | None:
    """A standing grant of the school year before goes on without an application: a refusal ends it."""
    if any(each.released_at for each in store.decisions_of(case.id)):
        return None  # it has been decided before whether it goes on
    earlier = [each for each in store.cases_of(case.application_id) if each.school_year < case.school_year]
    for before in reversed(earlier):
        grants = [each for each in store.decisions_of(before.id) if each.released_at and not each.withdrawn_at]
        standing = [each for each in grants if each.outcome == "granted" and each.terms.standing]
        if standing and not standing[-1].terms.self_payer:
            return Stake(standing[-1], last_day(standing[-1]), ("not_carried_on",))
    return None


def hearing_of(questions: Sequence[Question], case: Case, grant: Decision, today: date) -> Hearing | None:
    """None where the family was not heard.

    A hearing is about what is to be decided: asked since the grant went out and the facts were changed last. An answer
    in which nothing can be read is none."""
    since = max(each for each in (grant.released_at, case.changed_at) if each is not None)
    for each in questions:
        if not each.hearing or each.asked_at < since:
            continue
        answered = day_in_berlin(each.answered_at) if each.answered_at and not each.is_answered_blank else None
        if answered is not None or today > each.due:
            return Hearing(each.due, answered)
    return None


def _check_exception(ending: Ending, told: Change | None, grant: Decision) -> None:
    """`told`: what the family has changed last; words alone are no change."""
    if ending.exception is None:
        raise Conflict(HEAR_FIRST, field="hearing_exception")
    since = grant.released_at or grant.prepared_at
    if ending.exception == "3" and (told is None or told.told_at < since):
        raise Invalid(NOT_THEIR_WORD, field="hearing_exception")
    if ending.exception != "3" and count_seen(ending.why) < SHORTEST_WHY:
        raise Invalid(SAY_WHY, field="hearing_why")


def _chosen_day(stake: Stake, decision: Decision, ending: Ending) -> date | None:
    if "not_carried_on" in stake.losses:
        return stake.last
    if NEEDS_DAY & set(stake.losses):
        if ending.ends_on is None:
            raise Invalid(CHOOSE_DAY, field="ends_on")
        return ending.ends_on
    return decision.valid_until if "shorter" in stake.losses else None


def _check_day(last: date, stake: Stake, case: Case, today: date, *, heard: bool) -> None:
    """In the future; after a hearing also the day before the change, or the last at the school, as the family told."""
    if last > stake.last:
        raise Invalid(DAY_TOO_LATE, field="ends_on")
    if last > today:
        return
    changed, leaves = change_date(case), case.facts.get("leaves_on")
    told = [day_before(changed)] if changed else []
    told += [date.fromisoformat(leaves)] if leaves else []
    if not heard or last not in told:
        raise Invalid(DAY_TOO_EARLY, field="ends_on")


__all__ = [
    "NEEDS_DAY",
    "GuardStore",
    "Stake",
    "at_stake",
    "change_date",
    "check_end",
    "goes_out_by_itself",
    "hearing_of",
    "proposed_end",
    "running_grants",
]
