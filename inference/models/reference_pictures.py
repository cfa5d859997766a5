"""Pictures that a model is shown beside the one that it edits."""

from __future__ import annotations

from pathlib import Path

from editor.errors import ExpectedError
from editor.messages import Message, verbatim
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.model_ref import ModelRef
from editor.model.patch import SettingValues
from inference.models.digests import file_digest
from inference.request.cancel import CancelCheck
from inference.request.settings import REFERENCES


class ReferenceMissing(ExpectedError):
    """A reference picture is not where it was, or is another one now."""

    kind = "reference_missing"


def reference_refs(settings: SettingValues, check: CancelCheck) -> tuple[ModelRef, ...]:
    """What requests record of the reference pictures of some settings: results depend on them.

    Raises:
        ReferenceMissing: a file cannot be read.
        Cancelled: from `check`.
    """
    files = dict(settings).get(REFERENCES) or ()
    return tuple(_ref(Path(file), check) for file in files)


def open_references(request: EditRequest, check: CancelCheck) -> list[Image]:
    """The reference pictures of a request, in their order.

    Raises:
        ReferenceMissing: a file cannot be read, or holds something else than it did.
        ExpectedError: it is no picture.
        Cancelled: from `check`.
    """
    from editor.formats import open_image

    recorded = {ref.digest for ref in request.models if ref.role == REFERENCES}
    pictures = []
    for file in map(Path, dict(request.settings).get(REFERENCES) or ()):
        if recorded and _ref(file, check).digest not in recorded:
            raise ReferenceMissing(Message("reference.changed", file=file.name), _GIVE_AGAIN)
        pictures.append(open_image(file).image)
    return pictures


def _ref(file: Path, check: CancelCheck) -> ModelRef:
    try:
        return ModelRef(REFERENCES, file.name, REFERENCES, file_digest(file, check))
    except OSError as error:
        reason = verbatim(error.strerror or str(error))
        raise ReferenceMissing(
            Message("reference.unreadable", file=file.name, reason=reason), _GIVE_AGAIN
        ) from None


_GIVE_AGAIN = Message("do.give_reference_again")
