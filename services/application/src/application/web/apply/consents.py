"""The texts that a family reads at the end: which are shown today, and what was said of them. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from application.checks import SchoolKeys
from application.web.apply.typed import Reading


def shown_texts(keys: SchoolKeys, today: date) -> dict[str, str]:
    """By id: the version that is shown today."""
    texts = {}
    for each in keys.consent_texts:
        begun = {first: version for version, first in each.versions.items() if first <= today}
        if begun:
            texts[each.text_id] = begun[max(begun)]
    return texts


def typed_consents(form: Mapping[str, Any]) -> dict[str, str]:
    """The boxes as the draft has them."""
    return {f"consent-{each.get('text_id')}": "yes" for each in form.get("consents") or ()}


def read_consents(
    typed: Mapping[str, str], form: Mapping[str, Any], texts: Mapping[str, str], now: datetime
) -> Reading:
    """With the moment at which a box was ticked first for this version of the text."""
    before = {(each.get("text_id"), each.get("version")): each for each in form.get("consents") or ()}
    said = [
        before.get((text_id, version)) or {"text_id": text_id, "version": version, "accepted_at": now.isoformat()}
        for text_id, version in texts.items()
        if typed.get(f"consent-{text_id}")
    ]
    return Reading({"consents": said})
