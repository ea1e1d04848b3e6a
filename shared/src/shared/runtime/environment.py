"""What is wrong with a process's environment, in words that name the variable: said at the start, before anything else.

A file that cannot be read ends the start. A variable that nobody reads does not: an earlier program, started again with
the settings of a later one, must come up. It is named in the log, with the nearest that is read.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

import structlog
from pydantic import ValidationError
from pydantic_settings import BaseSettings

log = structlog.get_logger("settings")
WRONG_SETTING_EXIT = 2


def look_at_environment(process: str, settings: BaseSettings) -> None:
    """Name what is wrong; exits with 2 where a file cannot be read."""
    for name, nearest in unknown_variables(process, os.environ).items():
        log.warning("unknown_setting", setting=name, nearest=nearest)
    if unreadable := list(unreadable_files(process, settings)):
        sys.stderr.write("".join(f"{process}: {each}\n" for each in unreadable))
        sys.exit(WRONG_SETTING_EXIT)


def prefix_of(process: str) -> str:
    """How the variables of a process begin (`wallet-pass`: `WALLET_PASS_`)."""
    return f"{process.upper().replace('-', '_')}_"


def wrong_settings(process: str, error: ValidationError) -> Iterator[str]:
    """A sentence for each setting that is missing or cannot be taken; it repeats no value."""
    for entry in error.errors():
        place = ".".join(map(str, entry["loc"])).upper()
        yield f"setting {prefix_of(process)}{place}: {entry['msg']}" if place else f"settings: {entry['msg']}"


def unreadable_files(process: str, settings: BaseSettings) -> Iterator[str]:
    """A sentence for each file that is named and cannot be read. What a process makes itself at its first start is not
    among them (`made_at_first`)."""
    made: frozenset[str] = getattr(settings, "made_at_first", frozenset())
    for field in type(settings).model_fields:
        path = getattr(settings, field)
        if field.endswith("_file") and isinstance(path, Path) and field not in made:
            try:
                with path.open("rb") as file:
                    file.read(1)
            except OSError as error:
                yield f"setting {prefix_of(process)}{field.upper()}: {path}: {error.strerror}"


def unknown_variables(process: str, environment: Mapping[str, str]) -> dict[str, str | None]:
    """Variables that begin as those of this process and that nothing reads, each with the nearest one that is read."""
    prefix = prefix_of(process)
    known = {
        field.upper()
        for model in _models(BaseSettings)
        if model.model_config.get("env_prefix") in ("", prefix)  # without one: it is given where the model is read
        for field in model.model_fields
    }
    begun = {name: name.removeprefix(prefix) for name in sorted(environment) if name.startswith(prefix)}
    unknown = {name: rest for name, rest in begun.items() if rest not in known}
    nearest = {name: get_close_matches(rest, known, 1, 0.7) for name, rest in unknown.items()}
    return {name: f"{prefix}{found[0]}" if found else None for name, found in nearest.items()}


def _models(above: type[BaseSettings]) -> Iterator[type[BaseSettings]]:
    """All that were imported: the command of a process imports its own."""
    for model in above.__subclasses__():
        yield model
        yield from _models(model)
