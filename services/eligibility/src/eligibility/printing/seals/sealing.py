"""Seals a PDF (PAdES B-B, or B-T with a time stamp: ETSI EN 319 142-1), and reads it back before it is let out.

What is sealed stays as it is, byte for byte; the seal is added behind it. Its field is not to be seen, so that the
letter looks as it did, and what screen readers follow is untouched (PDF/UA-1, 7.18.1: a hidden annotation is exempt).
"""

import io
from datetime import datetime

import httpx
from asn1crypto.tsp import TimeStampReq, TimeStampResp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from eligibility.printing.seals.fault import Fault, SealFault
from eligibility.printing.seals.settings import SealSettings
from eligibility.printing.seals.token import TokenSigner

FIELD = "Siegel"
READ_AS = "Elektronisches Siegel"
TIMESTAMP_SECONDS = 10.0
MOST_BYTES_OF_STAMP = 65_536


class HttpTimeStamper(TimeStamper):
    """RFC 3161 over HTTP."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: TimeStampReq) -> TimeStampResp:
        """Raises SealFault where none comes."""
        head = {"Content-Type": "application/timestamp-query"}
        try:
            async with httpx.AsyncClient(timeout=TIMESTAMP_SECONDS) as client:
                answer = (await client.post(self._url, content=req.dump(), headers=head)).raise_for_status()
            return TimeStampResp.load(answer.content[:MOST_BYTES_OF_STAMP])
        except (httpx.HTTPError, ValueError):
            raise SealFault(Fault.TIMESTAMP) from None


def seal_pdf(pdf: bytes, signer: TokenSigner, settings: SealSettings, now: datetime) -> bytes:
    """The PDF with its seal.

    Raises:
        SealFault.
    """
    field = SigFieldSpec(
        FIELD,
        invis_sig_settings=InvisSigSettings(set_print_flag=False, set_hidden_flag=True),
        readable_field_name=READ_AS,
    )
    metadata = PdfSignatureMetadata(FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    stamper = None if settings.timestamp_url is None else HttpTimeStamper(settings.timestamp_url)
    out = io.BytesIO()
    sealing = PdfSigner(metadata, signer, timestamper=stamper, new_field_spec=field)
    sealing.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    sealed = out.getvalue()
    check_seal(pdf, sealed, signer, now)
    return sealed


def check_seal(pdf: bytes, sealed: bytes, signer: TokenSigner, now: datetime) -> None:
    """As a reader does: one seal, over the whole file, of this certificate, and the letter before it as it was.

    Raises:
        SealFault: `check`.
    """
    if not sealed.startswith(pdf):
        raise SealFault(Fault.CHECK)
    seals = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    roots = [signer.certificate, *signer.cert_registry]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=now)
    found = [validate_pdf_signature(each, context) for each in seals]
    whole = [each.intact and each.valid and each.coverage is SignatureCoverageLevel.ENTIRE_FILE for each in found]
    if whole != [True]:
        raise SealFault(Fault.CHECK)
