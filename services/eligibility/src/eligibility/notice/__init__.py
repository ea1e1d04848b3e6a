"""Notices as PDF/UA-1, set by Typst. `Press().print(content)` makes the bytes."""

from eligibility.notice.press import Press

__all__ = ["Press"]
