"""HTTP in: request -> workflow -> response."""

from application.api.applications import router as applications
from application.api.documents import LARGER_BODY
from application.api.documents import router as documents
from application.api.schools import router as schools
from application.api.staff_documents import BACK
from application.api.staff_documents import router as staff_documents

__all__ = ["BACK", "LARGER_BODY", "applications", "documents", "schools", "staff_documents"]
