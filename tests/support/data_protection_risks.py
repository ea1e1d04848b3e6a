"""Sizes, risks and measures, as docs/data-protection.md names them."""

SIZES = (
    ("people", "pupils, their parents or guardians, and whoever helps them; an authority's staff as users"),
    ("children of a large authority", "100,000 pupils are what the checks are measured with (README, figures)"),
    ("kept of an application", "115 kB, of which the notice 46 and the pass 21, and the documents that it hands in"),
    ("documents", "10 MB each, 20 of an application, 200 MB of an account at most"),
)
"""What, and how much."""
RISKS = (
    (
        "Children and health: a stolen database tells of illnesses and benefits",
        "least of it in each service; documents about health, benefits and custody go once the decision is final",
        "`tests/unit/application/workflow/test_retention.py`",
    ),
    (
        "Somebody reads what is another family's",
        "who may do what is one table, and what is another's is answered like what is not there",
        "`tests/contract/test_who_may.py`",
    ),
    (
        "Staff look at what they need not",
        "each opening of a document and each act is on record, linked and signed",
        "`tests/unit/application/api/documents/test_staff_documents.py`",
    ),
    (
        "A decision by machine is wrong, and nobody can tell why",
        "each decision keeps reasons, figures and its version of the rules; an authority says what a person releases",
        "`tests/unit/eligibility/rules`",
    ),
    (
        "Inspections become a record of a child's movements",
        "no name and no place is kept; marks of a ticket count for a day and go after two",
        "`tests/unit/issuance/api/test_inspection_api.py`",
    ),
    (
        "What was erased comes back, by a late message or out of a backup",
        "the random ids of what was erased are kept in every database, and what comes late is dropped",
        "`tests/integration/shared/test_erasures.py`",
    ),
    (
        "It is kept for longer than it is needed",
        "a job deletes by this table, daily; a table that names a family and has no line fails a test",
        "`tests/contract/test_retention_tables.py`",
    ),
    (
        "A family cannot exercise its rights",
        "it reads, downloads, corrects and erases its data by itself, in German or English and without a script",
        "`tests/unit/application/api/pages/test_own_data_pages.py`",
    ),
)
"""Risk, measure, and the test that shows it."""
