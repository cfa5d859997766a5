"""Recipe 8: CLIP once more, with the eyes of the captioner.

Naming every attribute in a sentence teaches a vision tower far more per step than choosing among
64 captions: the captioner, begun from the first layers of an undertrained CLIP, reads scenes
nearly without fault. So CLIP starts again with the captioner's layers below, layers that change
nothing yet above, and its own text tower, and replaces the first CLIP.
"""

from __future__ import annotations

import copy
from typing import Any

import torch

from inference.lab.training.captioner import shared_vision_names


def with_eyes_of(captioner: Any, clip: Any) -> Any:
    """A copy of an open_clip `CLIP` whose vision begins as a captioner's.

    Before any training its picture tokens after the last norm are the captioner's exactly.

    Args:
        captioner: a `BlipForConditionalGeneration` of the same width and patches, with as many
            layers or fewer.
        clip: gives the text tower, the projections and the scale.

    Raises:
        ValueError: the towers do not fit.
    """
    made = copy.deepcopy(clip)
    source = captioner.vision_model.state_dict()
    target = made.visual.state_dict()
    layers = captioner.config.vision_config.num_hidden_layers
    extra = range(layers, len(made.visual.transformer.resblocks))
    # BLIP adds a bias to every patch; CLIP has none, but adds a place to each.
    place = source["embeddings.position_embedding"][0].clone()
    place[1:] += source["embeddings.patch_embedding.bias"]
    state = {
        "class_embedding": source["embeddings.class_embedding"][0, 0],
        "positional_embedding": place,
        "conv1.weight": source["embeddings.patch_embedding.weight"],
    } | {clips: source[blips] for blips, clips in shared_vision_names(layers)}
    for i in extra:
        for name in ("attn.out_proj", "mlp.c_proj"):
            for kind in ("weight", "bias"):
                name_of = f"transformer.resblocks.{i}.{name}.{kind}"
                state[name_of] = torch.zeros_like(target[name_of])
    for name, value in state.items():
        if name not in target or target[name].shape != value.shape:
            raise ValueError(f"the vision towers differ in {name}")
    made.visual.load_state_dict(target | state)
    return made
