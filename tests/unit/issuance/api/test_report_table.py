"""The report as a table that a spreadsheet opens."""

import csv
import io
from datetime import date

from issuance.api.report_table import table_of
from issuance.domain.verdict import Verdict
from issuance.workflow.inspection.scan_log import Copy, Count


def test_no_cell_of_the_table_is_run_by_a_spreadsheet_and_every_code_has_words() -> None:
    day = date(2026, 11, 23)
    for start in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("a";"b")', "a;=1\r\n=2"):
        for table in (
            table_of([Count(day, 1, start, start, 1)], [], "de"),
            table_of([], [Copy(day, None, None, start, 2)], "en"),
        ):
            [_, row] = csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";")
            assert len(row) == 9 and not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
    codes = [*Verdict, "green", "amber", "red"]
    for language in ("de", "en"):
        told = table_of([Count(day, 1, code, "green", 1) for code in codes], [], language).decode()
        assert not any(f";{code};" in told for code in codes if "_" in code or language == "de")


def test_a_copy_is_a_line_of_the_table_with_its_number_and_reason() -> None:
    table = table_of([], [Copy(date(2026, 11, 23), 32838, 7, "too_fast", 2)], "de").decode("utf-8-sig")
    assert table.splitlines()[1] == "Verdacht auf Kopie;2026-11-23;32838;;;;7;zu schnell an zwei Orten;2"
