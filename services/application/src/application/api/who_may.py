"""Who may use which operation of this service, a line each. Whose an application is, is asked in the query afterwards;
`missing` is what is said of those that are not there and of those that are another family's."""

from shared.identity import Policy, open_to_all, with_link, with_session, with_token

from application.api.codes.printed import STAFF
from application.api.pages import NO_PAGE
from application.workflow.attendance.pupils import NO_PUPIL, NOT_YOUR_SCHOOL
from application.workflow.attendance.pupils import ROLE as SCHOOL
from application.workflow.codes.codes import NO_BATCH, NO_CODE
from application.workflow.codes.look_links import NO_LOOK_LINK
from application.workflow.codes.pick_up import NO_TICKET_TO_PICK_UP
from application.workflow.documents.documents import READERS
from application.workflow.drafts.access import NO_DRAFT
from application.workflow.mails.contacts import NO_LINK
from application.workflow.people.acceptance import NO_INVITATION
from application.workflow.people.access import NOT_HERE
from application.workflow.schools import NO_SUCH_SCHOOL

FAMILY = "guardian"
_ONE = "/v1/applications/{application_id}"
_DRAFT = "/v1/drafts/{draft_id}"
_APPLY = "/family/apply/{draft_id}"
_LINK = with_link(missing=NO_DRAFT, works_as="draft_link")
"""Whoever has the link's token, or the account that began it, which is asked in the query."""
_CHILD = "/family/applications/{application_id}"
_OWN_CHILD = with_session(FAMILY, missing=NOT_HERE)
_PUPIL = "/school/pupils/{application_id}"
_OWN_PUPIL = with_session(SCHOOL, missing=NO_PUPIL)

