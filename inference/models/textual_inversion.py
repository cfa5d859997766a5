"""New words for a text encoder (textual inversion; Gal et al. 2023), laid over a loaded model."""

from __future__ import annotations

import copy
import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from editor.messages import Message
from inference.models.adapter_file import is_word
from inference.models.loaded import LoadedDiffusion
from inference.models.lora_file import LoraUnfit, safetensors_header


@dataclass(frozen=True, eq=False)
class NewWord:
    """A word that stands for vectors.

    Attributes:
        text: how it is written in a prompt: the name that diffusers keeps in the file ("<cat>"),
            else the file's.
        vectors: (n, width); each takes the place of one token.
    """

    text: str
    vectors: Tensor


def read_word(file: Path) -> NewWord | None:
    """The word in a file, None if the file holds no textual inversion.

    Raises:
        LoraUnfit: the file is damaged or cannot be read, or it was made for Stable Diffusion XL,
            which reads a word with two encoders.
    """
    from safetensors.torch import load_file

    shapes = safetensors_header(file).shapes
    if not is_word(shapes):
        return None
    if len(shapes) > 1:
        raise LoraUnfit(
            Message("lora.two_encoders", file=file.name), Message("do.choose_other_file")
        )
    ((name, vectors),) = load_file(file).items()
    text = name if name.startswith("<") else file.stem
    return NewWord(text, vectors.reshape(-1, vectors.shape[-1]).float())


@contextmanager
def with_words(model: LoadedDiffusion, words: Sequence[NewWord]) -> Iterator[LoadedDiffusion]:
    """Within this context the model's tokenizer and text encoder know the words.

    The table of the encoder is replaced by a longer one and put back afterwards.

    Args:
        model: loaded.
        words: each of the encoder's width.

    Yields:
        The model with a tokenizer and text states of its own.
    """
    layer = model.text_encoder.get_input_embeddings()
    before = layer.weight
    vectors = torch.cat([word.vectors for word in words]).to(before.device, before.dtype)
    # The tokenizer gives the next free numbers, so the table has to be as long as it is.
    tokenizer = _WordTokenizer(copy.deepcopy(model.tokenizer), words, len(before))
    layer.weight = torch.nn.Parameter(torch.cat([before, vectors]), requires_grad=False)
    try:
        yield replace(model, tokenizer=tokenizer, text_states=OrderedDict())
    finally:
        layer.weight = before


class _WordTokenizer:
    """A stock tokenizer that reads some words as several tokens of their own."""

    def __init__(self, stock: Any, words: Sequence[NewWord], rows: int) -> None:
        """Adds the tokens.

        Args:
            stock: the tokenizer, changed by this.
            words: the vectors of each, in order.
            rows: of the encoder's table, so that numbers that the tokenizer lacks are passed over.
        """
        from transformers import AddedToken

        self._stock = stock
        fill = [f"<unused:{number}>" for number in range(rows - len(stock))]
        stock.add_tokens([AddedToken(one, normalized=False) for one in fill])
        self._tokens: dict[str, str] = {}
        for number, word in enumerate(words):
            names = [f"<word:{number}:{part}>" for part in range(len(word.vectors))]
            stock.add_tokens([AddedToken(one, normalized=False) for one in names])
            self._tokens[word.text.lower()] = " ".join(names)
        longest_first = sorted(self._tokens, key=len, reverse=True)
        written = "|".join(re.escape(text) for text in longest_first)
        self._pattern = re.compile(rf"(?<!\w)(?:{written})(?!\w)", re.IGNORECASE)

    def __call__(self, text: str, **options: Any) -> Any:
        """As of the stock tokenizer, for one text; offsets are places in that text."""
        replaced, places = self._replaced(text)
        made = self._stock(replaced, **options)
        if "offset_mapping" in made:
            offsets = made["offset_mapping"]
            made["offset_mapping"] = [_in_text(start, end, places) for start, end in offsets]
        return made

    def _replaced(self, text: str) -> tuple[str, list[_Place]]:
        """The text with the words written as their tokens, and where they stand."""
        parts: list[str] = []
        places: list[_Place] = []
        end = length = 0
        for match in self._pattern.finditer(text):
            tokens = self._tokens[match[0].lower()]
            parts += [text[end : match.start()], tokens]
            length += match.start() - end
            places.append(_Place(length, length + len(tokens), *match.span()))
            length += len(tokens)
            end = match.end()
        return "".join([*parts, text[end:]]), places

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stock, name)

    def __len__(self) -> int:
        return len(self._stock)


@dataclass(frozen=True)
class _Place:
    """Where tokens stand in the replaced text, and the word in the text that was given."""

    start: int
    end: int
    word_start: int
    word_end: int


def _in_text(start: int, end: int, places: Sequence[_Place]) -> tuple[int, int]:
    """Offsets in the replaced text as offsets in the text that was given."""
    shift = 0
    for place in places:
        if place.start <= start < place.end:
            return place.word_start, place.word_end
        if place.end <= start:
            shift = place.word_end - place.end
    return start + shift, end + shift
