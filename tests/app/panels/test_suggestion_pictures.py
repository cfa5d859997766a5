"""Previews of suggestions reach their chips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject

from app.canvas.mip_cache import MipCache
from app.canvas.thumbnails import Thumbnails
from app.panels.suggestion_pictures import SuggestionPictures
from app.runtime.model_folders import ModelFolders
from app.session.suggestion_previews import MOST
from app.widgets.prompt.chips import ChipData, ChipRow
from editor.model.edit import Suggestion
from inference.request import jobs
from tests.app.session.part_cases import previews_of
from tests.app.session_cases import CAPTION

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def test_a_drawn_suggestion_stands_in_its_chip(
    f: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders((tmp_path,)))
    previews, chips, owner = previews_of(f.session), ChipRow(), QObject()
    texts = ("Rain", "Snow", "Fog", "Night")
    chips.set_chips([ChipData(text, text) for text in texts])
    plain = [chip.sizeHint().width() for chip in chips.chips]
    thumbnails = Thumbnails(f.work, MipCache(), tmp_path / "thumbnails")
    SuggestionPictures(f.session, previews, chips, thumbnails, owner)
    previews.set_enabled(True)
    f.session.suggestion_feed.start()
    f.wait(lambda: f.engine.submitted)
    job = f.last(jobs.SuggestJob)
    made = tuple(Suggestion.of(t, CAPTION, f"{CAPTION}, {t}", "Because.") for t in texts)
    f.engine.job_event.emit(jobs.SuggestionsReady(job.id, CAPTION, made))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    wider = [c.sizeHint().width() > w for c, w in zip(chips.chips, plain, strict=True)]
    assert wider == [True] * MOST + [False]
    previews.timer.timeout.emit()
    f.engine.prepare(0.5)
    f.engine.edit()
    f.wait(lambda: "img" in chips.chips[0].toolTip())
    assert "img" not in chips.chips[1].toolTip()
