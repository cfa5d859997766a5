"""What the engine says is found again by its templates, whatever it names."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

import numpy as np
import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from app.i18n import engine_messages as module
from app.i18n.engine_messages import said
from app.session.suggestion_feed import _NOBODY
from editor.errors import ExpectedError
from editor.tone import read
from editor.tone.fitting import fitting_phrases
from inference.language import questions, serve, suggest
from inference.language.reasons import of_prompts
from inference.language.tones import from_tones
from inference.request import jobs
from inference.request.registry import METHODS
from inference.starter.grammar import from_world
from inference.starter.world_captions import read_caption
from inference.workflow import describe


class Marked(QTranslator):
    """Puts every text of the engine into brackets."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, text: str, comment: str | None = None, n: int = -1
    ) -> str | None:
        return f"[{text}]" if context == "Engine" else None


@pytest.fixture
def marked(qapp: QApplication) -> Iterator[None]:
    translator = Marked()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def sentences() -> Iterator[str]:
    yield describe.FOREIGN
    yield from (serve.FOREIGN, serve.NO_LANGUAGE, serve.NO_CAPTIONER)
    yield from (suggest.OUTSIDE, suggest.FEW, _NOBODY)
    yield from (jobs.ENGINE_STOPPED, jobs.ENGINE_STOPPED_FIX, jobs.BUG, jobs.BUG_FIX)
    for caption, words in (
        ("a red house and a boat", "paint the cow"),
        ("a cat, a dog", "remove it"),
    ):
        asked = questions.question(caption, words)
        assert asked is not None
        yield asked.text


def reasons() -> Iterator[str]:
    rng = np.random.default_rng(5)
    for level in (10, 60, 120, 200, 245):
        for spread in (1, 30):
            pixels = np.clip(rng.normal(level, spread, (40, 40, 3)), 0, 255).astype(np.uint8)
            for page in range(3):
                yield from (one.reason for one in fitting_phrases(pixels, 9, page=page))
    for target in ("a red house", "a house", "a big red house", "a blue house", "a house, red"):
        yield of_prompts("a red house", target, ())
    yield from (one.reason for one in from_tones("a house"))
    reading = read_caption("a red house on a hill at noon, in spring")
    yield from (one.reason for one in from_world(reading, (), 1, subject=True))


def test_every_sentence_and_reason_is_translated(marked: None) -> None:
    told = [text for text in (*sentences(), *reasons()) if text]
    assert len(set(told)) > 40
    for text in told:
        assert said(text).startswith("["), text


@pytest.mark.parametrize("words", ["frobnicate", "12 furlongs brighter", "warmer left half", " "])
def test_refusals_of_words_are_translated(marked: None, words: str) -> None:
    with pytest.raises(ExpectedError) as caught:
        read(words, has_selection=False, count=1)
    if "words here yet" not in caught.value.message:
        assert said(caught.value.message).startswith("["), caught.value.message


def test_what_a_sentence_names_stands_in_the_translated_one(marked: None) -> None:
    assert said("The model tiny makes no picture: its results are not numbers.") == (
        "[The model tiny makes no picture: its results are not numbers.]"
    )
    assert said("The caption mentions “dew”; no step so far was about it.") == (
        "[The caption mentions “dew”]; [no step so far was about it]."
    )
    assert said("The caption names no season.") == "[The caption names no [season]]."


def test_unknown_words_stay_as_they_are(marked: None, qapp: QApplication) -> None:
    for text in ("", "Nobody ever wrote this. Or this; here.", "…"):
        assert said(text) == text


def test_without_a_translation_nothing_changes(qapp: QApplication) -> None:
    for text in (*sentences(), *reasons()):
        assert said(text) == text


def test_templates_number_what_they_name() -> None:
    for template in module._ALL:
        named = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
        assert named == [str(number) for number in range(len(named))]


def test_translators_find_every_method() -> None:
    told = {text for info in METHODS.values() for text in (info.title, info.summary)}
    assert set(module.METHODS) == told
