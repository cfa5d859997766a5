"""Folders of pairs: layout, gates, going on after a kill, several processes."""

from __future__ import annotations

import json
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from editor.errors import ModelMissing
from inference.lab.editing_pairs import make
from inference.lab.editing_pairs.make import PairOptions, make_pairs, triple_seeds
from inference.lab.editing_pairs.pair_gates import PUBLISHED, MeasuredPair, best_pairs
from inference.lab.editing_pairs.pair_sampler import DrawnPair
from inference.lab.evaluation.partial import OtherRun
from inference.lab.finetune.edit_texts.storybook_triples import storybook_triples
from inference.lab.finetune.edit_texts.text_triple import write_triples
from inference.models.store import ModelStore
from inference.vision.clip.similarity import Similarity
from tests.app.cli.cli_cases import in_process
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def store(folder: Path) -> ModelStore:
    return ModelStore([folder], device="cpu")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(folder / "sd", edits=False)
    tiny_models.open_clip(folder / "clip")
    return folder


@pytest.fixture(scope="module")
def options(models: Path, tmp_path_factory: pytest.TempPathFactory) -> PairOptions:
    folder = tmp_path_factory.mktemp("pairs")
    write_triples(storybook_triples(3, 0), folder / "texts.jsonl")
    made = PairOptions(
        folder / "texts.jsonl", folder / "out", partial(store, models),
        unfiltered=folder / "all", seeds=3, steps=2, keep=2, gates="published",
    )  # fmt: skip
    make_pairs(made)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def measured(seed: int, image: float, direction: float, source: float, target: float):  # type: ignore[no-untyped-def]
    pixels = np.zeros((2, 2, 3), np.uint8)
    found = Similarity(direction, image, source, target, 0.9)
    return MeasuredPair(DrawnPair(seed, 0.5, 8.0, pixels, pixels), found)


def test_gates_are_inclusive_and_the_best_direction_comes_first() -> None:
    at_the_bar = measured(1, 0.7, 0.2, 0.2, 0.2)
    assert at_the_bar.passes(PUBLISHED)
    below = 1e-9
    for figures in (
        (0.7 - below, 0.2, 0.2, 0.2),
        (0.7, 0.2 - below, 0.2, 0.2),
        (0.7, 0.2, 0.2 - below, 0.2),
        (0.7, 0.2, 0.2, 0.2 - below),
    ):
        assert not measured(2, *figures).passes(PUBLISHED)
    others = [measured(seed, 0.8, 0.2 + seed / 100, 0.3, 0.3) for seed in range(2, 9)]
    kept = best_pairs([at_the_bar, *others], PUBLISHED, 4)
    assert [one.pair.seed for one in kept] == [8, 7, 6, 5]


def test_the_layout_is_the_published_one(options: PairOptions) -> None:
    folder = options.unfiltered
    assert folder is not None
    first = next(iter(storybook_triples(1, 0)))
    texts = json.loads((folder / "0000000" / "prompt.json").read_text("utf-8"))
    assert texts == {"input": first.caption, "edit": first.edit, "output": first.output}
    lines = (folder / "0000000" / "metadata.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["seed"] for row in rows] == triple_seeds(0, 0, 3)[:2]
    assert set(rows[0]) == {
        "seed", "p2p_threshold", "cfg_scale",
        "clip_sim_0", "clip_sim_1", "clip_sim_dir", "clip_sim_image",
    }  # fmt: skip
    seeds = json.loads((folder / "seeds.json").read_text("utf-8"))
    assert [name for name, _ in seeds] == ["0000000", "0000001", "0000002"]
    assert seeds[0][1] == [row["seed"] for row in rows]
    for side in (0, 1):
        with PillowImage.open(folder / "0000000" / f"{rows[0]['seed']}_{side}.jpg") as picture:
            assert picture.size == (64, 64)
    recipe = json.loads((folder / "recipe.json").read_text("utf-8"))
    assert (recipe["steps"], recipe["gates"]) == (2, "published")


def test_what_a_kill_left_out_is_made_again_and_equal(options: PairOptions) -> None:
    before = contents(options.output.parent)
    assert options.unfiltered is not None
    shutil.rmtree(options.unfiltered / "0000001")
    draft = options.unfiltered / ".0000001"
    draft.mkdir()
    (draft / "half").write_text("")
    (options.output / "seeds.json").unlink()
    report = make_pairs(options)
    assert report["made"] == 1
    assert report["unfiltered"] == 6
    assert contents(options.output.parent) == before
    assert make_pairs(options)["made"] == 0


def test_another_recipe_is_refused(options: PairOptions) -> None:
    with pytest.raises(OtherRun, match="steps"):
        make_pairs(replace(options, steps=3))


def test_nothing_is_begun_without_models(options: PairOptions, tmp_path: Path) -> None:
    empty = tmp_path / "models"
    empty.mkdir()
    without = replace(options, output=tmp_path / "out", models=partial(store, empty))
    with pytest.raises(ModelMissing):
        make_pairs(without)
    assert not (tmp_path / "out").exists()


class OneThread(ThreadPoolExecutor):
    """In the place of a pool of processes, each of which takes seconds to import torch.

    What a process is handed is pickled, as a pool does it.
    """

    def __init__(self, processes: int, context: object, start: object, arguments: object) -> None:
        assert processes == 2
        start, arguments = pickle.loads(pickle.dumps((start, arguments)))
        super().__init__(1, "pool", start, arguments)  # type: ignore[call-overload]


def test_a_pool_and_the_command_give_what_one_process_gives(
    options: PairOptions,
    models: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(make, "ProcessPoolExecutor", OneThread)
    monkeypatch.setattr(make, "_maker", None)
    gold = replace(options, output=tmp_path / "two", unfiltered=None, gold=True)
    report = make_pairs(gold, processes=2, threads=1)
    assert (report["pairs"], report["triples_with_pairs"]) == (6, 3)
    code, values = in_process(capsys)(
        "make-pairs", tmp_path / "one", "--triples", options.triples, "--gold", "--seeds", 3,
        "--steps", 2, "--keep", 2, "--gates", "published", "--models", models,
    )  # fmt: skip
    assert (code, values["pairs"]) == (0, 6)
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    rows = (tmp_path / "one" / "0000000" / "metadata.jsonl").read_text("utf-8").splitlines()
    assert len(rows) == 2


@pytest.mark.parametrize(
    "words",
    [
        ["--seeds", 0],
        ["--min-share", 0.9, "--max-share", 0.1],
        ["--max-guidance", 2],
        ["--processes", 0],
    ],
)
def test_what_cannot_be_drawn_is_refused(
    words: list[object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, values = in_process(capsys)(
        "make-pairs", tmp_path / "out", "--triples", tmp_path / "t.jsonl", *words
    )
    assert (code, values["error"]["kind"]) == (2, "usage")
    assert not (tmp_path / "out").exists()