INTERFACE: Policy = {
    "POST /v1/applications": with_token(FAMILY),
    "GET /v1/applications": with_token(FAMILY),
    f"GET {_ONE}": with_token(FAMILY, missing=NOT_HERE),
    f"GET {_ONE}/copy.pdf": with_token(FAMILY, missing=NOT_HERE),
    f"GET {_ONE}/copy.json": with_token(FAMILY, missing=NOT_HERE),
    f"POST {_ONE}/withdrawal": with_token(FAMILY, missing=NOT_HERE),
    f"POST {_ONE}/self-payer": with_token(FAMILY, missing=NOT_HERE),
    f"POST {_ONE}/answers": with_token(FAMILY, missing=NOT_HERE),
    f"POST {_ONE}/tickets/{{ticket_id}}/loss": with_token(FAMILY, missing=NOT_HERE),
    f"POST {_ONE}/tickets/{{ticket_id}}/link": with_token(FAMILY, missing=NOT_HERE),
    f"DELETE {_ONE}/tickets/{{ticket_id}}/link": with_token(FAMILY, missing=NOT_HERE),
    f"POST {_ONE}/tickets/{{ticket_id}}/pick-up-codes": with_token(FAMILY, missing=NOT_HERE),
    f"POST {_ONE}/notices/{{decision_id}}/retrieval": with_token(FAMILY, missing=NOT_HERE),
    f"POST {_ONE}/documents": with_token(FAMILY, missing=NOT_HERE),
    f"GET {_ONE}/documents": with_token(FAMILY, *READERS, missing=NOT_HERE),
    f"GET {_ONE}/documents/{{document_id}}": with_token(FAMILY, *READERS, missing=NOT_HERE),
    f"DELETE {_ONE}/documents/{{document_id}}": with_token(FAMILY, missing=NOT_HERE),
    f"GET {_ONE}/people": with_token(FAMILY, missing=NOT_HERE),
    f"DELETE {_ONE}/people/{{person_id}}": with_token(FAMILY, missing=NOT_HERE),
    f"POST {_ONE}/invitations": with_token(FAMILY, missing=NOT_HERE),
    f"DELETE {_ONE}/invitations/{{invitation_id}}": with_token(FAMILY, missing=NOT_HERE),
    "POST /v1/invitations/{invitation_token}": with_token(FAMILY, missing=NO_INVITATION, works_as="invitation"),
    "POST /v1/prechecks": open_to_all(),
    "GET /family/precheck": open_to_all(),
    "POST /family/precheck": open_to_all(),
    "GET /family/static/{path:path}": open_to_all(missing=NO_PAGE),
    "HEAD /family/static/{path:path}": open_to_all(missing=NO_PAGE),
    "GET /family/sign-in": open_to_all(),
    "GET /family/sign-in/back": open_to_all(),
    "POST /family/sign-out": with_session(FAMILY),
    "GET /family/signed-out": open_to_all(),
    "GET /family/easy": open_to_all(),
    "GET /family/accessibility": open_to_all(),
    "GET /family": with_session(FAMILY),
    "GET /family/privacy": open_to_all(),
    "GET /family/data": with_session(FAMILY),
    "GET /family/data/read": with_session(FAMILY),
    "GET /family/data/export": with_session(FAMILY),
    "GET /family/data/erasure": with_session(FAMILY),
    "POST /family/data/erasure": with_session(FAMILY),
    "GET /v1/me/export": with_token(FAMILY),
    "DELETE /v1/me": with_token(FAMILY),
    f"GET {_CHILD}": _OWN_CHILD,
    f"POST {_CHILD}/answers": _OWN_CHILD,
    f"POST {_CHILD}/documents": _OWN_CHILD,
    f"GET {_CHILD}/documents/{{document_id}}": _OWN_CHILD,
    f"POST {_CHILD}/documents/{{document_id}}/removal": _OWN_CHILD,
    f"POST {_CHILD}/notices/{{decision_id}}/retrieval": _OWN_CHILD,
    f"GET {_CHILD}/check-again": _OWN_CHILD,
    f"POST {_CHILD}/check-again": _OWN_CHILD,
    f"GET {_CHILD}/act/{{act}}": _OWN_CHILD,
    f"POST {_CHILD}/act/{{act}}": _OWN_CHILD,
    f"GET {_CHILD}/leaving": _OWN_CHILD,
    f"POST {_CHILD}/leaving": _OWN_CHILD,
    f"GET {_CHILD}/change/{{what}}": _OWN_CHILD,
    f"POST {_CHILD}/change/{{what}}": _OWN_CHILD,
    f"GET {_CHILD}/next-year": _OWN_CHILD,
    f"POST {_CHILD}/next-year": _OWN_CHILD,
    f"GET {_CHILD}/invitations": _OWN_CHILD,
    f"POST {_CHILD}/invitations": _OWN_CHILD,
    f"POST {_CHILD}/invitations/{{invitation_id}}/removal": _OWN_CHILD,
    f"POST {_CHILD}/people/{{person_id}}/removal": _OWN_CHILD,
    f"POST {_CHILD}/email": _OWN_CHILD,
    "GET /emails/{token}": open_to_all(works_as="email_link"),
    "POST /family/email/confirmation": open_to_all(missing=NO_LINK, works_as="email_link"),
    "GET /invitations/{token}": open_to_all(works_as="invitation"),
    "POST /family/invitation/continue": open_to_all(missing=NO_INVITATION, works_as="invitation"),
    "GET /family/invitation": with_session(FAMILY, missing=NO_INVITATION, works_as="invitation"),
    "POST /family/invitation": with_session(FAMILY, missing=NO_INVITATION, works_as="invitation"),
    "GET /family/code": open_to_all(works_as="code"),
    "POST /family/code": open_to_all(missing=NO_CODE, works_as="code"),
    "GET /family/pick-up": open_to_all(works_as="pick_up"),
    "POST /family/pick-up": open_to_all(missing=NO_TICKET_TO_PICK_UP, works_as="pick_up"),
    "GET /family/pick-up/ticket": open_to_all(works_as="pick_up"),
    "GET /family/tickets": with_session(FAMILY),
    f"GET {_CHILD}/pick-up": _OWN_CHILD,
    f"POST {_CHILD}/pick-up": _OWN_CHILD,
    "GET /family/letter": open_to_all(works_as="code"),
    "POST /family/letter": open_to_all(works_as="code"),
    "GET /look/{look_token}": open_to_all(missing=NO_LOOK_LINK, works_as="look_link"),
    f"POST {_CHILD}/look-links": _OWN_CHILD,
    f"GET {_CHILD}/look-links": _OWN_CHILD,
    f"POST {_CHILD}/look-links/removal": _OWN_CHILD,
    "GET /family/apply": open_to_all(works_as="draft_link"),
    "POST /family/apply": open_to_all(works_as="draft_link"),
    "POST /family/apply/continue": open_to_all(missing=NO_DRAFT, works_as="draft_link"),
    "GET /drafts/{token}": open_to_all(works_as="draft_link"),
    f"GET {_APPLY}": _LINK,
    f"GET {_APPLY}/{{step}}": _LINK,
    f"POST {_APPLY}/{{step}}": _LINK,
    f"GET {_APPLY}/later": _LINK,
    f"POST {_APPLY}/link": _LINK,
    f"POST {_APPLY}/email": _LINK,
    f"POST {_APPLY}/deletion": _LINK,
    f"GET {_APPLY}/documents": _LINK,
    f"POST {_APPLY}/documents": _LINK,
    f"POST {_APPLY}/uploads": _LINK,
    f"POST {_APPLY}/removals/{{draft_document_id}}": _LINK,
    f"GET {_APPLY}/summary": _LINK,
    f"POST {_APPLY}/summary": _LINK,
    f"GET {_APPLY}/sent": with_session(FAMILY, missing=NOT_HERE),
    f"GET {_APPLY}/copy.pdf": with_session(FAMILY, missing=NOT_HERE),
    f"GET {_APPLY}/copy.json": with_session(FAMILY, missing=NOT_HERE),
    "GET /family/{path:path}": open_to_all(missing=NO_PAGE),
    "POST /v1/drafts": open_to_all(works_as="draft_link"),
    f"GET {_DRAFT}": _LINK,
    f"PUT {_DRAFT}": _LINK,
    f"DELETE {_DRAFT}": _LINK,
    f"POST {_DRAFT}/link": _LINK,
    f"POST {_DRAFT}/documents": _LINK,
    f"GET {_DRAFT}/documents/{{draft_document_id}}": _LINK,
    f"DELETE {_DRAFT}/documents/{{draft_document_id}}": _LINK,
    f"POST {_DRAFT}/submission": with_token(FAMILY, missing=NO_DRAFT, works_as="draft_link"),
    "POST /v1/schools/{school_number}/class-lists": with_token(SCHOOL, missing=NOT_YOUR_SCHOOL),
    "GET /school": with_session(SCHOOL),
    "POST /school/confirmations": _OWN_PUPIL,
    "GET /school/class-list": with_session(SCHOOL),
    "POST /school/class-list": with_session(SCHOOL),
    "POST /school/class-list/answers": _OWN_PUPIL,
    f"GET {_PUPIL}": _OWN_PUPIL,
    f"POST {_PUPIL}/departure": _OWN_PUPIL,
    f"POST {_PUPIL}/differences": _OWN_PUPIL,
    f"POST {_PUPIL}/reopening": _OWN_PUPIL,
    "GET /school/sign-in": open_to_all(),
    "GET /school/sign-in/back": open_to_all(),
    "POST /school/sign-out": with_session(SCHOOL),
    "GET /school/signed-out": open_to_all(),
    "GET /school/{path:path}": open_to_all(missing=NO_PAGE),
    "POST /v1/codes": with_token(*STAFF),
    "GET /v1/codes": with_token(*STAFF),
    "POST /v1/codes/{batch_id}/revocation": with_token(*STAFF, missing=NO_BATCH),
    "GET /v1/code-letters": with_token(*STAFF),
    "POST /v1/code-letters": with_token(*STAFF),
    f"POST {_ONE}/code-letter": with_token(*STAFF, missing=NOT_HERE),
    "GET /v1/schools": open_to_all(),
    "GET /v1/schools/{number}": open_to_all(missing=NO_SUCH_SCHOOL),
}

DOCUMENT_PAGES: Policy = {
    "GET /codes": with_session(*STAFF),
    "POST /codes": with_session(*STAFF),
    "POST /codes/letters": with_session(*STAFF),
    "POST /codes/letter-order": with_session(*STAFF, missing=NOT_HERE),
    "POST /codes/{batch_id}/revocation": with_session(*STAFF, missing=NO_BATCH),
    "GET /documents/sign-in/back": open_to_all(),
    "GET /documents/{application_id}/{document_id}": with_session(*READERS, missing=NOT_HERE),
}
"""There where the sign-in is configured."""
