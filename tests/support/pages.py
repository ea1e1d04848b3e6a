"""What every page has, and what a name may never become."""

import re
from itertools import pairwise

ATTACK = '<script>alert("x")</script>'


def one(pattern: str, text: str) -> str:
    found = re.findall(pattern, text)
    assert len(found) == 1, found
    return str(found[0])


def well_made(text: str, language: str = "de") -> None:
    """What every page has: a language, one heading of the first level, a label for each field, no id twice, no script."""
    assert f'<html lang="{language}"' in text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", text):
        if 'type="hidden"' in tag:
            continue
        name = one(r'\sid="([^"]*)"', tag)
        assert f'for="{name}"' in text, tag
    for described in re.findall(r'aria-(?:describedby|labelledby)="([^"]*)"', text):
        assert set(described.split()) <= set(ids), described
    assert "<script" not in text and " style=" not in text and " onclick" not in text
    levels = [int(each) for each in re.findall(r"<h([1-6])[ >]", text)]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    read = re.sub(r"(?s)<textarea.*?</textarea>|<[^>]*>", "", text)
    assert not re.findall(r".{0,30}§ \d", read), "a paragraph sign stays with its number"
