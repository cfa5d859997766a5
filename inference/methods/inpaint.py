from __future__ import annotations

from typing import Final

from editor.messages import Message
from editor.model.patch import settings_of
from inference.diffusion.inpainting_method import InpaintingMethod
from inference.request.registry import MethodInfo
from inference.request.settings import (
    context,
    loras,
    negative_prompt,
    setting,
    steps,
    text_guidance,
)

INFO: Final = MethodInfo(
    name="inpaint",
    version=1,
    title=Message("method.inpaint.title"),
    summary=Message("method.inpaint.summary"),
    paper="Inpainting",
    implementation=f"{__name__}:Inpaint",
    roles=("inpaint",),
    needs_selection=True,
    preview=settings_of({"num_inference_steps": 12}),
    cost=12.0,
    settings=(
        steps(30),
        text_guidance("help_new_picture"),
        negative_prompt(),
        setting("strength", "help_inside", default=1.0, minimum=0.01, maximum=1.0),
        context(0.5),
        loras(),
    ),
)


class Inpaint(InpaintingMethod):
    """Draws the selection anew from words and leaves every pixel outside as it is.

    With an inpainting model (Rombach et al. 2022, section 4.5) where there is one, else with a
    text-to-image model whose known latents are put back after each step (blended latent diffusion;
    Avrahami et al. 2023).
    """
