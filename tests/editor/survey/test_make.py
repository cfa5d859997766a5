from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from editor.formats import open_image
from editor.survey.answers import read_answers
from editor.survey.make import make_survey
from editor.survey.survey import (
    KEY,
    PAGE,
    PICTURES,
    SURVEY,
    BadSurvey,
    close,
    read_key,
    read_survey,
)
from tests.editor.survey.survey_cases import answers_file


def test_nothing_raters_get_says_which_model_made_what(tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    survey = make_survey(read_answers(answers_file(tmp_path)), folder, "concept", seed=3)
    assert read_survey(folder) == survey
    key = read_key(folder, survey)
    assert sorted(made for (made,) in key.models.values()) == ["plain"] * 3 + ["tags"] * 3
    for name in (SURVEY, PAGE):
        text = (folder / name).read_text("utf-8")
        assert "plain" not in text
        assert "tags" not in text
        assert key.salt not in text
        assert '"seed"' not in text
    names = sorted(path.name for path in (folder / PICTURES).iterdir())
    assert names == [f"{number:04d}.webp" for number in range(1, 7)]
    # The pictures come in the order of the items, so their numbers say no more than the items do.
    assert [item.shown[0].picture for item in survey.items] == names
    # And the picture of an item is the one its model made of that request.
    case = int(survey.items[0].text[-1])
    shade = 20 * case + 90 * (key.models["001"][0] == "tags")
    pixels = open_image(folder / PICTURES / names[0]).image.array()
    assert abs(int(pixels[4, 6, 0]) - shade) <= 4


def test_order_and_sides_follow_from_the_seed(tmp_path: Path) -> None:
    answers = read_answers(answers_file(tmp_path, cases=6))

    def sides(name: str, seed: int) -> list[tuple[str, tuple[str, ...]]]:
        survey = make_survey(answers, tmp_path / name, "chat", seed=seed)
        models = read_key(tmp_path / name, survey).models
        return [(item.text, models[item.id]) for item in survey.items]

    first = sides("a", 5)
    assert sides("b", 5) == first
    assert sides("c", 6) != first
    assert {models for _, models in first} == {("plain", "tags"), ("tags", "plain")}
    assert sorted(text[-1] for text, _ in first) == list("012345")


def test_every_preset_asks_in_pairs_and_singly(tmp_path: Path) -> None:
    answers = read_answers(answers_file(tmp_path))
    for number, (preset, pairs) in enumerate(
        [("concept", True), ("chat", False), ("suggestions", True)]
    ):
        survey = make_survey(answers, tmp_path / str(number), preset, pairs=pairs, title="Mine")
        assert {len(item.shown) for item in survey.items} == {2 if pairs else 1}
        assert {one.kind for one in survey.questions} == {"choice" if pairs else "scale"}
        assert survey.title == "Mine"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.data = ""
        self._in_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.outside += [f"{tag} {n}" for n in ("src", "href", "action") if n in values]
        self._in_data = values.get("id") == "data"

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data += data

    def handle_endtag(self, tag: str) -> None:
        self._in_data = False


def test_the_page_holds_all_it_shows_and_loads_nothing(tmp_path: Path) -> None:
    survey = make_survey(
        read_answers(answers_file(tmp_path)), tmp_path / "s", "concept", title="<b> {{data}}"
    )
    text = (tmp_path / "s" / PAGE).read_text("utf-8")
    page = _Page()
    page.feed(text)
    assert page.outside == []
    assert not re.search(r"https?:|//[a-z]+\.|@import|fetch\(|XMLHttpRequest", text)
    assert "default-src 'none'" in text
    assert "<title>&lt;b&gt; {{data}}</title>" in text
    data = json.loads(page.data)  # whole, although the texts hold an end of a script
    assert [item["text"] for item in data["items"]] == [item.text for item in survey.items]
    assert set(data["pictures"]) == set(survey.pictures)


def test_a_changed_key_is_refused(tmp_path: Path) -> None:
    survey = make_survey(read_answers(answers_file(tmp_path)), tmp_path / "s", "concept")
    file = tmp_path / "s" / KEY
    text = file.read_text("utf-8")
    file.write_text(text.replace('"plain"', '"tags"', 1), "utf-8")
    with pytest.raises(BadSurvey, match="not the key"):
        read_key(tmp_path / "s", survey)
    for damage in ("", "[]", '{"models": 3}'):
        file.write_text(damage, "utf-8")
        with pytest.raises(BadSurvey, match="missing or cannot"):
            read_key(tmp_path / "s", survey)
    file.write_text(text.replace('"001"', '"100"', 1), "utf-8")
    forged = replace(survey, key_digest=hashlib.sha256(file.read_bytes()).hexdigest())
    with pytest.raises(BadSurvey, match="not the key"):
        read_key(tmp_path / "s", forged)
    assert close(tmp_path / "s", survey).closed
    assert read_survey(tmp_path / "s").closed


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 1}', "[" * 5000])
def test_what_is_no_survey_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / SURVEY).write_text(text, "utf-8")
    with pytest.raises(BadSurvey, match="no survey"):
        read_survey(tmp_path)


def test_pictures_of_a_survey_lie_in_its_folder(tmp_path: Path) -> None:
    make_survey(read_answers(answers_file(tmp_path)), tmp_path / "s", "concept")
    file = tmp_path / "s" / SURVEY
    text = file.read_text("utf-8")
    for old, new in (("0001.webp", "../../x.webp"), ("0001.webp", ".."), ('"scale"', '"guess"')):
        file.write_text(text.replace(old, new), "utf-8")
        with pytest.raises(BadSurvey, match="no survey"):
            read_survey(tmp_path / "s")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "needs 1 to"),
        ("model,text\na,b\n", "Line 2"),
        ("text,words\na,b\n", "Line 2"),
        ("model,text,words\na,b,c\nd,e,\n", "Line 3"),
        ("model,text,picture\na,b,no.png\n", "no.png"),
        (f"model,text,words\na,b,{'x' * 3000}\n", "Line 2"),
        ('model,text,words\na,b,"c\n', "no list"),
    ],
)
def test_a_bad_list_of_answers_is_refused(tmp_path: Path, text: str, match: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(BadSurvey, match=match):
        read_answers(file)


def test_lines_of_json_may_hold_signs_that_end_lines_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "list.jsonl"
    file.write_text('{"model": "a", "words": "one\u2028two"}\n\n{"model": "b"}\n', "utf-8")
    with pytest.raises(BadSurvey, match="Line 3"):
        read_answers(file)
    file.write_text('{"model": "a", "words": "one\u2028two"}\n', "utf-8")
    assert read_answers(file)[0].words == "one\u2028two"


def test_pairs_need_two_models(tmp_path: Path) -> None:
    answers = read_answers(answers_file(tmp_path, models=("plain",)))
    with pytest.raises(BadSurvey, match="No two models"):
        make_survey(answers, tmp_path / "s", "chat")
