"""What a family writes: the body of POST /v1/applications. Pure.

`ApplicationForm` knows what can be said of a field by itself; what directory and calendar say of it is in `checks`.
"""

from application.form.change import CHANGEABLE, Change, changed_form, changed_parts, same
from application.form.draft import DraftChange, DraftForm, merge_parts, read_draft
from application.form.example import EXAMPLE
from application.form.model import ApplicationForm, Readable
from application.form.parts import Address
from application.form.reading import fingerprint, readable

__all__ = [
    "CHANGEABLE",
    "EXAMPLE",
    "Address",
    "ApplicationForm",
    "Change",
    "DraftChange",
    "DraftForm",
    "Readable",
    "changed_form",
    "changed_parts",
    "fingerprint",
    "merge_parts",
    "read_draft",
    "readable",
    "same",
]
