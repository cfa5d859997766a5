from __future__ import annotations

from typing import TYPE_CHECKING, Final

from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.patch import settings_of
from inference.diffusion.caption_method import Beside, CaptionMethod
from inference.request.fit import FitContext
from inference.request.registry import MethodInfo, values_of
from inference.request.settings import (
    AUTOMATIC_INVERSION,
    inversion,
    loras,
    negative_prompt,
    setting,
    steps,
    text_guidance,
)

if TYPE_CHECKING:
    from torch import Tensor

    from inference.models.loaded import LoadedDiffusion


def _fit(context: FitContext) -> float:
    """For all words of which captions can be made; slow."""
    return 0.3 if context.exact else 0.65


INFO: Final = MethodInfo(
    name="pix2pix_zero",
    version=1,
    title=Message("method.pix2pix_zero.title"),
    summary=Message("method.pix2pix_zero.summary"),
    paper="pix2pix-zero",
    implementation=f"{__name__}:Pix2PixZero",
    roles=("text_to_image",),
    fit=_fit,
    captions=True,
    sweep=(
        ("guidance_scale", (5.0, 7.5, 3.5, 10.0)),
        ("cross_attention_guidance_amount", (0.1, 0.05, 0.2, 0.2)),
    ),
    preview=settings_of({"num_inference_steps": 10}),
    cost=30.0,
    settings=(
        steps(30),
        text_guidance(default=5.0),
        setting("cross_attention_guidance_amount", default=0.1, minimum=0.0, maximum=100.0),
        inversion(AUTOMATIC_INVERSION),
        setting("num_captions", kind="integer", default=1, minimum=1, maximum=8),
        setting("shots", kind="integer", default=1, minimum=0, maximum=8),
        setting("lock_caption", kind="switch", default=True),
        setting("locked_words", kind="text", default=None, optional=True),
        setting("wording", kind="choice", default="terse", choices=("terse", "detailed")),
        setting("captions_before", kind="texts", default=None, optional=True),
        setting("captions_after", kind="texts", default=None, optional=True),
        negative_prompt(),
        setting("as_authors", kind="switch", default=False),
        loras(),
    ),
)


class Pix2PixZero(CaptionMethod):
    """Turns one thing into another and holds the rest, with a plain text-to-image model.

    pix2pix-zero (Parmar et al. 2023) with captions from a language model (Pix2Pix-OnTheFly; Santos
    et al. 2024): the picture is inverted under its caption, and drawn again under the caption moved
    along the edit direction, while its cross-attention maps are held near those of the source.
    """

    def draw(self, beside: Beside) -> tuple[Tensor, Tensor]:
        """See `CaptionMethod.draw`."""
        import torch

        from inference.diffusion.attention_guidance import GuidedEdits, draw_guided
        from inference.models.family import LARGE

        model, requests = beside.job.model, beside.requests
        values = [values_of(request) for request in requests]
        edits = GuidedEdits(
            torch.cat([self._edited(model, request) for request in requests]),
            [value["guidance_scale"] for value in values],
            [value["cross_attention_guidance_amount"] for value in values],
            as_authors=bool(values[0]["as_authors"]),
            at_once=1 if model.found.elements >= LARGE else len(requests),
        )
        return draw_guided(
            beside.scheduler, beside.denoiser, beside.source, edits, beside.on_denoised,
            beside.job.check,
        )  # fmt: skip

    def _edited(self, model: LoadedDiffusion, request: EditRequest) -> Tensor:
        """The caption's states moved along the edit direction, (1, context, D).

        The direction is what the captions after have on average over those before, token by token
        (section 3.2 of Pix2Pix-OnTheFly). Without captions before, the picture's own stands there;
        without captions after, the one of the edit. Without both, the caption moved along it is
        the caption after.
        """
        from inference.diffusion.text import text_states

        values = values_of(request)
        before, after = values["captions_before"], values["captions_after"]
        prompts = request.instruction
        own, edited = ([prompts.source_prompt], [prompts.target_prompt])
        if not before and not after:
            return text_states(model, edited)
        return text_states(model, own) + edit_direction(
            text_states(model, before or own), text_states(model, after or edited)
        )


def edit_direction(before: Tensor, after: Tensor) -> Tensor:
    """From the states of captions before, (N, context, D), to those of M after: (1, context, D)."""
    return after.mean(0, keepdim=True) - before.mean(0, keepdim=True)
