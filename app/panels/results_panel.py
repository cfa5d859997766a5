from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.canvas.thumbnails import Thumbnails, to_qimage
from app.i18n.reasons import reason_text
from app.i18n.texts import tr
from app.panels import wording
from app.panels.elsewhere import ElsewherePage
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.results import Results, ResultsStage, Slot
from app.session.retry import none_passed
from app.session.session import Session
from app.widgets.basics.buttons import LinkButton, PushButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.labels import PanelHeader
from app.widgets.basics.vertical_scroll import VerticalScroll
from app.widgets.cards.card_model import CardData, CardHeader, CardRow
from app.widgets.cards.chosen_result import ChosenResult
from app.widgets.cards.result_list import ResultFoot, ResultList
from editor.render.result_blend import ResultBlend


class ResultsPanel(QWidget):
    """Results in ranking order, side by side with their reasons, and the foot with Keep this.

    Signals:
        menu_asked(str, QPoint): menu of a result at a global point.
        why_asked(): "Why this order".
        compare_asked(), swap_asked(): the Compare button, side by side Swap sides.
        recipe_asked(): copy the recipe.
        keep_asked(): keep what is looked at.
    """

    menu_asked = Signal(str, QPoint)
    why_asked = Signal()
    compare_asked = Signal()
    swap_asked = Signal()
    recipe_asked = Signal()
    keep_asked = Signal()

    def __init__(
        self,
        session: Session,
        thumbnails: Thumbnails,
        scheduler: UiScheduler,
        empty: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._thumbnails = thumbnails
        self._scheduler = scheduler
        self._job = ""
        self._ranked = self._comparing = self._in_grid = self._tabbed = False
        self._offers_runs = False
        self.setObjectName("results-panel")
        self.header = PanelHeader(tr("Results"), self)
        self.sort_now = LinkButton(tr("Sort now"), self)
        self.sort_now.setObjectName("sort-now")
        self.sort_now.hide()
        self.header.add(self.sort_now)
        self.runs = ChoiceButton(tr("Runs of this idea"), parent=self)
        self.runs.setObjectName("runs")
        self.runs.set_compact(True)
        self.runs.hide()
        self.header.add(self.runs)
        self.why = PushButton("", self, kind="flat", icon_name="info", height=28)
        self.why.setObjectName("why")
        self.header.add(self.why)
        self.list = ResultList(self)
        self.foot = ResultFoot(self)
        self.empty = empty
        filled = QWidget(self)
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.chosen = ChosenResult(filled)
        column.addWidget(self.list, 1)
        column.addWidget(self.chosen, 1)
        column.addWidget(self.foot)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(VerticalScroll(empty, self))  # its height is not the panel's
        self.stack.addWidget(filled)
        self.elsewhere = ElsewherePage(session, self)
        self.elsewhere.asked.connect(session.go)
        self.stack.addWidget(self.elsewhere)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        outer.addWidget(self.stack, 1)
        self.why.clicked.connect(self.why_asked)
        self.runs.chosen.connect(session.runs.show)
        self.sort_now.clicked.connect(self.list.sort_now)
        self.list.order_waits.connect(self._offer_sorting)
        self.list.looked.connect(session.view.look_at)
        self.list.fan_asked.connect(session.alike.fan)
        self.chosen.fan_asked.connect(session.alike.fan)
        self.list.kept.connect(self._keep)
        self.list.aside_asked.connect(session.view.set_aside)
        self.list.menu_asked.connect(self.menu_asked)
        self.foot.keep_asked.connect(self.keep_asked)
        self.foot.compare_asked.connect(self.compare_asked)
        self.foot.swap_asked.connect(self.swap_asked)
        self.foot.recipe_asked.connect(self.recipe_asked)
        self.foot.menu_asked.connect(self._foot_menu)
        session.changed.connect(self._on_changed)
        thumbnails.ready.connect(self._on_thumbnail)
        self.set_tabbed(False)
        self.refresh()

    def _keep(self, key: str) -> None:
        self._session.view.look_at(key)
        self.keep_asked.emit()

    def _foot_menu(self, at: QPoint) -> None:
        if self._session.view.looked_at is not None:
            self.menu_asked.emit(self._session.view.looked_at, at)

    def _on_changed(self, changes: Changes) -> None:
        wanted = Changes.RESULTS | Changes.PREVIEW | Changes.JOB | Changes.LOOK | Changes.HEAD
        if changes & wanted:
            self._scheduler.later(self.refresh)

    def _on_thumbnail(self, name: str) -> None:
        results = self._session.results
        if results is not None and any(s.key == name for s in results.slots):
            self._scheduler.later(self.refresh)

    def refresh(self) -> None:
        """Show what the session holds."""
        results = self._session.results
        if self._session.current_results.are_elsewhere(self._session.node):
            self._show_elsewhere()
            return
        self.stack.setCurrentIndex(1 if results is not None else 0)
        self.why.setVisible(results is not None and bool(results.ranking.places))
        self._offer_runs(results)
        if results is None:
            self._job = ""
            self.header.say(tr("Results"))
            return
        self._say_header(results)
        rows = self._rows(results)
        ranked = bool(results.ranking.places)
        if results.job == self._job and ranked and not self._ranked:
            self.list.propose(rows)  # the one time the order changes
        elif results.job == self._job and self._same_order(rows):
            for row in rows:
                if isinstance(row, CardData):
                    self.list.update_card(row)
        else:
            self.list.set_rows(rows)
        self._job, self._ranked = results.job, ranked
        self._mark()
        self._say_foot(results)
        self._show_chosen()

    def _show_elsewhere(self) -> None:
        """Results are shown beside the picture they were made from, and beside no other."""
        self._job = ""
        self.elsewhere.refresh()
        self.stack.setCurrentWidget(self.elsewhere)
        self.header.say(tr("Results"))
        self.why.hide()

    def show_beside(self, view: str) -> None:
        """Follow how the picture is looked at.

        Side by side the other one has a ring too, and the sides can be swapped. Beside the grid
        stands the chosen one alone, in full.
        """
        self._comparing, self._in_grid = view == "side", view == "all"
        self.foot.set_comparing(self._comparing)
        self._mark()
        self._show_chosen()

    def _show_chosen(self) -> None:
        results, look = self._session.results, self._session.view.look
        there = results is not None and look is not None and self._in_grid and not self._tabbed
        self.list.setVisible(not there)
        self.chosen.setVisible(there)
        if not there or results is None or look is None:
            return
        keys = [slot.key for slot in results.ordered]
        number = keys.index(look.first.key)
        card = self._card(results, results.ordered[number], number + 1)
        self.chosen.show_card(card, wording.beside_text(results, number))

    def _mark(self) -> None:
        session = self._session
        two = self._comparing or session.view.paint_key is not None
        self.list.set_marks(
            session.view.looked_at or "", session.view.compared or "" if two else ""
        )

    def _same_order(self, rows: list[CardRow]) -> bool:
        shown = [r.id if isinstance(r, CardData) else r.text for r in self.list.cards.rows]
        return shown == [r.id if isinstance(r, CardData) else r.text for r in rows]

    def _offer_runs(self, results: Results | None) -> None:
        """The other runs of the same idea, where there are any."""
        found = self._session.runs.all
        choices = [Choice(run.job, wording.run_line(run), wording.run_name(run)) for run in found]
        there = results is not None and results.job in {run.job for run in found}
        self._offers_runs = there and len(found) > 1
        self.runs.setVisible(self._offers_runs)
        self._name_why()
        self.runs.setEnabled(not self._session.is_busy)
        if there and results is not None:
            self.runs.set_choices(choices, results.job)

    def _say_header(self, results: Results) -> None:
        document = self._session.document
        title = tr("Explored") if results.explored else tr("Results")
        if results.source is not None:
            title = tr("New pictures")
        plain = title
        if results.kept_node is not None and document is not None:
            title = tr("From {0}").format(document.history.label(results.parent))
        detail = ""
        if results.stage is ResultsStage.ASKING:
            detail = tr("waiting for an answer")
        elif results.stage.is_live:
            detail = tr("working")
        elif results.stage is ResultsStage.RANKED and results.seconds:
            time = wording.duration(results.seconds)
            detail = tr("{0} in {1}").format(len(results.finished), time)
        elif results.finished:
            detail = str(len(results.finished))
        if none_passed(results):
            title, detail = tr("None reached your bar"), ""
        if len(self._session.runs.all) > 1 and not results.stage.is_live:
            detail = ""  # the choice of runs says it too
        self.header.say(title, detail, plain)

    def _say_foot(self, results: Results) -> None:
        look = self._session.view.look
        self.foot.setVisible(look is not None)  # nothing to keep, nothing to press
        if look is None:
            return
        slot = results.slot(look.first.key)
        self.foot.set_recipe(wording.method_line(results, slot), wording.recipe_line(results, slot))
        self.foot.set_ready(not results.stage.is_live, why=tr("Wait for the end or cancel"))

    def _rows(self, results: Results) -> list[CardRow]:
        rows: list[CardRow] = []
        if results.stage is ResultsStage.PREPARING and not results.slots:
            # The places there will be; what stands in them is planned only when all is read.
            for number in range(1, results.expected + 1):
                rows.append(CardData(f"{number}", number, state="waiting", aspect=self._aspect()))
        has_header, hidden = False, self._session.alike.hidden
        for number, slot in enumerate(results.ordered, 1):
            if slot.key in hidden:
                continue
            place = results.place(slot.key)
            if place is not None and not place.passed and not has_header:
                rows.append(CardHeader(tr("Below your bar")))
                has_header = True
            rows.append(self._card(results, slot, number))
        return rows

    def _card(self, results: Results, slot: Slot, number: int) -> CardData:
        place = results.place(slot.key)
        title = wording.method_title(slot.request.method)
        if slot.candidate is None:
            if not results.stage.is_live:
                return CardData(
                    slot.key, number, thumbnail=_image(slot.preview), state="stopped",
                    reason=wording.stopped_text(slot), method=title, aspect=self._aspect(),
                    action=self._action(results, slot),
                )  # fmt: skip
            state = "waiting" if slot.preview is None else "forming"
            share = slot.step / slot.steps if slot.steps else 0.0
            return CardData(
                slot.key, number, thumbnail=_image(slot.preview), state=state,  # type: ignore[arg-type]
                progress=share, method=title, aspect=self._aspect(),
                action=self._action(results, slot),
            )  # fmt: skip
        outside = wording.outside_text(slot)
        lock = "none"
        if results.selection is not None and slot.score is not None:
            lock = "changed" if outside else "exact"
        made = wording.recipe_line(results, slot)
        return CardData(
            id=slot.key,
            rank=number,
            thumbnail=self._thumbnail(results, slot) or _image(slot.preview),
            reason=reason_text(place) or wording.enlarged_text(slot),
            scores=wording.bars(slot, 2 if results.explored else 3),
            state="ready",
            method=made if self._show_methods else "",
            lock=lock,  # type: ignore[arg-type]  # one of the literals
            lock_text=outside,
            below=place is not None and not place.passed,
            set_aside=slot.key in results.set_aside,
            made=made,
            aspect=self._aspect(),
            action=self._action(results, slot),
            alike=self._session.alike.count(slot.key),
            fanned=self._session.alike.is_fanned(slot.key),
        )

    def _action(self, results: Results, slot: Slot) -> str:
        """An explored result's own words; the others all have those of the box."""
        return slot.request.instruction.text if results.explored else ""

    def set_tabbed(self, tabbed: bool) -> None:
        """In narrow windows a tab says what this is, and "Why this order" is its icon."""
        self._tabbed = tabbed
        self.list.set_stacked(tabbed)
        self._show_chosen()
        self.header.title.setVisible(not tabbed)
        self.header.detail.setVisible(not tabbed)
        self._name_why()

    def _offer_sorting(self, waits: bool) -> None:
        self.sort_now.setVisible(waits)
        self._name_why()

    def _name_why(self) -> None:
        """Why this order is its icon alone where the header holds more than its words leave."""
        crowded = not self.sort_now.isHidden() and self._offers_runs
        self.why.set_content("" if self._tabbed or crowded else tr("Why this order"))
        self.why.explain_action(tr("Why this order"), "why")
        self.header.fit()

    _show_methods = False

    def show_methods(self, on: bool) -> None:
        """Add method and settings to every card."""
        self._show_methods = on
        self._job = ""
        self.refresh()

    def _thumbnail(self, results: Results, slot: Slot):  # type: ignore[no-untyped-def]
        document = self._session.document
        if slot.candidate is None:
            return None
        if results.source is not None:
            return self._thumbnails.of_look(results.source, ResultBlend(slot.candidate), None)
        if document is None:
            return None
        picture = document.history.nodes[results.parent].picture
        if picture is None:
            return None
        return self._thumbnails.of_look(
            picture.image, ResultBlend(slot.candidate), results.selection
        )

    def _aspect(self) -> float:
        results = self._session.results
        image = results.source if results is not None and results.source else self._session.image
        return image.width / image.height if image is not None else 16 / 9


def _image(preview: NDArray[np.uint8] | None) -> QImage | None:
    return None if preview is None else to_qimage(preview)
