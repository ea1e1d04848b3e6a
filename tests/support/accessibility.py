"""axe-core before a page in a real browser: what somebody with a screen reader or without colours would miss.

It has a lock of its own beside it (`axe/`): what pages need from npm is built anew whenever that lock changes.
"""

import fcntl
import functools
import json
import shutil
import tempfile
from pathlib import Path

from local.web import install_packages
from playwright.sync_api import Page
from support.browser import STORE

LOCKED = Path(__file__).parent / "axe"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

FAULTS = """async rules => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"], selectors: false});
  return found.violations.map(each => [each.id, each.nodes.map(node => node.html)]);
}"""
"""Every rule is tried at every node. What axe would write of all that is as it must be takes longer than to try it."""


@functools.cache
def axe_source() -> str:
    """The script; fetched the first time, and kept by its version."""
    lock = json.loads((LOCKED / "package-lock.json").read_text(encoding="utf-8"))
    kept = STORE / f"axe-{lock['packages']['node_modules/axe-core']['version']}.js"
    STORE.mkdir(parents=True, exist_ok=True)
    with (STORE / "lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not kept.is_file():
            _fetch(kept)
    return kept.read_text(encoding="utf-8")


def _fetch(kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=STORE) as name:
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(LOCKED / file, name)
        install_packages(Path(name))
        fresh = Path(name, "axe.js")
        shutil.copy(Path(name, "node_modules/axe-core/axe.min.js"), fresh)
        fresh.rename(kept)


def faults_of(page: Page) -> list[str]:
    """What axe finds on the page as it stands: rule and places. In a context with JavaScript."""
    page.evaluate(axe_source() + "; undefined")
    found: list[tuple[str, list[str]]] = page.evaluate(FAULTS, RULES)
    return [f"{rule}: {[html[:160] for html in nodes[:3]]}" for rule, nodes in found]
