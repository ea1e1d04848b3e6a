"""What a pass says in every state: on the phone, in the stack, on the watch, at Google."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.json import JsonObject
from support.wallet_pass import google_simulator
from support.wallet_pass.tickets import NOW, make_pass
from wallet_pass import wording
from wallet_pass.apple.package import AppleWallet
from wallet_pass.domain.designs import DEFAULT_DESIGN, ENDED, WAITING, Palette, contrast
from wallet_pass.domain.passes import RESOLUTION, Pass, State
from wallet_pass.google.wallet import GoogleWallet

FUTURE = {"valid_from": NOW + timedelta(days=20)}
OVER = {"valid_from": NOW - timedelta(days=90), "valid_until": NOW - timedelta(days=2)}
SUSPENDED = replace(make_pass(), suspended=True)
ALL = {
    "good": (make_pass(), State.VALID),
    "good until an earlier end": (replace(make_pass(), early_end=date(2027, 1, 31)), State.VALID),
    "not yet": (make_pass(**FUTURE), State.NOT_YET_VALID),
    "over": (make_pass(**OVER), State.EXPIRED),
    "over before its signed end": (replace(make_pass(), early_end=date(2026, 10, 31)), State.EXPIRED),
    "suspended": (SUSPENDED, State.SUSPENDED),
    "suspended before it begins": (replace(make_pass(**FUTURE), suspended=True), State.SUSPENDED),
    "suspended, then over": (replace(make_pass(**OVER), suspended=True), State.EXPIRED),
    "revoked": (make_pass(revoked_at=NOW), State.REVOKED),
    "revoked before it begins": (make_pass(revoked_at=NOW, **FUTURE), State.REVOKED),
    "revoked, then over": (make_pass(revoked_at=NOW, **OVER), State.REVOKED),
}
EVERY = pytest.mark.parametrize(("wallet_pass", "state"), ALL.values(), ids=ALL.keys())
NOT_GOOD = {name: each for name, each in ALL.items() if each[1] is not State.VALID}
SAID = {
    State.NOT_YET_VALID: ("Nicht gültig vor dem", "Not valid before"),
    State.EXPIRED: ("Abgelaufen – gilt nicht mehr", "Expired – no longer valid"),
    State.SUSPENDED: ("Ausgesetzt – gilt vorerst nicht", "Suspended – not valid for now"),
    State.REVOKED: ("Gesperrt – gilt nicht mehr", "Revoked – no longer valid"),
}
SEEN_ON_A_WATCH = ("headerFields", "primaryFields", "secondaryFields", "auxiliaryFields")
BARCODE = {State.VALID: "AZTEC", State.NOT_YET_VALID: "AZTEC"}


def document_of(apple: AppleWallet, wallet_pass: Pass) -> tuple[JsonObject, dict[str, bytes]]:
    with ZipFile(BytesIO(apple.make(wallet_pass, DEFAULT_DESIGN, NOW))) as reader:
        files = {name: reader.read(name) for name in reader.namelist()}
    return json.loads(files["pass.json"]), files


def words_of(document: JsonObject, *places: str) -> str:
    fields = [field for place in places for field in document["generic"][place]]
    return " | ".join(f"{field['label']} {field['value']}" for field in fields)


@EVERY
def test_the_cases_are_in_the_states_that_they_are_named_for(wallet_pass: Pass, state: State) -> None:
    assert wallet_pass.state(NOW) is state


@pytest.mark.parametrize(("wallet_pass", "state"), NOT_GOOD.values(), ids=NOT_GOOD.keys())
def test_what_is_not_good_says_so_largest_of_all_and_in_the_stack(
    apple: AppleWallet, wallet_pass: Pass, state: State
) -> None:
    document, files = document_of(apple, wallet_pass)
    german, english = SAID[state]
    assert german in words_of(document, "primaryFields")
    assert f'"{german}" = "{english}";' in files["en.lproj/pass.strings"].decode("utf-16")
    header = words_of(document, "headerFields")
    assert german.split(" –")[0] in header or "Gültig ab" in header
    assert "Gültig bis" not in words_of(document, *SEEN_ON_A_WATCH)
    assert wallet_pass.ticket.name in words_of(document, "secondaryFields"), "an inspector still sees whose it is"


@EVERY
def test_a_ticket_that_ends_shows_no_day_until_which_it_would_be_good(
    apple: AppleWallet, wallet_pass: Pass, state: State
) -> None:
    seen = words_of(document_of(apple, wallet_pass)[0], *SEEN_ON_A_WATCH)
    if state in (State.SUSPENDED, State.REVOKED):
        assert "2027" not in seen
    if state is State.VALID:
        assert "Gültig bis" in words_of(document_of(apple, wallet_pass)[0], "headerFields")


@EVERY
def test_the_code_is_there_while_its_own_days_tell_the_truth(
    apple: AppleWallet, google: GoogleWallet, wallet_pass: Pass, state: State
) -> None:
    document, _ = document_of(apple, wallet_pass)
    told = google.generic_object(wallet_pass, DEFAULT_DESIGN)
    assert ("barcodes" in document) is (state in BARCODE)
    assert told["barcode"]["type"] == BARCODE.get(state, "TEXT_ONLY")
    secret = wallet_pass.ticket.vdv.decode("iso-8859-1")
    if state not in BARCODE:
        assert secret not in json.dumps(told, ensure_ascii=False)
        assert secret not in json.dumps(document, ensure_ascii=False)


@EVERY
def test_only_a_revoked_pass_is_void(apple: AppleWallet, wallet_pass: Pass, state: State) -> None:
    document, _ = document_of(apple, wallet_pass)
    assert document.get("voided", False) is (state is State.REVOKED)
    assert "relevantDate" not in document and "relevantDates" not in document


@EVERY
def test_the_authoritys_colours_are_those_of_a_good_ticket_alone(
    apple: AppleWallet, google: GoogleWallet, wallet_pass: Pass, state: State
) -> None:
    palette = DEFAULT_DESIGN.palette(state)
    document, _ = document_of(apple, wallet_pass)
    red, green, blue = (int(part) for part in str(document["backgroundColor"])[4:-1].split(","))
    assert f"#{red:02x}{green:02x}{blue:02x}" == palette.background.hex
    assert google.generic_object(wallet_pass, DEFAULT_DESIGN)["hexBackgroundColor"] == palette.background.hex
    assert (palette.background == DEFAULT_DESIGN.background) is (state is State.VALID)


@EVERY
def test_every_label_and_word_of_a_state_is_translated(apple: AppleWallet, wallet_pass: Pass, state: State) -> None:
    document, files = document_of(apple, wallet_pass)
    english = files["en.lproj/pass.strings"].decode("utf-16")
    for place, fields in document["generic"].items():
        for field in fields:
            assert f'"{field["label"]}" = ' in english, (place, field["key"])
    hint = words_of(document, "backFields").split(" | ")[0].removeprefix("Kontrolle ")
    assert f'"{hint}" = ' in english


@EVERY
def test_google_takes_every_state_and_says_it_where_the_name_stood(
    google: GoogleWallet, wallet_pass: Pass, state: State
) -> None:
    told = google.generic_object(wallet_pass, DEFAULT_DESIGN)
    google_simulator.check("GenericObject", told)
    expected = {State.EXPIRED: "EXPIRED", State.REVOKED: "EXPIRED", State.SUSPENDED: "INACTIVE"}
    assert told["state"] == expected.get(state, "ACTIVE")
    front = json.dumps([told["subheader"], told["header"]], ensure_ascii=False)
    if state is State.VALID:
        assert wallet_pass.ticket.name in front
    else:
        assert all(words in front for words in SAID[state])
        assert wallet_pass.ticket.name in front, "an inspector still sees whose it is"
    assert len(told["textModulesData"]) <= 10, "Google takes no more"


@EVERY
def test_keys_of_fields_are_unique_in_every_state(apple: AppleWallet, wallet_pass: Pass, state: State) -> None:
    keys = [field["key"] for part in document_of(apple, wallet_pass)[0]["generic"].values() for field in part]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("palette", [ENDED, WAITING])
def test_the_colours_of_a_state_can_be_read(palette: Palette) -> None:
    assert contrast(palette.foreground, palette.background) >= 7
    assert contrast(palette.label, palette.background) >= 4.5


def test_no_phone_calls_at_midnight_because_a_ticket_begins_or_is_over(apple: AppleWallet) -> None:
    """A phone calls for a field that it knew and that has changed, where the new one has words for it."""

    def calling(wallet_pass: Pass) -> dict[str, str]:
        fields = [field for part in document_of(apple, wallet_pass)[0]["generic"].values() for field in part]
        return {str(field["key"]): str(field["value"]) for field in fields if "changeMessage" in field}

    waiting, good, over = (calling(ALL[name][0]) for name in ("not yet", "good", "over"))
    assert not [key for key in good if waiting.get(key, good[key]) != good[key]]
    assert not over
    assert calling(SUSPENDED)["status"] != good["status"], "this one a person must know of"


@given(st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1)), st.sampled_from(sorted(ALL)))
def test_between_two_turns_a_pass_stays_in_its_state(at: datetime, name: str) -> None:
    """What is made at one moment is right until the moment at which it turns, and wrong from there on."""
    wallet_pass, moment = ALL[name][0], at.replace(tzinfo=UTC, microsecond=0)
    turns_at = wallet_pass.turns_at(moment)
    if turns_at is None:
        assert wallet_pass.state(moment + timedelta(days=4000)) is wallet_pass.state(moment)
    else:
        assert turns_at > moment
        assert wallet_pass.state(turns_at) is not wallet_pass.state(moment)
        assert wallet_pass.state(turns_at - RESOLUTION) is wallet_pass.state(moment)


def test_a_suspended_pass_says_first_that_its_code_comes_back_by_itself() -> None:
    """Phones that fetch it, and Google, have it at once; who adds it anew beforehand has done so in vain."""
    text = wording.state_wording(State.SUSPENDED).hint
    assert text.de.index("von selbst") < text.de.index("neu hinzu")
    assert text.en.index("by itself") < text.en.index("anew")
