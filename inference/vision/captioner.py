"""Captions of pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from editor.formats import thumbnail
from editor.model.image import Image
from editor.model.prompt_edit.prompt_tokens import key_of
from inference.models.decoding_threads import decoding_threads
from inference.models.interrupt import between_layers
from inference.request.cancel import CancelCheck

SIDE: Final = 512
"""Side in pixels to which pictures are reduced before the captioner's own processor."""

_TOKENS: Final = 64


class Captioner(Protocol):
    """What this module needs of a loaded captioner; `LoadedCaptioner` satisfies it."""

    @property
    def model(self) -> Any:
        """A network of transformers that generates texts, in evaluation mode."""

    @property
    def processor(self) -> Any:
        """Its processor."""

    @property
    def device(self) -> torch.device:
        """Where it lies."""

    @property
    def dtype(self) -> torch.dtype:
        """The type of its weights."""

    @property
    def prompt(self) -> str:
        """What it is asked about each picture; "" for BLIP, which knows but one question."""

    @property
    def picture_options(self) -> Mapping[str, Any]:
        """Of the processor, for pictures."""


@dataclass(frozen=True)
class Captions:
    """The likeliest caption of a picture and others, all different."""

    caption: str
    alternatives: tuple[str, ...] = ()


def captions(
    captioner: Captioner, pictures: Sequence[Image], count: int, check: CancelCheck
) -> tuple[Captions, ...]:
    """Caption pictures, all in one batch.

    Args:
        captioner: the model.
        pictures: any sizes, depths and kinds; transparent parts count as white.
        count: captions of each; fewer where beams end in equal words.
        check: called before every picture, layer and token; what it raises ends the work.

    Returns:
        For each picture the captions of a beam search, the likeliest first. Large models that
        answer questions search for no more than are wanted.
    """
    if not pictures:
        return ()
    ready = _inputs(captioner, _checked(pictures, check))
    check()
    asked = 0
    beams = max(3, count)
    if "input_ids" in ready and not captioner.model.config.is_encoder_decoder:
        asked, beams = ready["input_ids"].shape[1], count  # the answer stands behind the question
    length = {"max_new_tokens": _TOKENS}
    if not captioner.prompt:
        limit = captioner.model.config.text_config.max_position_embeddings
        length = {"max_length": min(_TOKENS, limit)}
    with (
        torch.inference_mode(),
        between_layers([captioner.model], check),
        decoding_threads(captioner.model, captioner.device) as after_token,
    ):
        made = captioner.model.generate(
            **ready,
            **length,
            num_beams=beams,
            num_return_sequences=beams,
            do_sample=False,
            stopping_criteria=[_AtEachToken(check, after_token)],
        )
    answers = made[:, asked:]
    read = captioner.processor.tokenizer.batch_decode(answers, skip_special_tokens=True)
    texts = [tidy(first_sentence(text) if captioner.prompt else text) for text in read]
    rows = [texts[i : i + beams] for i in range(0, len(texts), beams)]
    return tuple(_distinct(row, count) for row in rows)


def _inputs(captioner: Captioner, pictures: list[NDArray[np.uint8]]) -> dict[str, torch.Tensor]:
    """What the network is given, on its device; numbers in its type."""
    words = {"text": [captioner.prompt] * len(pictures), "padding": True}
    ready = captioner.processor(
        images=pictures,
        return_tensors="pt",
        **captioner.picture_options,
        **(words if captioner.prompt else {}),
    )
    if not captioner.prompt:
        ready = {"pixel_values": ready["pixel_values"]}
    return {
        name: one.to(captioner.device, captioner.dtype if one.is_floating_point() else one.dtype)
        for name, one in ready.items()
    }


def first_sentence(text: str) -> str:
    """What models that talk say first, written as captions are: without the full stop."""
    sentence = re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]
    return sentence.removesuffix(".")


def tidy(text: str) -> str:
    """A caption in usual spelling: tokenizers of captioners put spaces around all punctuation.

    ``a woman ' s hat , seen close - up`` becomes ``a woman's hat, seen close-up``.
    """
    text = " ".join(text.split())
    text = re.sub(r" ([,.;:!?%)])", r"\1", text)
    text = re.sub(r"(\w) ?(['’]) ?(s|t|re|ve|ll|d|m)\b", r"\1\2\3", text)
    return re.sub(r"(\w) ([-–/]) (\w)", r"\1\2\3", text)


def _checked(pictures: Sequence[Image], check: CancelCheck) -> list[NDArray[np.uint8]]:
    ready = []
    for picture in pictures:
        check()
        ready.append(as_rgb(picture))
    return ready


def as_rgb(picture: Image) -> NDArray[np.uint8]:
    """(h, w, 3) sRGB, at most `SIDE` a side; transparent parts on white."""
    small = thumbnail(picture, SIDE)
    if small.shape[2] == 4:
        alpha = small[:, :, 3:].astype(np.float32) / 255.0
        mixed = small[:, :, :3].astype(np.float32) * alpha + 255.0 * (1.0 - alpha)
        return np.asarray(np.rint(mixed), np.uint8)
    return np.ascontiguousarray(small)


def _distinct(texts: Sequence[str], count: int) -> Captions:
    different: dict[tuple[str, ...], str] = {}
    for text in texts:
        if key_of(text):
            different.setdefault(key_of(text), text)
    distinct = list(different.values())[:count]
    return Captions(distinct[0], tuple(distinct[1:])) if distinct else Captions("")


class _AtEachToken:
    """Calls `check` and `after_token` at every token; never stops generation itself."""

    def __init__(self, check: CancelCheck, after_token: Callable[[], None]) -> None:
        self._check, self._after_token = check, after_token

    def __call__(
        self, input_ids: torch.Tensor, scores: torch.Tensor, **options: Any
    ) -> torch.Tensor:
        """No row is done, (rows,) bool."""
        del scores, options
        self._check()
        self._after_token()
        return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)
