from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QApplication

from app.runtime.trace import trace

if TYPE_CHECKING:
    from app.window.main_window import Window

LOOK_MS = 30


class StateProbe:
    """Writes what the window shows into the trace, one line whenever it changes.

    For tests that drive the real program from outside. It writes nothing without a trace.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._last: dict[str, Any] = {}
        self._timer = QTimer(interval=LOOK_MS)
        if os.environ.get("PENTIMENTO_TRACE"):
            self._timer.timeout.connect(self._look)
            self._timer.start()

    def stop(self) -> None:
        """No more lines."""
        self._timer.stop()

    def _look(self) -> None:
        now = self._facts()
        if now != self._last:
            self._last = now
            trace("state", **now)

    def _facts(self) -> dict[str, Any]:
        window, session = self._window, self._window.session
        document, results, canvas = session.document, session.results, window.regions.stage.canvas
        history = document.history if document is not None else None
        message, question = session.messages.current, session.clarification.question
        focus, model = QApplication.focusWidget(), window.regions.prompt.box.model
        corner = canvas.mapToGlobal(canvas.from_picture(QPointF(0, 0)))
        ratio = canvas.devicePixelRatioF()
        place = (corner.x() * ratio, corner.y() * ratio, canvas.zoom / 100)
        return {
            "document": str(document.path) if document is not None else "",
            "head": history.head if history is not None else None,
            "nodes": len(history.nodes) if history is not None else 0,
            "pixels": session.image is not None,
            "stage": results.stage.value if results is not None else "",
            "results": [s.key for s in results.ordered] if results is not None else [],
            "finished": len(results.finished) if results is not None else 0,
            "looked_at": session.view.looked_at,
            "compared": session.view.compared,
            "painting": session.view.paint_key,
            "painted": session.view.paint is not None,
            "selection": session.view.selection is not None,
            "message": message.text if message is not None else "",
            "words": window.regions.prompt.box.text,
            "question": list(question.answers) if question is not None else [],
            "live": session.view.live is not None,
            "suggestions": [chip.data.id for chip in window.regions.prompt.chips.chips],
            "suggestion_previews": len(window.regions.prompt.row.previews.candidates),
            "view": window.regions.stage.view,
            "tool": canvas.tools.tool,
            "drawn": window.regions.stage.is_drawn,
            "focus": focus.objectName() or type(focus).__name__ if focus is not None else "",
            "page": window.regions.side.page,
            # Where the picture's corner lies on the screen and how large its pixels are there.
            "picture": [round(value, 3) for value in place],
            **({"model": model.text()} if model.isVisible() else {}),
        }
