"""What a family writes is kept encrypted, under a key of its own that lies apart and can be destroyed."""

from shared.encryption.errors import KeyDestroyed, KeysUnusable
from shared.encryption.family_keys import FamilyKeys, open_family_keys
from shared.encryption.values import Cell, is_encrypted

__all__ = ["Cell", "FamilyKeys", "KeyDestroyed", "KeysUnusable", "is_encrypted", "open_family_keys"]
