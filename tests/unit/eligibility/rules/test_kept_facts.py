"""The shapes of kept JSON say what is written: facts and measured ways, part by part."""

from collections.abc import Iterator
from types import UnionType
from typing import Union, cast, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from eligibility.domain import kept_facts, kept_routes
from eligibility.rules import Facts, as_kept
from eligibility.rules.facts import Part, SiblingFacts, UnprovenFacts
from geography.model import Measurement
from geography.model.doubt import Doubt
from geography.model.types import Entrance, Leg, Point, Snap, WithoutHazards
from pydantic import BaseModel
from support.json import mapping


def model_of(annotation: object) -> type[BaseModel] | None:
    """The part that a field holds, be it one or many."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := model_of(each)) is not None), None)


def shape_of(annotation: object) -> type | None:
    if is_typeddict(annotation):
        return cast(type, annotation)
    return next((found for each in get_args(annotation) if (found := shape_of(each)) is not None), None)


def pairs(model: type[BaseModel], shape: type) -> Iterator[tuple[type[BaseModel], type]]:
    yield model, shape
    hints = get_type_hints(shape)
    for name, field in model.model_fields.items():
        inner, kept = model_of(field.annotation), shape_of(hints.get(field.alias or name))
        if inner is not None:
            assert kept is not None, f"{shape.__name__}.{name} says nothing of {inner.__name__}"
            yield from pairs(inner, kept)


@pytest.mark.parametrize(("model", "shape"), list(pairs(Facts, kept_facts.KeptFacts)))
def test_kept_facts_have_the_keys_of_the_facts_that_the_rules_read(model: type[Part], shape: type) -> None:
    assert {field.alias or name for name, field in model.model_fields.items()} == set(get_type_hints(shape))


def kinds(annotation: object) -> set[type]:
    if get_origin(annotation) in (UnionType, Union):
        return {kind for each in get_args(annotation) for kind in kinds(each)}
    return {get_origin(annotation) or cast(type, annotation)}


def must_fit(value: object, annotation: object) -> None:
    """Follow a shape into what was really written."""
    if is_typeddict(annotation):
        shape, found = cast(type, annotation), mapping(value)
        hints = get_type_hints(shape)
        assert found.keys() <= hints.keys(), f"{shape.__name__} does not know {found.keys() - hints.keys()}"
        for name, each in found.items():
            must_fit(each, hints[name])
    elif isinstance(value, list):
        (inner,) = get_args(annotation)
        for each in value:
            must_fit(each, inner)
    elif isinstance(value, dict):
        inside = shape_of(annotation)
        if inside is not None:
            must_fit(value, inside)
    else:
        wanted = kinds(annotation)
        assert type(value) in wanted or (type(value) is int and float in wanted), (value, annotation)


def test_facts_are_kept_in_their_shape() -> None:
    sibling = SiblingFacts(birth_date="2014-00-00", funded=True, counts_first=False)  # type: ignore[arg-type]
    told = {
        "school_year": "2026/27",
        "pupil": {"birth_date": "2015-06-00"},
        "health": {"weeks": 9.5},
        "siblings": (sibling,),
        "benefits": ("SGB XII",),
        "unproven": UnprovenFacts(siblings=(sibling,)),
        "distance_m": 3500.5,
    }
    must_fit(as_kept(Facts.model_validate(told)), kept_facts.KeptFacts)


def test_a_measured_way_is_kept_in_its_shape() -> None:
    line = {"type": "LineString", "coordinates": [[8.1, 51.2], [8.2, 51.3]]}
    snap, entrance = Snap(1, 2, Point(51.0, 8.0), 3.5, "nearest"), Entrance(Point(51.0, 8.0), name="Tor")
    measured = Measurement(
        metres=1000.5,
        connector_from_m=1.5,
        connector_to_m=2.5,
        geometry=line,
        legs=(Leg("Weg", 1000.5),),
        lenient_m=990.0,
        strict_m=None,
        flags=("uses_steps",),
        network={"attribution": "", "date": None, "graph": {"sha256": ""}},
        entrance=entrance,
        snap_from=snap,
        snap_to=snap,
        ways=(1, 2),
        lenient_geometry=line,
        strict_geometry=line,
        border_m=5.5,
        doubts=(Doubt("gate", "node/5", "", 0.0, ("passes_gate",), "standard"),),
        other_entrances=(entrance,),
        without_hazards=WithoutHazards(1100.5, line, ({"id": "1"},)),
    )
    must_fit(measured.as_json(), kept_routes.KeptRoute)
    assert set(measured.as_json()) == set(get_type_hints(kept_routes.KeptRoute)) - {
        "school_number",
        "school_name",
        "home",
    }
