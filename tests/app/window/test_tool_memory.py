"""Options of the tools that are still set after a restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.canvas.canvas import Canvas
from app.canvas.tools import CanvasTools
from app.runtime.settings import Settings
from app.window.tool_memory import ToolMemory
from tests.waiting import wait_for

Start = Callable[[], tuple[CanvasTools, QObject]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


@pytest.fixture
def start(settings: Settings, qapp: QApplication) -> Start:
    del qapp

    def begun() -> tuple[CanvasTools, QObject]:
        canvas = Canvas()
        return canvas.tools, ToolMemory(canvas.tools, settings, canvas)

    return begun


def test_brush_and_options_are_as_they_were_left(start: Start, settings: Settings) -> None:
    tools, _ = start()
    tools.set_brush(tools.brush.resized(312).hardened(0.25))
    changed = replace(tools.options, feather=9, tolerance=31, only_touching=False)
    tools.set_options(replace(changed, shape_mode="subtract"))
    wait_for(lambda: bool(settings["tools"]))
    again, _ = start()
    assert (again.brush.size, again.brush.hardness) == (312, 0.25)
    assert again.options == changed, "a new shape replaces the selection again"


@pytest.mark.parametrize(
    "found", [{"size": "large"}, {"size": float("nan"), "feather": True}, {"x": 1}]
)
def test_what_cannot_be_read_is_as_usual(start: Start, settings: Settings, found: object) -> None:
    usual, _ = start()
    settings.set("tools", found)
    tools, _ = start()
    assert (tools.brush, tools.options) == (usual.brush, usual.options)


def test_values_out_of_range_are_brought_into_it(start: Start, settings: Settings) -> None:
    settings.set("tools", {"size": 1e9, "hardness": -3, "feather": 1e6, "tolerance": 101})
    tools, _ = start()
    assert (tools.brush.size, tools.brush.hardness) == (2000.0, 0.0)
    assert (tools.options.feather, tools.options.tolerance) == (250, 100)
