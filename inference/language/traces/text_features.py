"""Features of texts whose cosine says how near two prompts are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from inference.language.traces.clusters import EPS, Embed
from inference.models.model_domain import world_of
from inference.models.store import ModelStore

_BATCH: Final = 64

WORDS_EPS: Final = 0.4
"""For counted words: neighbours share at least three fifths of their words."""

SENTENCES_EPS: Final = 0.25


@dataclass(frozen=True)
class TextFeatures:
    """A way to compare prompts.

    Attributes:
        name: "clip", "sentences" or "words".
        embed: texts to features of unit length.
        eps: the largest distance of neighbours that suits them.
    """

    name: str
    embed: Embed
    eps: float


def text_features(models: ModelStore) -> TextFeatures:
    """The best features there are.

    A CLIP model that is not limited to one world, as the rule wants it; else a sentence encoder;
    else the words that two prompts share.
    """
    clips = models.candidates("clip")
    if clips and not world_of(clips[0].folder):
        return TextFeatures("clip", _batched(lambda t: models.clip().encode_text(t)), EPS)
    if models.candidates("sentence_encoder"):
        from inference.models.loaded import LoadedSentenceEncoder

        encoder = models.load("sentence_encoder", LoadedSentenceEncoder)
        return TextFeatures("sentences", _batched(encoder.encode), SENTENCES_EPS)
    return TextFeatures("words", shared_words, WORDS_EPS)


def shared_words(texts: Sequence[str]) -> Any:
    """(n, d) sparse features of unit length; the cosine is the share of words in common.

    For two prompts of a and b different words with c in common it is c / √(ab).
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(
        use_idf=False, binary=True, lowercase=False, token_pattern=r"(?u)\w+|[^\w\s]+"
    )
    return vectoriser.fit_transform(texts)


def _batched(encode: Callable[[Sequence[str]], Any]) -> Embed:
    def embed(texts: Sequence[str]) -> Any:
        parts = [encode(texts[i : i + _BATCH]).numpy() for i in range(0, len(texts), _BATCH)]
        return np.concatenate(parts)

    return embed
