"""What somebody who helps wants to be called: Oma Inge, Papa 2. It is shown to the family alone, and proves nothing."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from shared.blank import is_blank
from shared.http.problems import bilingual

from application.form.names import Fault, tidy
from application.form.types import NAME_FAULTS

LONGEST_CALLED = 60
"""Characters. Our own choice: a line on a phone holds 30 of them."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of what has no picture, or turns the letters around it."""


def _called(text: str) -> str:
    """Empty where nothing is seen."""
    text = " ".join(tidy(text).split(" "))
    if any(unicodedata.category(each) in UNSEEN for each in text):
        raise bilingual(NAME_FAULTS[Fault.CONTROL])
    return "" if is_blank(text) else text


CalledName = Annotated[str, Field(max_length=LONGEST_CALLED), AfterValidator(_called)]
CALLED: TypeAdapter[str] = TypeAdapter(CalledName)


def called_by_account(name: str) -> str:
    """As the identity provider names the account, as far as it can be shown; else empty."""
    try:
        return CALLED.validate_python(name[:LONGEST_CALLED])
    except ValidationError:
        return ""
