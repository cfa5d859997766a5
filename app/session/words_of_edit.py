from __future__ import annotations

from dataclasses import dataclass

from app.session.caption_draft import CaptionDraft
from app.session.chosen_methods import ChosenMethods
from app.session.word_attention import WordAttention


@dataclass(frozen=True)
class WordsOfEdit:
    """What the pages about the next edit work on.

    Attributes:
        captions: before and after, as far as the artist has a hand in them.
        chosen: the methods that answer.
        attention: where a word is seen.
    """

    captions: CaptionDraft
    chosen: ChosenMethods
    attention: WordAttention
