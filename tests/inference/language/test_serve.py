"""Jobs of words through the engine, over real folders of tiny models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.history import History, HistoryNode
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.tone import read
from inference.ipc.domains import STORYBOOK
from inference.lab.storybook.render import render
from inference.language.path import BadHistory, caption_of_path, path_of, read_path
from inference.language.serve import UNNAMED
from inference.models.model_domain import write_world
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.jobs import (
    CaptionJob,
    CaptionReady,
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    PathStep,
    SuggestionsReady,
    SuggestJob,
)
from inference.starter.scene import Scene
from inference.starter.storybook import Storybook
from inference.vision.captioner import as_rgb, captions
from inference.workflow.engine import Engine

CAPTION = "a red house, in a meadow, at noon, clear sky, summer, seen close, flat illustration"


@pytest.fixture(scope="module")
def tiny() -> Any:
    from tests.inference import tiny_models

    return tiny_models


@pytest.fixture(scope="module")
def folder(tiny: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GPT-2 and BLIP of random weights in their true layouts."""
    root = tmp_path_factory.mktemp("models")
    tiny.gpt2(root / "gpt2")
    tiny.blip(root / "blip")
    return root


def picture(seed: int = 0, width: int = 90, height: int = 60, channels: int = 3) -> Image:
    rng = np.random.default_rng(seed)
    return Image.from_array(rng.integers(0, 256, (height, width, channels), np.uint8))


def run(store: ModelStore, job: Any, token: CancelToken | None = None) -> list[Event]:
    events: list[Event] = []
    Engine(store).run(job, events.append, token or CancelToken())
    return events


def test_without_models_it_says_what_is_missing(tmp_path: Path) -> None:
    *_, ready, end = run(ModelStore([tmp_path]), SuggestJob(caption=CAPTION))
    assert isinstance(end, JobFinished)
    assert isinstance(ready, SuggestionsReady)
    assert (ready.suggestions, ready.missing) == ((), ("language",))
    assert ready.note
    assert "language model" in str(ready.note)
    *_, end = run(ModelStore([tmp_path]), CaptionJob(picture()))
    assert isinstance(end, JobFailed)
    assert end.kind == "model_missing"


def test_without_captioner_and_caption(tiny: Any, tmp_path: Path) -> None:
    tiny.gpt2(tmp_path / "gpt2")
    *_, ready, _ = run(ModelStore([tmp_path]), SuggestJob(picture()))
    assert isinstance(ready, SuggestionsReady)
    assert ready.missing == ("captioner",)


def test_suggest_through_the_engine(folder: Path) -> None:
    store = ModelStore([folder])
    job = SuggestJob(caption=CAPTION, instruction="make it night", refused=("make it sunset",))
    *_, ready, end = run(store, job)
    assert isinstance(end, JobFinished), end
    assert isinstance(ready, SuggestionsReady)
    assert len(ready.suggestions) == 5
    assert len({s.instruction.target_prompt for s in ready.suggestions}) == 5
    assert "make it sunset" not in {s.text for s in ready.suggestions}
    assert ready.note  # random weights do not understand the instruction: it says so


def test_a_picture_is_captioned_first(folder: Path) -> None:
    events = run(ModelStore([folder]), SuggestJob(picture()))
    ready = events[-2]
    assert isinstance(ready, SuggestionsReady), events
    captioned = run(ModelStore([folder]), CaptionJob(picture(), 1))[-2]
    assert isinstance(captioned, CaptionReady)
    assert ready.caption == captioned.caption
    assert all(s.instruction.source_prompt == ready.caption for s in ready.suggestions)


