"""docs/data-protection.md, and what the families' page says of the other services, as the retention tables have it."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from application.domain.retention import HOLDS
from shared.errors import Text
from shared.retention import CATEGORIES, EVERY_SERVICE, Period, RetentionRule
from shared.retention_words import duration, rule_as_data, without_common
from support.data_protection_risks import RISKS, SIZES
from support.retention import PROCESSES, KeptByProcess

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENT = PROJECT / "docs/data-protection.md"
ELSEWHERE = PROJECT / "services/application/src/application/web/elsewhere.json"
HEADINGS = {
    "application": "Applications (`application`)",
    "eligibility": "Decisions (`eligibility`)",
    "signer": "Tickets (`signer`)",
    "issuance": "Inspection (`issuance`)",
    "wallet-pass": "Passes (`wallet-pass`)",
}
CERTAINTY = {
    "sure": "sure: read in the law, or fixed by the program",
    "memory": "memory: from memory, not read again",
    "unsure": "unsure: our own choice; to be verified and set by whoever is responsible",
}
HEAD = """# Data protection

What is kept of families where, for how long, why and for whom, and what a data protection impact assessment (Art. 35 GDPR) has to know. Written by
`.venv/bin/python tests/data_protection.py` out of the tables that the deleting job uses (`domain/retention_table.py` of each service, `signer_retention.py`
and `inspection_retention.py` in issuance); `tests/contract/test_data_protection_document.py` holds it against them. Do not write into it. The families read
the same at `/family/privacy`. Facts of law: [identity and delivery](sources/identity-and-delivery.md#personal-data).

Responsible is the school authority (Schulträger); whoever runs Schulticket for it works on its behalf (Art. 28 GDPR). Periods are defaults: a setting is
named where an installation may say another one. How certain a statement is: **sure** (read in the law, or fixed by the program), **memory** (not read
again), **unsure** (our own choice, as no period was found; to be verified).
"""


def written() -> dict[Path, str]:
    """Each file that is made of the tables, with its text."""
    return {DOCUMENT: "\n".join(_document()).rstrip() + "\n", ELSEWHERE: _elsewhere()}


def own_rules(process: KeptByProcess) -> list[RetentionRule]:
    """Without what every service keeps alike."""
    return without_common(process.rules(), EVERY_SERVICE)


def _elsewhere() -> str:
    others = {each.name: [rule_as_data(rule) for rule in own_rules(each)] for each in PROCESSES[1:]}
    return json.dumps(others, ensure_ascii=False, indent=1) + "\n"


def _document() -> Iterator[str]:
    yield HEAD
    yield "## What is kept\n"
    for process in PROCESSES:
        yield f"### {HEADINGS[process.name]}\n"
        yield from _table(own_rules(process))
        yield f"Nothing of a family: {', '.join(f'`{each}`' for each in sorted(process.no_familys))}.\n"
    yield "### In each service\n"
    yield from _table(EVERY_SERVICE)
    yield from _deletion()
    yield from _assessment()


def _table(rules: Sequence[RetentionRule]) -> Iterator[str]:
    yield "| what, and in which tables | why | how long | for whom | legal basis |"
    yield "|---|---|---|---|---|"
    for rule in rules:
        tables = ", ".join(f"`{each}`" for each in rule.tables)
        periods = "; ".join(_period(each) for each in rule.periods)
        basis = f"{rule.legal_basis} ({rule.certainty})"
        yield f"| {rule.content.en} ({tables}) | {rule.purpose.en} | {periods} | {rule.recipients.en} | {basis} |"
    yield ""


def _period(period: Period) -> str:
    said = f"{duration(period, 'en')} after: {period.since.en}" if period.days else f"until: {period.since.en}"
    setting = f", `{period.setting}`" if period.setting else ""
    return f"{said} ({period.certainty}{setting})"


def _deletion() -> Iterator[str]:
    yield "## What deletes, and what holds it back\n"
    yield (
        "Each service deletes daily what has been kept for long enough, and by `SERVICE rights retention [--dry-run]`, which\n"
        "prints how many rows of each table went or would go. An application goes in all services by one event\n"
        "(`application.family_erased`), as where a family erases its data (`DELETE /v1/me`, `/family/data`) or an administrator does\n"
        "(`application rights erase`). An erasure before the time is refused while something holds it:\n"
    )
    yield "| held | why | legal basis |"
    yield "|---|---|---|"
    for kind, hold in HOLDS.items():
        yield f"| {kind} | {hold.why.en} | {hold.legal_basis} ({hold.certainty}) |"
    yield ""


def _assessment() -> Iterator[str]:
    yield "## Facts for the impact assessment (Art. 35 GDPR)\n"
    yield "### Categories of data, and who has them\n"
    yield "| category | services |"
    yield "|---|---|"
    for category, words in CATEGORIES.items():
        having = [each.name for each in PROCESSES if any(category in rule.categories for rule in own_rules(each))]
        yield f"| {words.en} | {', '.join(having) or 'messages between the services alone'} |"
    yield "\n### Recipients\n"
    for each in sorted({rule.recipients.en for process in PROCESSES for rule in process.rules()}):
        yield f"* {each}"
    yield "\n### Sizes\n"
    for what, size in SIZES:
        yield f"* {what}: {size}"
    yield "\n### Risks and measures\n"
    yield "| risk for families | measure | where it is shown |"
    yield "|---|---|---|"
    for risk, measure, shown in RISKS:
        yield f"| {risk} | {measure} | {shown} |"
    yield ""


def text_of(rule: RetentionRule) -> Sequence[Text]:
    """All that a family reads of a line."""
    return (rule.content, rule.purpose, rule.recipients, *(each.since for each in rule.periods))
