"""The ids of what this service keeps, each a type of its own. Pure."""

from typing import NewType
from uuid import UUID

ApplicationId = NewType("ApplicationId", UUID)
Owner = NewType("Owner", str)
"""The OIDC subject of a family's account: of the guardian or adult pupil who applied, or of somebody who helps."""


DocumentId = NewType("DocumentId", UUID)
"""Made from the application's id and the request's key: a request that comes again means the same document."""


DraftId = NewType("DraftId", UUID)
"""Of an application that is being written. The application's own id follows from it: it is handed in once."""


PersonId = NewType("PersonId", UUID)
"""Of somebody who helps with one application: another one where the same account comes back."""


InvitationId = NewType("InvitationId", UUID)
"""Of a link; it does not open anything."""
