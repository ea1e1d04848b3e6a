"""Who may act on a case. Not there and not yours are the same answer. Pure."""

from shared.errors import Conflict, Forbidden, NotFound, Text
from shared.events import AuthorityId
from shared.identity import Caller

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.ids import CaseId
from eligibility.workflow.ports import AuthorityReader, CaseReader

READERS = ("case_worker", "releaser", "case_reader")
"""Who reads cases: who works on them, and who was given that right alone. Administering rules is another one."""
NOTHING_HERE = Text("Diesen Fall gibt es hier nicht.", "There is no such case here.")
NO_AUTHORITY = Text("Ihr Zugang gehört zu keinem Schulträger.", "Your account belongs to no school authority.")
ANOTHER_HAS_IT = Text(
    "Diesen Fall bearbeitet gerade eine andere Person. Sie muss ihn erst zurückgeben.",
    "Another person is working on this case and must give it back first.",
)


def own_authority(caller: Caller, *roles: str) -> AuthorityId:
    """The caller's authority.

    Raises:
        Forbidden: without one of the roles or without an authority.
    """
    caller.require(*roles)
    if caller.authority_id is None:
        raise Forbidden(NO_AUTHORITY)
    return caller.authority_id


def own_case(cases: CaseReader, case_id: CaseId, authority_id: AuthorityId) -> Case:
    """Raises NotFound for a case of another authority as for none."""
    case = cases.case(case_id)
    if case is None or case.authority_id != authority_id:
        raise NotFound(NOTHING_HERE)
    return case


def free_for(case: Case, subject: str) -> None:
    """Raise Conflict where another person has taken the case. One that nobody has taken anybody may act on."""
    if case.assigned_to not in (None, subject):
        raise Conflict(ANOTHER_HAS_IT, field="assigned_to")


def authority_of(authorities: AuthorityReader, authority_id: AuthorityId) -> Authority:
    """The authority's settings.

    Raises:
        NotFound: where it is not set up here.
    """
    authority = authorities.authority(authority_id)
    if authority is None:
        raise NotFound(NOTHING_HERE)
    return authority
