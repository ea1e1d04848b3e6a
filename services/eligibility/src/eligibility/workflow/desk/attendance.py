"""What a person does about a school's statement: goes by other evidence where it is missing, and has dealt with it."""

from dataclasses import replace
from typing import Protocol

from shared.blank import count_seen
from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, Invalid, Text
from shared.identity import Caller

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case, must_be
from eligibility.domain.ids import CaseId
from eligibility.workflow.access import authority_of, free_for, own_authority, own_case
from eligibility.workflow.attendance import AttendanceHeardStore, let_go
from eligibility.workflow.decision.ask_first import ask_first
from eligibility.workflow.decision.awaited_school import known_attendance
from eligibility.workflow.decision.guard import SHORTEST_WHY
from eligibility.workflow.policy import policy_of
from eligibility.workflow.ports import Environment, Records

WORKERS = ("case_worker", "releaser")
SAY_WHICH = Text(
    "Bitte geben Sie in einem Satz an, welcher Nachweis vorliegt, ohne Namen: zum Beispiel eine Bescheinigung der "
    "Schule vom 12.08.2026.",
    "Please say in a sentence which evidence there is, without names: for example a certificate of the school of "
    "12 August 2026.",
)
LONGEST_WHY = 500
NOTHING_TO_DO = Text(
    "Zu dieser Angabe der Schule ist nichts mehr zu tun. Bitte laden Sie den Fall neu.",
    "There is nothing more to do about the school's statement. Please load the case again.",
)


class AttendanceDeskStore(AttendanceHeardStore, Protocol):
    """The store, as a person deals with a school's statement in it."""


class AttendanceDesk:
    """Acts on one case of the own authority. Each is kept in the audit trail."""

    def __init__(
        self, transactions: Transactions[AttendanceDeskStore], records: Records, environment: Environment
    ) -> None:
        self._transactions, self._records, self._environment = transactions, records, environment

    async def prove(self, caller: Caller, case_id: CaseId, why: str) -> None:
        """Other evidence that the pupil attends the school, in place of the school's own statement. What waited goes on
        as the authority lets it: a release still needs who may release.

        Raises:
            Invalid: where it is not said which evidence.
            Conflict: where it is settled already.
        """
        authority_id = own_authority(caller, "case_worker")
        rules = await self._records.rules_of(authority_id)
        if not count_seen(why) >= SHORTEST_WHY or len(why) > LONGEST_WHY:
            raise Invalid(SAY_WHICH, field="why")

        def step(store: AttendanceDeskStore) -> None:
            case = own_case(store, case_id, authority_id)
            must_be(case, "review", "prepared", "granted")
            free_for(case, caller.subject)
            known, now = known_attendance(store, case), self._environment.now()
            if known.confirms(case.school_number):
                raise Conflict(NOTHING_TO_DO, field="attendance")
            proven = replace(
                known, proven_school=case.school_number, proven_at=now, proven_by=caller.subject, proven_why=why,
                look_from=None,
            )  # fmt: skip
            store.put_attendance(proven)
            self._note(store, case, caller, ActKind.ATTENDANCE_PROVEN)
            authority = authority_of(store, authority_id)
            let_go(store, case, policy_of(authority, rules), self._environment)

        await ask_first(self._transactions, self._environment, caller.subject, step)

    async def finish(self, caller: Caller, case_id: CaseId) -> None:
        """A person has done what follows from the statement: it is taken from the pile, and stays in the case.

        Raises:
            Conflict: where nothing lies there.
        """
        authority_id = own_authority(caller, *WORKERS)

        def step(store: AttendanceDeskStore) -> None:
            case = own_case(store, case_id, authority_id)
            free_for(case, caller.subject)
            known, today = known_attendance(store, case), day_in_berlin(self._environment.now())
            if known.look_from is None or known.look_from > today:
                raise Conflict(NOTHING_TO_DO, field="attendance")
            store.put_attendance(replace(known, look_from=None))
            self._note(store, case, caller, ActKind.ATTENDANCE_LOOKED_AT)

        await self._transactions.write(step)

    def _note(self, store: AttendanceDeskStore, case: Case, caller: Caller, act: ActKind) -> None:
        store.audit(
            authority_id=case.authority_id,
            subject=caller.subject,
            act=act,
            case_id=case.id,
            now=self._environment.now(),
            detail={"school": case.school_number},
        )
