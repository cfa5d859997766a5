"""What the figures say of models that are perfect, that do nothing, and that are half right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.lab.evaluation.starter import captioner, instruct_pix2pix, text_to_image
from inference.lab.evaluation.starter.captioner import evaluate_captioner
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.instruct_pix2pix import CANDIDATES, evaluate_instruct_pix2pix
from inference.lab.evaluation.starter.judge import evaluate_judge, psnr
from inference.lab.evaluation.starter.testset import Counts
from inference.lab.evaluation.starter.text_to_image import ImageSampling, evaluate_text_to_image
from inference.lab.storybook.edits import EDIT_KINDS, Gold, gold
from inference.lab.storybook.render import render
from inference.starter.captions import canonical, parse_caption
from inference.starter.scene import ATTRIBUTES, Scene

SIDE = 48
Pixels = NDArray[np.uint8]


class Oracle:
    """A judge that remembers the scene of every picture that was rendered."""

    def __init__(self) -> None:
        self.known: dict[bytes, Scene] = {}

    def remember(self, scene: Scene, pixels: Pixels) -> None:
        self.known[pixels.tobytes()] = scene

    def read(self, pixels: Pixels) -> dict[str, NDArray[np.int64]]:
        found = [self.known[p.tobytes()] for p in pixels]
        return {
            name: np.array([values.index(getattr(s, name)) for s in found])
            for name, values in ATTRIBUTES.items()
        }


class Models:
    """Stand-ins: an oracle for the judge, an autoencoder that loses nothing, no CLIP."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.judge = Oracle()
        self.text_to_image = self.instruct_pix2pix = None
        monkeypatch.setattr(ImageSampling, "prepare", lambda how, pipeline: pipeline)

        def remembered(scene: Scene, size: int) -> Pixels:
            pixels = render(scene, size)
            self.judge.remember(scene, pixels)
            return pixels

        def both(edit: Any, size: int) -> Gold:
            pixels = gold(edit, size)
            self.judge.remember(edit.source, pixels.source)
            self.judge.remember(edit.target, pixels.target)
            return pixels

        for module in (captioner, text_to_image):
            monkeypatch.setattr(module, "render", remembered)
        monkeypatch.setattr("inference.lab.evaluation.starter.judge.render", remembered)
        monkeypatch.setattr(instruct_pix2pix, "gold", both)

    def has(self, name: str) -> bool:
        return name != "clip"

    def side(self) -> int:
        return SIDE

    def round_trip(self, pixels: Pixels) -> Pixels:
        return pixels


def _shares(found: Findings) -> dict[str, float]:
    return {row.name: row.mean for row in found.rows()}


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Any:
    return Models(monkeypatch)


def _last_first(source: Pixels, candidates: Pixels, before: str, after: str) -> list[int]:
    """A ranking that puts the last candidate first."""
    return [CANDIDATES - 1, 0, 1, 2]


@pytest.mark.parametrize("way", ["gold", "source", "last"])
def test_edits(way: str, models: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "last": only the last of four candidates is gold, the others are the source."""

    def repaint(pipeline: Any, texts: Any, sources: Pixels, how: Any, seeds: Any) -> Pixels:
        made = sources.copy()
        by_bytes = dict(models.judge.known)
        for i, source in enumerate(sources):
            target = targets.get((by_bytes[source.tobytes()], texts[i]))
            if target is not None and (way == "gold" or (way == "last" and i % 4 == 3)):
                made[i] = render(target, SIDE)
        return made

    targets: dict[tuple[Scene, str], Scene] = {}
    told = vars(instruct_pix2pix)["instruct"]

    def instruct(edit: Any, rng: Any) -> Any:
        asked = told(edit, rng)
        targets[edit.source, asked.text] = edit.target
        models.judge.remember(edit.target, render(edit.target, SIDE))
        return asked

    monkeypatch.setattr(instruct_pix2pix, "instruct", instruct)
    monkeypatch.setattr(instruct_pix2pix, "repaint", repaint)
    found = evaluate_instruct_pix2pix(models, 0, Counts(8), ImageSampling(), _last_first)
    shares = _shares(found)
    for kind in (*EDIT_KINDS, "all"):
        name = f"instruct_pix2pix.{kind}"
        assert shares[f"{name}.asked"] == (0.0 if way == "source" else 1.0)
        assert shares[f"{name}.asked_single"] == (1.0 if way == "gold" else 0.0)
        assert shares[f"{name}.nothing"] == (0.0 if way == "gold" else 1.0)
        assert shares[f"{name}.asked.gold"] == shares[f"{name}.asked.gold_vae"] == 1.0
        assert shares[f"{name}.asked.do_nothing"] == 0.0
        assert shares[f"{name}.asked.wrong_instruction"] == 0.0
        for measure in ("kept", "kept_all", "kept_all_single", "kept.gold"):
            assert shares[f"{name}.{measure}"] == 1.0
    # Gold and source are byte-equal outside the mask.
    assert shares["instruct_pix2pix.recolour.psnr_outside"] >= 70


def test_drawing_what_the_caption_says(models: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(pipeline: Any, texts: list[str], side: int, how: Any, seed: int) -> Pixels:
        made = []
        for i, text in enumerate(texts):
            scene = Scene(**parse_caption(text))  # type: ignore[arg-type]
            # Every other picture is as asked; the rest are at another time of day.
            shown = (
                scene
                if i % 2 == 0
                else scene.with_(light="night" if scene.light != "night" else "noon")
            )
            made.append(vars(text_to_image)["render"](shown, side))  # which remembers
        return np.stack(made)

    monkeypatch.setattr(text_to_image, "draw", draw)
    shares = _shares(evaluate_text_to_image(models, 0, Counts(40), ImageSampling()))
    assert shares["text_to_image.light"] == 0.5
    assert shares["text_to_image.joint"] == 0.5
    for name in ("subject", "colour", "place", "season"):
        assert shares[f"text_to_image.{name}"] == 1.0
    for name in ("subject", "colour", "place", "light"):
        assert shares[f"text_to_image.{name}.gold"] == 1.0
        assert shares[f"text_to_image.{name}.wrong_caption"] < 0.6


def test_captions(models: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def describe(models: Any, pixels: Pixels) -> list[str]:
        return [canonical(models.judge.known[p.tobytes()].with_(season="spring")) for p in pixels]

    monkeypatch.setattr(captioner, "describe", describe)
    shares = _shares(evaluate_captioner(models, 0, Counts(40)))
    assert shares["captioner.joint"] == shares["captioner.joint.vae"] == 1.0
    assert 0.0 < shares["captioner.season"] < 0.6
    assert shares["captioner.joint.wrong_picture"] < 0.3
    assert shares["captioner.subject.unseen"] == 1.0


def test_judge_and_round_trip(models: Any) -> None:
    shares = _shares(evaluate_judge(models, 0, Counts(6)))
    for name in ATTRIBUTES:
        assert shares.get(f"judge.{name}", 1.0) == shares.get(f"judge.{name}.vae", 1.0) == 1.0
    assert shares["autoencoder.psnr"] == pytest.approx(78.1, abs=0.1)


def test_psnr() -> None:
    wanted = np.full((4, 4, 3), 100, np.uint8)
    assert psnr(wanted + np.uint8(10), wanted) == pytest.approx(28.13, abs=0.01)
