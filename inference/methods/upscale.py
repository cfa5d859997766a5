from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.selection import Selection
from inference.language.enlargement_words import USUAL_FACTOR, asked_factor
from inference.request.fit import FitContext
from inference.request.method_progress import MethodProgress, OnStep
from inference.request.registry import MethodInfo
from inference.request.settings import setting

_SMALLEST: Final = 1.01
_LARGEST: Final = 8.0


def _fit(context: FitContext) -> float:
    """For words that ask for more pixels, and for no others."""
    return 1.0 if context.enlarges else 0.0


INFO: Final = MethodInfo(
    name="upscale",
    version=1,
    title=Message("method.upscale.title"),
    summary=Message("method.upscale.summary"),
    implementation=f"{__name__}:Upscale",
    roles=("upscaler",),
    enlarges=True,
    variety="variants",
    fit=_fit,
    cost=60.0,
    settings=(setting("scale", default=USUAL_FACTOR, minimum=_SMALLEST, maximum=_LARGEST),),
)


class Upscale:
    """Draws the picture larger; a selection is of no use to it.

    Attributes:
        facts: what is recorded beside the last result.
    """

    def __init__(self, models: Any) -> None:
        self._models = models
        self.facts: dict[str, Any] = {}

    def edit(
        self,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        """See `EditMethod.edit`; the results are larger than the source.

        Raises:
            NotUnderstood: it would not become larger, or far too large.
        """
        import torch

        from editor.render.enlargement import enlargement_patch
        from inference.models.loaded import LoadedUpscaler
        from inference.vision.upscale import enlarge

        factors = [factor_for(request, source.width, source.height) for request in requests]
        model = self._models.load("upscaler", LoadedUpscaler)
        self.facts = {
            "device": model.device.type,
            "dtype": str(model.dtype).removeprefix("torch."),
            "torch": torch.__version__,
            "model": model.found.id,
        }
        patches = []
        for before, factor in enumerate(factors):

            def on_tile(done: int, total: int, before: int = before) -> None:
                on_step(MethodProgress(before * total + done, len(factors) * total))

            colours = enlarge(model, source, factor, on_tile, self._models.check)
            patches.append(enlargement_patch(source, factor, colours))
        return patches


def factor_for(request: EditRequest, width: int, height: int) -> float:
    """How many times larger a request makes a picture: by its setting, else by its words.

    Args:
        request: of this method.
        width: of the picture, in pixels.
        height: of the picture, in pixels.

    Raises:
        NotUnderstood: it would not become larger, or larger than a picture may be.
    """
    from editor.formats.limits import MAX_PIXELS, MAX_SIDE
    from editor.render.enlargement import enlarged_size

    factor = asked_factor(request.settings, request.instruction.text)
    if not _SMALLEST <= factor <= _LARGEST:
        raise NotUnderstood(
            Message("method.upscale.bad_factor", most=_LARGEST), Message("do.say_scale")
        )
    across, down = enlarged_size(factor, width, height)
    if across * down > MAX_PIXELS or max(across, down) > MAX_SIDE:
        most = MAX_PIXELS // 1_000_000
        found = Message(
            "method.upscale.too_large", megapixels=round(across * down / 1e6), most=most
        )
        raise NotUnderstood(found, Message("do.say_smaller_scale"))
    return factor
