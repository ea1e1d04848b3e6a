"""Each body of JSON that a service takes shows an example, which it would take."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import application.api
import eligibility.api
import issuance.api
import pytest
from pydantic import BaseModel

PARTS = {"_In", "Shape", "PointIn", "ShownBody"}
"""What stands in a body, and is shown there."""


def bodies() -> Iterator[type[BaseModel]]:
    """Those that refuse fields which they do not know: what is answered does not."""
    for package in (application.api, eligibility.api, issuance.api):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for _, kind in inspect.getmembers(module, inspect.isclass):
                if not issubclass(kind, BaseModel) or kind.__module__ != module.__name__:
                    continue
                if kind.model_config.get("extra") == "forbid" and kind.__name__ not in PARTS:
                    yield kind


@pytest.mark.parametrize("body", list(bodies()), ids=lambda kind: kind.__name__)
def test_a_body_shows_an_example_that_it_takes(body: type[BaseModel]) -> None:
    schema = body.model_json_schema()
    shown = schema.get("examples") or [schema["example"]]
    for each in shown:
        body.model_validate(each)


def test_there_are_bodies_of_each_service() -> None:
    assert {each.__module__.partition(".")[0] for each in bodies()} >= {"eligibility", "issuance"}
