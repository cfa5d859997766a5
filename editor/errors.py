from __future__ import annotations

import errno
from typing import Final

from editor.messages import Message, verbatim

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ExpectedError(Exception):
    """An error that artists meet: one sentence says what happened, one what to do.

    The command line prints `message` and ends with exit code 3; the window shows it inline with
    one button. `kind` is the stable name in JSON, `fix` the text of the button or the advice.
    Words instead of messages are shown as they are; only the command line gives them.
    """

    kind = "refused"

    def __init__(self, message: Message | str, fix: Message | str | None = None) -> None:
        super().__init__(message, fix)
        self.message = verbatim(message) if isinstance(message, str) else message
        self.fix = verbatim(fix) if isinstance(fix, str) else fix

    def __str__(self) -> str:
        """What happened, in English."""
        return str(self.message)


class UnsupportedImage(ExpectedError):
    """The file is not a picture this program reads, is damaged, or is too large."""

    kind = "unsupported_image"


class DamagedDocument(ExpectedError):
    """A `.pentimento` file whose contents do not verify."""

    kind = "damaged_document"


class NotUnderstood(ExpectedError):
    """Words that the available methods do not know; `nearest` lists the closest known ones."""

    kind = "not_understood"

    def __init__(
        self,
        message: Message | str,
        fix: Message | str | None = None,
        nearest: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, fix)
        self.nearest = nearest


class SelectionNeeded(ExpectedError):
    """The words name a part of the picture and nothing is selected."""

    kind = "selection_needed"


class ModelMissing(ExpectedError):
    """The method needs weights that are not installed."""

    kind = "model_missing"


class DiskFull(ExpectedError):
    """Writing failed because the disk is full; what was to be written stays in memory."""

    kind = "disk_full"


class OutOfMemory(ExpectedError):
    """The job does not fit into memory."""

    kind = "out_of_memory"


def is_disk_full(error: OSError) -> bool:
    """True where the disk has no room, a quota is used up or a file may not grow any larger."""
    return error.errno in _FULL
