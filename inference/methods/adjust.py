from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from editor.render.adjustments.parameters import HUES
from inference.request.fit import FitContext
from inference.request.method_progress import MethodProgress, OnStep
from inference.request.registry import MethodInfo
from inference.request.settings import SettingInfo, setting


def _n(name: str, low: float = -1.0, high: float = 1.0, unit: str = "") -> SettingInfo:
    return setting(name, minimum=low, maximum=high, unit=unit)


def _colour(name: str) -> SettingInfo:
    parts = ("red", "green", "blue")
    return setting(
        name, kind="numbers", default=None, minimum=0, maximum=1, parts=parts, optional=True
    )


def _fit(context: FitContext) -> float:
    """Best for all words that it can read, but those that a model does better."""
    if not context.readable:
        return 0.0
    return 0.4 if context.painted else 1.0


INFO: Final = MethodInfo(
    name="adjust",
    version=1,
    title=Message("method.adjust.title"),
    summary=Message("method.adjust.summary"),
    implementation=f"{__name__}:Adjust",
    parametric=True,
    variety="variants",
    cost=0.01,
    fit=_fit,
    settings=(
        _n("exposure", -5, 5, "stops"),
        _n("contrast"),
        _n("highlights"),
        _n("shadows"),
        _n("whites"),
        _n("blacks"),
        _n("temperature"),
        _n("tint"),
        _n("saturation"),
        _n("vibrance"),
        setting(
            "hue_saturation",
            kind="numbers",
            default=(0.0,) * 8,
            parts=HUES,
        ),
        setting(
            "hue_lightness",
            kind="numbers",
            default=(0.0,) * 8,
            parts=HUES,
        ),
        _n("black_and_white", 0),
        _n("sepia", 0),
        setting(
            "shadow_tone",
            kind="numbers",
            default=(0.0, 0.0),
            minimum=0,
            maximum=360,
            parts=("hue", "amount"),
        ),
        setting(
            "highlight_tone",
            kind="numbers",
            default=(0.0, 0.0),
            minimum=0,
            maximum=360,
            parts=("hue", "amount"),
        ),
        _n("blur", 0, 5, "%"),
        _n("sharpen", 0, 2),
        _n("clarity"),
        _n("noise_reduction", 0),
        _n("grain", 0),
        _n("vignette"),
        setting("quarter_turns", kind="integer", default=0, minimum=0, maximum=3),
        setting("flip_horizontal", kind="switch", default=False),
        _n("straighten", -45, 45, "°"),
        setting(
            "crop_ratio",
            kind="numbers",
            default=None,
            minimum=0.01,
            maximum=65500,
            parts=("width", "height"),
            optional=True,
        ),
        _colour("recolour"),
        _colour("recolour_from"),
        setting("recolour_metallic", kind="switch", default=False),
        setting(
            "remove_spot",
            kind="switch",
            default=False,
        ),
        setting(
            "invert_selection",
            kind="switch",
            default=False,
        ),
    ),
)


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
    from editor.render.adjustments.paint import paint_of  # cv2: the window is shown without

    if parameters.get("invert_selection") and selection is not None:
        selection = selection.inverted()
    named, given = parameters.get("recolour_from"), parameters.get("recolour_paint")
    paint = paint_of(source, selection, named, given)
    if paint is None:
        raise NotUnderstood(Message("tone.no_such_colour"), Message("do.name_colour_there"))
    return paint.numbers
