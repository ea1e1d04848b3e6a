"""HTTP in: request -> workflow -> response."""

from application.api.applications.applications import router as applications
from application.api.applications.examples import examples
from application.api.documents.documents import LARGER_BODY
from application.api.documents.documents import router as documents
from application.api.documents.staff_documents import BACK
from application.api.documents.staff_documents import router as staff_documents
from application.api.pages import family_pages
from application.api.prechecks import router as prechecks
from application.api.schools import router as schools
from application.api.who_may import INTERFACE, PAGES

__all__ = [
    "BACK",
    "INTERFACE",
    "LARGER_BODY",
    "PAGES",
    "applications",
    "documents",
    "examples",
    "family_pages",
    "prechecks",
    "schools",
    "staff_documents",
]
