from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.runtime.settings import Settings
from app.session.chosen_methods import AUTO, ChosenMethods


def test_one_several_and_auto(tmp_path: Path, qapp: QApplication) -> None:
    settings = Settings(tmp_path / "settings.json")
    chosen = ChosenMethods(settings)
    assert (chosen.names, chosen.first) == ((), AUTO)
    chosen.toggle("sdedit")
    chosen.toggle("adjust")
    assert chosen.names == ("adjust", "sdedit")  # the cheapest first
    assert chosen.first == "adjust"
    assert ChosenMethods(Settings(tmp_path / "settings.json")).names == ("adjust", "sdedit")
    chosen.toggle("adjust")
    assert chosen.names == ("sdedit",)
    chosen.toggle("sdedit")
    assert chosen.names == ()
    chosen.choose("instruct_pix2pix")
    chosen.toggle(AUTO)
    assert chosen.names == ()


def test_each_of_several_gives_a_result(tmp_path: Path, qapp: QApplication) -> None:
    chosen = ChosenMethods(Settings(tmp_path / "settings.json"))
    assert chosen.count(1) == 1
    chosen.choose("adjust", "sdedit", "instruct_pix2pix")
    assert (chosen.count(1), chosen.count(4)) == (3, 4)


def test_names_that_are_no_methods_here_are_left_out(tmp_path: Path, qapp: QApplication) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set("method", "sdedit,of_another_version,generate")
    assert ChosenMethods(settings).names == ("sdedit",)
