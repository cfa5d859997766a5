from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.tone import STARTERS, read
from editor.tone.fitting import ToneStatistics, fitting_phrases


def grey(low: int, high: int, tint: tuple[int, int, int] = (0, 0, 0)) -> NDArray[np.uint8]:
    ramp = np.linspace(low, high, 64)[None, :, None].repeat(48, axis=0)
    made: NDArray[np.uint8] = np.clip(ramp + np.array(tint), 0, 255).astype(np.uint8)
    return made


@pytest.mark.parametrize(
    ("pixels", "phrase"),
    [
        (grey(0, 60), "brighter, but keep the highlights"),
        (grey(0, 40), "lift the shadows a little"),
        (grey(190, 250), "darker"),
        (grey(100, 150), "more contrast"),
        (grey(40, 200, (-20, 0, 25)), "warmer"),
        (grey(40, 200, (30, 10, -30)), "cooler"),
        (grey(150, 200), "remove the haze"),
    ],
)
def test_a_picture_gets_what_it_calls_for(pixels: NDArray[np.uint8], phrase: str) -> None:
    assert phrase in [one.text for one in fitting_phrases(pixels, 4)]


def test_opposites_are_not_proposed_together() -> None:
    for pixels in (grey(0, 60), grey(190, 250), grey(40, 200, (-20, 0, 25)), grey(0, 255)):
        texts = {one.text for one in fitting_phrases(pixels, 30)}
        assert not {"warmer", "cooler"} <= texts
        assert not {"more contrast", "less contrast"} <= texts
        assert not {"darker", "brighter, but keep the highlights"} <= texts


def test_every_phrase_can_be_read_and_has_a_reason() -> None:
    for pixels in (grey(0, 60), grey(190, 250), grey(0, 255, (60, 0, -60))):
        for one in fitting_phrases(pixels, 40):
            assert read(one.text, has_selection=False, count=1)
            assert str(one.reason).endswith(".")


def test_reasons_are_what_was_measured() -> None:
    pixels = grey(0, 60)
    found = {one.text: str(one.reason) for one in fitting_phrases(pixels, 3)}
    middle = f"{ToneStatistics.of(pixels).middle:.0f}"
    assert f"below {middle} of 100" in found["brighter, but keep the highlights"]


def test_pages_and_refusals() -> None:
    pixels = grey(0, 60)
    first, second = fitting_phrases(pixels, 4), fitting_phrases(pixels, 4, page=1)
    assert not {one.text for one in first} & {one.text for one in second}
    refused = frozenset({first[0].text})
    assert first[0].text not in {one.text for one in fitting_phrases(pixels, 30, without=refused)}
    everything = frozenset(one.text for one in fitting_phrases(pixels, 99)) | set(STARTERS)
    assert fitting_phrases(pixels, 4, without=frozenset(everything)) == ()