def test_the_starter_captioner_is_not_believed_outside_its_world(tiny: Any, tmp_path: Path) -> None:
    tiny.gpt2(tmp_path / "other" / "gpt2")
    tiny.blip(tmp_path / "blip")
    write_world(tmp_path / "blip", STORYBOOK)
    store = ModelStore([tmp_path])
    noise = picture()
    ready = run(store, SuggestJob(noise, refused=("warmer",)))[-2]
    assert isinstance(ready, SuggestionsReady)
    assert (ready.caption, ready.note) == (UNNAMED, Storybook().outside_note("captioner"))
    assert len(ready.suggestions) == 5
    assert "warmer" not in {s.text for s in ready.suggestions}
    for s in ready.suggestions:
        assert read(s.text, has_selection=False)
    told = run(store, CaptionJob(noise, 1))[-2]
    assert isinstance(told, CaptionReady)
    assert told.domain is not None
    assert not told.domain.fits
    scene = Image.from_array(render(Scene(), 128))
    inside = run(store, SuggestJob(scene))[-2]
    assert isinstance(inside, SuggestionsReady)
    assert inside.caption != UNNAMED


def test_captions_are_different_and_batched(folder: Path) -> None:
    store = ModelStore([folder])
    captioner = store.captioner()
    pictures = [picture(1), picture(2, 300, 20, 4), picture(3, 40, 700, 1)]
    free = CancelToken().check
    together = captions(captioner, pictures, 3, free)
    alone = [captions(captioner, [p], 3, free)[0] for p in pictures]
    assert [c.caption for c in together] == [c.caption for c in alone]
    for made in together:
        told = [made.caption, *made.alternatives]
        assert len(set(told)) == len(told) <= 3
    assert captions(captioner, [], 3, free) == ()


def test_pictures_of_all_kinds_become_rgb() -> None:
    clear = np.zeros((20, 30, 4), np.uint8)
    assert (as_rgb(Image.from_array(clear)) == 255).all()
    for channels in (1, 2, 3, 4):
        deep = np.full((700, 900, channels), 65535, np.uint16)
        small = as_rgb(Image.from_array(deep))
        assert small.dtype == np.uint8
        assert small.shape[2] == 3
        assert max(small.shape) <= 512
        assert (small >= 254).all()


def test_cancelled_words_end_silently(folder: Path) -> None:
    token = CancelToken()
    token.cancel()
    for job in (SuggestJob(caption=CAPTION), CaptionJob(picture())):
        *_, end = run(ModelStore([folder]), job, token)
        assert isinstance(end, JobCancelled)


def node(
    id_: str, parent: str | None, *texts: str, before: str = "", after: str = ""
) -> HistoryNode:
    made = [
        Candidate(
            EditRequest("d", None, Instruction(text, before, f"{after}{i or ''}"), "adjust", 1,
                        settings_of({"n": i})),
            Patch(parameters=settings_of({})),
        )
        for i, text in enumerate(texts)
    ]  # fmt: skip
    return HistoryNode(id_, parent, None, f"label {id_}", 0.0, tuple(made[:1]), tuple(made))


def test_the_path_of_a_history() -> None:
    history = History()
    for n in (
        node("a", None),
        node(
            "b", "a", "make it night", "Make it night!", "let it snow", before="a house", after="x"
        ),
        node("c", "b", "warmer"),
        node("d", "a", "elsewhere"),
    ):
        history = history.accept(n)
    assert path_of(History()) == ()
    steps = path_of(history, "c")
    assert steps == (
        PathStep("", "a house"),
        PathStep("let it snow", "x2", accepted=False),
        PathStep("make it night", "x"),
        PathStep("warmer"),
    )
    assert caption_of_path(steps) == "x"
    assert path_of(history) == path_of(history, "d")
    assert caption_of_path(()) == ""


def test_history_files(tmp_path: Path) -> None:
    file = tmp_path / "h.json"
    file.write_text(json.dumps([{"instruction": "a  b", "prompt": "p", "accepted": False},
                                {"instruction": "c"}]))  # fmt: skip
    assert read_path(file) == ((PathStep("a b", "p", accepted=False), PathStep("c")), ())
    for text in (
        "",
        "{}",
        "[3]",
        '[{"instruction": 3}]',
        '[{"prompt": "x"}]',
        "[" * 9999,
        '[{"instruction": "a", "accepted": 1}]',
        '[{"instruction": "a", "other": "b"}]',
    ):
        file.write_text(text)
        with pytest.raises(BadHistory):
            read_path(file)
    with pytest.raises(BadHistory):
        read_path(tmp_path / "none.json")
