"""Words that ask for a larger canvas, from what `prepare` finds to the plan."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

import pytest

from editor.errors import ModelMissing, NotUnderstood
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.selection import Selection
from inference.ipc.domains import STORYBOOK, register_domains
from inference.methods.upscale import factor_for
from inference.models import model_domain
from inference.models.model_domain import write_world
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.starter import picture_domain
from inference.workflow.plan import plan_edit
from inference.workflow.preparation import Preparation
from inference.workflow.prepare import prepare
from inference.workflow.refusals import OutsideModels
from tests.inference import tiny_helper_models, tiny_models

pytestmark = pytest.mark.filterwarnings(
    *tiny_models.LIBRARY_WARNINGS, "ignore:torch.meshgrid:UserWarning"
)

PICTURE = Image.from_array(tiny_models.scene(80, 60))


@pytest.fixture(autouse=True)
def _no_verdict_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_domain, "_verdicts", OrderedDict())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    tiny_models.diffusion(tmp_path / "ip2p", edits=True)
    return tmp_path


def prepared(
    folder: Path, text: str, caption: str = "", methods: tuple[str, ...] = ()
) -> tuple[EditJob, Preparation]:
    job = EditJob((Instruction(text, caption),), PICTURE, methods=methods, count=2)
    return job, prepare(job, ModelStore([folder]), CancelToken())[0]


@pytest.mark.parametrize("text", ["extend to the left", "wider, 16:9", "zoom out by 10 %"])
def test_auto_takes_the_method_that_extends(folder: Path, text: str) -> None:
    job, found = prepared(folder, text, "a red house")
    assert found.methods == ("outpaint",)
    assert found.wanted_changes == (), "nothing of tone is asked for"
    assert found.instruction.target_prompt == "a red house", "the picture stays as it is"
    everything = Selection.from_rect(PICTURE.bounds, 80, 60)
    requests = plan_edit(job, [found], PICTURE, everything).requests
    assert {r.method for r in requests} == {"outpaint"}
    assert {r.selection_digest for r in requests} == {None}


def test_what_is_to_be_there_joins_the_caption(folder: Path) -> None:
    _, found = prepared(folder, "extend to the left with a lake", "a red house")
    assert found.instruction.target_prompt == "a red house, a lake"
    _, named = prepared(folder, "a lake", "a red house", ("outpaint",))
    assert named.instruction.target_prompt == "a red house, a lake"


def test_other_words_are_never_for_it(folder: Path) -> None:
    assert "outpaint" not in prepared(folder, "replace the boat")[1].methods


def test_without_a_model_a_shape_is_a_crop(tmp_path: Path) -> None:
    _, found = prepared(tmp_path, "crop to 16:9")
    assert found.methods == ("adjust",)


def test_a_picture_outside_the_models_is_not_extended_unasked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_domains()
    for name in ("sd", "ip2p"):
        write_world(folder / name, STORYBOOK)
    foreign = picture_domain.Verdict(False, 0.0)
    monkeypatch.setattr(picture_domain, "storybook", lambda pixels: foreign)
    for text in ("extend to the left", "wider, 16:9"):
        with pytest.raises(OutsideModels) as refused:
            prepared(folder, text)
        assert dict(refused.value.fix.values)["method"] == "outpaint"  # type: ignore[union-attr]
    assert prepared(folder, "extend to the left", methods=("outpaint",))[1].warning is not None


def test_more_pixels_are_drawn_by_an_upscaler(folder: Path) -> None:
    tiny_helper_models.dat(folder / "up")
    job, found = prepared(folder, "make it three times as large")
    assert found.methods == ("upscale",)
    selection = Selection.from_rect(PICTURE.bounds, 80, 60)
    (request,) = plan_edit(job, [found], PICTURE, selection).requests
    assert request.selection_digest is None
    assert [model.family for model in request.models] == ["dat"]
    assert factor_for(request, 80, 60) == 3.0
    set_by_hand = replace(request, settings=settings_of({"scale": 1.5}))
    assert factor_for(set_by_hand, 80, 60) == 1.5
    for words in ("upscale 1x", "upscale 9x"):
        with pytest.raises(NotUnderstood, match="enlarged by more than 1"):
            factor_for(replace(request, instruction=Instruction(words)), 80, 60)
    with pytest.raises(NotUnderstood, match="216 megapixels"):
        factor_for(request, 6000, 4000)


def test_without_an_upscaler_it_is_said_which_to_install(folder: Path) -> None:
    with pytest.raises(ModelMissing) as missing:
        prepared(folder, "upscale 2x")
    assert "dat-light-x2" in str(missing.value.fix)
    assert "upscale" not in prepared(folder, "make the house larger")[1].methods
