"""The electronic seal of an authority on its notices, with a key that lies in a token (PKCS#11)."""

from eligibility.printing.seals.fault import Fault, SealFault
from eligibility.printing.seals.settings import SealSettings, load_seals

__all__ = ["Fault", "SealFault", "SealSettings", "load_seals"]
