"""Making a blind survey: order and sides by a seed, names of models apart from what is shown."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from editor.formats import SaveOptions, open_image, save_image
from editor.formats.adapted import adapted
from editor.survey.answers import GivenAnswer, pairs_of
from editor.survey.page import page
from editor.survey.presets import PRESETS
from editor.survey.survey import (
    KEY,
    PAGE,
    PICTURES,
    RATINGS,
    ShownAnswer,
    Survey,
    SurveyItem,
    SurveyKey,
    write_survey,
)

LONG_SIDE: Final = 768
_QUALITY: Final = 90


def make_survey(
    answers: Sequence[GivenAnswer],
    folder: Path,
    preset: str,
    *,
    seed: int = 0,
    pairs: bool | None = None,
    title: str = "",
) -> Survey:
    """Write a survey: what raters see, the page, and the key.

    Pictures are written again as WebP of at most 768 pixels a side without any metadata, under
    running numbers, so that neither names, sizes on disk in order nor metadata say what made them.
    The same answers and seed give the same order and sides.

    Args:
        answers: of the models.
        folder: new or empty; `SURVEY` is written last and says that the rest is complete.
        preset: a name of `PRESETS`.
        seed: of the order and of the sides; it stands in the key alone.
        pairs: two answers beside each other; None as the preset has it.
        title: shown above; "" for the preset's.

    Raises:
        BadSurvey: no two answers can be compared.
        ExpectedError: a picture cannot be read, or the folder not written.
    """
    chosen = PRESETS[preset]
    paired = chosen.pairs if pairs is None else pairs
    shown: list[tuple[GivenAnswer, ...]] = (
        [*pairs_of(tuple(answers))] if paired else [(answer,) for answer in answers]
    )
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(shown))
    swapped = rng.integers(2, size=len(shown))
    pictures = _Pictures(folder / PICTURES)
    items, models = [], {}
    for number, (place, swap) in enumerate(zip(order, swapped, strict=True), start=1):
        sides = shown[place][::-1] if swap else shown[place]
        item = f"{number:03d}"
        models[item] = tuple(answer.model for answer in sides)
        items.append(
            SurveyItem(
                item,
                sides[0].text,
                pictures.name(sides[0].before),
                tuple(ShownAnswer(pictures.name(one.picture), one.words) for one in sides),
            )
        )
    name = secrets.token_hex(8)
    key = SurveyKey(name, secrets.token_hex(16), seed, models)
    survey = Survey(
        name,
        title or str(chosen.title),
        preset,
        chosen.questions(pairs=paired),
        tuple(items),
        key.digest,
    )
    (folder / RATINGS).mkdir(parents=True, exist_ok=True)
    (folder / KEY).write_text(key.text(), "utf-8")
    (folder / PAGE).write_text(page(survey, folder / PICTURES), "utf-8")
    write_survey(folder, survey)
    return survey


class _Pictures:
    """Writes pictures under numbers in the order in which they are shown, each once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[Path, str] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def name(self, file: Path | None) -> str:
        """The name of a picture's copy; "" for none."""
        if file is None:
            return ""
        if file not in self._names:
            name = f"{len(self._names) + 1:04d}.webp"
            image = adapted(open_image(file).image, long_side=LONG_SIDE, srgb=True)
            options = SaveOptions(quality=_QUALITY, lossless=False, camera=False, place=False)
            save_image(image, self._folder / name, options=options)
            self._names[file] = name
        return self._names[file]
