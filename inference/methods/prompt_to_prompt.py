from __future__ import annotations

from typing import TYPE_CHECKING, Final

from editor.messages import Message
from editor.model.patch import settings_of
from inference.diffusion.caption_method import Beside, CaptionMethod
from inference.request.fit import FitContext
from inference.request.registry import MethodInfo, values_of
from inference.request.settings import (
    inversion,
    loras,
    negative_prompt,
    setting,
    steps,
    text_guidance,
)

if TYPE_CHECKING:
    from torch import Tensor


def _fit(context: FitContext) -> float:
    """For all words of which captions can be made."""
    return 0.3 if context.exact else 0.7


INFO: Final = MethodInfo(
    name="prompt_to_prompt",
    version=1,
    title=Message("method.prompt_to_prompt.title"),
    summary=Message("method.prompt_to_prompt.summary"),
    paper="Prompt-to-Prompt",
    implementation=f"{__name__}:PromptToPrompt",
    roles=("text_to_image",),
    fit=_fit,
    captions=True,
    sweep=(
        ("guidance_scale", (5.0, 7.5, 3.5, 10.0)),
        ("self_replace_steps", (0.8, 0.4, 0.8, 0.6)),
    ),
    preview=settings_of({"num_inference_steps": 10}),
    cost=12.0,
    settings=(
        steps(30),
        text_guidance(default=5.0),
        setting("cross_replace_steps", default=0.8, minimum=0.0, maximum=1.0),
        setting("self_replace_steps", default=0.8, minimum=0.0, maximum=1.0),
        setting("word_weights", kind="weights", default=None, minimum=0.0, maximum=10.0,
                optional=True),
        setting("blend_words", kind="text", default=None, optional=True),
        inversion("direct"),
        negative_prompt(),
        loras(),
    ),
)  # fmt: skip


class PromptToPrompt(CaptionMethod):
    """Changes the words of the picture's caption and keeps the layout of the rest.

    Prompt-to-Prompt (Hertz et al. 2022): the attention maps of the picture, inverted under its
    caption, are put into the edit's: word by word where the captions have as many words, else for
    those that they share. Single words can weigh more or less.
    """

    def draw(self, beside: Beside) -> tuple[Tensor, Tensor]:
        """See `CaptionMethod.draw`."""
        from inference.diffusion.prompt_attention import draw_beside, word_edit
        from inference.diffusion.prompt_words import prompt_words
        from inference.diffusion.text import text_states

        model = beside.job.model
        edits, texts, scales = [], [], []
        for request in beside.requests:
            values = values_of(request)
            texts.append(request.instruction.target_prompt)
            scales.append(float(values["guidance_scale"]))
            edits.append(
                word_edit(
                    prompt_words(model.tokenizer, request.instruction.source_prompt),
                    prompt_words(model.tokenizer, request.instruction.target_prompt),
                    weights=dict(values["word_weights"] or ()),
                    cross_steps=values["cross_replace_steps"],
                    self_steps=values["self_replace_steps"],
                    blended=(values["blend_words"] or "").split(),
                )
            )
        return draw_beside(
            beside.scheduler, beside.denoiser, beside.source, edits, text_states(model, texts),
            scales, beside.on_denoised, beside.job.check,
        )  # fmt: skip
