from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from editor.errors import NotUnderstood
from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.model.patch import EXTENDED, settings_of
from editor.render import composite
from editor.render.extension import Margins
from inference.methods.outpaint import INFO, Outpaint, margins_for
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.request.jobs import CandidateReady, JobFinished, ScoreReady
from inference.request.method_options import MethodOptions
from inference.request.method_progress import MethodProgress
from inference.workflow.engine import Engine
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

NAME = INFO.name


def nothing(step: MethodProgress) -> None:
    pass


def picture(width: int = 64, height: int = 48, dtype: str = "uint8") -> Image:
    return Image.from_array(tiny_models.scene(width, height, dtype))


@pytest.mark.parametrize(
    ("words", "settings", "expected"),
    [
        ("extend to the left", {}, (50, 0, 0, 0)),
        ("zoom out", {}, (50, 25, 50, 25)),
        ("extend up by 7 px", {}, (0, 7, 0, 0)),
        ("wider, 4:1", {}, (100, 0, 100, 0)),
        ("extend to the right, 4:1", {}, (0, 0, 200, 0)),
        ("taller, 1:1", {}, (0, 50, 0, 50)),
        ("extend to square", {}, (0, 50, 0, 50)),
        ("wide hills", {}, (50, 25, 50, 25)),
        ("wide hills", {"extend": (10.0, 0.0, 0.0, 5.0)}, (20, 0, 0, 5)),
        ("wider", {"extend": (10.0, 0.0, 0.0, 5.0), "extend_unit": "pixels"}, (10, 0, 0, 5)),
        ("wider", {"extend_ratio": (301.0, 100.0)}, (51, 0, 50, 0)),
    ],
)
def test_how_much_is_added(words: str, settings: dict[str, Any], expected: tuple[int, ...]) -> None:
    assert margins_for(request(NAME, words, **settings), 200, 100) == Margins(*expected)


@pytest.mark.parametrize("words", ["wider, 2:1", "extend by 0 px", "extend by 60000 px"])
def test_nothing_and_far_too_much_are_refused(words: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        margins_for(request(NAME, words), 200, 100)
    assert refused.value.fix is not None


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_the_picture_itself_keeps_every_byte(store: ModelStore, dtype: str) -> None:
    source = picture(dtype=dtype)
    asked = [request(NAME, "extend to the left by 40 px", seed=seed) for seed in (1, 2)]
    patches = Outpaint(store).edit(asked, source, None, nothing)
    assert [dict(patch.parameters)[EXTENDED] for patch in patches] == [(40 / 64, 0, 0, 0)] * 2
    one, other = (composite.render(source, patch, None).array() for patch in patches)
    assert one.shape == (48, 104, 3)
    assert np.array_equal(one[:, 40:], source.array())
    assert np.array_equal(other[:, 40:], source.array())
    assert not np.array_equal(one[:, :40], other[:, :40]), "each seed draws its own"


def test_requests_for_other_sides_do_not_mix(store: ModelStore) -> None:
    source = picture()
    asked = [request(NAME, words, seed=1) for words in ("extend up", "extend to the right")]
    steps: list[MethodProgress] = []
    sizes = [
        composite.output_size(source, patch)
        for patch in Outpaint(store).edit(asked, source, None, steps.append)
    ]
    assert sizes == [(64, 60), (80, 48)]
    numbers = [step.number for step in steps]
    assert numbers == sorted(numbers)
    assert numbers[-1] == steps[-1].total


def test_a_job_gives_larger_results_with_scores(store: ModelStore) -> None:
    """From plain words; a selection is of no use to it and stays out of the request."""
    from editor.model.rect import Rect
    from editor.model.selection import Selection

    source = picture()
    job = EditJob(
        (Instruction("extend to the right by 50 %"),),
        source,
        Selection.from_rect(Rect(0, 0, 9, 9), 64, 48),
        methods=(NAME,),
        count=2,
        options=((NAME, MethodOptions(settings_of({"num_inference_steps": 2}))),),
        describe=False,
    )
    events: list[object] = []
    Engine(store).run(job, events.append, CancelToken())
    assert isinstance(events[-1], JobFinished), events[-1]
    made: list[Candidate] = [e.candidate for e in events if isinstance(e, CandidateReady)]
    scores = [event.score for event in events if isinstance(event, ScoreReady)]
    assert {one.request.selection_digest for one in made} == {None}
    assert [score.key for score in scores] == [one.key for one in made]
    assert {composite.output_size(source, one.patch) for one in made} == {(96, 48)}
    assert all(score.outside is None for score in scores), "nothing lies outside of it"
    assert all(dict(score.extra)["seam"] >= 0 for score in scores)
