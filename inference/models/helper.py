"""Models that an edit can do without: captioner, language model, CLIP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from editor.errors import ExpectedError, OutOfMemory
from editor.messages import Message, verbatim
from inference.models.errors import ModelDamaged
from inference.models.found_model import FoundModel
from inference.request.cancel import Cancelled

_LONGEST = 200


class HelperFailed(ExpectedError):
    """A helper model cannot be used, for whatever reason; an edit goes on without it."""

    kind = "helper_failed"


@contextmanager
def helping(model: FoundModel) -> Iterator[None]:
    """Run a helper model: damage, lack of memory and whatever else it raises is one error.

    Stock code raises anything for weights that do not fit or give no numbers. What is expected of
    a model that works (no words for a picture, a cancel) passes.

    Args:
        model: for the sentence.

    Raises:
        HelperFailed: the model cannot be used; its message says why.
    """
    try:
        yield
    except (ModelDamaged, OutOfMemory) as error:
        raise HelperFailed(Message("helper.left_out", reason=error.message), error.fix) from error
    except (ExpectedError, Cancelled):
        raise
    except Exception as error:
        text = " ".join(str(error).split())[:_LONGEST] or type(error).__name__
        reason = Message("helper.failed", model=model.id, reason=verbatim(text))
        raise HelperFailed(Message("helper.left_out", reason=reason)) from error
