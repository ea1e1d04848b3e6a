"""The electronic seal of an authority on its notices, with a key that lies in a token (PKCS#11)."""

from eligibility.printing.seals.settings import SealSettings, load_seals
from eligibility.printing.seals.token import Fault, SealFault

__all__ = ["Fault", "SealFault", "SealSettings", "load_seals"]
