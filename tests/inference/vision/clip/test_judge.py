"""CLIP's figures in the scoring step: who is ranked by what, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from editor.model.edit import Candidate
from editor.model.rect import Rect
from editor.model.score import Score
from editor.model.selection import Selection
from editor.ranking.rank import rank
from editor.ranking.reasons import why_not_by_clip
from inference.models.store import ModelStore
from inference.request import jobs
from inference.request.analysis import Domain
from inference.request.cancel import CancelToken
from inference.vision.clip.judge import ClipJudge
from inference.workflow.engine import Engine
from inference.workflow.scoring import Scorer, picture_scores
from tests.inference import tiny_models
from tests.inference.models.small_files import spoil
from tests.inference.vision.clip import clip_cases
from tests.inference.vision.clip.clip_cases import adjusted, caption, image, painted

WORDS = (caption("red"), caption("blue"))


def scores(scorer: Scorer, candidates: Sequence[Candidate], asked: tuple[Any, ...] = (),
           selection: Selection | None = None) -> list[Score]:  # fmt: skip
    source = image("red")
    return list(scorer.scores(source, candidates, selection, asked, (), lambda: False))


def test_painted_candidates_are_ranked_by_what_clip_sees(learnt: ModelStore) -> None:
    source = image("red")
    made = [
        painted(source, name, *WORDS, seed=i) for i, name in enumerate(["green", "blue", "red"])
    ]
    found = scores(Scorer(learnt), made)
    assert [s.key for s in found] == [c.key for c in made]
    assert {s.basis for s in found} == {"direction"}
    assert all(s.gates is not None and s.gates.origin == "borrowed" for s in found)
    best = max(found, key=lambda s: s.direction or -1)
    assert best.key == made[1].key
    assert best.target is not None
    assert best.source is not None
    # This toy keeps nothing in common between two colours, so its bar is another one.
    from editor.model.score import Gates

    ranking = rank(found, gates=Gates(image=-1.0, direction=0.2, caption=0.2))
    assert ranking.places[0].key == made[1].key
    assert ranking.places[0].reason.startswith("Follows the words best")


def test_an_unchanged_candidate_has_no_direction_and_says_so(learnt: ModelStore) -> None:
    made = [painted(image("red"), "blue", *WORDS, seed=1),
            painted(image("red"), "blue", *WORDS, strength=0.0)]  # fmt: skip
    found = scores(Scorer(learnt), made)
    assert found[1].direction == 0.0
    assert found[1].changed == 0.0
    assert rank(found).place(made[1].key).reason == "Nothing changed"  # type: ignore[union-attr]


def test_adjusted_candidates_stay_measured_with_clip_beside(learnt: ModelStore) -> None:
    captioned = [adjusted(image("red"), *WORDS, exposure=value) for value in (1.0, 0.2)]
    found = scores(Scorer(learnt), captioned, (("lightness", 1),))
    assert all(s.direction is not None and s.image is not None for s in found)
    assert {s.basis for s in found} == {"measured"}
    assert all(s.asked is not None and s.parts for s in found)
    assert rank(found).places[0].reason == "Brighter than the other"


def test_without_captions_adjust_loads_nothing(learnt: ModelStore) -> None:
    scorer = Scorer(learnt)
    plain = [adjusted(image("red"), exposure=0.5)]
    assert not scorer.must_load(plain)
    assert scorer.must_load([painted(image("red"), "blue", *WORDS)])
    found = scores(scorer, plain, (("lightness", 1),))
    assert found[0].image is None
    assert found[0].absent == ""
    assert learnt.loaded_bytes == 0


def test_without_a_model_or_captions_the_effect_ranks_and_it_says_so(
    learnt: ModelStore,
) -> None:
    captioned = [painted(image("red"), "black", *WORDS), painted(image("red"), "white", *WORDS)]
    darker = scores(Scorer(ModelStore()), captioned, (("lightness", -1),))
    assert {s.absent for s in darker} == {"no_clip"}
    assert {s.basis for s in darker} == {"measured"}
    ranking = rank(darker)
    assert ranking.places[0].key == captioned[0].key
    assert "there is no CLIP model" in str(why_not_by_clip(darker))
    unmeasurable = scores(Scorer(ModelStore()), captioned)
    assert {s.basis for s in unmeasurable} == {"change"}
    assert "Ranked by what was measured" in str(why_not_by_clip(unmeasurable))
    wordless = scores(Scorer(learnt), [painted(image("red"), "blue")])[0]
    assert (wordless.direction, wordless.absent) == (None, "no_captions")
    assert wordless.image is not None
    same = scores(Scorer(learnt), [painted(image("red"), "blue", WORDS[0], WORDS[0])])[0]
    assert (same.direction, same.absent) == (None, "same_captions")


def test_outside_the_domain_there_are_no_numbers(learnt: ModelStore) -> None:
    asked: list[str] = []

    def domain(source: object) -> Domain:
        asked.append("once")
        return Domain(fits=False, score=-0.2)

    scorer = Scorer(learnt, domain)
    made = [painted(image("red"), "blue", *WORDS), adjusted(image("red"), *WORDS, exposure=0.5)]
    found = [s for _ in range(2) for s in scores(scorer, made)]
    assert asked == ["once"]
    assert all((s.direction, s.image, s.source, s.target) == (None,) * 4 for s in found)
    assert [s.absent for s in found[:2]] == ["domain", ""]
    assert "CLIP does not know such pictures" in str(why_not_by_clip(found))
    inside = Scorer(learnt, lambda source: Domain(fits=True, score=0.9))
    assert scores(inside, made[:1])[0].direction is not None


def test_a_clip_that_cannot_be_used_costs_no_candidate(learnt_folder: Path, tmp_path: Path) -> None:
    folder = copytree(learnt_folder, tmp_path / "clip")
    weights = folder / "open_clip_model.safetensors"
    config = folder / "open_clip_config.json"
    config.write_text(config.read_text().replace('"embed_dim": 16', '"embed_dim": 24'))
    store = ModelStore([folder], device="cpu")
    assert weights.is_file()
    made = [painted(image("red"), "blue", *WORDS)]
    found = scores(Scorer(store), made)
    assert found[0].absent == "clip_failed"
    assert "cannot be used" in str(why_not_by_clip(found))


def test_a_clip_whose_results_are_not_numbers_costs_no_candidate(
    learnt_folder: Path, tmp_path: Path
) -> None:
    folder = copytree(learnt_folder, tmp_path / "clip")
    spoil(folder / "open_clip_model.safetensors", "visual")
    scorer = Scorer(ModelStore([folder], device="cpu"))
    made = [painted(image("red"), "blue", *WORDS), adjusted(image("red"), *WORDS, exposure=0.5)]
    found = scores(scorer, made, (("exposure", 1),))
    assert [s.absent for s in found] == ["clip_failed", ""]
    assert found[1].asked is not None  # a finished tone edit keeps what was measured
    judge = ClipJudge(ModelStore([folder], device="cpu"))
    ranked = picture_scores(judge, image("red"), [image("blue")], *WORDS)
    assert [(s.absent, s.direction) for s in ranked] == [("clip_failed", None)]
    assert "are not numbers" in str(judge.failure)


def test_change_outside_is_measured_for_painted_candidates_too(learnt: ModelStore) -> None:
    source = image("red")
    selection = Selection.from_rect(Rect(8, 8, 20, 20), 64, 64)
    found = scores(Scorer(learnt), [painted(source, "blue", *WORDS)], selection=selection)
    assert found[0].outside == 0.0
    assert found[0].changed is not None
    assert 0 < found[0].changed < 0.2


def test_more_candidates_than_a_batch_keep_their_order(learnt: ModelStore) -> None:
    source = image("red")
    made = [painted(source, "blue", *WORDS, seed=i, strength=0.2 + 0.04 * i) for i in range(19)]
    found = scores(Scorer(learnt), made)
    assert [s.key for s in found] == [c.key for c in made]
    changes = [s.changed or 0.0 for s in found]
    assert changes == sorted(changes)


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
def test_the_engine_scores_diffusion_candidates(learnt_folder: Path, tmp_path: Path) -> None:
    from editor.model.edit import Instruction

    models = ModelStore(
        [tiny_models.diffusion(tmp_path / "ip2p", edits=True), learnt_folder], device="cpu"
    )
    source = image("red")
    words = Instruction("make it blue", *WORDS)
    events: list[jobs.Event] = []
    job = jobs.EditJob(
        (words,),
        source,
        methods=("instruct_pix2pix",),
        settings=(("num_inference_steps", 2),),
        count=2,
    )
    Engine(models).run(job, events.append, CancelToken())
    assert isinstance(events[-1], jobs.JobFinished), events[-1]
    found = [e.score for e in events if isinstance(e, jobs.ScoreReady)]
    (planned,) = (e for e in events if isinstance(e, jobs.Planned))
    assert [s.key for s in found] == [r.key for r in planned.requests]
    assert all(s.direction is not None and s.ranked_by == "direction" for s in found)
    stages = [e.stage for e in events if isinstance(e, jobs.Progress)]
    assert "loading" in stages[stages.index("editing") :]
    assert clip_cases.caption("red") == words.source_prompt
