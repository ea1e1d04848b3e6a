"""What a page has told, and what is still to be chosen on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from application.web.apply.typed import Reading


@dataclass
class PageAnswer:
    """`typed`: as the page is shown again. `is_open`: something must be chosen first, with `more` for the template."""

    reading: Reading
    typed: Mapping[str, str]
    is_open: bool = False
    more: dict[str, Any] = field(default_factory=dict)
