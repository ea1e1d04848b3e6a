"""Files as families send them, and the bodies that carry them."""

import io

from PIL import Image

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)


def photograph(side: int = 40) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side), 80).save(out, "PNG")
    return out.getvalue()


PHOTO = photograph()
MULTIPART = "multipart/form-data; boundary=b"
"""The type of the bodies that are put together here."""
END = b"--b--\r\n"


def field(name: str, value: str) -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file(content: bytes, name: str = "a.png") -> bytes:
    """Without the line break that ends it, for a body that breaks off."""
    return f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content
