"""The audit is green only where somebody looked."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from local.supply_chain import audit, bill, command
from local.supply_chain.part import Digest, EmbeddedPart, Package

ONE, TWO = (
    Package("pypi", name, "1.0", (Digest("SHA-256", "a" * 64),), "MIT", True, True, ()) for name in ("one", "two")
)


def database(answer: Callable[[str], object]) -> httpx.MockTransport:
    """Answers for each package URL; what is known to everybody it knows."""

    def handle(request: httpx.Request) -> httpx.Response:
        urls = [each["package"]["purl"] for each in json.loads(request.content)["queries"]]
        known = {url: {"vulns": [{"id": "KNOWN-1"}]} for url in audit.CANARIES}
        return httpx.Response(200, json={"results": [known.get(url) or answer(url) for url in urls]})

    return httpx.MockTransport(handle)


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no network")


def test_what_is_known_is_told_by_package() -> None:
    knows = database(lambda url: {"vulns": [{"id": "GHSA-1"}, {"id": "GHSA-2"}]} if "two" in url else {})
    found = audit.vulnerabilities([ONE, TWO], transport=knows)
    assert [(each.package.name, each.number) for each in found] == [("two", "GHSA-1"), ("two", "GHSA-2")]


def test_the_crates_inside_a_package_are_asked_for_too_and_named_with_it() -> None:
    parts = (
        EmbeddedPart("pkg:cargo/ring@0.1", "ring", "0.1"),
        EmbeddedPart("pkg:rpm/almalinux/libgomp@8.5", "libgomp", "8.5"),
    )
    asked: list[str] = []

    def answer(url: str) -> dict[str, object]:
        asked.append(url)
        return {"vulns": [{"id": "RUSTSEC-1"}]} if "ring" in url else {}

    knows = database(answer)
    found = audit.vulnerabilities([replace(ONE, inside=parts)], transport=knows)
    assert [(each.package.name, each.inside, each.number) for each in found] == [("one", parts[0].url, "RUSTSEC-1")]
    assert asked == [ONE.url, parts[0].url]


def test_every_package_is_asked_for_also_beyond_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "AT_ONCE", 1)
    asked: list[str] = []

    def answer(url: str) -> dict[str, object]:
        asked.append(url)
        return {}

    audit.vulnerabilities([ONE, TWO], transport=database(answer))
    assert asked == [ONE.url, TWO.url]


@pytest.mark.parametrize(
    "answer",
    [
        refuse,
        lambda _: httpx.Response(500),
        lambda _: httpx.Response(405, text="method not allowed"),
        lambda _: httpx.Response(302, headers={"location": "https://sign-in.example"}),
        lambda _: httpx.Response(200, text="<html>sign in to the network</html>"),
        lambda _: httpx.Response(200, json={}),
        lambda _: httpx.Response(200, json=[]),
        lambda _: httpx.Response(200, json={"results": []}),
        lambda _: httpx.Response(200, json={"results": [{}]}),
        lambda _: httpx.Response(200, json={"results": [{}, {}]}),
        lambda _: httpx.Response(200, json={"results": [None, None]}),
        lambda _: httpx.Response(200, json={"results": ["", ["x"]]}),
        lambda _: httpx.Response(200, json={"results": [{"vulns": [{}]}, {"vulns": 1}]}),
    ],
)
def test_a_database_that_does_not_answer_fully_or_knows_nothing_is_never_green(
    answer: Callable[[httpx.Request], httpx.Response],
) -> None:
    with pytest.raises(audit.CouldNotLook):
        audit.vulnerabilities([ONE], transport=httpx.MockTransport(answer))


@pytest.mark.parametrize("short", [[], [{}], [{}, {}, {}], "{}", None])
def test_an_answer_for_another_number_of_packages_is_no_answer(short: object) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if audit.CANARIES[0] in request.content.decode():
            return httpx.Response(200, json={"results": [{"vulns": [{"id": "KNOWN-1"}]}] * 2})
        return httpx.Response(200, json={"results": short})

    with pytest.raises(audit.CouldNotLook):
        audit.vulnerabilities([ONE, TWO], transport=httpx.MockTransport(handle))


@pytest.fixture
def _bill_is_valid(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    monkeypatch.setattr(bill, "install_checker", lambda *_: tmp_path)
    monkeypatch.setattr(bill, "check", lambda *_: None)


@pytest.mark.usefixtures("_bill_is_valid")
def test_without_a_network_the_command_fails_and_says_that_nobody_looked() -> None:
    said: list[str] = []
    assert command.show_supply_chain(said.append, "http://127.0.0.1:9") == command.COULD_NOT_LOOK
    assert any("nobody looked for known vulnerabilities" in line for line in said)
    assert not any("none is known" in line for line in said)


@pytest.mark.usefixtures("_bill_is_valid")
def test_what_is_found_fails_the_command_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "vulnerabilities", lambda packages, *_: [audit.Vulnerability(packages[0], "GHSA-1")])
    said: list[str] = []
    assert command.show_supply_chain(said.append) == command.FOUND
    assert any("GHSA-1" in line for line in said)


@pytest.mark.usefixtures("_bill_is_valid")
def test_a_bill_that_nobody_could_check_fails_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise bill.InvalidBill("no library")

    monkeypatch.setattr(bill, "install_checker", fail)
    monkeypatch.setattr(audit, "vulnerabilities", lambda *_: [])
    assert command.show_supply_chain(lambda _: None) == command.COULD_NOT_LOOK


def test_what_must_pass_in_a_clean_clone_does_not_hang_on_a_database_of_others() -> None:
    project = Path(__file__).resolve().parents[4]
    assert "supply-chain" not in (project / ".ci" / "run").read_text()
    rules = re.findall(r"^(?:check|test|unit|setup|installed):.*", (project / "Makefile").read_text(), re.MULTILINE)
    assert len(rules) == 5
    assert "supply-chain" not in "".join(rules)
