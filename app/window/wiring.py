from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.canvas.thumbnails import Thumbnails
from app.panels.why_this_order import WhyThisOrder
from app.panels.wording import tr
from app.runtime import paths
from app.session import open_document as opening
from app.session.changes import Changes
from app.session.results import Stage
from app.widgets.basics.empty_state import InfoCard, PictureTile
from app.widgets.basics.popover import Popover

if TYPE_CHECKING:
    from app.window.main_window import Window

VIEW_ACTIONS = ("picture", "wipe", "side", "all", "changes", "map")


class Looking:
    """Keeps options row, views, tools and menus in step with what is looked at."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.session = window.session
        self._popover: Popover | None = None
        self._sample_names: dict[str, int] = {}
        self._connect()
        self._fill_empty()
        self.refresh()

    def _connect(self) -> None:
        w, s = self.window, self.session
        options, stage = w.options, w.stage
        options.view_chosen.connect(lambda v: w.actions_by_id[f"view_{v}"].trigger())
        options.fade_changed.connect(s.view.set_opacity)
        options.paint_asked.connect(w.actions_by_id["paint_in"].trigger)
        options.stop_painting_asked.connect(s.view.stop_painting)
        options.side.clicked.connect(w.actions_by_id["side_column"].setChecked)
        options.open_asked.connect(w.actions_by_id["open"].trigger)
        options.paste_asked.connect(w.actions_by_id["paste"].trigger)
        stage.view_changed.connect(self._view_changed)
        stage.zoom_changed.connect(self._zoom_changed)
        stage.menu_asked.connect(self._canvas_menu)
        stage.tool_taken.connect(lambda t: w.actions_by_id[f"tool_{t}"].setChecked(True))
        w.results.menu_asked.connect(w.result_menu)
        w.results.keep_asked.connect(w.commands.keep)
        w.results.why_asked.connect(self.why)
        w.results.compare_asked.connect(w.actions_by_id["view_side"].trigger)
        w.results.swap_asked.connect(w.actions_by_id["swap_sides"].trigger)
        w.results.recipe_asked.connect(w.actions_by_id["copy_request"].trigger)
        w.history.hovered.connect(self._hover)
        w.history.rename_asked.connect(w.commands.rename)
        w.history.note_asked.connect(w.commands.note)
        w.history.compare_asked.connect(self._compare_node)
        w.history.menu_asked.connect(self._history_menu)
        w.history.map_asked.connect(w.actions_by_id["view_map"].trigger)
        w.history.search_asked.connect(w.actions_by_id["history_search"].trigger)
        w.map.rename_asked.connect(w.commands.rename)
        w.map.note_asked.connect(w.commands.note)
        w.map.compare_asked.connect(self._compare_node)
        w.map.menu_asked.connect(self._history_menu)
        # Who asks for a result by its number or its card wants to see it, not the map.
        w.results.list.looked.connect(lambda _: stage.leave_map())
        for number in range(10):
            w.actions_by_id[f"look_{number}"].triggered.connect(lambda _=False: stage.leave_map())
        w.prompt.action_asked.connect(w.commands.trigger)
        w.prompt.run_done.connect(stage.canvas.setFocus)
        w.prompt.box.escaped.connect(self.escape)
        w.rail.theme_asked.connect(self._next_theme)
        w.rail.keys_asked.connect(w.actions_by_id["show_keys"].trigger)
        w.status.zoom_asked.connect(self._zoom_menu)
        w.status.models_asked.connect(w.actions_by_id["show_models"].trigger)
        w.drop.open_asked.connect(w.actions_by_id["open"].trigger)
        w.drop.paste_asked.connect(w.actions_by_id["paste"].trigger)
        w.drop.words_asked.connect(w.actions_by_id["prompt"].trigger)
        w.empty.sample_asked.connect(lambda n: w.commands.files.open_sample(int(n)))
        s.changed.connect(self._on_changed)
        s.kept.connect(self._kept)
        w.thumbnails.ready.connect(self._thumbnail_ready)
        w.actions_by_id["select_edges"].setChecked(True)
        w.actions_by_id["side_column"].setChecked(bool(w.settings["side_visible"]))
        w.actions_by_id["tool_pan"].setChecked(True)
        w.actions_by_id["live"].setChecked(w.prompt.live.enabled)
        w.prompt.row.live.toggled.connect(w.actions_by_id["live"].setChecked)
        w.actions_by_id["view_picture"].setChecked(True)
        w.actions_by_id[f"theme_{w.settings['theme']}"].setChecked(True)
        w.rail.set_tool("tool_pan")
        for name in ("pan", "rectangle", "ellipse", "lasso", "brush", "eraser"):
            action = w.actions_by_id[f"tool_{name}"]
            action.toggled.connect(lambda on, n=f"tool_{name}": w.rail.set_tool(n) if on else None)

    # --- empty places -------------------------------------------------------------------------

    def _fill_empty(self) -> None:
        w = self.window
        if not w.settings["starter_card_seen"]:
            card = first_card(w.empty)
            card.clicked.connect(w.commands.trigger)
            w.empty.set_card(card)

    def show_samples(self) -> None:
        """Other samples to start with; their pictures come from worker threads."""
        tiles = []
        for number, sample in enumerate(opening.samples()[1:5], 1):
            image = self._sample_picture(sample.file.stem, number, sample)
            tiles.append(PictureTile(str(number), sample.title, image))
        self.window.empty.set_samples(tiles)

    def _sample_picture(self, stem: str, number: int, sample: opening.Sample):  # type: ignore[no-untyped-def]
        thumbnails: Thumbnails = self.window.thumbnails
        self._sample_names[f"sample-{stem}"] = number
        return thumbnails.of_file(f"sample-{stem}", sample.file)

    def _thumbnail_ready(self, name: str) -> None:
        if name in self._sample_names:
            self.show_samples()

    # --- options row --------------------------------------------------------------------------

    def _on_changed(self, changes: Changes) -> None:
        wanted = (
            Changes.LOOK | Changes.HEAD | Changes.RESULTS | Changes.DOCUMENT | Changes.SELECTION
            | Changes.JOB
        )  # fmt: skip
        if changes & wanted:
            self.refresh()
        if changes & Changes.DOCUMENT and self.session.document is None:
            self.window.stage.set_view("picture")

    def refresh(self) -> None:
        """Say what the canvas shows and which actions make sense now."""
        w, s = self.window, self.session
        options, results, node = w.options, s.results, s.node
        look = s.view.look
        sample = node is not None and node.parent is None and node.label.startswith("storybook-")
        fresh = sample and results is None and s.view.live is None
        painting = s.view.paint_key is not None
        pair = w.stage.comparing.pair if w.stage.view == "side" else ()
        if s.view.live is not None:
            options.say(tr("Live"), tr("What the words would do; nothing is kept"), preview=True)
        elif s.current_results.are_new_pictures and look is not None:
            options.say(tr("A new picture"), tr("It becomes a document when you keep it"),
                        preview=True)  # fmt: skip
        elif s.document is None:
            options.say(tr("Nothing open"), "")
        elif pair:
            options.say(tr("Comparing {0} and {1}").format(*pair), tr("Zoom and pan move together"))
        elif look is not None and results is not None:
            rank = next(
                (n for n, slot in enumerate(results.ordered, 1) if slot.key == look.first.key), 0
            )
            title = tr("Result {0}").format(rank)
            detail = tr("A preview until you keep it")
            if painting and results is not None:
                other = next(
                    (n for n, t in enumerate(results.ordered, 1) if t.key == s.view.paint_key), 0
                )
                detail = tr("Brush result {0} into it").format(other)
            options.say(title, detail, preview=True)
        elif fresh:
            options.say(tr("A sample to start with"), tr("or"))
        elif s.view.selection is not None:
            options.say(tr("Selection"), tr("Outside stays exact"))
        elif node is not None and s.document is not None:
            options.say(s.document.history.label(node.id), "")
        many = (
            results is not None
            and len(results.finished) > 1
            and not s.current_results.are_new_pictures
        )
        options.offer(
            opening=fresh,
            finishing=look is not None
            and (painting or not pair)
            and not s.current_results.are_new_pictures,
            painting=painting,
            can_paint=many,
            can_hold=look is not None and w.stage.view in ("picture", "side"),
        )
        options.fade.set_value(s.view.opacity)
        can_look = results is not None and bool(results.finished)
        explored = results is not None and results.explored
        w.actions_by_id["refine"].setEnabled(explored and look is not None and not s.is_busy)
        w.actions_by_id["explore"].setEnabled(s.document is not None and not s.is_busy)
        for name in ("keep", "fade", "set_aside", "save_result", "copy_seed", "copy_request"):
            w.actions_by_id[name].setEnabled(look is not None and not s.is_busy)
        if pair:  # the slider stands beside one picture
            w.actions_by_id["fade"].setEnabled(False)
        w.actions_by_id["paint_in"].setEnabled(look is not None and many)
        for name in ("view_all",):
            w.actions_by_id[name].setEnabled(can_look)
        w.actions_by_id["why"].setEnabled(results is not None and results.stage is Stage.RANKED)
        has_picture = s.document is not None
        for name in ("export", "save_copy", "name_document", "copy", "select_all"):
            w.actions_by_id[name].setEnabled(has_picture)

    def _kept(self, node_id: str) -> None:
        """Same pixels, tag gone; the box empties (Alt+Up brings the words back)."""
        self.window.stage.set_view("picture")
        self.window.stage.painting.put_brush_back()
        document, box = self.session.document, self.window.prompt.box
        node = document.history.nodes.get(node_id) if document is not None else None
        # It is on disk a moment after Enter; what was typed meanwhile stays.
        if node is not None and " ".join(box.text.split()) == node.label:
            box.set_text("")

    def _view_changed(self, view: str) -> None:
        if view in VIEW_ACTIONS:
            self.window.options.views.set_current(view)
            self.window.actions_by_id[f"view_{view}"].setChecked(True)
        self.window.options.show_tools(view == "map")
        self.window.results.set_comparing(view == "side")
        self.window.later(0, self.refresh)  # once the view has its pictures

    def _zoom_changed(self, percent: float) -> None:
        canvas = self.window.stage.canvas
        figure = f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"
        fitted = tr("Fit, {0}").format(figure)
        self.window.status.zoom.set_text(fitted if canvas.fitted else figure)

    def _hover(self, node_id: str) -> None:
        if self.window.settings["hover_history"]:
            self.window.stage.hover(node_id)

    # --- menus ----------------------------------------------------------------------------------

    def _menu(self, name: str, rows: tuple[str, ...], at: QPoint) -> None:
        menu = QMenu(self.window)
        menu.setObjectName(name)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for row in rows:
            if row:
                menu.addAction(self.window.actions_by_id[row])
            else:
                menu.addSeparator()
        menu.popup(at)

    def _canvas_menu(self, at: QPoint) -> None:
        rows = (
            "zoom_fit", "zoom_100", "zoom_200", "", "view_picture", "view_wipe", "view_side",
            "view_all", "view_changes", "", "select_all", "select_none", "select_invert",
            "select_feather", "select_edges", "", "copy", "paste",
        )  # fmt: skip
        self._menu("canvas-menu", rows, at)

    def _zoom_menu(self) -> None:
        zoom = self.window.status.zoom
        rows = (
            "zoom_fit",
            "zoom_100",
            "zoom_200",
            "zoom_400",
            "zoom_800",
            "",
            "zoom_in",
            "zoom_out",
        )
        self._menu("zoom-menu", rows, zoom.mapToGlobal(QPoint(0, -8 * 26)))

    def _history_menu(self, node_id: str, at: QPoint) -> None:
        w = self.window
        menu = QMenu(w)
        menu.setObjectName("history-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Go there"), lambda: self.session.go(node_id))
        menu.addAction(tr("Compare with here"), lambda: self._compare_node(node_id))
        menu.addSeparator()
        menu.addAction(tr("Star"), lambda: self.session.binding.star(node_id))
        menu.addAction(tr("Name this idea…"), lambda: w.commands.rename(node_id))
        menu.addAction(tr("Write a note…"), lambda: w.commands.note(node_id))
        menu.popup(at)

    def _compare_node(self, node_id: str) -> None:
        self.window.stage.compare_node(node_id)

    def _next_theme(self) -> None:
        order = ("dark", "light", "high-contrast")
        from app.theme.theme import look

        now = look().tokens.name
        self.window.commands.set_theme(order[(order.index(now) + 1) % len(order)])

    # --- why this order -------------------------------------------------------------------------

    def why(self) -> None:
        """One sentence on number 1, and what counts how much; the list re-sorts while it moves."""
        s, w = self.session, self.window
        if s.results is None or not s.results.ranking.places:
            return
        if self._popover is not None:
            shown = self._popover.isVisible()
            self.close_popover()
            if shown:
                return  # the same key takes it away
        content = WhyThisOrder(s, w.settings, w)
        self._popover = Popover(tr("Why this order"), w)
        self._popover.body.addWidget(content)
        corner = w.results.mapTo(w, QPoint(-8, w.results.header.height() + 8))
        self._popover.open_at(corner)

    def close_popover(self) -> None:
        """A popover points at a place, so it goes when places change."""
        if self._popover is not None:
            self._popover.dismiss()
            self._popover.deleteLater()
            self._popover = None

    # --- keyboard -------------------------------------------------------------------------------

    def escape(self) -> None:
        """Page, popover, stroke, job, painting, comparison, result: one step out at a time."""
        w, s = self.window, self.session
        if self._popover is not None and self._popover.isVisible():
            self.close_popover()
        elif w.map.dismiss():
            pass
        elif w.side.page:
            w.side.close_page()
        elif w.stage.canvas.cancel_gesture():
            pass
        elif s.is_busy:
            s.runner.cancel()
        elif w.prompt.awaiting.stop():
            pass
        elif s.view.paint_key is not None:
            s.view.stop_painting()
        elif w.stage.view != "picture":
            w.stage.set_view("picture")
        elif s.view.looked_at is not None:
            s.view.look_at(None)

    def step_region(self, step: int) -> None:
        """F6 and Shift+F6."""
        w = self.window
        regions: tuple[QWidget, ...] = (
            w.prompt.box.edit, w.results.list, w.results.foot.keep, w.history.list,
            w.rail.buttons["tool_pan"], w.options.fade.slider, w.stage.canvas,
            w.map.ideas,
        )  # fmt: skip
        usable = [r for r in regions if r.isVisible() and r.isEnabled()]
        focus = QApplication.focusWidget()
        now = next((i for i, r in enumerate(usable) if focus is not None and r is focus), 0)
        usable[(now + step) % len(usable)].setFocus(Qt.FocusReason.TabFocusReason)


def first_card(parent: QWidget) -> InfoCard:
    """What a newcomer should know about the models that are there."""
    if not paths.models():
        return InfoCard(
            tr("Tone and colour need no model"),
            tr("Light, colour, sharpness and framing change by words, on any picture. "
               "Repainting needs a model; none is installed yet."),
            (("show_models", tr("Models")), ("starter_seen", tr("Got it"))),
            parent,
        )  # fmt: skip
    if paths.has_own_models():
        return InfoCard(
            tr("Your models are ready"),
            tr("What each of them can do stands under Models."),
            (("show_models", tr("Models")), ("starter_seen", tr("Got it"))),
            parent,
        )
    return InfoCard(
        tr("Starter models are ready"),
        tr("They know storybook scenes like this one. On photographs they change tone and colour."),
        (("show_models", tr("Add a model")), ("starter_seen", tr("Got it"))),
        parent,
    )
