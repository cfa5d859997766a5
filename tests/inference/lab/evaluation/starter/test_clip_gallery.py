from __future__ import annotations

import numpy as np

from inference.lab.evaluation.starter.attributes import change_made, named_attributes
from inference.lab.evaluation.starter.clip import AMONG, NEIGHBOURS, gallery, rivals
from inference.lab.evaluation.starter.testset import edits, scenes, stream
from inference.starter.captions import canonical
from inference.starter.scene import is_held_out


def test_a_gallery_holds_31_neighbours_and_no_twin() -> None:
    for i, scene in enumerate(scenes(0, 6, unseen=False)):
        among = gallery(scene, stream(0, "test", i))
        assert len(among) == len({canonical(s) for s in among}) == AMONG
        assert among[0] == scene
        mine = named_attributes(scene)
        for other in among[1 : 1 + NEIGHBOURS]:
            theirs = named_attributes(other)
            assert sum(mine[name] != theirs[name] for name in mine) == 1
            assert set(mine) == set(theirs)
            assert other.seed == scene.seed
        assert not any(is_held_out(s) for s in among)


def test_rivals_of_gold_are_four_different_scenes() -> None:
    for i, edit in enumerate(edits(2, 3, unseen=False)):
        source, wrong, elsewhere, more = rivals(edit, stream(0, "rivals", i))
        assert source == edit.source
        assert not change_made(edit, named_attributes(wrong))
        assert change_made(edit, named_attributes(elsewhere))
        assert canonical(elsewhere) != canonical(edit.target)
        assert change_made(edit, named_attributes(more))
        after, theirs = named_attributes(edit.target), named_attributes(more)
        assert sum(after[name] != theirs[name] for name in after) == 1
        captions = {canonical(s) for s in (source, wrong, elsewhere, more, edit.target)}
        assert len(captions) == 5


def test_drawing_is_repeatable() -> None:
    scene = scenes(0, 1, unseen=False)[0]
    first, again = (gallery(scene, np.random.default_rng(5)) for _ in range(2))
    assert first == again
