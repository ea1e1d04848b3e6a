"""The digest of what a decision says: the same for the same, another for another, and no use to who has no key."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from eligibility.domain.decision import Decision
from eligibility.domain.ending import GrantEnd
from eligibility.domain.ids import ApplicationId, CaseId, DecisionId, decision_id_of
from eligibility.domain.keys import Key, Keys, parse_keys
from eligibility.domain.said import SAID, digest_of
from eligibility.domain.terms import Offer, Terms
from support.making import changed

APPLICATION = ApplicationId(UUID(int=7))
CASE = CaseId(UUID(int=8))
KEYS = Keys(Key(b"k" * 32))
DECISION = Decision(
    id=decision_id_of(CASE, 1), case_id=CASE, authority_id="12345", outcome="granted", valid_from=date(2026, 8, 1),
    valid_until=date(2027, 7, 31), own_share_cents=1400, covered_cents=4900, distance_m=2512.3456789, limit_m=2000,
    reasons=({"rule": "distance", "text": "Der Schulweg ist 2.512,3 m lang."},), rules_version="nrw 1",
    facts={"pupil": {"birth_date": "2017-02-28"}}, routes={"attended": {"metres": 2512.3456789}}, decided_by="rules",
    prepared_at=datetime(2026, 5, 1, tzinfo=UTC), terms=Terms(product="dt", transport="public"),
)  # fmt: skip
OTHERS: dict[str, object] = {
    "outcome": "refused", "valid_from": date(2026, 9, 1), "valid_until": date(2027, 7, 30), "own_share_cents": 0,
    "covered_cents": None, "distance_m": 2512.345678900001, "limit_m": 3500, "reasons": (), "rules_version": "nrw 2",
}  # fmt: skip


def test_the_digest_may_never_change() -> None:
    assert digest_of(DECISION, APPLICATION, KEYS) == "0e8c3269b0e3b6298c9e86f17e49f2f5f989ce4bf26187e716a4fea2ee189f2b"


def test_all_that_is_said_is_in_it() -> None:
    assert set(OTHERS) == set(SAID)
    digests = {digest_of(changed(DECISION, **{name: value}), APPLICATION, KEYS) for name, value in OTHERS.items()}
    terms: dict[str, object] = {"product": "x", "own_share_changes": ((date(2027, 1, 1), 0),), "self_payer": True}
    digests |= {digest_of(replace(DECISION, terms=changed(DECISION.terms, **{n: v})), APPLICATION, KEYS)
                for n, v in terms.items()}  # fmt: skip
    offer = Offer("dt", "DT", ((date(2026, 8, 1), 4300),), date(2027, 7, 31))
    digests.add(digest_of(replace(DECISION, terms=Terms(offer=offer)), APPLICATION, KEYS))
    digests.add(digest_of(DECISION, APPLICATION, KEYS))
    assert len(digests) == len(OTHERS) + len(terms) + 2


def test_when_it_was_made_released_or_ended_and_by_which_facts_is_not_in_it() -> None:
    apart: dict[str, object] = {"facts": {}, "routes": {}, "decided_by": "anna", "prepared_at": datetime(2027, 1, 1, tzinfo=UTC), "digest": "x",
             "released_at": datetime(2027, 1, 1, tzinfo=UTC), "released_by": "anna", "round": 9, "because": "decided_anew",
             "withdrawn_at": datetime(2027, 1, 1, tzinfo=UTC), "ended_because": "decided_anew", "ended_on": date(2027, 1, 1)}  # fmt: skip
    named = {"id", "case_id", "authority_id", "terms"}
    assert set(apart) | set(SAID) | named == {each.name for each in fields(Decision)}
    other = changed(DECISION, **apart)
    assert digest_of(other, APPLICATION, KEYS) == digest_of(DECISION, APPLICATION, KEYS)


def test_two_families_whose_decisions_say_the_same_have_other_digests() -> None:
    other = digest_of(replace(DECISION, id=decision_id_of(CaseId(UUID(int=9)), 1)), APPLICATION, KEYS)
    assert other != digest_of(DECISION, APPLICATION, KEYS)
    assert digest_of(DECISION, ApplicationId(UUID(int=1)), KEYS) != digest_of(DECISION, APPLICATION, KEYS)


def test_without_the_key_nothing_can_be_guessed_and_two_authorities_have_their_own() -> None:
    assert digest_of(DECISION, APPLICATION, Keys(Key(b"l" * 32))) != digest_of(DECISION, APPLICATION, KEYS)
    key = KEYS.newest
    assert len({key.of("decision", "1"), key.of("decision", "2"), key.of("child", "1"), key.secret}) == 4
    assert "kkk" not in repr(KEYS)


@pytest.mark.parametrize("text", ["", "\n", "zz" * 32, "ab" * 31, f"{'ab' * 32}\nnone"])
def test_a_key_file_that_is_none_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(ValueError, match="key") as refused:
        parse_keys(text)
    assert not any(word in str(refused.value) for word in text.split())


def test_the_first_line_of_a_key_file_is_the_newest() -> None:
    keys = parse_keys(f"{'ab' * 32}\n\n{'cd' * 40}\n")
    assert (keys.newest.secret, [each.secret for each in keys.earlier]) == (b"\xab" * 32, [b"\xcd" * 40])


def test_an_end_that_was_kept_before_says_what_it_said_then() -> None:
    """What is said of a hearing and a ticket came later: left out where it says nothing, so that digests stay."""
    before = GrantEnd(DecisionId(UUID(int=1)), ("ends",), date(2026, 11, 30), date(2026, 10, 26))
    assert set(before.as_said()) == {"grant_id", "losses", "last_day", "heard_on", "exception", "why"}
    said = replace(before, heard_until=date(2026, 10, 26), with_ticket=False).as_said()
    assert (said["heard_until"], said["with_ticket"], "answered_on" in said) == (date(2026, 10, 26), False, False)
