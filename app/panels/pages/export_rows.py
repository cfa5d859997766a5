"""The rows of the export page: what a control is called, and the control."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.theme.theme import MEDIUM
from app.widgets.basics.labels import WHOLE, QuietLabel
from app.widgets.basics.segments import Segment, ViewSwitch


def name_label(text: str, parent: QWidget) -> QuietLabel:
    """What a control is called."""
    return QuietLabel(text, parent, size=13, weight=MEDIUM, token="text", least=WHOLE)


def named_row(name: QWidget, control: QWidget) -> QHBoxLayout:
    """The name at the left, the control at the right."""
    row = QHBoxLayout()
    row.addWidget(name)
    row.addStretch(1)
    row.addWidget(control)
    return row


def segments(kind: str, name: str, texts: Mapping[str, str], parent: QWidget) -> ViewSwitch:
    """A switch as wide as the page.

    Args:
        kind: ends the object names of switch and segments, after "export-".
        name: for screen readers.
        texts: words of the segments by their ids.
        parent: of the switch.
    """
    parts = [Segment(one, text, "") for one, text in texts.items()]
    switch = ViewSwitch(parts, name, parent, prefix=f"export-{kind}")
    switch.set_wide()
    return switch
