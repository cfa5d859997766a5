"""A helper model that fails is one error with one sentence, whatever its code raised."""

from __future__ import annotations

from pathlib import Path

import pytest

from editor.errors import ExpectedError, OutOfMemory
from editor.messages import Message
from inference.models.errors import ModelDamaged
from inference.models.found_model import FoundModel
from inference.models.helper import HelperFailed, helping
from inference.request.cancel import Cancelled

MODEL = FoundModel("clip", "my-clip", Path("my-clip"), (), 0)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ModelDamaged("It is damaged."), "It is damaged. It is left out here."),
        (OutOfMemory("It is too large."), "It is too large. It is left out here."),
        (RuntimeError("shape\n mismatch"), "The model my-clip failed: shape mismatch."),
        (KeyError(), "The model my-clip failed: KeyError."),
        (MemoryError(), "The model my-clip failed: MemoryError."),
    ],
)
def test_what_a_model_raises_is_one_error(error: Exception, sentence: str) -> None:
    with pytest.raises(HelperFailed) as caught, helping(MODEL):
        raise error
    assert sentence in str(caught.value.message)
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [Cancelled(), ExpectedError(Message("caption.none"))])
def test_what_is_expected_of_a_working_model_passes(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, helping(MODEL):
        raise error
    assert caught.value is error


def test_an_interrupt_passes() -> None:
    with pytest.raises(KeyboardInterrupt), helping(MODEL):
        raise KeyboardInterrupt
