from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import EXTENDED, Patch, settings_of
from editor.model.selection import Selection
from inference.diffusion.inpainting_method import InpaintingMethod
from inference.language.extension_words import SIDES, ExtensionWords, read_extension
from inference.request.fit import FitContext
from inference.request.method_progress import MethodProgress, OnStep
from inference.request.registry import MethodInfo, values_of
from inference.request.settings import (
    context,
    loras,
    negative_prompt,
    setting,
    steps,
    text_guidance,
)

if TYPE_CHECKING:  # with cv2 and the file formats: the window is shown without
    from editor.render.extension import Margins


def _fit(context: FitContext) -> float:
    """For words that ask for a larger canvas, and for no others."""
    return 1.0 if context.extends else 0.0


INFO: Final = MethodInfo(
    name="outpaint",
    version=1,
    title=Message("method.outpaint.title"),
    summary=Message("method.outpaint.summary"),
    implementation=f"{__name__}:Outpaint",
    roles=("inpaint",),
    extends=True,
    fit=_fit,
    preview=settings_of({"num_inference_steps": 12}),
    cost=13.0,
    settings=(
        setting("extend", kind="numbers", default=None, minimum=0, maximum=65500, parts=SIDES,
                optional=True),
        setting("extend_unit", kind="choice", default="percent", choices=("percent", "pixels")),
        setting("extend_ratio", kind="numbers", default=None, minimum=0.01, maximum=65500,
                parts=("width", "height"), optional=True),
        steps(30),
        text_guidance("help_new_picture"),
        negative_prompt(),
        setting("strength", "help_inside", default=1.0, minimum=0.01, maximum=1.0),
        context(1.0),
        loras(),
    ),
)  # fmt: skip


class Outpaint(InpaintingMethod):
    """Draws what goes on around a picture; every pixel of the picture stays as it is.

    What is added begins as the picture's reflection under noise and is drawn as `inpaint` draws a
    selection.
    """

    def words(self, request: EditRequest) -> str:
        """The caption of the picture, else what is to be there."""
        asked = read_extension(request.instruction.text)
        own = request.instruction.text if asked is None else asked.content
        return request.instruction.target_prompt or own

    def edit(
        self,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        """See `EditMethod.edit`; the results are larger than the source.

        Raises:
            NotUnderstood: nothing would be added, or far too much.
        """
        from editor.render.extension import added_area, reflected

        groups: dict[Margins, list[EditRequest]] = {}
        for request in requests:
            groups.setdefault(margins_for(request, source.width, source.height), []).append(request)
        made: dict[str, Patch] = {}
        for number, (margins, part) in enumerate(groups.items()):

            def on_part(step: MethodProgress, before: int = number) -> None:
                done, total = before * step.total + step.number, len(groups) * step.total
                on_step(MethodProgress(done, total, step.previews))

            canvas, added = reflected(source, margins), added_area(source, margins)
            marks = settings_of({EXTENDED: margins.shares(source.width, source.height)})
            for request, patch in zip(
                part, super().edit(part, canvas, added, on_part), strict=True
            ):
                made[request.key] = Patch(marks, patch.pixels, patch.placement)
        return [made[request.key] for request in requests]


def margins_for(request: EditRequest, width: int, height: int) -> Margins:
    """What a request adds to a picture of this size: by its settings, else by its words.

    Raises:
        NotUnderstood: nothing would be added, or the result would be larger than a picture may be.
    """
    from editor.formats.limits import MAX_PIXELS, MAX_SIDE

    values = values_of(request)
    asked = read_extension(request.instruction.text) or ExtensionWords(SIDES)
    ratio = values["extend_ratio"] or (asked.ratio if values["extend"] is None else None)
    if ratio is not None:
        margins = _to_ratio(ratio, asked.sides, width, height)
    else:
        margins = _by_amounts(values, asked, width, height)
    across, down = margins.size(width, height)
    if not any(margins):
        raise NotUnderstood(Message("method.outpaint.nothing"), Message("do.say_side"))
    if across * down > MAX_PIXELS or max(across, down) > MAX_SIDE:
        found = Message("method.outpaint.too_large", megapixels=round(across * down / 1e6))
        raise NotUnderstood(found, Message("do.say_side"))
    return margins


def _by_amounts(values: dict[str, Any], asked: ExtensionWords, width: int, height: int) -> Margins:
    from editor.render.extension import Margins

    amounts, unit = values["extend"], values["extend_unit"]
    if amounts is None:
        amounts = tuple(asked.amount if side in asked.sides else 0.0 for side in SIDES)
        unit = asked.unit
    if unit == "pixels":
        return Margins(*(round(amount) for amount in amounts))
    left, top, right, bottom = (amount / 100 for amount in amounts)
    return Margins(
        round(left * width), round(top * height), round(right * width), round(bottom * height)
    )


def _to_ratio(ratio: tuple[float, float], sides: Sequence[str], width: int, height: int) -> Margins:
    """As much as gives that ratio, on the sides named in its direction, else on both."""
    from editor.render.extension import Margins

    wanted = ratio[0] / ratio[1]
    across = max(0, round(height * wanted) - width)
    down = max(0, round(width / wanted) - height) if not across else 0
    added = dict.fromkeys(SIDES, 0)
    for total, pair in ((across, ("left", "right")), (down, ("top", "bottom"))):
        used = [side for side in pair if side in sides] or list(pair)
        for number, side in enumerate(used):
            added[side] = total // len(used) + (number < total % len(used))
    return Margins(*(added[side] for side in SIDES))
