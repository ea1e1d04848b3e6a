"""A question about the nearer school says which one that is, and knows what the family has said already."""

import pytest
from eligibility.rules import to_prove
from eligibility.rules.findings import question
from eligibility.workflow.decision import prepared


class Named:
    """What is read of an assessment and of a verdict."""

    def __init__(self, claimed: bool | None) -> None:
        self.facts = self
        self.own_branch = None if claimed is None else self
        self.claimed = claimed


@pytest.mark.parametrize("claimed", [None, True])
def test_the_question_about_a_branch_names_the_nearer_school(
    monkeypatch: pytest.MonkeyPatch, claimed: bool | None
) -> None:
    monkeypatch.setattr(prepared, "_nearest_name", lambda _assessment: "Kaiser-Karls-Gymnasium")
    asked = question("own_branch", "§ 9 SchfkVO", "Ein Bildungsweg?", "A branch?", family=to_prove.OWN_BRANCH)
    named = prepared._nearer_named(asked, object, Named(claimed))  # type: ignore[arg-type]
    assert "Kaiser-Karls-Gymnasium" in named.text and "Kaiser-Karls-Gymnasium" in named.text_en
    assert named.family is not None and "Kaiser-Karls-Gymnasium" in named.family.de
    assert ("Sie haben angegeben" in named.family.de) == bool(claimed)
    assert ("You told us" in named.family.en) == bool(claimed)
