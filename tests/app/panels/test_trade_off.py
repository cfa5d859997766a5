"""The trade-off plot: its dots are the results, clicks and the slider choose them."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.panels.trade_off import TradeOffPanel
from app.panels.why_this_order import WhyThisOrder
from app.widgets.basics import trade_off_plot
from app.widgets.basics.painting import draw_text
from app.widgets.basics.trade_off_plot import PlotPoint, TradeOffPlot
from editor.model.edit import Candidate
from editor.model.patch import Patch
from editor.model.score import Score
from inference.request import jobs
from inference.workflow.preparation import Preparation
from tests.app.session_cases import Fixture, repainting

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

FIGURES = ((0.30, 0.80), (0.20, 0.90), (0.15, 0.85), (0.35, 0.60))
"""Direction and similarity of four results; the third is beaten by the second."""


def run(f: Fixture) -> list[str]:
    """Four results; their keys in the order of `FIGURES`."""
    f.session.edit.run("make it night", methods=("instruct_pix2pix",))
    job = f.engine.job
    f.engine.understand(Preparation(job.instructions[0], **repainting("make it night")))
    for request, (direction, image) in zip(f.engine.requests, FIGURES, strict=True):
        f.engine.job_event.emit(jobs.CandidateReady(job.id, Candidate(request, Patch(()))))
        score = Score(request.key, direction=direction, image=image)
        f.engine.job_event.emit(jobs.ScoreReady(job.id, score))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 1.0))
    return [request.key for request in f.engine.requests]


@pytest.fixture
def panel(f: Fixture, page: QWidget) -> TradeOffPanel:
    """On a page that is seen."""
    panel = TradeOffPanel(f.session, page)
    panel.resize(316, 260)
    page.show()
    return panel


def test_a_click_chooses_the_result(f: Fixture, panel: TradeOffPanel) -> None:
    assert not panel.isVisible()
    keys = run(f)
    assert panel.isVisible()
    assert len(panel.plot.points) == 4
    point = next(p for p in panel.plot.points if p.id == keys[1])
    QTest.mouseClick(panel.plot, Qt.MouseButton.LeftButton, pos=panel.plot.place(point).toPoint())
    assert f.session.view.looked_at == keys[1]


def test_the_slider_walks_along_the_best_line(f: Fixture, panel: TradeOffPanel) -> None:
    keys = run(f)
    panel.keep.setValue(0)
    walked = [f.session.view.looked_at]
    for place in (1, 2):
        panel.keep.setValue(place)
        walked.append(f.session.view.looked_at)
    assert panel.keep.maximum() == 2
    assert walked == [keys[3], keys[0], keys[1]]


def test_keys_go_through_the_results_in_their_order(f: Fixture, panel: TradeOffPanel) -> None:
    run(f)
    results = f.session.results
    assert results is not None
    order = [slot.key for slot in results.ordered]
    f.session.view.look_at(order[0])
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    assert f.session.view.looked_at == order[1]
    assert panel.plot.accessibleDescription().startswith("Result 2: follows")
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    assert f.session.view.looked_at == order[0]


def test_it_stands_in_why_this_order_too(f: Fixture) -> None:
    run(f)
    why = WhyThisOrder(f.session)
    panel = why.findChild(TradeOffPanel)
    assert isinstance(panel, TradeOffPanel)
    assert len(panel.plot.points) == 4
    why.deleteLater()


def test_results_that_are_nearly_alike_lie_together_and_no_dot_lies_on_the_words(
    qapp: QApplication,
) -> None:
    del qapp
    plot = TradeOffPlot("Keeps the picture", "Follows the words")
    plot.resize(276, 190)
    alike = [PlotPoint(f"{n}", n, 0.90 + n / 500, 0.84 + n / 400) for n in range(1, 5)]
    plot.set_points(alike, ())
    places = [plot.place(point) for point in alike]
    assert max(p.x() for p in places) - min(p.x() for p in places) < plot.width() / 8
    assert max(p.y() for p in places) - min(p.y() for p in places) < plot.height() / 8
    apart = [PlotPoint("1", 1, 0.2, 0.9), PlotPoint("2", 2, 0.9, 0.2)]
    plot.set_points(apart, ())
    # The names of the axes stand in lines of 24 at the top and at the foot, a dot has a ring of 14.
    assert plot.place(apart[0]).y() - 14 >= 24
    assert plot.place(apart[1]).y() + 14 <= plot.height() - 24


def test_how_many_lie_on_each_other_stands_inside_the_plot(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    places: dict[str, QRectF] = {}

    def watched(painter: QPainter, rect: QRectF, text: str, *how: Any) -> float:
        places[text] = rect
        return draw_text(painter, rect, text, *how)

    monkeypatch.setattr(trade_off_plot, "draw_text", watched)
    plot = TradeOffPlot("Keeps the picture", "Follows the words")
    qtbot.addWidget(plot)
    alike = [PlotPoint(f"r{n}", n, 0.9, 0.3) for n in (1, 2, 3)]
    plot.set_points([*alike, *(PlotPoint(f"l{n}", n, 0.1, 0.6) for n in (4, 5))])
    plot.resize(276, 190)
    plot.grab()
    middle = plot.place(alike[0]).x()
    assert places["×3"].right() < middle, "at the right edge before its dot"
    assert places["×2"].left() > plot.place(plot.points[-1]).x()
    for text in ("×3", "×2"):
        assert places[text].left() >= 8
        assert places[text].right() <= plot.width() - 8
