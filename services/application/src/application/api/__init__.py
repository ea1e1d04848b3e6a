"""HTTP in: request -> workflow -> response."""

from application.api.applications.applications import router as applications
from application.api.applications.copies import router as copies
from application.api.applications.examples import examples
from application.api.applications.ticket_links import router as ticket_links
from application.api.codes.codes import router as codes
from application.api.codes.printed import PrintedCodes
from application.api.codes.staff_pages import router as staff_codes
from application.api.documents.documents import LARGER_BODY as DOCUMENT_BODY
from application.api.documents.documents import router as documents
from application.api.documents.staff_documents import BACK
from application.api.documents.staff_documents import router as staff_documents
from application.api.drafts.documents import LARGER_BODY as DRAFT_DOCUMENT_BODY
from application.api.drafts.documents import router as draft_documents
from application.api.drafts.drafts import router as drafts
from application.api.drafts.limits import DraftLimits
from application.api.own_data.limits import export_limit
from application.api.own_data.me import router as me
from application.api.own_data.reading import OwnDataReader
from application.api.pages import FAMILY_BACK, FAMILY_DOCUMENT_BODY, family_pages
from application.api.pages import LARGER_BODY as PAGE_DOCUMENT_BODY
from application.api.pages.school import BACK as SCHOOL_BACK
from application.api.pages.school import LARGER_BODIES as SCHOOL_BODIES
from application.api.pages.school import school_pages
from application.api.people.limits import InvitationLimits
from application.api.people.people import router as people
from application.api.prechecks import router as prechecks
from application.api.school.class_lists import BODY as CLASS_LIST_BODY
from application.api.school.class_lists import router as class_lists
from application.api.schools import router as schools
from application.api.who_may import DOCUMENT_PAGES, INTERFACE

LARGER_BODIES = (
    DOCUMENT_BODY, DRAFT_DOCUMENT_BODY, FAMILY_DOCUMENT_BODY, PAGE_DOCUMENT_BODY, CLASS_LIST_BODY, *SCHOOL_BODIES,
)  # fmt: skip

__all__ = [
    "BACK",
    "DOCUMENT_PAGES",
    "FAMILY_BACK",
    "INTERFACE",
    "LARGER_BODIES",
    "SCHOOL_BACK",
    "DraftLimits",
    "InvitationLimits",
    "OwnDataReader",
    "PrintedCodes",
    "applications",
    "class_lists",
    "codes",
    "copies",
    "documents",
    "draft_documents",
    "drafts",
    "examples",
    "export_limit",
    "family_pages",
    "me",
    "people",
    "prechecks",
    "school_pages",
    "schools",
    "staff_codes",
    "staff_documents",
    "ticket_links",
]
