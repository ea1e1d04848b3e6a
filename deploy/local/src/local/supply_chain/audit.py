"""Asks the public database of vulnerabilities (OSV) for every part, and fails where it could not look.

A green audit that looked at nothing is worse than none. So whatever does not answer fully ends in CouldNotLook: no
network, another number of answers than questions, and a database that does not know even what everybody knows
(`CANARIES`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from local.supply_chain.part import Package

DATABASE = "https://api.osv.dev"
AT_ONCE = 500
"""The database takes up to 1,000 questions at once."""
SECONDS = 60
CANARIES = ("pkg:pypi/jinja2@2.11.2", "pkg:npm/lodash@4.17.15")
"""Versions whose vulnerabilities have been published for years. They are asked for, and never installed."""


class CouldNotLook(Exception):
    """The text says why; no part may be taken for good."""


@dataclass(frozen=True)
class Vulnerability:
    """A published one of a part, by its number in the database."""

    package: Package
    number: str


def vulnerabilities(
    packages: Sequence[Package], database: str = DATABASE, transport: httpx.BaseTransport | None = None
) -> list[Vulnerability]:
    """What is known of exactly these versions. Names and versions of packages leave the machine, nothing else.

    Raises CouldNotLook.
    """
    found: list[Vulnerability] = []
    with httpx.Client(base_url=database, timeout=SECONDS, transport=transport) as http:
        for url, numbers in zip(CANARIES, _known(http, CANARIES), strict=True):
            if not numbers:
                raise CouldNotLook(
                    f"{database} knows of nothing wrong with {url}, which is long known to be vulnerable"
                )
        for start in range(0, len(packages), AT_ONCE):
            asked = packages[start : start + AT_ONCE]
            for package, numbers in zip(asked, _known(http, [each.url for each in asked]), strict=True):
                found += [Vulnerability(package, number) for number in numbers]
    return found


def _known(http: httpx.Client, urls: Sequence[str]) -> list[list[str]]:
    """The numbers for each package URL, in order."""
    questions = {"queries": [{"package": {"purl": url}} for url in urls]}
    try:
        answer = http.post("/v1/querybatch", json=questions).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise CouldNotLook(f"{http.base_url} did not answer: {error}") from error
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or len(results) != len(urls):
        raise CouldNotLook(f"{http.base_url} did not answer for each of {len(urls)} packages")
    return [_numbers(result, url) for result, url in zip(results, urls, strict=True)]


def _numbers(result: Mapping[str, Any] | None, url: str) -> list[str]:
    """An empty answer is how the database says that it knows of nothing. Where it says that there are more than it
    lists, it lists at least one, and that fails."""
    try:
        return [str(each["id"]) for each in (result or {}).get("vulns", [])]
    except (AttributeError, TypeError, KeyError) as error:
        raise CouldNotLook(f"the answer for {url} cannot be read") from error
