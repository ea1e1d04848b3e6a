"""The card of a ticket: verdict, name, birth date and validity in one view, on the smallest phone, whatever is said."""

import pytest
from support.scanner.page import Scanner, until
from support.scanner.service import Service

NAMES = [
    "Li Ng",
    "Jörg-Þór Müßter-Łukaszewicz",
    "Maximiliane Friederike-Charlotte von Hohenlohe-Waldenburg-Schillingsfürst",
]
PIECES = ["verdict-word", "verdict-why", "verdict-note", "fact-name", "fact-birth", "fact-from", "fact-until"]
MEASURE = """async ({ language, names, pieces, hasCamera }) => {
  const { View } = await import(new URL("scan/static/page/view.js", location.href));
  const { LANGUAGES } = await import(new URL("scan/static/page/words.js", location.href));
  const view = new View(language);
  const lists = { trust: { status: new Map() } };
  const no_ticket = ["no_barcode_found", "unreadable", "unknown_issuer", "unknown_without_lists", "not_enclosed"];
  const noted = ["good", "revoked", "suspended", "expired", "old_list"];
  const now = Date.parse("2026-11-29T12:00:00Z");
  const wrong = [];
  const lines = (id) => {
    const range = document.createRange();
    range.selectNodeContents(document.getElementById(id));
    return [...range.getClientRects()];
  };
  const check = (what, name) => {
    const next = document.getElementById("next").getBoundingClientRect();
    const all = pieces.flatMap((id) => lines(id).map((line) => [id, line]));
    for (const [id, line] of all) {
      if (line.left < 0 || line.right > innerWidth) wrong.push(`${what} ${name}: ${id} is cut at the side`);
      if (line.top < 0 || line.bottom > next.top) wrong.push(`${what} ${name}: ${id} ends at ${line.bottom}, next at ${next.top}`);
    }
    for (const [id, one] of all) for (const [other, two] of all) {
      const isOver = one.left < two.right - 1 && two.left < one.right - 1 && one.top < two.bottom - 4 && two.top < one.bottom - 4;
      if (id < other && isOver) wrong.push(`${what} ${name}: ${id} lies over ${other}`);
    }
    for (const id of ["fact-birth", "fact-from", "fact-until"]) {
      if (lines(id).length > 1) wrong.push(`${what} ${name}: ${id} is broken`);
    }
    const test = document.getElementById("fact-test");
    const badge = test.getBoundingClientRect();
    for (const [id, line] of all) {
      if (line.left < badge.right && line.right > badge.left && line.top < badge.bottom - 4 && line.bottom > badge.top + 1) {
        wrong.push(`${what} ${name}: the badge lies over ${id}`);
      }
    }
    const style = (id) => getComputedStyle(document.getElementById(id));
    if (style("fact-name").color !== "rgb(0, 0, 0)" || style("facts").backgroundColor !== "rgb(255, 255, 255)") wrong.push("colours");
    if (document.documentElement.scrollWidth > innerWidth) wrong.push(`${what}: wider than the screen`);
  };
  for (const [colour, shade] of [["green"], ["amber"], ["red"], ["red", "suspended"]]) {
    for (const why of Object.keys(LANGUAGES[language].why)) {
      if (why.startsWith("say_") || why.startsWith("number_") || why === "seen_before") continue;
      for (const [index, name] of names.entries()) {
        const ticket = {
          first_name: name, last_name: "", birth_date: ["2012-02-29", "2015-06-00", "2012-12-30"][index],
          valid_from: "2026-08-01T00:00:00+02:00", valid_until: "2027-07-31T23:59:58+02:00",
          area: { organisation_id: 5000, numbers: [9] }, product: 9995, number: 4294967295, organisation_id: 0x8000 + 70,
        };
        const finding = { verdict: "valid", reasons: ["status_checked", "on_status_list"] };
        if (!no_ticket.includes(why)) finding.ticket = ticket;
        view.verdict({ colour, shade, why, say: shade && "say_suspended" }, finding, lists, now, hasCamera);
        if (noted.includes(why)) view.note("seen_before", now);
        check(`${shade ?? colour} ${why}`, index);
      }
    }
  }
  return wrong;
}"""


SIZES = [(320, 568), (568, 320), (360, 640), (375, 667), (390, 844), (844, 390), (667, 375)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_verdict_name_birth_date_and_validity_are_one_view_for_every_verdict(
    service: Service, scanner: Scanner, width: int, height: int
) -> None:
    with scanner(color_scheme="dark" if width > height else "light") as page:
        page.goto(f"{service.url}/scan")
        until(page, "document.documentElement.dataset.ready === 'yes'")
        page.evaluate("document.fonts.ready.then(() => true)")
        found: dict[str, object] = {}
        page.set_viewport_size({"width": width, "height": height})
        for language in ("de", "en"):
            for has_camera in (True, False):
                given = {"language": language, "names": NAMES, "pieces": PIECES, "hasCamera": has_camera}
                if wrong := page.evaluate(MEASURE, given):
                    found[f"{language} {has_camera}"] = len(wrong), wrong[:8]
        assert not found
