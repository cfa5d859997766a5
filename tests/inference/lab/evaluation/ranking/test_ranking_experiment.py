"""The experiment on tiny models: groups are what they say, figures can be right and wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import torch

from editor.model.score import Gates, Score
from editor.ranking.weights import Sides
from inference.lab import calibrate as calibration
from inference.lab.evaluation.ranking import report as ranking_report
from inference.lab.evaluation.ranking.__main__ import main
from inference.lab.evaluation.ranking.artist import evaluate_artists
from inference.lab.evaluation.ranking.figures import (
    MIXED_WAYS,
    WAYS,
    ChoiceTally,
    first_places,
    interval,
)
from inference.lab.evaluation.ranking.groups import (
    Group,
    GroupMember,
    attributes_of,
    best_of,
    merit,
    renderer_reads,
    storybook_groups,
)
from inference.lab.evaluation.ranking.report import evaluate_mixed
from inference.lab.storybook.edits import EDIT_KINDS
from inference.lab.storybook.gold_edits import gold_edits
from inference.models.store import ModelStore
from inference.vision.clip.calibration import FILE, read_calibration
from tests.inference import tiny_models
from tests.inference.vision.clip import clip_cases

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

ROOT = Path(__file__).resolve().parents[5]
KINDS = {"gold", "source", "faint", "blurred", "noisy", "more", "wrong", "elsewhere"}


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def groups() -> list[Group]:
    return list(storybook_groups(2 * len(EDIT_KINDS), seed=3, side=48))


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    clip_cases.learn(root / "clip")
    return root


def schema(report: Any) -> None:
    text = (ROOT / "resources" / "schemas" / "evaluate-ranking.json").read_text("utf-8")
    jsonschema.validate(report, json.loads(text))


def test_groups_are_what_they_say(groups: list[Group]) -> None:
    for group in groups:
        by_kind = {entry.kind: entry for entry in group.entries}
        assert set(by_kind) == KINDS
        merits = {
            kind: merit(group.edit, renderer_reads([entry])[0]) for kind, entry in by_kind.items()
        }
        assert merits["gold"] == merits["blurred"] == merits["noisy"] == 2.0
        assert merits["more"] < 2.0
        assert merits["source"] <= 1.0
        assert merits["faint"] == merits["source"]
        assert merits["wrong"] < 2.0
        assert 1.0 <= merits["elsewhere"] < 2.0
        assert np.array_equal(by_kind["source"].pixels, group.source)
        assert not np.array_equal(by_kind["gold"].pixels, group.source)
        assert group.source_prompt != group.target_prompt
    assert {group.edit.kind for group in groups} == set(EDIT_KINDS)
    # What is best stands nowhere in particular.
    assert len({[e.kind for e in group.entries].index("gold") for group in groups}) > 3


def test_the_same_seed_gives_the_same_groups(groups: list[Group]) -> None:
    again = next(iter(storybook_groups(1, seed=3, side=48)))
    assert again.target_prompt == groups[0].target_prompt
    assert all(
        one.kind == two.kind and np.array_equal(one.pixels, two.pixels)
        for one, two in zip(again.entries, groups[0].entries, strict=True)
    )
    other = next(iter(storybook_groups(1, seed=4, side=48)))
    assert other.target_prompt != again.target_prompt


def test_the_judge_s_best_are_all_that_share_the_highest_merit(groups: list[Group]) -> None:
    group = groups[0]
    kinds = [entry.kind for entry in group.entries]
    assert {kinds[i] for i in best_of(group, renderer_reads)} >= {"gold", "blurred", "noisy"}
    blind = best_of(group, lambda entries: [{} for _ in entries])
    assert blind == frozenset(range(8))
    wanted = attributes_of(group.edit.source)
    assert best_of(
        group, lambda entries: [wanted if e.kind == "wrong" else {} for e in entries]
    ) == {kinds.index("wrong")}


def test_ways_choose_by_their_own_figure() -> None:
    def score(key: str, direction: float, image: float, target: float) -> Score:
        return Score(key, direction=direction, image=image, target=target, gates=Gates())

    places = first_places(
        [
            score("0", 0.5, 0.4, 0.3),  # goes furthest, loses the picture
            score("1", 0.3, 0.9, 0.25),
            score("2", 0.1, 0.99, 0.2),  # keeps the picture, does nothing
            score("3", 0.25, 0.75, 0.5),  # fits the caption best
        ]
    )
    assert places == {"ranking": 1, "direction": 0, "image": 2, "target": 3}


def test_shares_intervals_and_differences_are_paired() -> None:
    tally = ChoiceTally()
    for i in range(100):
        right = 1 if i % 4 else 0
        first = {"ranking": right, "direction": 1 if i % 2 else 0, "target": 0, "image": right}
        tally.add(first, frozenset({1}), ["source", "gold"])
    report = tally.report()
    ways = report["ways"]
    assert set(ways) == set(WAYS)
    assert ways["ranking"]["share"] == 0.75
    assert ways["random"]["share"] == 0.5
    assert ways["direction"]["ours_more_by"] == 0.25
    assert ways["direction"]["clearly"]
    assert ways["target"]["difference_interval"][0] > 0.6
    assert ways["image"]["difference_interval"] == [0.0, 0.0]  # the same groups, so no spread
    assert not ways["image"]["clearly"]
    assert report["first_places"] == {"gold": 75, "source": 25}
    low, high = interval(np.array([1.0] * 75 + [0.0] * 25))
    assert 0.65 < low < 0.69
    assert 0.81 < high < 0.85


def test_from_calibration_to_report(
    models: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--models", str(models), "--groups", "3"]) == 0
    before = json.loads(capsys.readouterr().out)
    schema(before)
    assert before["model"]["gates"]["origin"] == "borrowed"
    assert before["judge"] == "renderer"
    assert before["made"] is None
    assert len(before["notes"]) == 2
    assert calibration.main(["--models", str(models), "--pairs", "60", "--groups", "4"]) == 0
    written = json.loads(capsys.readouterr().out)
    folder = models / "clip"
    assert (folder / FILE).is_file()
    digest = ModelStore([models]).digest(ModelStore([models]).found[0])
    found = read_calibration(folder, digest)
    assert found is not None
    assert found.direction == written["gates"]["direction"]
    assert found.target_weight == written["target_weight"]
    assert found.target_weight in calibration.WEIGHTS
    assert main(["--models", str(models), "--groups", "3"]) == 0
    after = json.loads(capsys.readouterr().out)
    schema(after)
    assert after["model"]["gates"]["origin"] == "calibrated"
    assert after["model"]["gates"]["target_weight"] == found.target_weight
    assert after["model"]["calibrated_on"] == written["pairs"] >= 20
    figures = after["rendered"]["gold"]["ways"]
    assert figures["random"]["share"] == 0.125
    # Whatever the model, the unedited picture is most like the source.
    assert figures["image"]["share"] == 0.0


def test_the_weight_is_the_smallest_that_is_right_most_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bar = Gates(image=0.0, direction=0.0, caption=0.0, origin="calibrated")
    told = [
        Score("0", direction=0.50, image=0.9, source=0.5, target=0.3, gates=bar),
        Score("1", direction=0.40, image=0.9, source=0.5, target=0.4, gates=bar),
    ]
    monkeypatch.setattr("inference.vision.clip.judge.ClipJudge", lambda models: None)
    base = "inference.lab.evaluation.ranking"
    monkeypatch.setattr(f"{base}.groups.storybook_groups", lambda count, seed: range(count))
    # By the module, imported above: imported here first, it would keep the judge of this test.
    monkeypatch.setattr(ranking_report, "scores_of", lambda judge, group: told)
    for best, weight in ((0, 0.0), (1, 1.5)):  # at 1.0 both are alike, and the first stays first
        found = frozenset({best})
        monkeypatch.setattr(f"{base}.groups.best_of", lambda group, read, f=found: f)
        assert calibration.best_weight(None, 3, 0) == weight
    assert calibration.best_weight(None, 0, 0) == 0.0


def test_made_candidates_are_judged(models: Path, tmp_path: Path) -> None:
    """With a judge and InstructPix2Pix in place, what it made is ranked and marked too."""
    from shutil import copytree

    from inference.lab.evaluation.ranking.report import evaluate
    from inference.lab.training.judge import Judge, JudgeRecipe
    from inference.starter.scene import ATTRIBUTES

    root = tmp_path / "models"
    copytree(models, root)
    tiny_models.diffusion(root / "instruct-pix2pix", edits=True)
    torch.manual_seed(0)
    judge = Judge({name: len(values) for name, values in ATTRIBUTES.items()}, (8, 8, 8, 8))
    (root / "judge").mkdir()
    network = torch.nn.Module()
    network.judge = judge
    JudgeRecipe(pairs=None, channels=(8, 8, 8, 8)).export(network, root / "judge")  # type: ignore[arg-type]  # it draws no batch
    calls: list[tuple[int, int]] = []
    store = ModelStore([root], device="cpu")
    report = evaluate(
        store, groups=1, edits=1, steps=2, judge=root / "judge",
        on_group=lambda done, total: calls.append((done, total)),
    )  # fmt: skip
    schema(report)
    assert report["judge"] == "judge"
    assert report["made"]["groups"] == 1
    assert report["made"]["first_places"] == {"made": 1}
    assert calls == [(1, 2), (2, 2)]


def test_without_clip_it_says_what_is_missing(tmp_path: Path) -> None:
    from editor.errors import ModelMissing

    with pytest.raises(ModelMissing, match="CLIP"):
        main(["--models", str(tmp_path), "--groups", "1"])


def test_calibration_captions_tell_the_edit() -> None:
    told = list(gold_edits(24, 0))
    assert all(before != after for _, before, after in told)
    assert {edit.kind for edit, _, _ in told} == set(EDIT_KINDS)
    assert len({before for _, before, _ in told}) == 24
    again = list(gold_edits(24, 0))
    assert [t[1:] for t in again] == [t[1:] for t in told]


def test_every_way_of_choosing_among_several_methods() -> None:
    def score(key: str, **figures: Any) -> Score:
        return Score(key, source=0.5, gates=Gates(), **figures)

    listed = [
        score("0", direction=0.6, image=0.5, target=0.3, damage=0.2, aesthetic=1, preference=0),
        score("1", direction=0.4, image=0.9, target=0.3, damage=0.3, aesthetic=0, preference=0),
        score("2", direction=0.3, image=0.8, target=0.4, damage=0.0, aesthetic=0, preference=3),
    ]
    places = first_places(listed, MIXED_WAYS)
    assert set(places) == set(MIXED_WAYS) - {"random"}
    # Over the gate on the image, by direction: the paper's filter; then damage decides for ours.
    assert places["paper_filter"] == 1
    assert places["direction"] == 0
    assert places["damage"] == 2
    assert places["aesthetic"] == 0
    assert places["preference"] == 2
    assert places["ranking"] == 2


def test_an_artist_is_learnt_from_what_they_keep() -> None:
    rng = np.random.default_rng(4)
    groups = [[Sides(*row) for row in rng.uniform(0, 0.4, (5, 3))] for _ in range(120)]
    found = evaluate_artists(groups, seed=0, artists=20)
    assert found["learnt"] > found["default"]
    assert found["difference_interval"][0] > 0
    same = evaluate_artists([[Sides(0.1, 0.1, 0.1)] * 3] * 50, seed=0, artists=3)
    assert same["learnt"] == same["default"] == 1.0
    with pytest.raises(ValueError, match="more groups"):
        evaluate_artists(groups[:40], seed=0)


def test_mixed_groups_are_counted_by_every_way() -> None:
    def entry(kind: str, shade: int) -> GroupMember:
        return GroupMember(kind, np.full((384, 384, 3), shade, np.uint8))

    edit = next(iter(storybook_groups(1, seed=3, side=48))).edit
    wanted = attributes_of(edit.target)
    group = Group(edit, np.zeros((384, 384, 3), np.uint8), "before", "after",
                  (entry("sdedit", 10), entry("prompt_to_prompt", 200)))  # fmt: skip
    scores = [
        Score("0", direction=0.3, image=0.9, source=0.5, target=0.3, gates=Gates()),
        Score("1", direction=0.5, image=0.9, source=0.5, target=0.3, gates=Gates()),
    ]
    sides: list[int] = []

    def read(entries: Any) -> Any:
        sides.extend(len(one.pixels) for one in entries)
        return [wanted if one.pixels[0, 0, 0] == 200 else {} for one in entries]

    done: list[int] = []
    report = evaluate_mixed([(group, scores)] * 2, read, 0, lambda: done.append(1))
    assert set(sides) == {128}
    assert report["artist"] is None
    assert report["mixed"]["ways"]["ranking"]["share"] == 1.0
    assert report["mixed"]["ways"]["random"]["share"] == 0.5
    assert report["mixed"]["first_places"] == {"prompt_to_prompt": 2}
    assert len(done) == 2


def test_without_a_judge_mixed_groups_are_left_out_in_a_sentence(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--models", str(models), "--groups", "1", "--edits", "0", "--mixed", "2"]) == 0
    report = json.loads(capsys.readouterr().out)
    schema(report)
    assert "mixed" not in report
    assert "Mixed groups need a judge" in " ".join(report["notes"])
