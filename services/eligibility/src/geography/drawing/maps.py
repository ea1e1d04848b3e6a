"""A measured way as GeoJSON, with the attribution that the map's licence demands. The picture is in `picture`."""

from collections.abc import Mapping, Sequence
from typing import Any

from geography.model.hazard_list import Hazard

Line = Sequence[Sequence[float]]


def collection(way: Mapping[str, Any], hazards: Sequence[Hazard] = ()) -> dict[str, Any]:
    """GeoJSON FeatureCollection of a measurement as `Measurement.as_json` gives it, with a member `attribution`.

    Features by `role`: way (with metres, legs, both readings and flags), connector_from, connector_to, door, entrance,
    other_entrance, lenient_reading and strict_reading (where they are other walks), without_hazards, hazard.
    hazards: those to show beside the ones that the way meets.
    """
    points = way["geometry"]["coordinates"]
    home, entrance = points[0], points[-1]
    snap = way["snap"]
    features = [
        _feature("way", way["geometry"], **{name: way[name] for name in ("metres", "legs", "interval", "flags")}),
        _line("connector_from", [home, [snap["from"]["lon"], snap["from"]["lat"]]], metres=way["connector_from_m"]),
        _line("connector_to", [[snap["to"]["lon"], snap["to"]["lat"]], entrance], metres=way["connector_to_m"]),
        _feature("door", {"type": "Point", "coordinates": home}),
        _feature("entrance", {"type": "Point", "coordinates": entrance}, origin=way["entrance"]["origin"]),
    ]  # fmt: skip
    features += [
        _feature("other_entrance", {"type": "Point", "coordinates": [each["lon"], each["lat"]]}, origin=each["origin"])
        for each in way.get("other_entrances") or ()
    ]
    features += [
        _feature(f"{name}_reading", line, metres=way["interval"][f"{name}_m"])
        for name, line in (way.get("readings") or {}).items()
    ]
    safe = way.get("without_hazards")
    if safe and safe["geometry"]:
        features.append(_feature("without_hazards", safe["geometry"], metres=safe["metres"], met=safe["met"]))
    features += [hazard_feature(each) for each in hazards]
    known = {each.id for each in hazards}
    features += [_met(each) for each in (safe or {}).get("met", ()) if each["id"] not in known and each.get("line")]
    return {
        "type": "FeatureCollection",
        "features": features,
        "attribution": way["network"]["attribution"],
        "network": way["network"],
    }


def hazard_feature(hazard: Hazard) -> dict[str, Any]:
    """A hazard as a GeoJSON Feature, longitude first, with what the authority recorded of it."""
    return _met(hazard.as_json())


def _met(hazard: Mapping[str, Any]) -> dict[str, Any]:
    """A hazard as `Hazard.as_json` writes it; its id is the feature's."""
    ring = [list(point) for point in hazard["line"]]
    if hazard["kind"] == "area":
        geometry: dict[str, Any] = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    else:
        geometry = {"type": "LineString", "coordinates": ring}
    told = {name: value for name, value in hazard.items() if name not in {"kind", "line"}}
    return {**_feature("hazard", geometry, **told), "id": hazard["id"]}


def _feature(role: str, geometry: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": dict(geometry), "properties": {"role": role, **properties}}


def _line(role: str, points: Line, **properties: Any) -> dict[str, Any]:
    return _feature(role, {"type": "LineString", "coordinates": [list(point) for point in points]}, **properties)
