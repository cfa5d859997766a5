"""New words for a text encoder (textual inversion; Gal et al. 2023), laid over a loaded model."""

from __future__ import annotations

import copy
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from inference.models.adapter_file import XL_TABLES, is_word
from inference.models.loaded import LoadedDiffusion
from inference.models.lora_file import safetensors_header


@dataclass(frozen=True, eq=False)
class NewWord:
    """A word that stands for vectors.

    Attributes:
        text: how it is written in a prompt: the name that diffusers keeps in the file ("<cat>"),
            else the file's.
        vectors: for each text encoder, (n, width); each row takes the place of one token.
    """

    text: str
    vectors: tuple[Tensor, ...]

    def fits(self, model: LoadedDiffusion) -> bool:
        """True if a model has as many text encoders, of these widths."""
        widths = [encoder.config.hidden_size for _, encoder in readers(model)]
        return [table.shape[1] for table in self.vectors] == widths

    def times(self, weight: float) -> NewWord:
        """The word with longer or shorter vectors."""
        return NewWord(self.text, tuple(table * weight for table in self.vectors))


def readers(model: LoadedDiffusion) -> list[tuple[Any, Any]]:
    """Tokenizer and text encoder, and the second ones of Stable Diffusion XL."""
    pairs = [(model.tokenizer, model.text_encoder), (model.tokenizer_2, model.text_encoder_2)]
    return [pair for pair in pairs if pair[1] is not None]


def read_word(file: Path) -> NewWord | None:
    """The word in a file, None if the file holds no textual inversion.

    Raises:
        LoraUnfit: the file is damaged or cannot be read.
    """
    from safetensors.torch import load_file

    shapes = safetensors_header(file).shapes
    if not is_word(shapes):
        return None
    tables = load_file(file)
    first = min(tables)
    text = first if first.startswith("<") else file.stem
    names = XL_TABLES if len(tables) > 1 else (first,)
    found = (tables[name] for name in names)
    return NewWord(text, tuple(one.reshape(-1, one.shape[-1]).float() for one in found))


@contextmanager
def with_words(model: LoadedDiffusion, words: Sequence[NewWord]) -> Iterator[LoadedDiffusion]:
    """Within this context the model's tokenizers and text encoders know the words.

    The table of each encoder is replaced by a longer one and put back afterwards.

    Args:
        model: loaded.
        words: that fit it.

    Yields:
        The model with tokenizers and text states of its own.
    """
    with ExitStack() as stack:
        tokenizers = [
            stack.enter_context(_longer(tokenizer, encoder, words, number))
            for number, (tokenizer, encoder) in enumerate(readers(model))
        ]
        first, second = [*tokenizers, model.tokenizer_2][:2]
        yield replace(model, tokenizer=first, tokenizer_2=second, text_states=OrderedDict())


@contextmanager
def _longer(
    tokenizer: Any, encoder: Any, words: Sequence[NewWord], number: int
) -> Iterator[_WordTokenizer]:
    """One encoder of a model, by its number, with a longer table: its tokenizer."""
    layer = encoder.get_input_embeddings()
    before = layer.weight
    tables = [word.vectors[number] for word in words]
    vectors = torch.cat(tables).to(before.device, before.dtype)
    # The tokenizer gives the next free numbers, so the table has to be as long as it is.
    read = {word.text: len(table) for word, table in zip(words, tables, strict=True)}
    longer = _WordTokenizer(copy.deepcopy(tokenizer), read, len(before))
    layer.weight = torch.nn.Parameter(torch.cat([before, vectors]), requires_grad=False)
    try:
        yield longer
    finally:
        layer.weight = before


class _WordTokenizer:
    """A stock tokenizer that reads some words as several tokens of their own."""

    def __init__(self, stock: Any, words: Mapping[str, int], rows: int) -> None:
        """Adds the tokens.

        Args:
            stock: the tokenizer, changed by this.
            words: how many tokens each stands for, in order.
            rows: of the encoder's table, so that numbers that the tokenizer lacks are passed over.
        """
        from transformers import AddedToken

        self._stock = stock
        fill = [f"<unused:{number}>" for number in range(rows - len(stock))]
        stock.add_tokens([AddedToken(one, normalized=False) for one in fill])
        self._tokens: dict[str, str] = {}
        for number, (word, count) in enumerate(words.items()):
            names = [f"<word:{number}:{part}>" for part in range(count)]
            stock.add_tokens([AddedToken(one, normalized=False) for one in names])
            self._tokens[word.lower()] = " ".join(names)
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
