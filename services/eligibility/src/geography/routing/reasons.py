"""The words for a way that does not exist."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.errors import Text

from geography.model.types import NoWay

_TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "from_too_far": Text(
            "Im Umkreis von 250 m um den Ausgangspunkt ist kein öffentlicher Weg bekannt. "
            "Bitte die Adresse prüfen oder die Haustür setzen.",
            "No public way is known within 250 m of the starting point. Check the address or set the front door.",
        ),
        "to_too_far": Text(
            "Im Umkreis von 250 m um den Eingang ist kein öffentlicher Weg bekannt. "
            "Bitte den Eingang der Schule setzen.",
            "No public way is known within 250 m of the entrance. Set the entrance of the school.",
        ),
        "no_connection": Text(
            "Zwischen den Punkten gibt es im Wegenetz keine Verbindung zu Fuß.",
            "The network has no connection on foot between the points.",
        ),
        "no_entrance": Text(
            "Für die Schule ist weder ein Eingang noch ein Punkt bekannt.",
            "Neither an entrance nor a point of the school is known.",
        ),
    }
)


def no_way(reason: str) -> NoWay:
    """The error with its words. `reason` as NoWay lists them."""
    return NoWay(reason, _TEXTS[reason])
