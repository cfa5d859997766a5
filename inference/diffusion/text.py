from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from inference.models.loaded import LoadedDiffusion

_KEPT = 256


def text_states(model: LoadedDiffusion, texts: Sequence[str]) -> Tensor:
    """What a text encoder makes of texts, (N, context, D), one row per text.

    Each distinct text is encoded once as long as the model stays loaded; padded and cut to the
    tokenizer's context as the stock pipelines do.

    Models with two encoders (Stable Diffusion XL; Podell et al. 2023, section 2.1) have the last
    hidden states but one of both side by side, and one row more, (N, context + 1, D): the second
    encoder's pooled state, filled up with zeros. So guidance, directions between texts and fitted
    texts treat both alike; `text_arguments` takes them apart.
    """
    cached = model.text_states
    for text in dict.fromkeys(texts):
        if text in cached:
            cached.move_to_end(text)
            continue
        # One text at a time: its states must not depend on which others were new.
        encode = _encoded if model.text_encoder_2 is None else _encoded_twice
        cached[text] = encode(model, text).to(model.dtype)
    found = torch.stack([cached[text] for text in texts])
    while len(cached) > _KEPT:
        cached.popitem(last=False)
    return found


def text_arguments(
    model: LoadedDiffusion, states: Tensor, latent_size: Sequence[int]
) -> dict[str, Any]:
    """What a UNet is called with besides latents and timestep.

    Args:
        model: with the UNet.
        states: of each row, from `text_states`.
        latent_size: (height, width). Stable Diffusion XL is given the size in pixels, as that of
            an original which nothing was cropped off (Podell et al. 2023, section 2.2).
    """
    if model.text_encoder_2 is None:
        return {"encoder_hidden_states": states}
    height, width = (side * model.factor for side in latent_size)
    sizes = torch.tensor([height, width, 0, 0, height, width])
    pooled = states[:, -1, : model.text_encoder_2.config.projection_dim]
    return {
        "encoder_hidden_states": states[:, :-1],
        "added_cond_kwargs": {
            "text_embeds": pooled,
            "time_ids": sizes.to(states).expand(len(states), -1),
        },
    }


def _encoded(model: LoadedDiffusion, text: str) -> Tensor:
    """(context, D): the last hidden states."""
    states: Tensor = model.text_encoder(_ids(model, model.tokenizer, text))[0][0]
    return states


def _encoded_twice(model: LoadedDiffusion, text: str) -> Tensor:
    """(context + 1, D): see `text_states`."""
    pairs = ((model.tokenizer, model.text_encoder), (model.tokenizer_2, model.text_encoder_2))
    outputs = [
        encoder(_ids(model, tokenizer, text), output_hidden_states=True)
        for tokenizer, encoder in pairs
    ]
    states = torch.cat([output.hidden_states[-2][0] for output in outputs], -1)
    pooled = outputs[1].text_embeds[0]
    row = functional.pad(pooled, (0, states.shape[-1] - len(pooled)))
    both = torch.cat([states, row[None]])
    return torch.zeros_like(both) if model.empty_is_zero and not text else both


def _ids(model: LoadedDiffusion, tokenizer: Any, text: str) -> Tensor:
    ids: Tensor = tokenizer(
        text,
        padding="max_length",
        max_length=tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).input_ids
    return ids.to(model.device)
