"""What was told of people, homes and answers, as it is kept for letters and the desk. Pure."""

from shared.events import Custody, HomeAddress, Person
from shared.events.own_form import FurtherAnswers, Words

from eligibility.domain.submission import (
    KeptAnswer,
    KeptAnswers,
    KeptCustody,
    KeptWords,
    PersonName,
    PostalAddress,
    SecondGuardian,
)


def kept_name(person: Person) -> PersonName:
    """A name that was told, as it is kept."""
    return {"first_name": person.first_name, "last_name": person.last_name}


def kept_address(address: HomeAddress) -> PostalAddress:
    """An address that was told, as it is kept."""
    kept = kept_home(address)
    if address.flat is not None:
        kept["flat"] = address.flat
    return kept


def kept_home(home: HomeAddress) -> PostalAddress:
    """What a notice names where a way is measured from another home than before."""
    return {
        "street": home.street,
        "house_number": home.house_number,
        "postal_code": home.postal_code,
        "city": home.city,
    }


def kept_custody(told: Custody) -> KeptCustody:
    """As it was told."""
    kept: KeptCustody = {"asked": told.asked, "declared": told.declared}
    if told.second_guardian is not None:
        kept["second_guardian"] = kept_name(told.second_guardian)
    if told.second_address is not None:
        kept["second_address"] = kept_address(told.second_address)
    return kept


def other_guardian(told: Custody) -> SecondGuardian | None:
    """Who is sent the notice besides who applied; None where the family was not asked, or named nobody."""
    if told.second_guardian is None:
        return None
    found: SecondGuardian = {"name": kept_name(told.second_guardian)}
    if told.second_address is not None:
        found["address"] = kept_address(told.second_address)
    return found


def kept_answers(told: FurtherAnswers) -> KeptAnswers:
    """As they were told."""
    answers: list[KeptAnswer] = [
        {"key": each.key, "title": _words(each.title), "value": each.value, "said": _words(each.said)}
        for each in told.answers
    ]
    return {"form_version": told.form_version, "answers": answers}


def _words(told: Words) -> KeptWords:
    return {"de": told.de, "en": told.en}
