"""Storybook-Brush has the numbers of MagicBrush's test split, and the same bytes for one seed."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from inference.lab.evaluation.brush.layout import read_brush, read_inside, read_picture
from inference.lab.evaluation.brush.make import (
    LOCAL_KINDS,
    SESSION_COUNT,
    brush_session,
    local_caption,
    turn_count,
    write_brush,
)
from inference.starter.captions import canonical
from inference.starter.scene import is_unseen
from tests.app.cli.cli_cases import in_process


def test_535_sessions_have_1053_turns() -> None:
    counts = Counter(map(turn_count, range(SESSION_COUNT)))
    assert sum(turns * number for turns, number in counts.items()) == 1053
    assert set(counts) == {1, 2, 3}


def test_every_turn_edits_what_the_one_before_left_and_nothing_twice() -> None:
    kinds: Counter[str] = Counter()
    for index in range(120):
        edits = [one.edit for one in brush_session(index, 5)]
        assert len(edits) == turn_count(index)
        assert len({edit.attribute for edit in edits}) == len(edits)
        for before, after in pairwise(edits):
            assert after.source == before.target
        for edit in edits:
            assert not is_unseen(edit.target)
            assert local_caption(edit)
        kinds.update(edit.kind for edit in edits)
    assert set(kinds) == set(LOCAL_KINDS)


def test_a_session_depends_on_its_number_and_the_seed_only() -> None:
    assert brush_session(7, 3) == brush_session(7, 3)
    assert brush_session(7, 3) != brush_session(7, 4)


def test_files_are_the_layout_and_equal_seeds_give_equal_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = in_process(capsys)
    code, values = run("make-brush", tmp_path / "a", "--sessions", 3, "--size", 48, "--seed", 2)
    assert code == 0
    assert values["turns"] == 6
    write_brush(tmp_path / "b", 4, 2, 48)
    sessions = read_brush(tmp_path / "a")
    for session in sessions:
        for turn in session.turns:
            source, target = read_picture(turn.source), read_picture(turn.target)
            assert turn.mask is not None
            inside = read_inside(turn.mask)
            assert (source == target).all(-1)[~inside].all()
            assert (source != target).any()
            assert turn.source_caption != turn.target_caption
            other = tmp_path / "b" / turn.mask.relative_to(tmp_path / "a")
            assert other.read_bytes() == turn.mask.read_bytes()
    edit = brush_session(1, 2)[0].edit
    assert sessions[1].turns[0].target_caption == canonical(edit.target)
    assert np.asarray(read_picture(sessions[0].turns[0].source)).shape == (48, 48, 3)
    code, values = run("make-brush", tmp_path / "a")
    assert code == 3
