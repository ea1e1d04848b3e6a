"""The picture of the way: what it shows, and what is said of it. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from eligibility.domain.decision import Decision
from eligibility.domain.kept_routes import KeptNetwork, KeptRoute, NetworkHash
from eligibility.notice.notice import DrawnWay
from eligibility.rules import texts

SHOWN = ("geometry", "metres", "connector_from_m", "interval", "legs", "other_entrances", "network")
"""Parts of a measured way that the picture needs, in the order in which a notice keeps them."""


def drawing_of(route: KeptRoute | None, decision: Decision) -> DrawnWay | None:
    """What the picture shows: line, streets, both readings, entrances, and the hazards that it meets."""
    if route is None:
        return None
    measured: Mapping[str, object] = route
    kept = cast(DrawnWay, {name: measured[name] for name in SHOWN if name in measured})
    kept["limit_m"] = decision.limit_m
    safe = route.get("without_hazards")
    if safe and safe.get("met"):
        kept["without_hazards"] = safe
    return kept


def alt(decision: Decision) -> str:
    """The German text in place of the picture: what it shows, and how long the route is."""
    length = texts.metres(decision.distance_m, decision.limit_m)[0] if decision.distance_m is not None else ""
    return f"Skizze des gemessenen Fußwegs von der Wohnung zur Schule, Länge {length}."


def caption(decision: Decision, route: KeptRoute | None) -> str:
    """The German line under the picture: where it leads, the source of the map, and its day where that is known."""
    of = network_of(route)
    source = str(of.get("attribution") or "© OpenStreetMap-Mitwirkende, ODbL")
    stand = map_date(of.get("date"))
    to = " zur nächstgelegenen Schule" if "nearest" in decision.routes else ""
    return f"Gemessener Fußweg{to}, Norden ist oben. Kartendaten: {source}" + (f", Stand {stand[0]}" if stand else "")


def network(route: KeptRoute | None) -> str:
    """The first 16 digits of the network's hash, for the notice's small print; empty where there is no route."""
    graph = network_of(route).get("graph", NetworkHash())
    return f" · Wegenetz {str(graph['sha256'])[:16]}" if "sha256" in graph else ""


def network_of(route: KeptRoute | None) -> KeptNetwork:
    """What is kept of the network that the route was measured in; empty where there is no route."""
    return (route or KeptRoute()).get("network", KeptNetwork())


def map_date(said: object) -> tuple[str, str] | None:
    """The day of the map data in German and English.

    Args:
        said: the day or moment that its network bears; None where it bears none.
    """
    written = str(said or "")[:10]
    try:
        return texts.day(date.fromisoformat(written))
    except ValueError:
        return (written, written) if written else None
