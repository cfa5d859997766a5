from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from inference.models.loaded import LoadedDiffusion

_KEPT = 256


def text_states(model: LoadedDiffusion, texts: Sequence[str]) -> Tensor:
    """The text encoder's last hidden states, (N, context, D), one row per text.

    Each distinct text is encoded once as long as the model stays loaded; padded and cut to the
    tokenizer's context as the stock pipelines do.
    """
    cached = model.text_states
    for text in dict.fromkeys(texts):
        if text in cached:
            cached.move_to_end(text)
            continue
        ids = model.tokenizer(
            text,
            padding="max_length",
            max_length=model.tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
        ).input_ids
        # One text at a time: its states must not depend on which others were new.
        cached[text] = model.text_encoder(ids.to(model.device))[0][0].to(model.dtype)
    found = torch.stack([cached[text] for text in texts])
    while len(cached) > _KEPT:
        cached.popitem(last=False)
    return found
