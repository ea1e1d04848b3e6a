"""A rule set as it is kept for good, read once. Pure: a version never changes."""

import json
from functools import lru_cache

from eligibility.rules import Rules, parse


@lru_cache(maxsize=32)
def kept_rules(content: str) -> Rules:
    """`content`: as `archived` answers it."""
    return parse(json.loads(content), None)
