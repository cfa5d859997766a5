from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.panels.settings.preferences import Preference
from app.runtime.settings import Settings
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.switch import Switch
from app.widgets.settings.preference_row import PreferenceRow

Apply = Callable[[str, Any], None]
"""Gives a setting a value, which acts at once."""


class Form(QWidget):
    """Rows of settings below each other."""

    def __init__(self, preferences: Sequence[Preference], settings: Settings, apply: Apply) -> None:
        super().__init__()
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)
        self._settings, self._apply = settings, apply
        self._preferences = {one.name: one for one in preferences}
        self.controls: dict[str, ChoiceButton | Switch] = {}
        for preference in preferences:
            control = self._control(preference)
            control.setObjectName(f"preference-{preference.name}")
            self.controls[preference.name] = control
            self.add_row(tr(preference.title), tr(preference.help), control)
        self._show_values()

    def add_row(self, title: str, help_: str, control: QWidget | None = None) -> PreferenceRow:
        """A row more."""
        row = PreferenceRow(title, help_, control, self)
        self.rows.addWidget(row)
        return row

    def add_button(
        self, title: str, help_: str, words: str, act: Callable[[], object]
    ) -> tuple[PreferenceRow, PushButton]:
        """A row whose control does something."""
        button = PushButton(words, self)
        button.explain(f"{title}: {words}")
        button.clicked.connect(lambda *_: act())
        return self.add_row(title, help_, button), button

    def follow(self) -> None:
        """Show what is so now."""
        self._show_values()

    def _show_values(self) -> None:
        for name, control in self.controls.items():
            value = self._settings[name]
            if isinstance(control, Switch):
                control.setChecked(bool(value))
            else:
                row = self._preferences[name]
                offered = value in dict(row.choices)
                control.set_current(str(value), "" if offered else tr(row.other).format(value))

    def _control(self, preference: Preference) -> ChoiceButton | Switch:
        title = tr(preference.title)
        if not preference.choices:
            switch = Switch(title, self)
            switch.clicked.connect(lambda: self._apply(preference.name, switch.isChecked()))
            return switch
        values = {str(value): value for value, _ in preference.choices}
        choices = [Choice(str(value), tr(text)) for value, text in preference.choices]
        button = ChoiceButton(title, choices, self)
        button.chosen.connect(partial(self._choose, preference.name, values))
        return button

    def _choose(self, name: str, values: dict[str, Any], chosen: str) -> None:
        self._apply(name, values[chosen])
