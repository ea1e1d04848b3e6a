"""Who may act for the child: what the person who applies declares. Asked where the authority wants it said.

Parents represent their child together (§ 1629 Abs. 1 BGB), each may authorise the other. Where they live apart, the one
with whom the child mostly lives decides alone in matters of everyday life (§ 1687 Abs. 1 BGB).
"""

from typing import Literal

from pydantic import Field

from application.form.parts import Address, Part, later_form_field
from application.form.types import Name, NeededName

CustodyKind = Literal["sole", "joint", "everyday", "authorised", "open"]


class SecondGuardian(Part):
    """Die andere sorgeberechtigte Person."""

    first_name: Name = Field(default="", description="Vornamen; leer, wenn es keinen gibt.")
    last_name: NeededName = Field(description="Familienname, wie im Ausweis.")
    address: Address | None = later_form_field("Nur wenn sie von der Wohnung („home“) abweicht.")


class Custody(Part):
    """Wer für das Kind handeln darf."""

    kind: CustodyKind = Field(
        description="sole (allein sorgeberechtigt), joint (gemeinsam, die andere Person ist einverstanden), everyday "
        "(gemeinsam, getrennt lebend, das Kind lebt bei mir), authorised (mit Vollmacht oder durch Bestellung), open "
        "(noch zu klären)."
    )
    second_guardian: SecondGuardian | None = later_form_field(
        "Die andere sorgeberechtigte Person. Nur wo der Bescheid an beide geht."
    )
