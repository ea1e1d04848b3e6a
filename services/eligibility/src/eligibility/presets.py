"""Rule sets from where they lie: the presets in this package, or a file of an authority."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from shared.errors import Invalid, NotFound, Text

from eligibility.rules import Rules, parse
from eligibility.rules.rule_set.document import Document, LawTests, load
from eligibility.rules.rule_set.positions import parse_text

PRESETS = ("nrw", "he", "rp")
PRESETS_FOLDER = resources.files("eligibility.rules") / "presets"
"""A folder for each: its parameters, and the sentences of the law by which they are tried."""


@cache
def preset(name: str) -> Rules:
    """One of PRESETS, read once.

    Raises:
        Invalid: for any other name.
    """
    if name not in PRESETS:
        known = ", ".join(PRESETS)
        text = Text(
            f"Diesen Regelsatz gibt es nicht. Es gibt: {known}.", f"There is no such rule set. There are: {known}."
        )
        raise Invalid(text, field="rules")
    return parse(parse_text(_read(f"{name}/parameters.yaml"))[0], school_forms())


def preset_or_none(name: str) -> Rules | None:
    """The preset of this name; None where there is none."""
    return preset(name) if name in PRESETS else None


def rules_by_name(name_or_file: str) -> Rules:
    """A preset by its name, else a rule set from a YAML or JSON file.

    Raises:
        Invalid: what is wrong, and where.
    """
    if name_or_file in PRESETS or not Path(name_or_file).exists():
        return preset(name_or_file)
    return from_file(Path(name_or_file)).rules


def from_file(path: Path) -> Document:
    """An authority's document.

    Raises:
        Invalid: every mistake with line and column.
    """
    try:
        return from_text(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        text = Text("Die Datei ist nicht in UTF-8 geschrieben.", "The file is not written in UTF-8.")
        raise Invalid(text, field=str(path)) from error


def from_text(text: str, kept: dict[str, Rules] | None = None) -> Document:
    """A document; `kept`: published versions by their rules_version, as possible origins."""

    def origin_of(wanted: str) -> Rules | None:
        for name in PRESETS:
            if wanted in (name, preset(name).version):
                return preset(name)
        return (kept or {}).get(wanted)

    document = load(text, school_forms(), origin_of, law_of)
    return replace(document, law_sentences=sentences(document.law.rule_set.name) if document.law else ())


@cache
def sentences(name: str) -> tuple[LawTests, ...]:
    """The sentences of the law that are shipped with a preset: one group for each file of its folder."""
    folder = PRESETS_FOLDER / name / "sentences"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    contents = (parse_text(each.read_text(encoding="utf-8"))[0] for each in files)
    return tuple(LawTests.model_validate({"base": each["base"], "sentences": each["tests"]}) for each in contents)


def law_of(law: str) -> Rules | None:
    """The preset that holds the bounds of this law."""
    return next((preset(name) for name in PRESETS if preset(name).rule_set.law == law), None)


def as_yaml(content: Any) -> str:
    """For people: keys in the order given, German letters as they are."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


@cache
def school_forms() -> Any:
    """What kind of school each short key of the register names, as the file that all presets share says it."""
    return parse_text(_read("school_forms.yaml"))[0]


def _read(name: str) -> str:
    return (PRESETS_FOLDER / name).read_text(encoding="utf-8")


def kept_rules(archived: Callable[[str], str | None], version: str) -> Rules:
    """The rules of a version that a decision names: a preset of this program, else as kept.

    Raises:
        NotFound.
    """
    for name in PRESETS:
        if preset(name).version == version:
            return preset(name)
    content = archived(version)
    if content is None:
        raise NotFound(
            Text(
                f"Die Fassung {version} ist hier nicht aufbewahrt.",
                f"The version {version} is not kept here.",
            )
        )
    return parse(json.loads(content), None)
