"""The bill of materials names what the locks name, and the files that pages serve."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from local.supply_chain import bill, command, licences, locks, served
from local.supply_chain.part import Digest, Package
from support.json import JsonObject, text

PROJECT = Path(__file__).resolve().parents[4]
NOW = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def written() -> JsonObject:
    packages, files = command.parts()
    return bill.bill_of_materials(packages, files, licences.known_licences(), "1.0", NOW)


def test_every_package_of_the_lock_is_named_exactly_once_with_all_its_hashes(written: JsonObject) -> None:
    """Read with other code than the product's: the lock's text, entry by entry."""
    locked = (PROJECT / "requirements.lock").read_text()
    blocks = re.split(r"^(?=[a-z])", locked, flags=re.MULTILINE)[1:]
    heads = [re.findall(r"^([^=\s]+)==([^\s;]+)", block)[0] for block in blocks]
    wanted = {
        f"pkg:pypi/{head[0]}@{head[1]}": sorted(re.findall(r"sha256:([0-9a-f]{64})", block))
        for head, block in zip(heads, blocks, strict=True)
    }
    assert len(wanted) > 100
    named = Counter(text(each["purl"]) for each in written["components"] if "purl" in each)
    assert {purl: named[purl] for purl in wanted} == dict.fromkeys(wanted, 1)
    of = {
        text(each["purl"]): sorted(text(h["content"]) for h in each["hashes"])
        for each in written["components"]
        if "purl" in each
    }
    assert {purl: of[purl] for purl in wanted} == wanted


def test_every_package_of_npm_is_named_exactly_once(written: JsonObject) -> None:
    wanted = {each.url for each in locks.npm_packages(PROJECT / "package-lock.json")}
    named = [text(each["purl"]) for each in written["components"] if text(each.get("purl", "")).startswith("pkg:npm/")]
    assert sorted(named) == sorted(wanted)
    assert "pkg:npm/%40kern-ux/native@" in "".join(wanted)


def test_every_part_has_a_hash_and_a_licence_and_a_place_of_its_own(written: JsonObject) -> None:
    assert all(each["hashes"] and each["licenses"] for each in written["components"])
    refs = [each["bom-ref"] for each in written["components"]]
    assert len(refs) == len(set(refs))
    listed = {each["ref"] for each in written["dependencies"]}
    assert listed == {*refs, bill.ROOT}
    assert {needed for each in written["dependencies"] for needed in each["dependsOn"]} <= set(refs)


def test_what_only_tests_use_is_marked_so(written: JsonObject) -> None:
    scopes = {text(each["name"]): text(each["scope"]) for each in written["components"] if "scope" in each}
    assert scopes["pytest"] == scopes["chromium"] == scopes["setuptools"] == "excluded"
    assert scopes["cryptography"] == scopes["zxing-wasm"] == scopes["nkeys"] == "required"


def test_the_same_locks_make_the_same_bill_and_another_hash_another_one() -> None:
    package = Package("pypi", "one", "1.0", (Digest("SHA-256", "a" * 64),), "MIT", True, True, ())
    other = Package("pypi", "one", "1.0", (Digest("SHA-256", "b" * 64),), "MIT", True, True, ())
    serial = {
        each: bill.bill_of_materials([each], [], licences.known_licences(), "1.0", NOW)["serialNumber"]
        for each in (package, other)
    }
    again = bill.bill_of_materials([package], [], licences.known_licences(), "1.0", datetime(2027, 1, 1, tzinfo=UTC))
    assert serial[package] == again["serialNumber"] != serial[other]


def test_a_served_file_is_named_with_its_hash_and_its_own_licence(tmp_path: Path) -> None:
    folder = tmp_path / "services/a/src/a/web/static/vendor/kern/fonts"
    folder.mkdir(parents=True)
    (folder / "sans.woff2").write_bytes(b"font")
    (folder / "sans.css.br").write_bytes(b"the same again")
    kern = Package("npm", "@kern-ux/native", "2.0", (), "EUPL-1.2", True, True, ())
    [file] = served.served_files(tmp_path, [kern], {"kern/fonts/": "OFL-1.1"})
    assert (file.path, file.licence) == ("services/a/src/a/web/static/vendor/kern/fonts/sans.woff2", "OFL-1.1")
    assert file.digest.content.startswith("795ea3ef")  # sha256sum


def test_a_served_file_of_unknown_source_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "services/a/src/a/web/static/vendor/jquery"
    folder.mkdir(parents=True)
    (folder / "jquery.js").write_text("")
    with pytest.raises(served.UnknownFile, match=r"jquery\.js"):
        served.served_files(tmp_path, [], {})


def test_a_checker_that_cannot_be_installed_is_no_valid_bill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bill.json").write_text("{}")
    with pytest.raises(bill.InvalidBill):
        bill.check(tmp_path / "bill.json", Path("/bin/false"))


def test_what_a_package_tells_of_what_is_compiled_into_it_is_named_inside_it(written: JsonObject) -> None:
    [cryptography] = [each for each in written["components"] if each["name"] == "cryptography"]
    assert any(text(each["purl"]).startswith("pkg:generic/openssl@") for each in cryptography["components"])
    for component in written["components"]:
        within = [each["purl"] for each in component.get("components", ())]
        assert len(within) == len(set(within))
        assert not [url for url in within if "?" in url or "#" in url]
