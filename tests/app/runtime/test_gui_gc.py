from __future__ import annotations

import gc
import threading
from typing import ClassVar

from PySide6.QtWidgets import QApplication

from app.runtime.gui_gc import GuiGarbageCollector


class Cycle:
    """Something that only the collector can free, and that says on which thread it went."""

    ended: ClassVar[list[threading.Thread]] = []

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        self.ended.append(threading.current_thread())


def test_cycles_made_on_workers_end_on_the_gui_thread(qapp: QApplication) -> None:
    Cycle.ended.clear()
    collector = GuiGarbageCollector()
    try:

        def work() -> None:
            for _ in range(3000):
                Cycle()

        worker = threading.Thread(target=work)
        worker.start()
        worker.join()
        assert not Cycle.ended  # nothing was collected over there
        collector.check()
        assert len(Cycle.ended) == 3000
        assert set(Cycle.ended) == {threading.main_thread()}
    finally:
        collector.stop()
    assert gc.isenabled()


def test_what_was_loaded_is_not_gone_through_again(qapp: QApplication) -> None:
    collector = GuiGarbageCollector()
    try:
        loaded = [[n] for n in range(3000)]
        before = gc.get_freeze_count()
        collector.settle()
        assert gc.get_freeze_count() >= before + len(loaded)
    finally:
        collector.stop()
    assert gc.get_freeze_count() == 0


def test_little_garbage_is_left_alone(qapp: QApplication) -> None:
    gc.collect()
    Cycle.ended.clear()
    collector = GuiGarbageCollector()
    try:
        Cycle()
        collector.check()
        assert not Cycle.ended
    finally:
        collector.stop()
        gc.collect()
