from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from app.canvas.mip_cache import MipCache
from app.canvas.thumbnails import Thumbnails
from app.runtime import paths
from app.runtime.settings import Settings
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.recent_list import RecentList
from app.session.session import Session
from app.theme.theme import look
from app.widgets.basics.command_palette import CommandPalette
from app.widgets.basics.message_line import announce
from app.widgets.basics.painting import FocusRing
from app.window import window_place
from app.window.action_set import ActionSet
from app.window.commands import Controllers, commands_of
from app.window.controllers.clipboard import ClipboardController, can_open
from app.window.controllers.edit import EditController
from app.window.controllers.export import ExportController
from app.window.controllers.file import FileController
from app.window.controllers.help import HelpController
from app.window.controllers.history import HistoryController
from app.window.controllers.home import HomeController
from app.window.controllers.ideas import make_ideas
from app.window.controllers.models import ModelsController
from app.window.controllers.preferences import PreferencesController
from app.window.controllers.selection import SelectionController
from app.window.controllers.survey import SurveyController
from app.window.controllers.view import ViewController
from app.window.drop_ring import DropRing
from app.window.hidden_focus import HiddenFocus
from app.window.keyboard import focus_stops, step_focus, ways_out
from app.window.menus import ContextMenus, fill_menu_bar, palette_commands
from app.window.message_actions import MessageActions
from app.window.options_presenter import OptionsPresenter
from app.window.recent_menu import RecentMenu
from app.window.regions import build_regions
from app.window.responsive_layout import ResponsiveLayout
from app.window.setting_effects import setting_effects
from app.window.start_page import StartPage
from app.window.window_observer import WindowObserver
from app.window.window_shell import WindowShell
from app.window.window_view import WindowView
from editor.errors import ExpectedError

BEGIN_MS = 60
"""After the first paint: words and samples load on other threads, which share one lock."""


