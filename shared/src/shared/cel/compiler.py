"""The compiler of CEL (cel.dev), and what it says put into words.

It refuses unknown names and wrong types. What it says is read from the text of its error: looked at again at each
upgrade of the library (`tests/unit/eligibility/rules`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from shared.errors import Text

if TYPE_CHECKING:
    from cel_expr_python.cel import Type

COMPILER_SAYS = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")


@dataclass(frozen=True)
class ConditionMistake:
    """Line and column within the condition, from 1."""

    line: int
    column: int
    text: Text


class Compiler:
    """Compiles conditions over given names, each with its type in CEL."""

    def __init__(self, names: Mapping[str, str]) -> None:
        from cel_expr_python import cel

        self._names = names
        self._environment = cel.NewEnv(variables=_types(names))
        self.compile = lru_cache(maxsize=1000)(self._environment.compile)
        """The program of a condition that was checked before."""

    def mistake(self, when: str, extra: Mapping[str, str]) -> ConditionMistake | None:
        """What the compiler refuses; `extra`: further names that this condition may use."""
        from cel_expr_python import cel

        try:
            compiled = cel.NewEnv(variables=_types({**self._names, **extra})).compile(when)
        except RuntimeError as error:
            found = COMPILER_SAYS.search(str(error))
            line, column, said = (
                (int(found[1]), int(found[2]), found[3]) if found else (1, 1, str(error).split("\n")[0])
            )
            return ConditionMistake(line, column, self._remedy(said.replace(" (in container '')", "")))
        if compiled.return_type() != cel.Type.BOOL:
            return ConditionMistake(
                1,
                1,
                Text("Die Bedingung muss ja oder nein ergeben (bool).", "The condition must give yes or no (bool)."),
            )
        return None

    def _remedy(self, said: str) -> Text:
        unknown = re.search(r"undeclared reference to '([^']*)'", said)
        if unknown:
            from difflib import get_close_matches

            close = get_close_matches(unknown[1], self._names, n=1)
            meant = (f" Gemeint: {close[0]}?", f" Meant: {close[0]}?") if close else ("", "")
            return Text(f"Unbekannte Angabe {unknown[1]}.{meant[0]} Alle Angaben nennt das Schema der Fakten.",
                        f"Unknown fact {unknown[1]}.{meant[1]} The schema of the facts names all of them.")  # fmt: skip
        if "(double, int)" in said or "(int, double)" in said:
            return Text(f"Metern und Wochen stehen Zahlen mit Punkt gegenüber: 1500.0 statt 1500 ({said}).",
                        f"Metres and weeks compare to numbers with a point: 1500.0, not 1500 ({said}).")  # fmt: skip
        return Text(f"Die Bedingung ist so nicht verwendbar: {said}", f"The condition cannot be used like this: {said}")


def _types(names: Mapping[str, str]) -> dict[str, "Type"]:
    from cel_expr_python import cel

    simple = {"bool": cel.Type.BOOL, "int": cel.Type.INT, "double": cel.Type.DOUBLE, "string": cel.Type.STRING}
    lists = {
        "list(string)": cel.Type.List(cel.Type.STRING),
        "list(map(string, dyn))": cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)),
    }
    return {name: (simple | lists)[kind] for name, kind in names.items()}
