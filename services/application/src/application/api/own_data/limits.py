"""How often one account may have all its data put together."""

from shared.errors import Text
from shared.http.limits import Limit

from application.api.drafts.limits import daily

EXPORTED = Text(
    "Ihre Daten wurden heute schon sehr oft zusammengestellt. Bitte versuchen Sie es in {seconds} Sekunden wieder.",
    "Your data have been put together very often today. Please try again in {seconds} seconds.",
)


def export_limit(most: int) -> Limit:
    """In a day; 0: no limit."""
    return daily(most, "exports_of_account", EXPORTED)
