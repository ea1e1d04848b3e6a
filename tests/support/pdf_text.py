"""What stands in a PDF, as a reader sees it; and where, in millimetres."""

import subprocess
from xml.etree import ElementTree

MILLIMETRES = 25.4 / 72


def text_of_pdf(pdf: bytes) -> str:
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return told.stdout.decode()


def words_on_first_page(pdf: bytes) -> list[tuple[str, float, float]]:
    """Each word with its left and upper edge."""
    told = subprocess.run(["pdftotext", "-bbox", "-l", "1", "-", "-"], input=pdf, capture_output=True, check=True)
    found = ElementTree.fromstring(told.stdout).iter("{http://www.w3.org/1999/xhtml}word")
    return [
        (each.text or "", float(each.attrib["xMin"]) * MILLIMETRES, float(each.attrib["yMin"]) * MILLIMETRES)
        for each in found
    ]
