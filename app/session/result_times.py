from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtCore import Slot as QtSlot

from app.runtime.settings import Settings
from app.session.edit_driver import EditDriver
from app.session.engine_connection import EngineConnection
from inference.request import jobs
from inference.request.edit_job import Quality


class ResultTimes(QObject):
    """How long a result of each method takes on this computer, in seconds; remembered.

    Measured by the engine at every edit in full quality. An edit that had to load its model does
    not count, as the next one has it.
    """

    def __init__(
        self,
        engine: EngineConnection,
        driver: EditDriver,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._driver, self._settings = driver, settings
        self._loaded = False
        self._timed = ""  # the method whose results are arriving
        engine.job_event.connect(self._on_event)

    def seconds(self, method: str) -> float | None:
        """For one result; None before the first measurement."""
        value = dict(self._settings["method_seconds"]).get(method)
        return float(value) if isinstance(value, int | float) and value >= 0 else None

    @QtSlot(object)
    def _on_event(self, event: jobs.Event) -> None:
        job = self._driver.run.job
        if job is None or event.job_id != job.id or job.quality is not Quality.FULL:
            return
        match event:
            case jobs.Planned():
                self._loaded, self._timed = False, ""
            case jobs.Progress(stage="loading"):
                self._loaded = True
            case jobs.CandidateReady():
                request = event.candidate.request
                if request.method != self._timed:
                    self._timed = request.method
                    self._remember(request.method, dict(event.candidate.recorded).get("seconds"))
                    self._loaded = False

    def _remember(self, method: str, seconds: Any) -> None:
        if self._loaded or not isinstance(seconds, int | float):
            return
        known = dict(self._settings["method_seconds"])
        self._settings.set("method_seconds", {**known, method: round(float(seconds), 2)})
