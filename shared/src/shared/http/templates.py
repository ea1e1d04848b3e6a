"""Makes pages out of templates. Whatever a person wrote is escaped by Jinja; nothing is marked safe."""

from functools import cached_property
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from shared.errors import Language


class Templates:
    """The templates in the folder `templates` of a package, read when they are first needed."""

    def __init__(self, package: str) -> None:
        self._package = package

    def render(self, template: str, language: Language, **values: Any) -> str:
        """The page in this language. A name that the template uses and nobody gave raises UndefinedError.

        Every template knows `language`, and `other`: the one that the reader may change to.
        """
        other = "en" if language == "de" else "de"
        return self._environment.get_template(template).render(language=language, other=other, **values)

    @cached_property
    def _environment(self) -> Environment:
        return Environment(
            loader=PackageLoader(self._package),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
