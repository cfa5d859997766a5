from __future__ import annotations

from importlib.util import find_spec

from editor.errors import ExpectedError


class NotInThisBuild(ExpectedError):
    """A command whose code was left out of the packaged program."""

    kind = "not_in_this_build"


def require_lab() -> None:
    """Check that the code that makes and measures models is here; the packaged program has none.

    Raises:
        NotInThisBuild: it is not.
    """
    if find_spec("inference.lab") is None:
        raise NotInThisBuild(
            "The packaged program does not make or measure models.",
            "Run this command in a checkout of the source.",
        )
