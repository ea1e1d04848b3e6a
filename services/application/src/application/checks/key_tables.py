"""Reads the key tables that the package brings along."""

from functools import cache
from importlib import resources

import yaml

from application.checks.keys import SchoolKeys


@cache
def school_keys() -> SchoolKeys:
    """Raises pydantic's ValidationError where the file and its reader disagree: then nothing starts."""
    text = resources.files("application").joinpath("checks", "parameters", "school_keys.yaml").read_text("utf-8")
    return SchoolKeys.model_validate(yaml.safe_load(text))
