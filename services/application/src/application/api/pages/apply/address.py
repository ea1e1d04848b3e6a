"""The page on a home: looked up where ways are measured; what is not found is chosen or confirmed."""

from collections.abc import Mapping

from pydantic import ValidationError
from shared.errors import Text
from shared.questions import AddressReply

from application.api.pages.apply.drafting import OpenDraft
from application.api.pages.apply.told import PageAnswer
from application.form import Address
from application.web.apply.situation import value_at
from application.web.apply.steps import Step
from application.web.apply.typed import read_typed
from application.workflow.applications.addresses import Addresses

HOME = "home"
IN_STATE, OUTSIDE = "typed", "outside"
"""What is said of an address that is not found: it is right, and where it lies."""
PARTS = ("street", "house_number", "postal_code", "city")
CHOOSE = Text("Bitte wählen Sie, welche Adresse stimmt.", "Please choose which address is right.")


async def read_address(addresses: Addresses, opened: OpenDraft, step: Step, typed: Mapping[str, str]) -> PageAnswer:
    """1. Take over which address was meant. 2. What was confirmed before is not asked again. 3. Look it up.
    4. Known: it lies in the state; else it must be said which one is right."""
    # 1.
    path, meant = step.fields[0].path.partition(".")[0], typed.get("meant", "")
    told = {**typed, **_parts(path, meant)}
    reading = read_typed(step, told, opened.situation)
    is_home = path == HOME
    if meant in (IN_STATE, OUTSIDE):
        if is_home:
            reading.parts["lives_in_nrw"] = meant == IN_STATE
        return PageAnswer(reading, told)
    # 2.
    before = value_at(opened.situation.form, path)
    was_confirmed = not is_home or opened.situation.form.get("lives_in_nrw") is not None
    if reading.parts[path] == before and was_confirmed and "asked" not in typed:
        return PageAnswer(reading, told)
    # 3.
    try:
        address = Address.model_validate(reading.parts[path])
    except ValidationError:
        return PageAnswer(reading, told)
    reply = await addresses.look_up(opened.situation.school.authority.id if opened.situation.school else None, address)
    # 4.
    if reply is not None and reply.outcome == "known":
        if is_home:
            reading.parts["lives_in_nrw"] = True
        return PageAnswer(reading, told)
    if reply is None and not is_home:
        return PageAnswer(reading, told)
    if typed.get("asked") == address_mark(told, path):
        reading.faults["meant"] = CHOOSE
    return PageAnswer(reading, told, is_open=True, more=_choice(reply, told, path, is_home=is_home))


def _choice(reply: AddressReply | None, told: Mapping[str, str], path: str, *, is_home: bool) -> dict[str, object]:
    return {
        "candidates": reply.candidates if reply else (),
        "was_looked_up": reply is not None,
        "is_home": is_home,
        "asked": address_mark(told, path),
        "own": " ".join(told.get(f"{path}-{each}", "") for each in PARTS),
    }


def address_mark(told: Mapping[str, str], path: str) -> str:
    """Of the address that was asked about: another one typed since is looked up anew."""
    return "|".join(told.get(f"{path}-{each}", "") for each in PARTS)


def _parts(path: str, meant: str) -> dict[str, str]:
    """Of an address that was proposed: its parts between bars."""
    parts = meant.split("|")
    return {f"{path}-{name}": part for name, part in zip(PARTS, parts, strict=True)} if len(parts) == len(PARTS) else {}
