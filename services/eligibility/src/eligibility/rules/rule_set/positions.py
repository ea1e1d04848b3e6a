"""A rule set's text as plain data, and the line and column of each part of it."""

from dataclasses import dataclass
from typing import Any

import yaml
from shared.cel.compiler import ConditionMistake
from shared.errors import FieldProblem, Invalid, Text

from eligibility.rules.rule_set.content import Written
from eligibility.rules.rule_set.rule_set import Mistake

LONGEST_DOCUMENT = 262_144
"""Characters: the largest preset has 15,000, and nothing longer ever came in over HTTP."""
MOST_PARTS = 40_000
"""Values, lists and groups: the largest file shipped here has 1,800."""
DEEPEST = 30
"""Levels: a rule set has 7. libyaml calls itself for each one, and has no bound of its own."""
_LONGEST_NUMBER, _LONGEST_SAID = 40, 300
"""Characters; a longer row of digits is a text, and no parameter takes it."""
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class _Place:
    line: int
    column: int
    style: str | None = None


class Places:
    """Where in the text each part stands, from 1."""

    def __init__(self, root: yaml.Node | None, text: str) -> None:
        self._places: dict[Path, _Place] = {(): _Place(1, 1)}
        self._values: dict[Path, _Place] = {}
        self._lines = text.split("\n")
        self.twice: list[Mistake] = []
        waiting: list[tuple[Path, yaml.Node]] = [((), root)] if root is not None else []
        while waiting:
            path, node = waiting.pop()
            self._values[path] = _Place(
                node.start_mark.line + 1, node.start_mark.column + 1, getattr(node, "style", None)
            )
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    waiting.append((self._key(path, key), value))
            elif isinstance(node, yaml.SequenceNode):
                for index, value in enumerate(node.value):
                    self._places[*path, index] = _Place(value.start_mark.line + 1, value.start_mark.column + 1)
                    waiting.append(((*path, index), value))

    def problem(self, mistake: Mistake) -> FieldProblem:
        """The mistake with line and column; where its own place is not known, those of the nearest part around it."""
        path = mistake.path
        while path not in self._places:
            path = path[:-1]
        return _located(mistake, self._places[path])

    def problem_within(self, path: Path, wrong: ConditionMistake) -> FieldProblem:
        """Of a text that is a language of its own: the place within it is added to its own."""
        start = self._values.get(path, _Place(1, 1))
        line, column = start.line + wrong.line - 1, wrong.column
        if start.style in ("|", ">"):
            line += 1
            column += (
                len(self._lines[line - 1]) - len(self._lines[line - 1].lstrip()) if line <= len(self._lines) else 0
            )
        elif wrong.line == 1:
            column += start.column - 1 + (1 if start.style in ("'", '"') else 0)
        return _located(Mistake(path, wrong.text), _Place(line, column))

    def _key(self, path: Path, key: yaml.Node) -> Path:
        name = str(key.value)
        if (*path, name) in self._places:
            text = Text(f"{name} steht hier zweimal. Löschen Sie eines.", f"{name} is here twice. Delete one of them.")
            self.twice.append(Mistake((*path, name), text))
        self._places[*path, name] = _Place(key.start_mark.line + 1, key.start_mark.column + 1)
        return (*path, name)


MADE_OF = Text(
    "Ein Regelsatz besteht aus name, title, version, law und parameters.",
    "A rule set is made of name, title, version, law and parameters.",
)


def parse_text(text: str, made_of: Text = MADE_OF) -> tuple[Written, Places]:
    """Plain data and where it stands. JSON is read as YAML, of which it is a part, so that it has places too.

    Args:
        made_of: what is said of a text that is no such document.
    """
    if text.lstrip().startswith("{"):
        text = text.replace("\t", " ")  # in JSON only between the values
    try:
        check_bounds(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        content = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Invalid(Text(f"Zeile {line}, Spalte {column}: nicht lesbar ({error.problem}).",
                           f"Line {line}, column {column}: not readable ({error.problem})."), field="") from error  # fmt: skip
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        # a tag on a value that is none of its kind (`!!bool x`, `!!timestamp x`) raises what its constructor likes
        said = str(error)[:_LONGEST_SAID]
        raise Invalid(Text(f"Nicht lesbar: {said}", f"Not readable: {said}"), field="") from error
    if not isinstance(content, dict):
        raise Invalid(made_of, field="")
    return content, Places(node, text)


def check_bounds(text: str) -> None:
    """Looks through the events, of which the parser makes one after the other without calling itself; stops early.

    Only then is the document built, which calls itself for each level.

    Args:
        text: YAML of an authority: rules, or settings.

    Raises:
        Invalid: and yaml.YAMLError.
    """
    if len(text) > LONGEST_DOCUMENT:
        raise Invalid(Text("Der Text ist zu lang.", "The text is too long."), field="")
    depth = 0
    for count, event in enumerate(yaml.parse(text, _Loader)):
        if isinstance(event, yaml.AliasEvent):
            raise Invalid(Text("Anker und Verweise (&, *) sind nicht vorgesehen: Schreiben Sie die Werte aus.",
                               "Anchors and aliases (&, *) are not provided for: write the values out."), field="")  # fmt: skip
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            mark = event.start_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise Invalid(Text(f"Zeile {line}, Spalte {column}: mehr als {DEEPEST} Ebenen. So tief ist keine dieser Dateien.",
                               f"Line {line}, column {column}: more than {DEEPEST} levels. No such file is as deep."), field="")  # fmt: skip
        if count > MOST_PARTS:
            raise Invalid(Text(f"Das sind mehr als {MOST_PARTS} Teile. Kürzen Sie den Text.",
                               f"These are more than {MOST_PARTS} parts. Shorten the text."), field="")  # fmt: skip


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that leaves 06:00 a text: YAML 1.1 would read it as a number to the base of sixty."""


def _plain(loader: Any, node: Any) -> Any:
    value = loader.construct_scalar(node)
    if ":" in value or len(value) > _LONGEST_NUMBER or (value.startswith("0") and value != "0"):
        return value
    return int(value.replace("_", ""), 0)


_Loader.add_constructor("tag:yaml.org,2002:int", _plain)


def _located(mistake: Mistake, place: _Place) -> FieldProblem:
    text = mistake.text
    return FieldProblem(
        ".".join(str(each) for each in mistake.path),
        Text(
            f"Zeile {place.line}, Spalte {place.column}: {text.de}",
            f"Line {place.line}, column {place.column}: {text.en}",
        ),
    )
