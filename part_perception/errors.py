"""Errors that are the caller's to mend: bad input, told in one clear sentence."""


class InputError(ValueError):
    """What was given cannot be used; the message says what is wrong and what to do."""
