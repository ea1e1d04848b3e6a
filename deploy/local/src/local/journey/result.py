"""The files that the demo leaves in var/demo, put there together or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import zxingcpp
from PIL import Image

from local.journey.family import Unexpected
from local.system import System

CERTIFICATES = ("root.pem", "intermediate.pem")


@contextmanager
def fresh(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of `folder` when all went well; else the old one stays."""
    made = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    try:
        yield made
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    made.replace(folder)


def fetch_pass(system: System, pass_url: str, folder: Path) -> None:
    """What the pass's page offers: the ticket's pictures and both wallets' files."""
    names = {
        "ticket.png": "ticket.png",
        "ticket-qr.png": "ticket-qr.png",
        "pass.pkpass": "pass.pkpass",
        "google.json": "google-wallet.json",
        "google.jwt": "google-wallet.jwt",
    }
    with httpx.Client(timeout=10) as http:
        page = http.get(pass_url).raise_for_status()
        if "text/html" not in page.headers["content-type"]:
            raise Unexpected(f"{pass_url} is no page")
        for there, here in names.items():
            (folder / here).write_bytes(http.get(f"{pass_url}/{there}").raise_for_status().content)
    certificates = folder / "wallet-certs"
    certificates.mkdir()
    for name in CERTIFICATES:
        shutil.copyfile(system.plan.wallet_certificates / name, certificates / name)


def read_pictures(folder: Path) -> None:
    """Read both codes from their pictures, as a scanner does, into ticket.bin and ticket-qr.txt."""
    (folder / "ticket.bin").write_bytes(_read(folder / "ticket.png", zxingcpp.BarcodeFormat.Aztec).bytes)
    (folder / "ticket-qr.txt").write_text(_read(folder / "ticket-qr.png", zxingcpp.BarcodeFormat.QRCode).text)


def _read(picture: Path, kind: zxingcpp.BarcodeFormat) -> zxingcpp.Barcode:
    with Image.open(picture) as image:
        found = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormats(kind))
    if len(found) != 1:
        raise Unexpected(f"{picture.name} holds {len(found)} codes that can be read, instead of one")
    return found[0]
