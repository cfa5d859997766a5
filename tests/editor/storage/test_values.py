"""Small values survive JSON exactly; hostile text is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.messages import Message, verbatim
from editor.model.edit import Suggestion
from editor.model.image import Metadata
from editor.model.patch import Placement
from editor.model.ranking import Ranked, Ranking
from editor.model.rect import Rect
from editor.model.score import Gates, MeasuredPart, Score
from editor.ranking.rank import rank
from editor.storage import values
from tests.editor.document_cases import a_candidate

figures = st.none() | st.floats(-1, 1)
scores = st.builds(
    Score,
    key=st.text(max_size=5),
    direction=figures,
    outside=figures,
    clipped=figures,
    extra=st.lists(st.tuples(st.text(max_size=3), st.integers()), max_size=2).map(tuple),
    reasons=st.lists(st.text().map(verbatim), max_size=3).map(tuple),
    source=figures,
    changed=figures,
    damage=figures,
    parts=st.lists(
        st.builds(
            MeasuredPart,
            st.sampled_from(["warmth", "shadows", "chroma_red"]),
            st.sampled_from([-1, 0, 1]),
            st.floats(-3, 3),
            st.integers(0, 3),
        ),
        max_size=2,
    ).map(tuple),
    alike=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    basis=st.sampled_from(["", "direction", "change"]),
    absent=st.sampled_from(["", "domain"]),
    gates=st.none()
    | st.builds(
        Gates,
        st.floats(-1, 1),
        damage=st.floats(0, 1),
        origin=st.just("calibrated"),
        target_weight=st.floats(0, 10),
    ),
)
clauses = st.sampled_from(
    [
        (),
        (Message("reason.weak"),),
        (Message("reason.of_all", what=Message("extreme.warmer"), count=Message("number.4")),),
    ]
)
rankings = st.lists(
    st.builds(
        Ranked,
        st.text(max_size=5),
        st.integers(1, 9),
        st.booleans(),
        st.text(),
        st.none() | scores,
        clauses,
    ),
    max_size=4,
).map(lambda places: Ranking(tuple(places)))


@given(rankings)
def test_rankings(ranking: Ranking) -> None:
    assert values.parse_ranking(values.dump_ranking(ranking)) == ranking


@given(scores)
def test_scores(score: Score) -> None:
    assert values.parse_score(values.parse_json(values.dump(values.dump_score(score)))) == score


def test_scores_of_older_documents_keep_the_words_of_their_reasons() -> None:
    old = values.dump_score(Score("k", asked=0.05, basis="measured"))
    del old["why"], old["parts"]
    read = values.parse_score({**old, "reasons": ["warmer", "the rest stays"]})
    assert read.reasons == (verbatim("warmer"), verbatim("the rest stays"))
    assert rank([read]).places[0].reason == "Too little changed"


def test_hostile_parts_of_a_score_are_not_read() -> None:
    score = values.dump_score(Score("k", asked=1.0))
    for part in (["ghost", 1, 1.0, 0], ["warmth", 2, 1.0, 0], ["warmth", 1, None, 0], ["warmth"]):
        with pytest.raises(values.DAMAGE):
            values.parse_score({**score, "parts": [part]})


def test_older_scores_are_read_and_hostile_reasons_are_not() -> None:
    old = values.dump_score(Score("k", direction=0.3, image=0.9))
    for name in ("source", "changed", "basis", "absent", "gates"):
        del old[name]
    assert values.parse_score(old) == Score("k", direction=0.3, image=0.9)
    assert values.parse_score({**old, "absent": "a ghost"}).absent == ""


def test_reasons_of_older_documents_are_their_words() -> None:
    place = {"key": "k", "rank": 1, "passed": True, "reason": "Weak", "score": None}
    for clauses in ([["weak"], ["outside", 3], ["said", "warmer"]], [["a ghost"]], []):
        (read,) = values.parse_ranking(values.dump([{**place, "clauses": clauses}])).places
        assert (read.clauses, read.reason) == ((), "Weak")
    (read,) = values.parse_ranking(values.dump([place])).places
    assert (read.clauses, read.reason) == ((), "Weak")


def test_codes_of_a_later_program_leave_the_words_beside_them() -> None:
    later = {"code": "reason.of_tomorrow", "values": {}}
    place = {"key": "k", "rank": 1, "passed": True, "reason": "Of tomorrow", "score": None}
    (read,) = values.parse_ranking(values.dump([{**place, "why": [later]}])).places
    assert (read.clauses, read.reason) == ((), "Of tomorrow")
    score = values.dump_score(Score("k", reasons=(Message("effect.warmer"),)))
    assert values.parse_score({**score, "why": [later]}).reasons == (verbatim("warmer"),)
    suggestion = values.suggestion_values(Suggestion.of("snow", "", "", Message("suggest.asked")))
    assert values.parse_suggestion(suggestion).reason == Message("suggest.asked")
    again = values.parse_suggestion({**suggestion, "why": later})
    assert str(again.reason) == str(Message("suggest.asked"))


def test_an_older_program_finds_the_words_where_it_looks_for_them() -> None:
    score = values.dump_score(Score("k", reasons=(Message("effect.warmer"),)))
    assert score["reasons"] == ["warmer"]
    place = Ranked("k", 1, True, "Weak", None, (Message("reason.weak"),))
    (stored,) = values.parse_json(values.dump_ranking(Ranking((place,))))
    assert stored["reason"] == "Weak"
    assert "clauses" not in stored


def test_placement_keeps_its_types() -> None:
    placement = Placement(Rect(1, 2, 3, 4), 1.0, (0, 1, 2, 3))
    again = values.parse_placement(values.dump_placement(placement))
    assert repr(again) == repr(placement)
    assert values.parse_placement(values.dump_placement(None)) is None


def test_settings_keep_their_order() -> None:
    settings = (("b", (1, (2.5, "x"))), ("a", None))
    assert values.parse_settings(values.dump_settings(settings)) == settings


def test_requests_must_match_their_key() -> None:
    request = a_candidate().request
    text = values.dump_request(request)
    assert values.parse_request(text, request.key) == request
    with pytest.raises(ValueError, match="key"):
        values.parse_request(text, "0" * 40)


def test_metadata_keeps_its_digest() -> None:
    for meta in (Metadata(), Metadata(b"i", (72, 72.5), b"e", b"x", (("k", "\udcff"),))):
        dpi, text = values.dump_meta_text(meta)
        again = values.parse_meta(meta.icc, meta.exif, meta.xmp, dpi, text)
        assert again.digest == meta.digest


@pytest.mark.parametrize(
    "text",
    [None, 5, b"{}", "", "{", "NaN", "[Infinity]", "[" * 100_000, "1" * (values.TEXT_CAP + 1)],
)
def test_hostile_text_is_damage(text: object) -> None:
    with pytest.raises(values.DAMAGE):
        values.parse_json(text)


@pytest.mark.parametrize("name", ["", "../x", "a b", "a/b", "x" * 81, None, 5, "ä"])
def test_ids_are_plain(name: object) -> None:
    with pytest.raises(ValueError, match="no id"):
        values.plain_id(name)


def test_text_that_utf8_cannot_hold() -> None:
    assert values.clean("a\udcffb") == "a?b"
