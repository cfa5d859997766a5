from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


class GuiGarbageCollector(QObject):
    """Collects reference cycles on the GUI thread only.

    Python runs its collector on whichever thread happens to allocate. A cycle that holds a
    widget, a signal or an image would then be taken apart on a worker thread, beside PySide6's
    own tables, which are not locked: a crash far from its cause. What exists after start-up is
    frozen, so a collection stays short.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    def check(self) -> None:
        """Collect the generations whose count has passed its threshold, as Python would."""
        thresholds = gc.get_threshold()
        for generation in (0, 1, 2):
            if gc.get_count()[generation] > thresholds[generation]:
                gc.collect(generation)

    def settle(self) -> None:
        """Freeze what was loaded since: a full collection took 60 ms with it, 10 without."""
        gc.freeze()

    def stop(self) -> None:
        """Back to Python's own ways."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
