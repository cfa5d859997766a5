from __future__ import annotations

from pathlib import Path

from editor.ranking.weights import Sides
from editor.storage.choice_file import ChoiceFile, StoredChoice, choices_of


def choice(document: str = "d", job: str = "j", kept: str = "a") -> StoredChoice:
    results = tuple((key, Sides(i / 4, 0.5, -0.25)) for i, key in enumerate("abc"))
    return StoredChoice(document, job, kept, results)


def test_choices_come_back_as_they_were(tmp_path: Path) -> None:
    file = ChoiceFile(tmp_path / "new" / "choices.jsonl")
    assert file.read() == []
    written = [choice(), choice(job="k", kept="b")]
    for one in written:
        file.add(one)
    assert file.read() == written


def test_a_line_cut_off_by_a_crash_costs_that_line_only(tmp_path: Path) -> None:
    path = tmp_path / "choices.jsonl"
    file = ChoiceFile(path)
    file.add(choice())
    path.write_bytes(path.read_bytes() + b'{"document": "d", "jo')
    assert file.read() == [choice()]
    file.add(choice(job="after"))
    assert [one.job for one in file.read()] == ["j", "after"]


def test_what_is_no_choice_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "choices.jsonl"
    path.write_text('[]\n{"results": 3}\nnull\n\n{"document": 1}\n', "utf-8")
    assert ChoiceFile(path).read() == []


def test_forgetting_one_document_or_all(tmp_path: Path) -> None:
    path = tmp_path / "choices.jsonl"
    file = ChoiceFile(path)
    for one in (choice("d"), choice("e"), choice("d", "k")):
        file.add(one)
    file.forget("d")
    assert [one.document for one in file.read()] == ["e"]
    file.forget()
    assert not path.exists()
    file.forget()  # nothing there


def test_a_sibling_kept_later_is_not_held_against_the_first() -> None:
    found = choices_of([choice(kept="a"), choice(kept="b")])
    assert len(found) == 1
    assert found[0].kept == Sides(0.25, 0.5, -0.25)
    assert found[0].others == (Sides(0.5, 0.5, -0.25),)


def test_a_document_can_be_learnt_from_alone() -> None:
    stored = [choice("d"), choice("e"), choice("e", "k")]
    assert len(choices_of(stored)) == 3
    assert len(choices_of(stored, "e")) == 2
    assert choices_of(stored, "f") == []
