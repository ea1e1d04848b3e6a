"""Each form of installation in one shape: what a process is started with, and which files it is given."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from local.files import PROJECT
from local.system.plan import SERVICES
from support.installed.kubernetes import (
    FOLDER,
    SIZES,
    Manifest,
    at,
    containers,
    dictionary,
    dicts,
    name_of,
    of_kind,
    pod_of,
    render,
    string,
    strings,
)
from support.yaml_loader import Loader

SYSTEMD = PROJECT / "deploy" / "systemd"
COMPOSE = PROJECT / "deploy" / "compose.yaml"
POSTGRESQL = PROJECT / "deploy" / "compose.postgresql.yaml"
MANUAL = PROJECT / "docs" / "operations.md"
BIN = "/opt/schulticket/current/bin/"
HANDED_OVER = re.compile(r"^\| (?P<service>[a-z-]+) \| `(?P<file>[\w.-]+)` \|.*\| (?P<forms>[^|]+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Installed:
    """One process in one form of installation."""

    form: str
    service: str
    command: list[str]
    environment: dict[str, str]
    files: frozenset[str]
    """Handed to it one by one."""
    folders: frozenset[str]
    """Its own, or mounted for it."""
    choices: dict[str, str] = field(default_factory=dict)
    """Settings that stand there as a comment, for whoever wants them."""
    health_port: int | None = None

    def __str__(self) -> str:
        return f"{self.form}-{self.service}"

    def has(self, path: str) -> bool:
        return path in self.files or any(path == each or path.startswith(f"{each}/") for each in self.folders)


@cache
def secrets(form: str) -> dict[str, frozenset[str]]:
    """The files that the manual says to be made for this form, by whose they are."""
    found: dict[str, set[str]] = {}
    for each in HANDED_OVER.finditer(MANUAL.read_text(encoding="utf-8")):
        if form in each["forms"].split(", ") or each["forms"] == "all":
            found.setdefault(each["service"], set()).add(each["file"])
    return {service: frozenset(files) for service, files in found.items()}


@cache
def all_forms() -> tuple[Installed, ...]:
    return (*systemd(), *compose(COMPOSE), *compose(COMPOSE, POSTGRESQL), *_kubernetes())


def unit(path: Path) -> dict[str, list[str]]:
    """`Section.Key` to its values, as they stand."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(f"{section}.{key}", []).append(value)
    return found


def environment_file(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What it sets, and what it offers as a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if re.match(r"#?[A-Z][A-Z0-9_]*=", line)]
    given = {key: value for key, _, value in pairs if not key.startswith("#")}
    return given, {key[1:]: value for key, _, value in pairs if key.startswith("#")}


def systemd() -> Iterator[Installed]:
    for service in SERVICES:
        read = unit(SYSTEMD / f"schulticket-{service}.service")
        given, choices = environment_file(SYSTEMD / "settings" / f"{service}.env")
        (started,) = read["Service.ExecStart"]
        assert started.startswith(BIN)
        loaded = [each.partition(":")[0] for each in read["Service.LoadCredential"]]
        (state,) = read["Service.StateDirectory"]
        yield Installed(
            "systemd",
            service,
            started.removeprefix(BIN).split(),
            given,
            frozenset(f"/run/credentials/schulticket-{service}.service/{each}" for each in loaded),
            frozenset(f"/var/lib/{each}" for each in state.split()),
            choices,
            int(given[f"{SERVICES[service].settings}_OPERATIONS_PORT"]),
        )


def composed(*paths: Path) -> Manifest:
    """The files on top of one another, as compose does it: mappings by key, lists one after the other."""
    whole: Manifest = {}
    for path in paths:
        _lay(whole, yaml.load(path.read_text(encoding="utf-8"), Loader))
    return whole


def _lay(into: Manifest, above: Manifest) -> None:
    for key, value in above.items():
        before = into.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            _lay(before, value)
        elif isinstance(before, list) and isinstance(value, list) and key not in ("command", "test"):
            into[key] = [*before, *(each for each in value if each not in before)]
        else:
            into[key] = value


def compose(*paths: Path) -> Iterator[Installed]:
    form = "compose" if len(paths) == 1 else "compose-postgresql"
    services = dictionary(composed(*paths)["services"])
    for service in SERVICES:
        read = dictionary(services[service])
        health = " ".join(strings(at(read, "healthcheck", "test")))
        port = re.search(r"127\.0\.0\.1:(\d+)/healthz", health)
        yield Installed(
            form,
            service,
            strings(read["command"]),
            {key: string(value) for key, value in dictionary(read["environment"]).items()},
            frozenset(f"/run/secrets/{each['target']}" for each in dicts(read["secrets"])),
            frozenset(each.split(":")[1] for each in strings(read["volumes"])),
            health_port=int(port[1]) if port else None,
        )


def _kubernetes() -> Iterator[Installed]:
    for size in SIZES:
        rendered = render(FOLDER / size)
        for service in SERVICES:
            (found,) = (each for each in of_kind(rendered, "Deployment", "StatefulSet") if name_of(each) == service)
            yield pod_installed(f"kubernetes-{size}", service, found, rendered)


def pod_installed(form: str, service: str, found: Manifest, rendered: list[Manifest]) -> Installed:
    """One container, with the settings of its ConfigMap."""
    (container,) = containers(found)
    maps = [string(at(each, "configMapRef", "name")) for each in dicts(container.get("envFrom"))]
    environment: dict[str, str] = {}
    for name in maps:
        (settings,) = (each for each in of_kind(rendered, "ConfigMap") if name_of(each) == name)
        environment |= {key: string(value) for key, value in dictionary(settings["data"]).items()}
    environment |= {string(each["name"]): string(each["value"]) for each in dicts(container.get("env"))}
    files, folders = set(), set()
    volumes = {string(each["name"]): each for each in dicts(dictionary(pod_of(found)).get("volumes"))}
    for mount in dicts(container.get("volumeMounts")):
        volume, place = volumes[string(mount["name"])], string(mount["mountPath"])
        if "secret" in volume:
            whose = string(at(volume, "secret", "secretName"))
            files |= {f"{place}/{file}" for file in secrets("kubernetes").get(whose, frozenset())}
            folders |= {place} if whose == "wallet-certificates" else set()
        else:
            folders.add(place)
    port = at(container, "livenessProbe", "httpGet", "port")
    by_name = {each["name"]: each["containerPort"] for each in dicts(container.get("ports"))}
    health = by_name.get(port) if port else None
    return Installed(
        form,
        service,
        strings(container["command"]),
        environment,
        frozenset(files),
        frozenset(folders),
        health_port=health if isinstance(health, int) else None,
    )
