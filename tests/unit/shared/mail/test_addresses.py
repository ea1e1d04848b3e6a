"""Which addresses can be written to, and that none of them ends a line."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shared.mail import MailAddress


@pytest.mark.parametrize(
    "text, wire",
    [
        ("zoe@example.org", "zoe@example.org"),
        ("Zoe.Muster+schule@Example.ORG", "Zoe.Muster+schule@example.org"),
        ("zoe@müller.example", "zoe@xn--mller-kva.example"),
        ("zoe@xn--mller-kva.example", "zoe@xn--mller-kva.example"),
        ("zoë@straße.example", "zoë@xn--strae-oqa.example"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("зоя@почта.рф", "зоя@xn--80a1acny.xn--p1ai"),
    ],
)
def test_an_address_goes_over_the_wire_with_a_host_name_in_ascii(text: str, wire: str) -> None:
    assert str(MailAddress.parse(text)) == wire


@pytest.mark.parametrize(
    "text",
    [
        "", "zoe", "@example.org", "zoe@", "zoe@localhost", "zoe@[127.0.0.1]", "zoe@127.0.0.1", ".zoe@example.org",
        "zoe.@example.org", "a..b@example.org", '"zoe"@example.org', "zoe m@example.org", "zoe@example.org\r\nBcc: a@b.de",
        "zoe\n@example.org", "zoe@exa\rmple.org", "zoe@example.org>", "<zoe@example.org", "zoe@example.org,a@b.de",
        "zoe@-a.example", "zoe@a-.example", "zoe@a..example", f"{'a' * 65}@example.org", f"a@{'b' * 64}.example",
        f"a@{'.'.join(['b' * 60] * 5)}.example", f"{'ä' * 33}@example.org", "zoe\u2028@example.org", "zoe\u202e@example.org",
        "zoe\x00@example.org", "zoe@exam_ple.org", "zoe@\ud800.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        MailAddress.parse(text)
    assert len(text) < 5 or text not in str(refused.value)


@given(st.text(max_size=300) | st.builds("{}@{}".format, st.text(max_size=70), st.text(max_size=120)))
@example("a@b\u3002de")
def test_whatever_is_written_it_is_refused_or_safe_in_a_header_and_a_command(text: str) -> None:
    try:
        found = MailAddress.parse(text)
    except ValueError:
        return
    wire = str(found)
    assert not re.search(r"[\s<>,:;\"()\\\[\]\x00-\x20\x7f-\x9f]", wire)
    assert wire.count("@") == 1 and found.domain.isascii() and len(wire.encode()) <= 254
    assert MailAddress.parse(wire) == found
