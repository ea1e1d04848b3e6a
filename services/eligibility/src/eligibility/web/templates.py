"""Makes pages out of templates. Whatever a family or a person wrote is escaped by Jinja; nothing is marked safe."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from shared.errors import Language

from eligibility.web.spoken import Spoken


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("eligibility.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, language: Language, **values: Any) -> str:
    """`template`: a file of templates/."""
    say = Spoken(language)
    return (
        _environment()
        .get_template(template)
        .render(
            say=say,
            t=say.t,
            language=language,
            other="en" if language == "de" else "de",
            **values,
        )
    )
