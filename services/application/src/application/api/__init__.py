"""HTTP in: request -> workflow -> response."""

from application.api.applications import router as applications
from application.api.documents import LARGER_BODY
from application.api.documents import router as documents
from application.api.schools import router as schools

__all__ = ["LARGER_BODY", "applications", "documents", "schools"]
