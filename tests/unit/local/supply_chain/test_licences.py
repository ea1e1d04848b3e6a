"""A part whose licence nobody allowed or read fails, with its name and what to do."""

import itertools
from dataclasses import replace
from typing import Union

import pytest
from hypothesis import given
from hypothesis import strategies as st
from local.supply_chain import command, licences
from local.supply_chain.part import Digest, File, Package

KNOWN = licences.known_licences()
HASH = (Digest("SHA-256", "a" * 64),)


def package(licence: str | None) -> Package:
    return Package("pypi", "planted", "1.2.3", HASH, licence, True, True, ())


def test_every_part_of_the_product_has_an_allowed_licence() -> None:
    packages, files = command.parts()
    assert licences.problems(packages, files, KNOWN) == []


def test_every_reading_by_hand_is_of_a_package_that_a_lock_names() -> None:
    packages, _ = command.parts()
    assert set(KNOWN.read) <= {f"{each.name}=={each.version}" for each in packages}


@pytest.mark.parametrize("licence", ["AGPL-3.0-only", "SSPL-1.0", "MIT AND AGPL-3.0-only", "BUSL-1.1 OR AGPL-3.0-only"])
def test_a_planted_disallowed_licence_fails_with_the_name_and_what_to_do(licence: str) -> None:
    [said] = licences.problems([package(licence)], [], KNOWN)
    assert "planted 1.2.3" in said
    assert licence in said
    assert "[allowed] of licences.toml" in said


@pytest.mark.parametrize(
    "licence", [None, "", "BSD", "Dual License", "see LICENSE file", "MIT AND", "(MIT", "MIT OR OR ISC"]
)
def test_what_says_nothing_understandable_fails_and_is_to_be_read(licence: str | None) -> None:
    [said] = licences.problems([package(licence)], [], KNOWN)
    assert '"planted==1.2.3" = "SPDX EXPRESSION" below [read] of licences.toml' in said


def test_a_reading_holds_for_its_version_only() -> None:
    read = licences.Licences({"MIT": ""}, {}, {"planted==1.2.2": "MIT"}, {})
    assert licences.problems([package("BSD")], [], read)
    assert not licences.problems(
        [package("BSD")], [], licences.Licences({"MIT": ""}, {}, {"planted==1.2.3": "MIT"}, {})
    )


def test_a_licence_for_tools_is_none_for_what_is_shipped() -> None:
    known = licences.Licences({"MIT": ""}, {}, {}, {}, {"GPL-3.0-only": "a linter"})
    assert not licences.problems([replace(package("GPL-3.0-only"), shipped=False)], [], known)
    assert licences.problems([package("GPL-3.0-only")], [], known)


def test_a_served_file_of_a_disallowed_licence_fails() -> None:
    file = File("services/a/font.woff2", HASH[0], package("MIT"), "CC-BY-NC-4.0")
    [said] = licences.problems([], [file], KNOWN)
    assert said.startswith("services/a/font.woff2: CC-BY-NC-4.0 is not allowed")


def test_what_was_compiled_under_an_exception_needs_that_exception() -> None:
    assert licences.problems([package("Apache-2.0 WITH LLVM-exception")], [], KNOWN) == []
    assert licences.problems([package("Apache-2.0 WITH Swift-exception")], [], KNOWN)
    assert licences.problems([package("MIT WITH anything")], [], KNOWN)


Tree = Union[str, tuple["Tree", str, "Tree"]]  # noqa: UP007  # it names itself
TREES = st.recursive(
    st.sampled_from("ABC"), lambda tree: st.tuples(tree, st.sampled_from(["AND", "OR"]), tree), max_leaves=8
)


@given(TREES)
def test_expressions_are_judged_as_python_judges_them(tree: Tree) -> None:
    def text(node: Tree) -> str:
        return node if isinstance(node, str) else f"({text(node[0])} {node[1]} {text(node[2])})"

    written = text(tree)
    for some in (set(c) for n in range(4) for c in itertools.combinations("ABC", n)):
        wanted = eval(written.replace("AND", "and").replace("OR", "or"), {each: each in some for each in "ABC"})
        known = licences.Licences(dict.fromkeys(some, ""), {}, {}, {})
        assert bool(licences.problems([package(written)], [], known)) is not wanted


@given(st.text(alphabet="MIT()ANDOR WITH-.", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    for said in licences.problems([package(text)], [], KNOWN):
        assert "planted" in said


def test_deep_nesting_is_unknown_not_a_crash() -> None:
    [said] = licences.problems([package("(" * 10_000 + "MIT" + ")" * 10_000)], [], KNOWN)
    assert "unknown licence" in said
