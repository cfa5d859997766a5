"""The Qt binding is one that this Python can live with.

PySide6 6.12.0 (wheel cp310-abi3) gives away a reference to None with every call that returns
nothing. Before Python 3.12 None is counted like any object, so after some thousand calls the
interpreter ends with "deallocating None". 6.10.3 and 6.11.3 do not do this.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject


def test_calls_do_not_use_up_none() -> None:
    it = QObject()
    before = sys.getrefcount(None)
    for _ in range(500):
        it.setObjectName("x")
    assert before - sys.getrefcount(None) < 250
