"""The small seed of what `issuance trial` does at length."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from issuance.acceptance import copy_trial, key_rotation_trial, trials
from issuance.lists.delta import Delta, Head
from issuance.signer import ceremony
from issuance.signer.keys import EcKey, Signer
from issuance.verification.verifier import Verifier
from issuance.workflow.inspection.copies import CopyRules

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_mutants_of_every_code_and_list_are_never_accepted_and_never_an_untyped_error() -> None:
    assert set(trials.fuzz(150, 1, NOW)) == {
        "vdv",
        "several vdv",
        "qr",
        "trust list",
        "status list",
        "snapshot",
        "delta",
        "issued list",
    }


def test_the_drill_with_a_stolen_key_leaves_honest_tickets_valid_and_turns_forged_ones_red() -> None:
    found = trials.drill(40, 1, NOW)
    assert found["honest_not_valid"] == 0 and found["signed_anew"] == 40
    assert found["forged_valid"] <= 1  # one of 65,536 slips through


def test_the_drill_finds_tickets_that_are_signed_anew_by_the_stolen_module(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_the_key(pki: ceremony.Pki) -> Signer:
        return replace(pki.signer, ticket_key=EcKey.generate())

    monkeypatch.setattr(trials, "_another_signer", only_the_key)
    with pytest.raises(trials.TrialFailure, match="still hang on a stolen key"):
        trials.drill(5, 1, NOW)


def test_the_fuzzer_finds_a_decoder_that_accepts_or_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(_draw: random.Random, _now: datetime) -> list[trials.Target]:
        return [trials.Target("careless", b"genuine", lambda data: len(data) > 3)]

    monkeypatch.setattr(trials, "targets", careless)
    with pytest.raises(trials.TrialFailure, match="accepted"):
        trials.fuzz(50, 1, NOW)
    crashing = [trials.Target("crashing", b"genuine", lambda data: data == b"genuine" or bool(1 // 0))]
    monkeypatch.setattr(trials, "targets", lambda _draw, _now: crashing)
    with pytest.raises(trials.TrialFailure, match="ZeroDivisionError"):
        trials.fuzz(50, 1, NOW)


def test_weeks_of_rotation_make_no_scanner_wrongly_red_or_green() -> None:
    found = key_rotation_trial.run(5, 1, NOW)
    assert found["keys"] == 5 and found["stale"] > 50 and found["revoked_seen"] > 5
    assert found["jumps_to_snapshot"] >= 4  # a week behind, the chain does not reach back


def test_the_year_finds_a_scanner_that_forgets_its_lists_or_a_service_that_leaves_out_a_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = key_rotation_trial.Scanner.verifier
    monkeypatch.setattr(key_rotation_trial.Scanner, "verifier", lambda self: Verifier(self.trust))
    with pytest.raises(trials.TrialFailure, match="status_unchecked"):
        key_rotation_trial.run(4, 1, NOW)
    monkeypatch.setattr(key_rotation_trial.Scanner, "verifier", plain)

    def lazily(cls: type[Delta], head: Head, old: bytes, new: bytes) -> Delta:
        return Delta(head, (), (), b"0" * 32, b"1" * 32)

    monkeypatch.setattr(Delta, "between", classmethod(lazily))
    with pytest.raises(trials.TrialFailure, match="an honest service is refused: fork"):
        key_rotation_trial.run(2, 1, NOW)


def test_copied_tickets_are_noticed_and_honest_ones_are_not_suspected() -> None:
    found = copy_trial.run(10_000, 1, NOW)
    assert found["honest_suspected"] <= 1 and found["recall_10_people"] >= 0.95
    assert 9_000 < found["meetings"] < 20_000


def test_the_trial_of_copies_finds_a_rule_that_suspects_the_honest_or_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_trial, "CopyRules", lambda: CopyRules(kmh=15))
    with pytest.raises(trials.TrialFailure, match="honest tickets look copied"):
        copy_trial.run(10_000, 1, NOW)
    monkeypatch.setattr(copy_trial, "CopyRules", lambda: CopyRules(kmh=3000, scanners=50))
    with pytest.raises(trials.TrialFailure, match="are not noticed"):
        copy_trial.run(10_000, 1, NOW)
