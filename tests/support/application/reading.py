"""How long a page takes a parent: what is read on it, and what is typed into it."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

WORDS_A_SECOND = 4.0
CHARACTERS_A_SECOND = 2.5


@dataclass
class Effort:
    """`pages`: that asked something. A line that was on an earlier page is not read again."""

    pages: list[str] = field(default_factory=list)
    words: int = 0
    characters: int = 0
    _lines: set[str] = field(default_factory=set)

    def read(self, page: Page) -> None:
        """The page as it stands."""
        lines = {line.strip() for line in page.locator("body").inner_text().splitlines() if line.strip()}
        self.words += sum(len(line.split()) for line in lines - self._lines)
        self._lines |= lines

    def type(self, page: Page, name: str, text: str) -> None:
        page.locator(f"[id='{name}']").fill(text)
        self.characters += len(text)

    @property
    def seconds(self) -> float:
        return self.words / WORDS_A_SECOND + self.characters / CHARACTERS_A_SECOND
