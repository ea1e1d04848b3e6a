"""Rule sets from where they lie: the presets in this package, or a file of an authority."""

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from shared.errors import Invalid, Text

from eligibility.rules import Rules, parse

PRESETS = ("nrw", "he", "rp")


@cache
def preset(name: str) -> Rules:
    """One of PRESETS, read once. Raises Invalid for any other name."""
    if name not in PRESETS:
        known = ", ".join(PRESETS)
        text = Text(
            f"Diesen Regelsatz gibt es nicht. Es gibt: {known}.", f"There is no such rule set. There are: {known}."
        )
        raise Invalid(text, field="rules")
    return parse(_yaml(_parameters(f"{name}.yaml")), _school_forms())


def named(name_or_file: str) -> Rules:
    """A preset by its name, else a rule set from a YAML or JSON file. Raises Invalid: what is wrong, and where."""
    if name_or_file in PRESETS or not Path(name_or_file).exists():
        return preset(name_or_file)
    text = Path(name_or_file).read_text(encoding="utf-8")
    try:
        content = json.loads(text) if name_or_file.endswith(".json") else _yaml(text)
        return parse(content, _school_forms())
    except (yaml.YAMLError, json.JSONDecodeError) as error:
        raise Invalid(Text(f"Nicht lesbar: {error}", f"Not readable: {error}"), field=name_or_file) from error
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)
        )
        raise Invalid(
            Text(f"Kein gültiger Regelsatz: {said}", f"Not a valid rule set: {said}"), field=name_or_file
        ) from error


def _parameters(name: str) -> str:
    return (resources.files("eligibility.rules") / "parameters" / name).read_text(encoding="utf-8")


@cache
def _school_forms() -> Any:
    return _yaml(_parameters("school_forms.yaml"))


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe loaders)
