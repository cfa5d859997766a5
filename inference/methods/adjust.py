from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from inference.request.method_progress import MethodProgress, OnStep


class Adjust:
    """Tone and colour by words: the settings are the result, so a patch is only parameters.

    `composite.render` turns them into pixels at full size and depth for what is looked at.
    """

    def __init__(self, models: Any) -> None:
        """No weights: `models` is not used."""

    def edit(
        self,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        """One patch per request, in order."""
        patches = []
        for number, request in enumerate(requests, 1):
            parameters = dict(request.settings)
            if parameters.get("grain"):
                parameters["seed"] = request.seed  # grain is the only random part
            patches.append(Patch(settings_of(parameters)))
            on_step(MethodProgress(number, len(requests)))
        return patches
