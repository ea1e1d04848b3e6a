"""The command line."""

import json
from datetime import date
from pathlib import Path

import pytest
from issuance.commands import app
from issuance.signer.ceremony import open_signer, published_trust
from issuance.signer.keys import KeyProblem
from support.json import JsonObject
from typer.testing import CliRunner, Result

TICKET = {
    "first_name": "Erika",
    "last_name": "Musterfrau",
    "birth_date": "2012-02-29",
    "valid_from": "2026-08-01",
    "valid_until": "2027-07-31",
    "product": 9995,
    "organisation_id": 70,
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def specimens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("specimens")
    night = {
        **TICKET,
        "first_name": "",
        "last_name": "Sukarno",
        "valid_until": "2030-10-27T02:30:01",
        "area": {"number": 11},
    }
    (folder / "spec.json").write_text(json.dumps([TICKET, night]))
    result = run("specimen", folder / "spec.json", "-o", folder / "out")
    assert result.exit_code == 0, result.output
    return folder / "out"


def verify(specimens: Path, name: str, at: str) -> tuple[int, JsonObject]:
    trust = "--trust", specimens / "trust", "--status", "optional"
    result = run("verify", specimens / name, *trust, "--at", at, "--json")
    return result.exit_code, json.loads(result.stdout)


@pytest.mark.parametrize("name", ["1.bin", "1.png", "1-qr.txt", "1-qr.png"])
def test_a_specimen_has_no_status_list_and_is_valid_in_all_four_files_where_none_is_asked_for(
    specimens: Path, name: str
) -> None:
    at = "2026-11-23T08:00"
    strict = run("verify", specimens / name, "--trust", specimens / "trust", "--at", at, "--json")
    assert strict.exit_code == 1 and json.loads(strict.stdout)["verdict"] == "status_unchecked"
    code, answer = verify(specimens, name, at)
    assert code == 0 and answer["verdict"] == "valid" and answer["reasons"] == ["status_unchecked"]
    ticket = answer["ticket"]
    assert (
        ticket["first_name"] == "Erika" and ticket["last_name"] == "Musterfrau" and ticket["birth_date"] == "2012-02-29"
    )
    assert ticket["product"] == 9995 and ticket["organisation_id"] == 70 + 32768
    assert ticket["valid_from"] == "2026-08-01T00:00:00+02:00"
    assert ticket["valid_until"] == "2027-07-31T23:59:58+02:00"


def test_a_time_without_offset_is_berlin_time_and_may_fall_into_the_doubled_hour(specimens: Path) -> None:
    assert verify(specimens, "2.bin", "2029-01-01T00:00")[0] == 0
    assert verify(specimens, "2.bin", "2030-10-27T02:31+02:00")[0] == 0  # in the first hour from two
    assert verify(specimens, "2.bin", "2030-10-27T02:30+01:00")[0] == 0  # the end, in the second
    assert verify(specimens, "2-qr.txt", "2030-10-27T02:30+01:00")[0] == 0
    code, answer = verify(specimens, "2.bin", "2030-10-27T02:31+01:00")
    assert code == 1 and answer["verdict"] == "expired"
    assert answer["ticket"]["last_name"] == "Sukarno" and answer["ticket"]["first_name"] == ""
    assert verify(specimens, "2-qr.txt", "2026-07-31T21:59:59Z")[1]["verdict"] == "not_yet_valid"
    assert verify(specimens, "2-qr.txt", "2026-07-31T22:00:00Z")[1]["verdict"] == "valid"


def test_the_exit_codes_tell_unreadable_bad_and_unusable_apart(specimens: Path, tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"nothing")
    result = run("verify", tmp_path / "x.bin", "--trust", specimens / "trust", "--json")
    assert result.exit_code == 2 and json.loads(result.stdout)["verdict"] == "unreadable"
    altered = bytearray((specimens / "1.bin").read_bytes())
    altered[50] ^= 1
    (tmp_path / "y.bin").write_bytes(altered)
    result = run("verify", tmp_path / "y.bin", "--trust", specimens / "trust", "--json")
    assert result.exit_code == 1 and json.loads(result.stdout)["verdict"] == "invalid"
    result = run("verify", specimens / "1.bin", "--trust", tmp_path, "--json")
    assert result.exit_code == 3 and json.loads(result.stdout)["error"] == "empty_folder"
    assert run("verify", specimens / "1.bin", "--trust", specimens / "trust", "--at", "soon").exit_code == 2


def test_without_json_the_verdict_is_said_in_german_and_english(specimens: Path) -> None:
    trust = "--trust", specimens / "trust", "--at", "2026-11-23"
    result = run("verify", specimens / "1.bin", *trust, "--status", "optional")
    assert result.exit_code == 0 and "gültig / valid" in result.stdout
    result = run("verify", specimens / "1.bin", *trust)
    assert result.exit_code == 1 and "nicht geprüft / genuine, but not checked" in result.stdout


@pytest.mark.parametrize(
    "change",
    [
        {"last_name": ""},
        {"birth_date": "2011-02-29"},
        {"valid_until": "2026-07-31"},
        {"organisation_id": 32838},
        {"colour": "red"},
        {"valid_until": "2250-01-01"},
        {"valid_until": "2027-03-28T02:30:00"},
    ],
)
def test_a_specification_that_cannot_be_used_names_its_field(tmp_path: Path, change: dict[str, object]) -> None:
    (tmp_path / "spec.json").write_text(json.dumps([{**TICKET, **change}]))
    result = run("specimen", tmp_path / "spec.json", "-o", tmp_path / "out")
    assert result.exit_code == 2 and result.output


def test_an_hour_that_the_clocks_leave_out_is_named_with_the_one_that_exists(tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps([{**TICKET, "valid_until": "2027-03-28T02:30:00"}]))
    result = run("specimen", tmp_path / "spec.json", "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "2027-03-28 02:30 does not exist" in result.output and "03:30" in result.output


@pytest.mark.real_data
def test_the_real_sample_is_valid_by_command(real_data: Path) -> None:
    sample = real_data / "vdv" / "20230301-deutschlandticket-vdv.bin"
    result = run("verify", sample, "--trust", real_data / "vdv", "--at", "2023-03-15T12:00", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 1 and answer["verdict"] == "status_unchecked"
    assert answer["reasons"] == ["anchor_without_signature", "status_unchecked"]
    assert (answer["ticket"]["number"], answer["ticket"]["organisation_id"]) == (2099643, 57)


def test_a_ceremony_makes_keys_that_only_their_passphrase_opens(tmp_path: Path) -> None:
    secret, folder = tmp_path / "passphrase", tmp_path / "keys"
    assert run("ceremony", folder, "--passphrase-file", secret).exit_code == 0
    signer = open_signer(folder, secret, "https://lists.example")
    assert signer.is_test and signer.last_day >= date(2031, 12, 31)
    assert published_trust(folder).trust.trust_list is not None
    assert all(path.stat().st_mode & 0o77 == 0 for path in [secret, *(folder / "keys").iterdir()])
    assert run("ceremony", folder, "--passphrase-file", secret).exit_code == 1
    assert run("ceremony", folder, "--passphrase-file", secret, "--if-missing").exit_code == 0
    secret.write_text("another passphrase, long enough")
    with pytest.raises(KeyProblem, match="cannot be opened"):
        open_signer(folder, secret, "https://lists.example")
    secret.write_text("short")
    with pytest.raises(KeyProblem, match="shorter than 16"):
        open_signer(folder, secret, "https://lists.example")


def test_keys_of_two_ceremonies_do_not_fit_together(tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    for name in ("one", "two"):
        run("ceremony", tmp_path / name, "--passphrase-file", secret)
    (tmp_path / "one" / "keys" / "module.pem").write_bytes((tmp_path / "two" / "keys" / "module.pem").read_bytes())
    with pytest.raises(KeyProblem, match="not of this key"):
        open_signer(tmp_path / "one", secret, "https://lists.example")


def test_without_a_running_system_revoke_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("revoke", "1", "--reason", "lost")
    assert result.exit_code == 1 and "make run" in result.output


def test_a_system_that_was_killed_and_left_its_addresses_behind_is_said_to_be_away(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9"  # the discard port: nothing listens there
    users = {"operator": {"password": "not-to-be-shown", "roles": ["operator"]}}
    left = tmp_path / "services.json"
    left.write_text(json.dumps({"issuance": nobody, "identity": {"token_url": f"{nobody}/token", "users": users}}))
    for command in (["revoke", "1", "--reason", "lost"], ["trust", "export", tmp_path / "trust"]):
        result = run(*command, "--services", left)
        assert result.exit_code == 1
        assert "is the system running?" in result.stderr
        assert "not-to-be-shown" not in result.output


@pytest.mark.parametrize(("born", "shown"), [("2015-00-00", "2015"), ("2015-06-00", "06.2015")])
def test_a_birth_date_known_in_part_is_shown_to_a_person_as_everywhere_else(
    tmp_path: Path, born: str, shown: str
) -> None:
    (tmp_path / "spec.json").write_text(json.dumps([TICKET | {"birth_date": born}]))
    assert run("specimen", tmp_path / "spec.json", "-o", tmp_path / "out").exit_code == 0
    command = ("verify", tmp_path / "out" / "1.bin", "--trust", tmp_path / "out" / "trust", "--at", "2026-11-23T08:00")
    assert f"  birth_date: {shown}\n" in run(*command).stdout
    assert json.loads(run(*command, "--json").stdout)["ticket"]["birth_date"] == born
