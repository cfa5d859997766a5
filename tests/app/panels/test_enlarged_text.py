"""A result that was drawn larger says how large it is."""

from __future__ import annotations

import numpy as np

from app.panels.wording import enlarged_text
from app.session.results import Slot
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import Patch
from editor.render.enlargement import enlargement_patch

REQUEST = EditRequest("0" * 64, None, Instruction("upscale 2x"), "upscale", 1)


def test_only_what_was_drawn_larger_has_a_size() -> None:
    source = Image.from_array(np.zeros((30, 45, 3), np.uint8))
    larger = enlargement_patch(source, 2.0, np.zeros((60, 90, 3), np.uint8))
    assert enlarged_text(Slot(REQUEST, Candidate(REQUEST, larger))) == "90 × 60 px"
    assert enlarged_text(Slot(REQUEST, Candidate(REQUEST, Patch()))) == ""
    assert enlarged_text(Slot(REQUEST)) == ""
