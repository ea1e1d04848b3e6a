"""A field of a page: where in the form it goes, how it is asked, and when it matters. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shared.errors import Text

from application.web.apply.situation import Situation

Kind = Literal["text", "number", "decimal", "day", "birth", "check", "opens", "radio", "select", "yes_no", "school"]
"""check: a box that says true. opens: a box for a part of the form that has a page of its own. yes_no: with a third
answer where it may stay open. school: found by its name."""
Options = Sequence[tuple[str, Text]]
"""What is sent, and what is read."""
YES_NO: Options = (("yes", Text("Ja", "Yes")), ("no", Text("Nein", "No")))
NOT_SURE: Options = (*YES_NO, ("unknown", Text("Weiß ich nicht", "I do not know")))


def always(_situation: Situation) -> bool:
    """It matters for everybody."""
    return True


@dataclass(frozen=True)
class Field:
    """`path`: in the form. `needed`: the page insists on it, also where the form does not."""

    path: str
    label: Text
    kind: Kind = "text"
    hint: Text | None = None
    options: Callable[[Situation], Options] = lambda _situation: ()
    matters: Callable[[Situation], bool] = always
    needed: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Of the input: autocomplete, inputmode."""
    proposed: Callable[[Situation], str] = lambda _situation: ""
    """What stands in it before anything was told."""
    drops: tuple[str, ...] = ()
    """What goes with it when the box is empty."""
    empty: Literal["object", "list"] = "object"
    """Of `opens`: what an open part is before anything is told in it."""

    @property
    def name(self) -> str:
        """On the page."""
        return self.path.replace(".", "-")


def address_fields(path: str, *, autocomplete: str = "") -> tuple[Field, ...]:
    """Five, as on a letter.

    Args:
        autocomplete: a section of the browser's own address book (`section-other `).
    """

    def one(name: str, label: Text, **attributes: str) -> Field:
        return Field(f"{path}.{name}", label, attributes=attributes)

    return (
        one("street", Text("Straße", "Street"), autocomplete=f"{autocomplete}address-line1", maxlength="100"),
        one("house_number", Text("Nummer", "Number"), autocomplete="off", maxlength="20"),
        one(
            "postal_code", Text("Postleitzahl", "Postal code"), autocomplete=f"{autocomplete}postal-code",
            inputmode="numeric", maxlength="10",
        ),
        one("city", Text("Ort", "Town"), autocomplete=f"{autocomplete}address-level2", maxlength="100"),
        one(
            "flat", Text("Wohnung oder Zusatz (freiwillig)", "Flat or addition (optional)"),
            autocomplete=f"{autocomplete}address-line2", maxlength="40",
        ),
    )  # fmt: skip
