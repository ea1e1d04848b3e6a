"""Rule sets as an authority writes them."""

ESCHENBORN = """name: eschenborn
title: Eschenborn
version: "1"
origin: nrw
parameters:
  own_share.by_rank_cents:
    - {valid_from: 2020-08-01, value: [1200, 600, 0], legal_basis: "§ 97 Abs. 3 SchulG NRW", source: Ratsbeschluss, certainty: official}
tests:
  base: {school_year: "2026/27", application_date: "2026-05-01", pupil: {birth_date: "2017-03-04", lives_in_nrw: true}, school: {form: G, kind: GMS}, grade: "03", distance_m: 2500, attends_nearest: true}
  sentences:
    - {name: das erste Kind zahlt 12 Euro, facts: {}, expected: {outcome: granted, own_share_cents: 1200}, basis: Ratsbeschluss}
"""
"""NRW's, with other own shares, and a sentence that says so."""

MUSTERSTADT = """name: musterstadt
title: Musterstadt
version: "2026.1"
origin: nrw
parameters:
  own_share.by_rank_cents:
    - {valid_from: 2020-08-01, value: [1200, 600, 0], legal_basis: "§ 97 Abs. 3 SchulG NRW", source: Ratsbeschluss, certainty: official}
choices:
  approval: standing
  products:
    - key: d-ticket
      name: Deutschlandticket Schule
      fares:
        - {valid_from: 2026-01-01, valid_until: 2026-12-31, monthly_cents: 4300, source: Erlass}
        - {valid_from: 2027-01-01, monthly_cents: 4500, source: Erlass}
conditions:
  - key: kiz
    when: benefits.exists(b, b == "KiZ")
    effect: exempt
    legal_basis: "§ 97 Abs. 3 Satz 3 SchulG NRW"
    source: Ratsbeschluss
    text: Wegen Kinderzuschlag ist kein Eigenanteil zu zahlen.
    text_en: Because of Kinderzuschlag no own share is to be paid.
    valid_from: 2020-08-01
  - key: voluntary
    when: grade == "01" && distance_m > 1500.0
    effect: grant
    legal_basis: Ratsbeschluss
    source: Ratsbeschluss
    text: Im ersten Schuljahr werden Wege ab 1,5 km freiwillig übernommen.
    text_en: In the first year ways from 1.5 km are paid for voluntarily.
    valid_from: 2020-08-01
tests:
  base: {school_year: "2026/27", application_date: "2026-05-01", pupil: {birth_date: "2017-03-04", lives_in_nrw: true}, school: {form: G, kind: GMS}, grade: "03", distance_m: 2500, attends_nearest: true}
  sentences:
    - {name: das erste Kind zahlt 12 Euro, facts: {}, expected: {outcome: granted, own_share_cents: 1200}, basis: Ratsbeschluss}
    - {name: mit Kinderzuschlag nichts, facts: {benefits: [KiZ]}, expected: {own_share_cents: 0}, basis: Ratsbeschluss}
    - {name: genau 1500 Meter sind im ersten Schuljahr nicht genug, facts: {grade: "01", distance_m: 1500}, expected: {outcome: refused}, basis: Ratsbeschluss}
    - {name: etwas mehr ist genug, facts: {grade: "01", distance_m: 1500.1}, expected: {outcome: granted}, basis: Ratsbeschluss}
"""
"""One of nearly everything that an authority may set."""