class Window(QWidget):
    """One screen: look (canvas), say (prompt), choose (results), keep (history).

    It builds the parts and connects them; what they do stands in them and in the controllers.
    """

    def __init__(self, session: Session, settings: Settings, thumbnails_dir: Path) -> None:
        super().__init__()
        self.session = session
        self.settings = settings
        self.scheduler = UiScheduler(self)
        self._mips = MipCache()
        self._thumbnails = Thumbnails(session.work, self._mips, thumbnails_dir)
        folders = thumbnails_dir.with_name("recent"), paths.state() / "untitled"
        self.recent = RecentList(session.work, *folders, self)
        self._begun = False
        self.setObjectName("window")
        self.setWindowTitle("Pentimento")
        self.setMinimumSize(480, 300)
        self.resize(window_place.USUAL)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self._show_settings()
        self._on_changed(Changes.ALL)
        for part in (self.regions.column, self.regions.top, self.regions.status):
            part.refresh()
        self.regions.prompt.focus_prompt()
        self._on_room_changed()

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        session, settings = self.session, self.settings
        self.action_set = actions = ActionSet(self, self._view, settings)
        self.regions = parts = build_regions(
            self, session, settings, self._thumbnails, self._mips, self.scheduler, actions,
            self.recent,
        )  # fmt: skip
        self._recent_menu = self._fill_menus()
        self._palette = CommandPalette(self)
        self._focus_ring = FocusRing(self)
        self._drop_ring = DropRing(self)
        HiddenFocus(self, parts)
        self.responsive = ResponsiveLayout(self, parts, session, settings, self._focus_ring)
        self.observer = WindowObserver(self, session, settings, parts, self.responsive)
        self._options = OptionsPresenter(session, parts.stage, parts.options)
        self._start_page = StartPage(parts.empty, self._thumbnails, settings, session)
        self._menus = ContextMenus(self, actions)
        self.shell = shell = WindowShell(
            self, parts.side, parts.results, parts.prompt, parts.stage, parts.rooms)  # fmt: skip
        file = FileController(session, shell, settings, self.recent, self)
        ideas = make_ideas(session, shell, file, parts)
        self.controllers = Controllers(
            file=file,
            export=ExportController(session, shell, file.folder, settings, self),
            home=HomeController(session, shell, file, self.recent),
            edit=EditController(session, shell, file.keep_new, parts.prompt.for_pages),
            selection=SelectionController(session, shell),
            ideas=ideas,
            clipboard=ClipboardController(session, shell, file, ideas.open_story),
            history=HistoryController(session, shell),
            view=ViewController(session, shell, settings, self),
            help=HelpController(shell),
        )
        self.models = ModelsController(session, shell, settings, parts.status.show_download)
        self.models.library.models_changed.connect(parts.ideas.sheet.on_models_changed)
        self._message_actions = MessageActions(
            session,
            actions,
            {
                "open_rest": file.open_rest,
                "save_elsewhere": file.move_elsewhere,
                "retry_writing": session.binding.retry_writing,
                "open_worked_on": file.open_worked_on,
                "show_exported": self.controllers.export.show_in_folder,
                "export_elsewhere": self.controllers.export.choose_elsewhere,
                "start_new": lambda: session.messages.say(None),
                "recent_put_back": self.controllers.home.put_back,
                "starter_seen": self._start_page.hide_card,
                "repaint_anyway": self.controllers.edit.repaint_anyway,
                "edit_caption": lambda: self.controllers.edit.show_captions(write=True),
            },
            parts.prompt.retry,
            self.models.show,
        )
        actions.bind(
            commands_of(session, self.controllers, parts)
            | {
                "quit": self.close,
                "only_picture": self.responsive.show_only_picture,
                "side_column": self.responsive.show_side,
                "full_screen": self.show_full_screen,
                "find_command": self.open_palette,
                "next_region": lambda: self.step_region(1),
                "previous_region": lambda: self.step_region(-1),
                "escape": self.escape,
            }
        )
        self._ways_out = ways_out(session, shell, parts)
        effects = setting_effects(session, parts, self.controllers.view)
        preferences = PreferencesController(session, settings, self.models, effects, actions)
        parts.rooms.make_settings = preferences.make_panel
        parts.rooms.make_survey = SurveyController(session, shell).make_panel

    def _fill_menus(self) -> RecentMenu:
        actions, menus = self.action_set, self.regions.top.menus
        fill_menu_bar(menus, actions)
        file_menu = menus.findChild(QMenu, "menu-file")
        assert isinstance(file_menu, QMenu)
        return RecentMenu(file_menu, actions["open_sample"], self.recent, self._thumbnails,
                          actions["show_home"], actions["clear_recent"])  # fmt: skip

    def _connect_home(self) -> None:
        home, controller = self.regions.home, self.controllers.home
        home.document_asked.connect(controller.open)
        home.map_asked.connect(controller.open_map)
        home.removed.connect(controller.remove)
        home.menu_asked.connect(
            lambda path, at: self._menus.document(
                controller.commands(path), at, pinned=controller.is_pinned(path)
            )
        )
        home.sample_asked.connect(self.controllers.file.open_sample)
        home.action_asked.connect(self._message_actions.trigger)
        self._recent_menu.document_asked.connect(controller.open)
        self.regions.rooms.changed.connect(self._on_room_changed)

    def _on_room_changed(self) -> None:
        rooms = self.regions.rooms
        self.regions.top.set_room(rooms.title)
        self.regions.status.set_picture_hidden(rooms.hides_picture)
        if not rooms.hides_picture:
            self.regions.prompt.focus_prompt()
        self.responsive.arrange()
        self.shell.close_popover()
        self.action_set.refresh()

    def _connect(self) -> None:
        session, parts, actions = self.session, self.regions, self.action_set
        controllers, menus = self.controllers, self._menus
        options, stage, results, prompt = parts.options, parts.stage, parts.results, parts.prompt
        session.messages.announced.connect(lambda text: announce(self, text))
        options.view_chosen.connect(self._choose_view)
        options.strength_changed.connect(session.view.set_opacity)
        options.paint_asked.connect(actions["paint_in"].trigger)
        options.stop_painting_asked.connect(session.view.stop_painting)
        options.side.clicked.connect(actions["side_column"].trigger)
        stage.view_changed.connect(self._on_view_changed)
        stage.zoom_changed.connect(lambda z: parts.status.show_zoom(z, stage.canvas.fitted))
        stage.angle_changed.connect(parts.status.show_angle)
        stage.menu_asked.connect(menus.canvas)
        stage.canvas.tools.options_changed.connect(self._refresh)
        results.menu_asked.connect(self._open_result_menu)
        results.keep_asked.connect(controllers.edit.keep)
        results.why_asked.connect(controllers.view.why)
        results.compare_asked.connect(actions["view_side"].trigger)
        results.swap_asked.connect(actions["swap_sides"].trigger)
        results.recipe_asked.connect(actions["copy_request"].trigger)
        # Who asks for a result by its card wants to see it, not the map.
        results.list.looked.connect(lambda _: stage.leave_map())
        parts.history.hovered.connect(self._on_idea_hovered)
        parts.history.map_asked.connect(actions["view_map"].trigger)
        parts.history.search_asked.connect(actions["history_search"].trigger)
        for ideas in (parts.history, parts.map):
            ideas.rename_asked.connect(controllers.history.rename)
            ideas.note_asked.connect(controllers.history.note)
            ideas.compare_asked.connect(stage.compare_node)
            ideas.menu_asked.connect(self._open_idea_menu)
        prompt.action_asked.connect(self._message_actions.trigger)
        prompt.run_done.connect(stage.canvas.setFocus)
        prompt.attention.changed.connect(lambda: self._options.show_attention(prompt.attention))
        prompt.box.escaped.connect(self.escape)
        prompt.box.enter_taken.connect(lambda on: parts.results.foot.set_next_step(not on))
        parts.side.next_step_taken.connect(lambda on: prompt.box.set_next_step(not on))
        parts.top.titled.connect(self.setWindowTitle)
        parts.top.find_field.clicked.connect(self.open_palette)
        parts.status.zoom_asked.connect(lambda: menus.zoom(parts.status.zoom))
        parts.status.upright_asked.connect(actions["view_upright"].trigger)
        parts.status.models_asked.connect(actions["show_models"].trigger)
        for place in (options, parts.drop):
            place.open_asked.connect(actions["open"].trigger)
            place.paste_asked.connect(actions["paste"].trigger)
        parts.drop.words_asked.connect(actions["prompt"].trigger)
        parts.empty.sample_asked.connect(lambda n: controllers.file.open_sample(int(n)))
        self._palette.run_asked.connect(actions.trigger)
        for signal in (stage.angle_changed, stage.tool_taken, self.responsive.side_shown):
            signal.connect(lambda _: actions.refresh())
        controllers.file.opened.connect(prompt.show_document)
        controllers.view.methods_shown.connect(results.show_methods)
        session.changed.connect(self._on_changed)
        look().changed.connect(self.update)
        self._connect_home()

    def _show_settings(self) -> None:
        """What the artist chose the last time."""
        settings = self.settings
        self.regions.stage.set_wheel(settings["wheel"])
        self.regions.results.show_methods(bool(settings["show_methods"]))
        self.responsive.arrange()
        self._start_page.show_card(self._message_actions.trigger)

    # --- following the session ------------------------------------------------------------------

    def _view(self) -> WindowView:
        return self.observer.view()  # the actions are made before what it observes

    def _on_changed(self, changes: Changes) -> None:
        if self.observer.follow(changes):
            self._refresh()

    def _refresh(self) -> None:
        self._options.refresh()
        self.action_set.refresh()

    def _choose_view(self, view: str) -> None:
        if view != self.regions.stage.view:  # the chosen segment does not toggle as its key does
            self.action_set.trigger(f"view_{view}")
        self.regions.options.views.set_current(self.regions.stage.view)

    def _on_view_changed(self, view: str) -> None:
        self.regions.options.views.set_current(view)
        self.regions.options.show_tools(view == "map")
        self.regions.results.show_beside(view)
        self.action_set.refresh()
        QTimer.singleShot(0, self, self._refresh)  # once the view has its pictures

    def _on_idea_hovered(self, node_id: str) -> None:
        if self.settings["hover_history"]:
            self.regions.stage.hover(node_id)

    def _open_result_menu(self, key: str, at: QPoint) -> None:
        self.session.view.look_at(key)
        self._menus.result(at)

    def _open_idea_menu(self, node_id: str, at: QPoint) -> None:
        compare = partial(self.regions.stage.compare_node, node_id)
        self._menus.idea(self.controllers.history.commands(node_id) | {"compare": compare}, at)

    # --- what the window itself does ------------------------------------------------------------

    def open_palette(self) -> None:
        """The command field: everything that can be done, found by its words."""
        self._palette.open_with(palette_commands(self.action_set))

    def escape(self) -> None:
        """One step out: popover, page, stroke, job, painting, comparison, result."""
        for leave in self._ways_out:
            if leave():
                return

    def step_region(self, step: int) -> None:
        """F6: prompt, results, history, tools, options, canvas."""
        step_focus(focus_stops(self.regions), step)

    def show_full_screen(self, on: bool) -> None:
        """The whole screen, and back."""
        if on:
            self.showFullScreen()
        else:
            self.showNormal()

    # --- events ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What the first paint can do without comes a moment after it."""
        super().showEvent(event)
        if not self._begun:
            self._begun = True
            soon = QTimer(self, singleShot=True, interval=BEGIN_MS)
            soon.timeout.connect(self._begin)
            soon.start()

    def _begin(self) -> None:
        self.regions.prompt.load_words()
        self._start_page.show_samples()
        if self.regions.rooms.at_home:
            self.regions.home.show_samples()
            self.recent.refresh()
            self.regions.home.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Folds what does not fit, at the widths of the design."""
        super().resizeEvent(event)
        self.responsive.arrange()
        self.shell.close_popover()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture or a document may be dropped; it is copied, wherever it comes from."""
        if can_open(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._drop_ring.set_shown(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It goes elsewhere."""
        super().dragLeaveEvent(event)
        self._drop_ring.set_shown(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._drop_ring.set_shown(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.controllers.clipboard.drop(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing is unsaved, so nothing is asked."""
        self.responsive.finish()
        document = self.session.document
        if document is not None:
            self.settings.set("last_document", str(document.path))
        window_place.save(self, self.settings)
        self.hide()  # what is still on its way to the disk is written behind a closed window
        try:
            self.session.close()
        except ExpectedError as error:
            self.show()
            self.session.messages.fail(error)
            event.ignore()
            return
        self.models.close()
        self.recent.close()
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint where the palette changed; notice models that came while it was behind."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self._begun and self.isActiveWindow():
            self.models.look()
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def sizeHint(self) -> QSize:
        """The size it was designed at."""
        return QSize(1440, 900)
