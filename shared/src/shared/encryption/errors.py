"""What can be wrong with keys. The texts name files and settings, and nothing of what was encrypted."""


class KeysUnusable(Exception):
    """The service cannot start with these keys; the text says what to do."""


class KeyDestroyed(Exception):
    """What was encrypted under it is erased."""


class WrongPlace(Exception):
    """A value was encrypted for another row or column, or it was changed."""
