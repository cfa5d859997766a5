from __future__ import annotations

from pathlib import Path

from editor.display_name import display_name
from editor.errors import ExpectedError
from editor.messages import Message


def require_file(path: Path) -> None:
    """Refuse a path where there is no file to read a document from.

    Raises:
        ExpectedError: nothing is there, or a folder.
    """
    try:
        folder, file = path.is_dir(), path.is_file()
    except OSError:  # a name that is too long, say
        folder = file = False
    if not file:
        name = display_name(path)
        raise ExpectedError(
            Message("file.is_folder" if folder else "document.missing", name=name),
            Message("do.choose_other_file"),
        )
