"""Asks the public database of vulnerabilities (OSV) for every part, and fails where it could not look.

A green audit that looked at nothing is worse than none. So whatever does not answer fully ends in CouldNotLook: no
network, another number of answers than questions, and a database that does not know even what everybody knows
(`CANARIES`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from local.supply_chain.part import Package

DATABASE = "https://api.osv.dev"
AT_ONCE = 500
"""The database takes up to 1,000 questions at once."""
SECONDS = 60
LARGEST_ANSWER = 8_000_000
"""Bytes: a hundred for each vulnerability, and 500 packages with 160 each."""
CANARIES = ("pkg:pypi/jinja2@2.11.2", "pkg:npm/lodash@4.17.15")
"""Versions whose vulnerabilities have been published for years. They are asked for, and never installed."""


class CouldNotLook(Exception):
    """The text says why; no part may be taken for good."""


@dataclass(frozen=True)
class Vulnerability:
    """A published one, by its number in the database."""

    package: Package
    number: str
    inside: str = ""
    """Package URL of what is compiled into the package, where that is meant."""


def vulnerabilities(
    packages: Sequence[Package], database: str = DATABASE, transport: httpx.BaseTransport | None = None
) -> list[Vulnerability]:
    """What is known of exactly these versions. Names and versions of packages leave the machine, nothing else.

    Raises:
        CouldNotLook.
    """
    found: list[Vulnerability] = []
    with httpx.Client(base_url=database, timeout=SECONDS, transport=transport) as http:
        for url, known in zip(CANARIES, _known(http, CANARIES), strict=True):
            if not known:
                raise CouldNotLook(
                    f"{database} knows of nothing wrong with {url}, which is long known to be vulnerable"
                )
        asked = [(package, url) for package in packages for url in (package.url, *_crates(package))]
        for start in range(0, len(asked), AT_ONCE):
            part = asked[start : start + AT_ONCE]
            for (package, url), known in zip(part, _known(http, [url for _, url in part]), strict=True):
                within = "" if url == package.url else url
                found += [Vulnerability(package, number, within) for number in known]
    return found


def _crates(package: Package) -> list[str]:
    """Of what is compiled into packages the database knows Rust's crates by name."""
    return [each.url for each in package.inside if each.url.startswith("pkg:cargo/")]


def _known(http: httpx.Client, urls: Sequence[str]) -> list[list[str]]:
    """The numbers for each package URL, in order."""
    questions = {"queries": [{"package": {"purl": url}} for url in urls]}
    try:
        with http.stream("POST", "/v1/querybatch", json=questions) as answer:
            return numbers(_whole(answer.raise_for_status()), len(urls))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise CouldNotLook(f"{http.base_url} did not answer as it should: {error}") from error


def _whole(answer: httpx.Response) -> bytes:
    content = b""
    for chunk in answer.iter_bytes():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise ValueError("an answer without end")
    return content


def numbers(content: bytes, questions: int) -> list[list[str]]:
    """What an answer names for each question. An empty part is how the database says that it knows of nothing; where it
    says that there are more than it lists, it lists at least one, and that fails.

    Raises:
        ValueError.
    """
    try:
        answer = json.loads(content)
        results = answer["results"]
        if not isinstance(results, list) or len(results) != questions:
            raise ValueError(f"not {questions} answers to {questions} questions")
        return [[str(each["id"]) for each in (result or {}).get("vulns", [])] for result in results]
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("another form than OSV's") from error
