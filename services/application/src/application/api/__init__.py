"""HTTP in: request -> workflow -> response."""

from application.api.applications import router as applications
from application.api.schools import router as schools

__all__ = ["applications", "schools"]
