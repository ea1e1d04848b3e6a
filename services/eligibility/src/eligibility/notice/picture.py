"""The picture of the way: what it shows, and what is said of it. Pure."""

from datetime import date
from typing import Any

from eligibility.domain.decision import Decision
from eligibility.rules import texts


def drawn(route: dict[str, Any] | None, decision: Decision) -> dict[str, Any] | None:
    """What the picture shows: line, streets, both readings, entrances, and the hazards that it meets."""
    if route is None:
        return None
    shown = ("geometry", "metres", "connector_from_m", "interval", "legs", "other_entrances", "network")
    kept = {name: route[name] for name in shown if name in route} | {"limit_m": decision.limit_m}
    if (route.get("without_hazards") or {}).get("met"):
        kept["without_hazards"] = route["without_hazards"]
    return kept


def alt(decision: Decision) -> str:
    """The German text in place of the picture: what it shows, and how long the route is."""
    length = texts.metres(decision.distance_m, decision.limit_m)[0] if decision.distance_m is not None else ""
    return f"Skizze des gemessenen Fußwegs von der Wohnung zur Schule, Länge {length}."


def caption(decision: Decision, route: dict[str, Any] | None) -> str:
    """The German line under the picture: where it leads, the source of the map, and its day where that is known."""
    of = (route or {}).get("network", {})
    source = str(of.get("attribution") or "© OpenStreetMap-Mitwirkende, ODbL")
    stand = map_date(of)
    to = " zur nächstgelegenen Schule" if "nearest" in decision.ways else ""
    return f"Gemessener Fußweg{to}, Norden ist oben. Kartendaten: {source}" + (f", Stand {stand[0]}" if stand else "")


def network(route: dict[str, Any] | None) -> str:
    """The first 16 digits of the network's hash, for the notice's small print; empty where there is no route."""
    graph = (route or {}).get("network", {}).get("graph", {})
    return f" · Wegenetz {str(graph['sha256'])[:16]}" if "sha256" in graph else ""


def map_date(network: dict[str, Any]) -> tuple[str, str] | None:
    """The day of the map data in German and English, as the network says it; None where it does not."""
    written = str(network.get("date") or "")[:10]
    try:
        return texts.day(date.fromisoformat(written))
    except ValueError:
        return (written, written) if written else None
