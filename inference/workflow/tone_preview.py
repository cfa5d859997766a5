from __future__ import annotations

from editor.errors import ExpectedError
from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from editor.tone import read
from inference.methods.adjust import INFO as ADJUST
from inference.methods.adjust import parameters_of
from inference.request.edit_job import EditJob, Quality
from inference.workflow.plan import plan_edit, tone_variants
from inference.workflow.preparation import Preparation


def tone_preview(text: str, image: Image, selection: Selection | None) -> Candidate | None:
    """What tone and colour does with words, found without the engine.

    Quick enough for the UI thread: the candidate is parameters, no pixel is touched.

    Args:
        text: the words.
        image: the picture they are about.
        selection: where the edit may act, None for everywhere.

    Returns:
        The first reading's candidate; None where the words are not of that kind.
    """
    try:
        readings = read(text, has_selection=selection is not None, count=1)
    except ExpectedError:
        return None
    if not readings:
        return None
    instruction = Instruction(text)
    found = Preparation(instruction, (ADJUST.name,), {ADJUST.name: tone_variants(readings)})
    job = EditJob((instruction,), image, selection, count=1, quality=Quality.PREVIEW)
    (request,) = plan_edit(job, [found], image, selection).requests
    # The paint of a recolour is found by whoever renders, which happens on other threads.
    return Candidate(request, Patch(settings_of(parameters_of(request))))
