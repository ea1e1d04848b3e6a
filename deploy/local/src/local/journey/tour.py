"""The demo itself: three applications, each to where it must come, and the files that the granted one leaves."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.calendar import day_in_berlin

from local.journey import result
from local.journey.cases import Case, Cases, pick
from local.journey.desk import Desk
from local.journey.family import Answer, Application, Family, Unexpected
from local.journey.forms import FAMILIES, bodies
from local.journey.people import Act, OtherwiseByRules, see_through
from local.region import read_region
from local.report import Report
from local.system import System

LIST_SECONDS = 20.0
"""The longest that a status list may take after its ticket."""


@dataclass(frozen=True)
class Outcome:
    """What the tour found: the verdict on the ticket as read from its picture."""

    verdict: dict[str, Any]
    pass_url: str
    cases: Cases


def tour(system: System, report: Report, seed: int, folder: Path, now: datetime) -> Outcome:
    """Run the three applications and write the files into `folder`.

    Raises:
        Unexpected: where one comes out otherwise.
    """
    desk = Desk(system)
    # 1. Three families, found by measuring with the running service
    with report.step("Families picked") as detail:
        cases = pick(read_region(system.plan.inputs.streets, system.plan.inputs.schools), desk.measure, seed)
        sent = bodies(cases, day_in_berlin(now))
        detail.text = f"seed {seed}"
    # 2. They apply; the first one waits for its pass
    family, others = Family(system, "parent-1"), Family(system, "parent-2")
    report.headline(_describe("granted", cases.granted))
    granted = family.apply("granted", sent["granted"])
    answer, acts = see_through(desk, family, granted, "granted")
    _tell_acts(report, acts)
    _tell_timeline(report, answer)
    _tell_decision(report, answer["decision"])
    system.applications.append((granted.id, "parent-1", "mit Ticket"))
    # 3. Beside it one that is refused, when a person has released it, and one that a person must look at
    for name, how, tell in (("refused", "abgelehnt", _refused), ("doubtful", "wird geprüft", _doubtful)):
        application = others.apply(name, sent[name])
        tell(report, desk, others, application, cases)
        system.applications.append((application.id, "parent-2", how))
    # 4. The files, and the ticket as an inspector sees it
    report.headline("The ticket")
    with result.fresh(folder) as made:
        verdict = _collect(system, report, desk, granted=granted, answer=answer, folder=made)
    return Outcome(verdict, answer["links"]["pass"], cases)


def _refused(report: Report, desk: Desk, family: Family, application: Application, cases: Cases) -> None:
    report.headline(_describe("refused", cases.refused))
    with report.step("seen through by the case worker"):
        answer, acts = see_through(desk, family, application, "refused")
    _tell_acts(report, acts)
    _tell_timeline(report, answer)
    _tell_reasons(report, answer["decision"]["reasons"])


def _doubtful(report: Report, desk: Desk, family: Family, application: Application, cases: Cases) -> None:
    report.headline(_describe("doubtful", cases.doubtful))
    answer = family.wait_for(application, "in_review", "granted", "refused", "pass_ready")
    if answer["status"] != "in_review":
        raise OtherwiseByRules(f"the doubtful application is {answer['status']} by the authority's own rules")
    _tell_timeline(report, answer)
    _tell_reasons(report, answer["timeline"][-1]["reasons"])
    if not desk.has_to_look_at(application.id):
        raise Unexpected("the doubtful application is not on the case worker's desk")


def _collect(
    system: System, report: Report, desk: Desk, *, granted: Application, answer: Answer, folder: Path
) -> dict[str, Any]:
    """All files of var/demo; and the verdict on the ticket, read from its picture and checked offline."""
    (folder / "application.json").write_bytes(granted.sent)
    with report.step("decision and notice"):
        decision = json.dumps(desk.decision(granted.id), ensure_ascii=False, indent=2)
        (folder / "decision.json").write_text(decision, encoding="utf-8")
        (folder / "notice.pdf").write_bytes(desk.notice(answer["links"]["notice"]))
    with report.step("pass, pictures, both wallets"):
        result.fetch_pass(system, answer["links"]["pass"], folder)
    with report.step("both codes read from their pictures") as detail:
        result.read_pictures(folder)
        detail.text = (
            f"{(folder / 'ticket.bin').stat().st_size} bytes, {len((folder / 'ticket-qr.txt').read_text())} characters"
        )
    with report.step("trust exported for inspectors"):
        _export_trust(system, folder)
    verdicts = {}
    for name in ("ticket.png", "ticket-qr.png", "ticket.bin"):
        with report.step(f"{name} checked offline") as detail:
            verdicts[name] = _verify(system, folder / name, folder / "trust")
            detail.text = ", ".join([verdicts[name]["verdict"], *verdicts[name]["reasons"]])
    return verdicts["ticket.png"]


def _export_trust(system: System, folder: Path) -> None:
    """Until the list of the ticket's shard is among the lists: it is published a moment after the ticket."""
    deadline = time.monotonic() + LIST_SECONDS
    while True:
        system.command("issuance", "trust", "export", folder / "trust", "--url", system.urls["issuance"])
        arguments = "verify", folder / "ticket.bin", "--trust", folder / "trust", "--json"
        found = json.loads(system.command("issuance", *arguments, check=False).stdout)
        if found["verdict"] != "status_unchecked" or time.monotonic() > deadline:
            return
        time.sleep(0.5)


def _verify(system: System, file: Path, trust: Path) -> dict[str, Any]:
    done = system.command("issuance", "verify", file, "--trust", trust, "--json", check=False)
    if done.returncode != 0:
        raise Unexpected(f"{file.name} is not valid (exit {done.returncode}): {done.stdout or done.stderr}")
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict


def _tell_acts(report: Report, acts: list[Act]) -> None:
    """That a person was asked for, where one was."""
    for act in acts:
        said = "released by a person" if act == "release" else "decided by a person"
        report.line(f"      [dim]{said}, as the authority has chosen[/dim]")


def _describe(name: str, case: Case) -> str:
    child = f"child of the family {FAMILIES[name].child[1]}"
    claim = "; the way is held to be dangerous" if case.dangerous_route else ""
    return (
        f"{name.capitalize()}: {child}, {case.home.street} {case.home.house_number} to {case.school.name}, "
        f"some {case.metres / 1000:.1f} km (limit {case.level.limit_m / 1000:.1f} km{claim})"
    )


def _tell_timeline(report: Report, answer: Answer) -> None:
    start = datetime.fromisoformat(answer["timeline"][0]["at"])
    for entry in answer["timeline"]:
        after = (datetime.fromisoformat(entry["at"]) - start).total_seconds()
        report.line(f"    {after:7.3f} s  {entry['kind']:<14} [dim]{entry['text']['en']}[/dim]")


def _tell_decision(report: Report, decision: dict[str, Any]) -> None:
    way = f"{decision['distance_m']:,.1f} m, more than {decision['limit_m']:,} m"
    share = f"own share {decision['own_share_cents'] / 100:.2f} euro a month"
    report.line(f"      [dim]{way}; {share}; {decision['valid_from']} to {decision['valid_until']}[/dim]")


def _tell_reasons(report: Report, reasons: list[dict[str, Any]]) -> None:
    for reason in reasons:
        report.line(f"      [dim]{reason['legal_basis']}: {reason['text']['en']}[/dim]")
