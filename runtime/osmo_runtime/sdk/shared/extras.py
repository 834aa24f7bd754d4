"""Libraries that only some rollouts need: a missing one is named, with where to get it."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def needed(what: str, module: str, extra: str) -> Iterator[None]:
    """Import inside the block: ``what`` needs ``module``, which the extra ``extra`` of osmo-scaffold brings.

    Raises ``ModuleNotFoundError`` with one sentence where ``module`` is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        sentence = f"{what} needs a package that is not installed ({module}): install osmo-scaffold[{extra}]."
        raise ModuleNotFoundError(sentence, name=module) from None
