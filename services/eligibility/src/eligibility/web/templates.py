"""The desk's pages: their templates speak the reader's language."""

from typing import Any

from shared.errors import Language
from shared.http.templates import Templates

from eligibility.web.formatter import Formatter

_TEMPLATES = Templates("eligibility.web")


def render(template: str, language: Language, **values: Any) -> str:
    """`template`: a file of templates/."""
    say = Formatter(language)
    return _TEMPLATES.render(template, language, say=say, t=say.t, **values)
