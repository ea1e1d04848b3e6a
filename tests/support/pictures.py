"""Pages before a real browser: pictures for people, and that nothing sticks out of the window."""

import os
from pathlib import Path

from playwright.sync_api import Page

BROKEN = """all => all.filter(each => {
  const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.closest(".kern-sr-only")) continue;
    for (const word of walker.currentNode.data.matchAll(/\\S+/g)) {
      range.setStart(walker.currentNode, word.index);
      range.setEnd(walker.currentNode, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) return true;
    }
  }
  return false;
}).map(each => each.innerText)"""
"""Buttons of which a word begins on one line and ends on another."""


def look(page: Page, name: str) -> None:
    """A picture for people, where SCHULTICKET_PICTURES names a folder."""
    if os.environ.get("SCHULTICKET_PICTURES"):
        page.screenshot(path=Path(os.environ["SCHULTICKET_PICTURES"]) / f"desk-{name}.png", full_page=True)


def nothing_sticks_out(page: Page, width: int) -> None:
    """No page is wider than its window: nobody scrolls sideways on a phone. No button is a column of letters, or breaks a word."""
    box = page.locator("html").bounding_box()
    assert box is not None
    wide = page.locator("main").bounding_box()
    assert wide is not None
    assert box["width"] <= width and wide["x"] + wide["width"] <= width + 1
    shown = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")
    assert shown["cssContentSize"]["width"] <= width, shown["cssContentSize"]
    tall = "all => all.filter(each => each.offsetHeight > each.offsetWidth).map(each => each.innerText)"
    assert page.locator(".kern-btn").evaluate_all(tall) == []
    assert page.locator(".kern-btn").evaluate_all(BROKEN) == []
