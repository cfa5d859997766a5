"""The window opens within the screen, and as it was last on this screen at this scale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget

from app.runtime.settings import Settings
from app.window import window_place
from tests.app.cli.cli_cases import ROOT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SCREEN = QRect(0, 24, 1366, 744)


@pytest.mark.parametrize(
    "place",
    [
        QRect(0, 0, 1440, 900),
        QRect(-500, -400, 800, 600),
        QRect(1300, 700, 800, 600),
        QRect(5000, 5000, 4000, 4000),
        QRect(100, 100, 500, 400),
    ],
)
def test_a_place_is_moved_into_the_screen_with_its_frame(place: QRect) -> None:
    found = window_place.within(place, SCREEN)
    assert SCREEN.contains(found.marginsAdded(window_place.FRAME))
    assert found.width() == min(place.width(), 1366 - 16)
    assert found.height() == min(place.height(), 744 - 48)
    if SCREEN.contains(place.marginsAdded(window_place.FRAME)):
        assert found == place


def test_each_screen_has_its_place(qapp: QApplication, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set("geometry", {"other 100x100@2": "what another screen had"})
    window = QWidget()
    window.setGeometry(60, 70, 321, 234)
    window_place.save(window, settings)
    key = window_place.key_of(window.screen())
    assert set(settings["geometry"]) == {"other 100x100@2", key}
    again = QWidget()
    window_place.restore(again, Settings(tmp_path / "settings.json"))
    assert again.geometry() == QRect(60, 70, 321, 234)


@pytest.mark.parametrize("stored", ["an older version's text", {"x": 5}])
def test_what_an_older_version_kept_is_survived(
    qapp: QApplication, tmp_path: Path, stored: object
) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"geometry": stored}))
    window = QWidget()
    window_place.restore(window, Settings(tmp_path / "settings.json"))
    assert window.screen().availableGeometry().contains(window.geometry())


PROGRAM = """
import json, sys
from app.window import window_place
from app.window.program import Program
program = Program([])
window = program.window
window_place.restore(window, program.settings)
window.show()
window.controllers.file.open_sample(0)
while program.session.image is None:
    program.app.processEvents()
for _ in range(5):
    program.app.processEvents()
window.regions.prompt.box.set_text("warmer")
program.app.processEvents()
if len(sys.argv) > 1:
    window.grab().save(sys.argv[1])
run = window.regions.prompt.box.run
corner = run.mapToGlobal(run.rect().bottomRight())
room = window.screen().availableGeometry()
print(json.dumps([run.isVisible(), room.contains(corner), room.contains(window.geometry()),
                  room.width(), room.height()]))
window.close()
program.close()
"""


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(1366, 768, 1), (1366, 768, 2), (1440, 900, 2), (2880, 1800, 2)]
)
def test_run_is_on_the_screen_in_the_real_window(
    tmp_path: Path, width: int, height: int, scale: int
) -> None:
    screens = {"screens": [{"name": "s", "x": 0, "y": 0, "width": width, "height": height}]}
    config = tmp_path / "screens.json"
    config.write_text(json.dumps(screens))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
            "QT_SCALE_FACTOR": str(scale),
            "PENTIMENTO_HOME": str(tmp_path / "home"),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    shown, run_within, window_within, *room = json.loads(done.stdout.splitlines()[-1])
    assert room == [width // scale, height // scale]
    assert (shown, run_within, window_within) == (True, True, True)
