from __future__ import annotations

import os
from pathlib import Path


def display_name(path: Path | str) -> str:
    """The last part of a path as messages show it: never empty, and always text.

    A path such as "." has no last part and is shown whole; bytes of a name that are not UTF-8
    (lone surrogates in Python, PEP 383) become replacement characters.
    """
    path = Path(path)
    name = path.name if path.name not in ("", "..") else str(path)
    return os.fsencode(name).decode("utf-8", "replace")
