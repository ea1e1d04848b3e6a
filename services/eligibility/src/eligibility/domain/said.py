"""The digest of what a decision says: by it a hearer sees that one id was told with two contents. Pure.

Ids of decisions are derived: a service that was restored from a backup may decide another thing under an id that it
gave before. Then the digests differ. Canonical: JSON without blanks, keys sorted, UTF-8, of what is named in `content`;
what is not said is left out. HMAC-SHA-256 under the authority's key for decisions: an amount or a day could be guessed
from a plain digest. The ids in it make two equal decisions' digests differ. It is kept with the decision when that is
released, so that a later program, or a later key, tells the same.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, fields

from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId
from eligibility.domain.keys import Keys
from eligibility.domain.terms import NOTHING_MORE, Terms

FORM = 1
"""Of `content`: counted up where that changes."""
SAID = ("outcome", "valid_from", "valid_until", "own_share_cents", "covered_cents", "distance_m", "limit_m", "reasons",
        "rules_version")  # fmt: skip
"""Facts and measured ways are not among them: no event tells them, and the reasons say what followed from them."""


def digest_of(decision: Decision, application_id: ApplicationId, keys: Keys) -> str:
    """64 hexadecimal digits."""
    key = keys.newest.of("decision", decision.authority_id)
    canonical = json.dumps(
        content(decision, application_id), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )
    return hmac.digest(key, canonical.encode(), "sha256").hex()


def content(decision: Decision, application_id: ApplicationId) -> Mapping[str, object]:
    """Days are written as 2026-08-01, ids and amounts as they are, metres with all digits."""
    said = {name: getattr(decision, name) for name in SAID if getattr(decision, name) is not None}
    head = {"form": FORM, "application": str(application_id), "decision": str(decision.id)}
    return {**head, **said, "terms": _terms(decision.terms)}


def _terms(terms: Terms) -> Mapping[str, object]:
    whole = asdict(terms) | ({"ends": terms.ends.as_said()} if terms.ends is not None else {})
    told = (each.name for each in fields(Terms) if getattr(terms, each.name) != getattr(NOTHING_MORE, each.name))
    return {name: whole[name] for name in told}
