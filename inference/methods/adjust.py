from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from editor.render.adjustments.paint import paint_of
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
        """One patch per request, in order.

        Raises:
            NotUnderstood: nothing has the colour that a recolour is to replace.
        """
        patches = []
        for number, request in enumerate(requests, 1):
            parameters = parameters_of(request)
            if parameters.get("recolour") is not None:
                parameters["recolour_paint"] = _paint(parameters, source, selection)
            patches.append(Patch(settings_of(parameters)))
            on_step(MethodProgress(number, len(requests)))
        return patches


def parameters_of(request: EditRequest) -> dict[str, Any]:
    """The parameters of a request's patch; the paint of a recolour is still to be found."""
    parameters = dict(request.settings)
    if parameters.get("grain"):
        parameters["seed"] = request.seed  # grain is the only random part
    return parameters


def _paint(
    parameters: dict[str, Any], source: Image, selection: Selection | None
) -> tuple[float, ...]:
    """What a recolour recolours, found once, so that every later rendering is the same."""
    if parameters.get("invert_selection") and selection is not None:
        selection = selection.inverted()
    named, given = parameters.get("recolour_from"), parameters.get("recolour_paint")
    paint = paint_of(source, selection, named, given)
    if paint is None:
        raise NotUnderstood(Message("tone.no_such_colour"), Message("do.name_colour_there"))
    return paint.numbers
