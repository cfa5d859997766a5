"""The table of layouts in the docs is what a search answers."""

from __future__ import annotations

from tests.docs.model_layouts import BEGIN, DOCS, END, LAYOUTS, table, with_table


def test_the_table_of_layouts_is_what_a_search_answers() -> None:
    text = DOCS.read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    # Written again by: python -m tests.docs.model_layouts
    assert with_table(text) == text


def test_every_layout_has_one_answer_and_no_refusal_is_without_advice() -> None:
    rows = table().splitlines()[2:]
    assert len(rows) == len(LAYOUTS)
    answers = {row.split(" | ")[0].removeprefix("| "): row.split(" | ")[1] for row in rows}
    silent = {name for name, one in answers.items() if one.startswith("nothing")}
    assert silent == {"links in a circle"}
    assert "save_pretrained" not in "".join(answers.values())
