"""What the locks say, and what they must not leave open."""

import json
import re
from pathlib import Path

import pytest
from local.supply_chain import locks

PROJECT = Path(__file__).resolve().parents[4]
OF_PYTHON = sorted(PROJECT.glob("requirements*.lock")) + sorted(PROJECT.glob("deploy/**/requirements*.lock"))
LINE = "one==1.0 \\\n    --hash=sha256:" + "a" * 64 + "\n    # via shared\n"


def lock(folder: Path, text: str) -> Path:
    path = folder / "requirements.lock"
    path.write_text(text)
    return path


@pytest.mark.parametrize("path", OF_PYTHON, ids=lambda path: path.name)
def test_every_lock_of_python_names_each_package_with_a_version_and_hashes(path: Path) -> None:
    entries = re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", path.read_text(), re.MULTILINE)
    read = locks.python_packages(path, frozenset())
    assert [(each.name, each.version) for each in read] == entries
    assert sum(len(each.digests) for each in read) == path.read_text().count("--hash=")
    assert all(len(digest.content) == 64 for each in read for digest in each.digests)


def test_every_package_of_npm_has_a_sha_512() -> None:
    listed = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    read = locks.npm_packages(PROJECT / "package-lock.json")
    assert len(read) == len(listed) - 1
    assert {digest.algorithm for each in read for digest in each.digests} == {"SHA-512"}
    assert all(len(digest.content) == 128 for each in read for digest in each.digests)


@pytest.mark.parametrize(
    "line",
    ["one>=1.0", "one", "one @ git+https://example.org/one", "-e ./one", "https://example.org/one.whl", "one==1.0"],
)
def test_a_line_without_an_exact_version_or_without_a_hash_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(locks.UnusableLock):
        locks.python_packages(lock(tmp_path, LINE + line + "\n"), frozenset())


def test_a_package_of_npm_without_a_hash_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "package-lock.json"
    path.write_text(json.dumps({"packages": {"": {}, "node_modules/one": {"version": "1.0"}}}))
    with pytest.raises(locks.UnusableLock, match="one has no hash"):
        locks.npm_packages(path)


def test_what_a_member_needs_is_shipped_also_through_another_package_and_the_rest_is_not(tmp_path: Path) -> None:
    text = (
        LINE
        + LINE.replace("one", "two").replace("shared", "one")
        + LINE.replace("one", "three").replace("# via shared", "")
    )
    read = {each.name: each for each in locks.python_packages(lock(tmp_path, text), frozenset({"shared"}))}
    assert {name: each.shipped for name, each in read.items()} == {"one": True, "two": True, "three": False}
    assert {name: each.direct for name, each in read.items()} == {"one": True, "two": False, "three": True}
    assert read["one"].needs == ("two",)


def test_the_licence_of_another_version_is_not_taken_for_this_one(tmp_path: Path) -> None:
    read = locks.python_packages(lock(tmp_path, LINE.replace("one==1.0", "pytest==0.0.1")), frozenset())
    assert read[0].licence is None
