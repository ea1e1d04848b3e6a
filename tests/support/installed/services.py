"""What the code says of each process, for holding installations against it: settings, programs, parties that it reaches."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin

import application.main
import application.settings
import eligibility.main
import eligibility.store.retention
import issuance.main
import wallet_pass.settings
from local.files import PROJECT
from local.system.plan import PUBLIC, SERVICES
from pydantic_settings import BaseSettings
from shared.runtime.settings import ServiceSettings
from shared.tracing.settings import TracingSettings

SETTINGS: Mapping[str, tuple[type[ServiceSettings], tuple[type[BaseSettings], ...]]] = {
    "application": (
        application.settings.Settings,
        (application.settings.RightsSettings, application.settings.KeySettings, application.settings.DatabaseSettings),
    ),
    "eligibility": (
        eligibility.main.Settings,
        (eligibility.main.DatabaseSettings, eligibility.store.retention.RetentionSettings),
    ),
    "signer": (issuance.main.SignerSettings, ()),
    "issuance": (issuance.main.ApiSettings, ()),
    "wallet-pass": (wallet_pass.settings.Settings, ()),
}
"""What a process must be told to run, and what its commands read besides."""

ELSEWHERE = {
    "nats_url": "bus",
    "database_url": "database",
    "keys_url": "database",
    "migration_url": "database",
    "issuer": "identity",
    "desk_token_url": "identity",
    "family_token_url": "identity",
    "school_token_url": "identity",
    "mail_host": "mail",
    "google_url": "wallets",
    "google_token_url": "wallets",
    "google_callback_keys_url": "wallets",
    "apns_url": "wallets",
}
"""Settings that name a party which the process itself speaks with."""
ONLY_NAMED = {
    "host": "its own address",
    "operations_host": "its own address",
    "public_url": "told to others",
    "nats_monitor_url": "the broker's page on this machine",
    "application_url": "told to browsers",
    "desk_authorize_url": "told to browsers",
    "desk_end_session_url": "told to browsers",
    "family_authorize_url": "told to browsers",
    "family_end_session_url": "told to browsers",
    "school_authorize_url": "told to browsers",
    "school_end_session_url": "told to browsers",
    "token_uri": "a PKCS#11 library on this machine",
}
"""Settings that look like an address and lead this process nowhere."""


@dataclass(frozen=True)
class Variable:
    """One setting as the environment names it."""

    name: str
    field: str
    required: bool
    is_path: bool


@cache
def variables(service: str) -> dict[str, Variable]:
    """All that this process and its commands read, by whole names."""
    own, more = SETTINGS[service]
    prefix = f"{SERVICES[service].settings}_"
    found = {}
    for model in (*_of_all(BaseSettings), *more, own):
        assert model.model_config.get("env_prefix") in ("", prefix)
        for field, info in model.model_fields.items():
            required = info.is_required() and model is own
            found[f"{prefix}{field.upper()}"] = Variable(
                f"{prefix}{field.upper()}", field, required, _is_path(info.annotation)
            )
    return found | traces()


def traces() -> dict[str, Variable]:
    """Of OpenTelemetry: every process reads them."""
    fields = TracingSettings.model_fields
    names = {f"OTEL_{field.upper()}": field for field in fields}
    return {name: Variable(name, field, required=False, is_path=False) for name, field in names.items()}


def _of_all(above: type[BaseSettings]) -> Iterator[type[BaseSettings]]:
    """What every process reads: models of `shared` are given the prefix where they are read."""
    for model in above.__subclasses__():
        if model.__module__.startswith("shared.") and not model.model_config.get("env_prefix"):
            yield model
        yield from _of_all(model)


def _is_path(annotation: object) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(_is_path(each) for each in get_args(annotation))
    return annotation is Path


def console_scripts() -> Iterator[str]:
    """Programs that the members bring."""
    for folder in ("application", "eligibility", "issuance", "wallet-pass"):
        project = tomllib.loads((PROJECT / "services" / folder / "pyproject.toml").read_text(encoding="utf-8"))
        yield from project["project"]["scripts"]


def command_of(service: str) -> list[str]:
    """Program and arguments with which it serves."""
    return [SERVICES[service].program, *SERVICES[service].serve]


def migration_of(service: str) -> list[str]:
    return [*command_of(service)[:-1], "migrate"]


Arrow = tuple[str, str]


def arrows() -> set[Arrow]:
    """Who opens a connection to whom, as settings and roles of the processes say. Nothing else is needed."""
    found: set[Arrow] = {("bus", "bus")}
    for service, (model, _) in SETTINGS.items():
        found |= {("monitoring", service)}
        found |= {(service, ELSEWHERE[field]) for field in model.model_fields if field in ELSEWHERE}
        if service in PUBLIC:
            found.add(("proxy", service))
        else:  # nobody signs in where nobody is served
            found.discard((service, "identity"))
    return found


def addresses_without_a_party() -> list[str]:
    """Settings that look like an address and stand in neither table."""
    return sorted(
        f"{service}: {field}"
        for service in SETTINGS
        for field in {each.field for each in variables(service).values()}
        if (field.endswith(("_url", "_uri", "_host")) or field in ("host", "issuer"))
        and field not in ELSEWHERE.keys() | ONLY_NAMED.keys()
    )
