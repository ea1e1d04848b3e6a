"""Ids of cases and decisions are derived: these values may never change, for a restored service must find them again."""

from uuid import UUID

from eligibility.domain.ids import ApplicationId, CaseId, case_id_of, decision_id_of

APPLICATION = ApplicationId(UUID("0b0c1e9e-5a55-4c6c-9d0e-2f4a6d8e1a37"))


def test_a_case_is_named_by_its_application_and_its_school_year() -> None:
    assert case_id_of(APPLICATION, "2026/27") == UUID("4717b424-068d-5f52-a067-b12168e1b6bd")
    assert case_id_of(APPLICATION, "2027/28") == UUID("a6d39e0b-4a97-511a-8246-dbe92439ca1b")
    assert case_id_of(APPLICATION, "") == UUID("f6f2cca4-6def-5b24-b228-c087221f74ac")


def test_a_decision_is_named_by_its_case_and_its_round() -> None:
    case_id = CaseId(UUID("4717b424-068d-5f52-a067-b12168e1b6bd"))
    assert decision_id_of(case_id, 1) == UUID("dea7d4a0-5e49-57b7-976a-eb8e791ac6db")
    assert decision_id_of(case_id, 12) == UUID("d2462210-2205-5666-81c1-6505aa6c5b39")
