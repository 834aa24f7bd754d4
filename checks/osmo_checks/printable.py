"""Texts of a user's files, of a model or of anybody, shown on a terminal and never obeyed by it."""


def printable(text: str, keep: str = "") -> str:
    """Escape control characters and others that have no shape, as Python writes them; those in ``keep`` stay."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in keep else ascii(char)[1:-1] for char in text)
