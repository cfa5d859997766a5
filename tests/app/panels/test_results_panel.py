"""Cards while results form: what the engine sends step by step is seen at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.canvas.mip_cache import MipCache
from app.canvas.thumbnails import Thumbnails
from app.panels.results_panel import ResultsPanel
from app.runtime.ui_scheduler import UiScheduler
from app.widgets.cards.card_delegate import alike_plate, thumb_rect
from app.widgets.cards.card_model import CardData
from inference.request import jobs
from inference.workflow.preparation import Preparation
from tests.app.session_cases import repainting

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(f: Any, tmp_path: Path) -> ResultsPanel:
    thumbnails = Thumbnails(f.work, MipCache(), tmp_path / "small")
    return ResultsPanel(f.session, thumbnails, UiScheduler(), QWidget())


def cards(panel: ResultsPanel) -> list[CardData]:
    panel._scheduler.finish()
    return [row for row in panel.list.cards.rows if isinstance(row, CardData)]


def test_previews_and_progress_stand_on_the_cards(f: Any, panel: ResultsPanel) -> None:
    f.session.edit.run("turn the house into a boat", count=2)
    assert [card.state for card in cards(panel)] == ["waiting", "waiting"], "at once"
    job = f.engine.job
    words = job.instructions[0]
    f.engine.understand(Preparation(words, **repainting(words.text)))
    assert [card.state for card in cards(panel)] == ["waiting", "waiting"]
    f.engine.job_event.emit(jobs.Progress(job.id, "editing", 5, 20))
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 200
    f.engine.job_event.emit(jobs.Preview(job.id, f.engine.requests[0].key, red))
    first, second = cards(panel)
    assert (first.state, second.state) == ("forming", "waiting")
    assert first.progress == 0.25
    assert first.thumbnail is not None
    assert first.thumbnail.pixelColor(4, 4) == QColor(200, 0, 0)
    red[..., 1] = 100
    f.engine.job_event.emit(jobs.Progress(job.id, "editing", 10, 20))
    f.engine.job_event.emit(jobs.Preview(job.id, f.engine.requests[0].key, red))
    first, _ = cards(panel)
    assert first.progress == 0.5
    assert first.thumbnail is not None
    assert first.thumbnail.pixelColor(4, 4) == QColor(200, 100, 0)


def test_stopped_results_say_how_far_they_got(f: Any, panel: ResultsPanel) -> None:
    f.session.edit.run("brighter", count=2)
    f.engine.prepare(0.5, 1.0)
    f.engine.job_event.emit(jobs.Progress(f.engine.job.id, "editing", 9, 20))
    f.engine.edit(upto=1)
    f.session.driver.cancel()
    first, second = cards(panel)
    assert (first.state, second.state) == ("ready", "stopped")
    assert second.reason == "Stopped at step 9 of 20"
    assert "Stopped at step 9 of 20" in panel.list.cards.spoken(second)
    assert "Stopped" not in first.reason


def test_an_earlier_run_is_chosen_in_the_header(f: Any, panel: ResultsPanel) -> None:
    f.run("brighter", (0.5, 1.0))
    panel._scheduler.finish()
    assert panel.runs.isHidden()
    first = f.session.results.job
    f.run("darker", (-0.5,))
    panel._scheduler.finish()
    assert not panel.runs.isHidden()
    assert panel.runs.text() == "Run 2"
    lines = [action.text() for action in panel.runs.build_menu().actions()]
    assert [line.rsplit(", ", 1)[0] for line in lines] == [
        "Run 1: brighter, 2 results",
        "Run 2: darker, 1 result",
    ]
    panel.runs.chosen.emit(first)
    panel._scheduler.finish()
    assert f.session.results.job == first
    assert panel.runs.text() == "Run 1"
    assert len(cards(panel)) == 2
    f.session.edit.run("warmer")
    panel._scheduler.finish()
    assert panel.runs.isHidden()  # the run under way is none of them yet


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, when shown
def test_the_header_holds_no_more_than_there_is_room_for(f: Any, panel: ResultsPanel) -> None:
    def in_vain() -> None:
        f.session.edit.run("brighter")
        f.engine.prepare(0.5)
        f.engine.edit(asked=(0.0,))
        panel._scheduler.finish()

    panel.resize(347, 600)
    panel.show()
    in_vain()
    assert panel.header.title.text == "None reached your bar"
    in_vain()
    assert (panel.header.title.text, panel.runs.text()) == ("Results", "Run 2")
    assert panel.why.text() == "Why this order"
    panel.list.order_waits.emit(True)
    assert not panel.sort_now.isHidden()
    assert (panel.why.text(), panel.why.accessibleName()) == ("", "Why this order")
    row = panel.header.layout()
    assert row is not None
    row.activate()
    assert panel.header.title.width() >= panel.header.title.sizeHint().width()
    panel.list.order_waits.emit(False)
    assert panel.why.text() == "Why this order"
    panel.resize(500, 600)
    assert panel.header.title.text == "None reached your bar"


def test_alike_results_are_one_card_until_it_is_fanned_out(f: Any, panel: ResultsPanel) -> None:
    f.session.edit.run("brighter", count=4)
    f.engine.prepare(0.4, 0.5, 0.6, 0.7)
    f.engine.edit(alike=2)
    first, second = cards(panel)
    assert (first.alike_text, second.alike_text) == ("3 alike", "")
    assert panel.list.cards.spoken(first).startswith("Result 1 of 4, chosen, 3 alike.")
    panel.resize(348, 700)
    panel.show()
    row = panel.list.visualRect(panel.list.cards.index(0))
    thumb = thumb_rect(first, QRectF(row).adjusted(0, 2, 0, -2))
    at = alike_plate(thumb, first).center().toPoint()
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=at)
    shown = cards(panel)
    assert [card.rank for card in shown] == [1, 2, 3, 4]
    assert shown[0].alike_text == "Fold"
    panel.list.setCurrentIndex(panel.list.cards.index(0))
    QTest.keyClick(panel.list, Qt.Key.Key_Minus)
    assert len(cards(panel)) == 2
    QTest.keyClick(panel.list, Qt.Key.Key_Plus)
    assert len(cards(panel)) == 4
    panel.close()


def test_without_a_result_to_keep_there_is_no_keep(f: Any, panel: ResultsPanel) -> None:
    f.run()
    cards(panel)
    assert not panel.foot.isHidden()
    f.session.view.look_at(None)
    cards(panel)
    assert panel.foot.isHidden()
