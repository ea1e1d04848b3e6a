"""Notices as PDF/UA-1, set by Typst. `Press().print(content)` makes the bytes;
`page(content)` is the same as HTML."""

from eligibility.notice.page import page
from eligibility.notice.press import Press

__all__ = ["Press", "page"]
