"""Makes pages out of templates. Whatever a person wrote is escaped by Jinja; nothing is marked safe."""

import re
from functools import cached_property
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from shared.errors import Language

TYPED_OR_CODE = re.compile(r"<(textarea|script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
"""Markup, and what a person typed: it is sent back as it is."""
CITED = re.compile(r"(?<=§) (?=\d)")


class Templates:
    """The templates in the folder `templates` of a package, read when they are first needed; then those of this one,
    which are the same everywhere and extend its `base.html`."""

    def __init__(self, package: str) -> None:
        self._package = package

    def render(self, template: str, language: Language, **values: Any) -> str:
        """The page in this language; a paragraph sign stays on one line with its number.

        A name that the template uses and nobody gave raises UndefinedError.

        Every template knows `language`, and `other`: the one that the reader may change to.
        """
        other = "en" if language == "de" else "de"
        page = self._environment.get_template(template).render(language=language, other=other, **values)
        return unbroken(page)

    @cached_property
    def _environment(self) -> Environment:
        return Environment(
            loader=ChoiceLoader([PackageLoader(self._package), PackageLoader("shared.http")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )


def unbroken(page: str) -> str:
    """With no-break spaces behind § and §§ in the text that is read (DIN 5008)."""
    parts, end = [], 0
    for kept in TYPED_OR_CODE.finditer(page):
        parts += [CITED.sub("\N{NO-BREAK SPACE}", page[end : kept.start()]), kept.group()]
        end = kept.end()
    return "".join([*parts, CITED.sub("\N{NO-BREAK SPACE}", page[end:])])
