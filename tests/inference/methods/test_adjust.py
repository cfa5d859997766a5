from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from editor.errors import NotUnderstood
from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.selection import Selection
from editor.render import composite
from inference.methods.adjust import INFO as ADJUST
from inference.methods.adjust import Adjust
from tests.editor.render.adjustments.test_paint import scene, wall_selection


def request(settings: dict[str, Any], seed: int = 0) -> EditRequest:
    return EditRequest(
        "", None, Instruction(""), ADJUST.name, ADJUST.version, settings_of(settings), seed
    )


def made(settings: dict[str, Any], selection: Selection | None = None, seed: int = 0) -> Any:
    source = Image.from_array(scene())
    (patch,) = Adjust(None).edit([request(settings, seed)], source, selection, lambda step: None)
    return patch


def test_a_recolour_keeps_the_paint_that_was_found() -> None:
    source, selection = Image.from_array(scene()), wall_selection()
    patch = made({"recolour": (0.2, 0.4, 0.85)}, selection)
    again = Adjust(None).edit([request(dict(patch.parameters))], source, None, lambda step: None)
    assert dict(again[0].parameters) == dict(patch.parameters)  # what is stored is not found anew
    darker = Image.from_array(np.where(selection.array()[:, :, None], scene(), 0).astype(np.uint8))
    inside = selection.array() == 255
    first, second = (composite.render(one, patch, selection).array() for one in (source, darker))
    assert (first[inside] == second[inside]).all()


def test_a_colour_that_nothing_has_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="to be replaced"):
        made({"recolour": (1, 0, 0), "recolour_from": (0.1, 0.2, 0.9)})


def test_only_grain_takes_the_seed() -> None:
    assert dict(made({"grain": 0.4}, seed=7).parameters)["seed"] == 7
    assert "seed" not in dict(made({"exposure": 0.4}, seed=7).parameters)
