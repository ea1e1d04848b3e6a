"""A rule set as an authority writes it: NRW's, with other own shares, and a sentence that says so."""

OWN = """name: eschenborn
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
