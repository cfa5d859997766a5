"""Further captions before and after an edit; the models' answers are stood in for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from editor.errors import NotUnderstood
from editor.messages import verbatim
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues, settings_of
from inference.language.direction import AlreadyShown, Direction, ThingAbsent, WordsUnknown
from inference.language.directions import DirectionUnknown
from inference.models.picture_domains import PictureDomains
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.request.registry import METHODS
from inference.vision.captioner import Captions
from inference.workflow.caption_sets import caption_settings
from inference.workflow.prepare import prepare
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

PICTURE = Image.from_array(tiny_models.scene(40, 30))
WORDS = Instruction("make the boat red", "a boat on a lake", "a red boat on a lake")
OTHERS = ("a lake", "a boat at noon", "a boat on a lake")


def settings(models: ModelStore, **values: Any) -> SettingValues:
    found, _ = caption_settings(
        METHODS["pix2pix_zero"],
        settings_of(values),
        WORDS,
        PICTURE,
        models,
        PictureDomains(models, None),
        CancelToken(),
    )
    return found


@pytest.mark.parametrize("refusal", [ThingAbsent, WordsUnknown, AlreadyShown, DirectionUnknown])
def test_a_caption_that_the_words_do_not_fit_is_left_out(
    starter_models: Path, monkeypatch: pytest.MonkeyPatch, refusal: type[NotUnderstood]
) -> None:
    """It does not end the edit, which is about a picture and not about one of its captions."""

    def directions(language: Any, caption: str, *rest: Any) -> tuple[Direction, ...]:
        if "boat" not in caption:
            raise refusal(verbatim("no boat"))
        return (Direction(caption, caption.replace("boat", "red boat")),)

    monkeypatch.setattr("inference.language.directions.directions", directions)
    monkeypatch.setattr(
        "inference.language.serve.caption_of", lambda *rest: Captions(OTHERS[0], OTHERS[1:])
    )
    found = dict(settings(ModelStore([starter_models]), num_captions=3))
    assert found == {
        "captions_before": ("a boat on a lake", "a boat at noon"),
        "captions_after": ("a red boat on a lake", "a red boat at noon"),
    }


@pytest.mark.parametrize("name", ["captions_before", "captions_after"])
def test_the_artists_own_captions_stay_alone(
    starter_models: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def asked(*rest: Any) -> None:
        raise AssertionError("a model was asked")

    monkeypatch.setattr("inference.language.serve.caption_of", asked)
    assert settings(ModelStore([starter_models]), num_captions=3, **{name: ("a boat",)}) == ()


def test_captions_are_written_only_for_what_may_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    tiny_models.diffusion(tmp_path / "ip2p", edits=True)
    asked: list[str] = []

    def written(info: Any, *rest: Any) -> tuple[SettingValues, tuple[()]]:
        asked.append(info.name)
        return (), ()

    monkeypatch.setattr("inference.workflow.prepare.caption_settings", written)
    job = EditJob((replace(WORDS, text="replace the boat"),), PICTURE)
    found = prepare(job, ModelStore([tmp_path]), CancelToken())[0]
    assert "pix2pix_zero" in found.methods[1:]
    assert asked == [found.methods[0]]
    asked.clear()
    prepare(replace(job, time_limit=60.0), ModelStore([tmp_path]), CancelToken())
    assert tuple(asked) == found.methods
