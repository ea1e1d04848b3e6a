"""The image, without a builder: what a build is given, what its last stage takes, and whose a new volume is."""

import re
import subprocess
from fnmatch import fnmatch

import pytest
from local.files import PROJECT
from support.installed.forms import COMPOSE, composed, secrets
from support.installed.kubernetes import dictionary, strings

DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
STATE = "/var/lib/schulticket"


def is_given(path: str) -> bool:
    """Whether a builder reads this file of the clone: the last line of .dockerignore that fits decides."""
    given = True
    parts = path.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    for line in (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!")
            if any(fnmatch(each, pattern) or fnmatch(f"/{each}", f"/{pattern.replace('**/', '*')}") for each in above):
                given = line.startswith("!")
    return given


def test_a_builder_is_given_what_it_needs() -> None:
    for path in ("Makefile", "requirements.lock", "deploy/install.sh", "shared/src/shared/__init__.py", "LICENSE"):
        assert is_given(path), path


def made() -> list[str]:
    """Every file of secrets that the manual names, where `deploy/secrets.sh deploy/secrets` lays it."""
    whose = secrets("compose") | secrets("compose-postgresql") | secrets("kubernetes")
    files = [f"deploy/secrets/{of}/{name}" for of, names in whose.items() for name in names]
    return [*files, "deploy/secrets/signer-keys/keys/root.pem", "deploy/secrets/postgresql/password", ".git/config",
            "var/run/data-1/application.sqlite", "tests/conftest.py", ".venv/bin/python"]  # fmt: skip


@pytest.mark.parametrize("path", sorted(made()))
def test_no_secret_and_nothing_that_ran_goes_into_a_build(path: str) -> None:
    assert not is_given(path)


def test_secrets_beside_the_clone_are_none_of_gits() -> None:
    done = subprocess.run(["git", "check-ignore", "-q", "deploy/secrets/signer/passphrase"], cwd=PROJECT, check=False)
    assert done.returncode == 0


def test_of_the_stage_that_builds_only_the_programs_go_on() -> None:
    (_, built, runs) = re.split(r"^FROM .*$", DOCKERFILE, flags=re.MULTILINE)
    assert "AS build" in DOCKERFILE and "make setup" in built
    assert re.findall(r"^(?:COPY|ADD) (.*)$", runs, re.MULTILINE) == ["--from=build /opt/schulticket /opt/schulticket"]
    assert re.findall(r"^USER (.*)$", runs, re.MULTILINE) == ["10001:10001"]


def test_a_new_volume_of_compose_belongs_to_the_images_user() -> None:
    """It takes its owner from the folder over which it is mounted; where the image has none, it is root's."""
    found = re.search(r"install -d -o 10001 -g 10001 -m 0700 ([\w. -]+?)\s*$", DOCKERFILE, re.MULTILINE)
    assert found is not None and f"WORKDIR {STATE}" in DOCKERFILE
    mounted = set()
    for service in dictionary(composed(COMPOSE)["services"]).values():
        targets = [each.split(":")[1] for each in strings(dictionary(service)["volumes"])]
        mounted |= {each.removeprefix(f"{STATE}/") for each in targets if each.startswith(STATE)}
    assert set(found[1].split()) == {".", *mounted}
