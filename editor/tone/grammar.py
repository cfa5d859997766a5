from __future__ import annotations

import re

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.tone.changes import read_changes
from editor.tone.clause import CONTENT, InstructionClause, clauses
from editor.tone.effects import EFFECTS
from editor.tone.geometry import read_geometry
from editor.tone.intent import Move, ToneIntent, selection_needed, unclear
from editor.tone.kept_words import read_kept
from editor.tone.lexicon.lexicon import Term
from editor.tone.matching import Word, match
from editor.tone.parts import heals, lift_place, places_of, read_scenes
from editor.tone.recolour_words import split_recolour
from editor.tone.strength import FLAWS, attenuate, strength

_WEIGHT = re.compile(r"\([^()]+:\s*\d+(?:[.,]\d+)?\s*\)")
"""A weight of attention, as it is written in prompts: "(warmer:1.3)"."""


def parse(text: str, *, has_selection: bool) -> ToneIntent:
    """Read a phrase into an intent.

    Raises:
        NotUnderstood: a part of the phrase is unknown, unclear or beyond tone and colour.
        SelectionNeeded: a part of the picture is named and nothing is selected.
    """
    if weight := _WEIGHT.search(text):
        raise NotUnderstood(Message("tone.weight", words=weight[0]), Message("do.say_strength"))
    wish, rest = split_recolour(text)
    if wish is None:
        return _parse_tones(text, has_selection=has_selection)
    if has_selection or wish.everywhere:
        intent = _parse_tones(rest, has_selection=has_selection) if rest else ToneIntent()
        intent.recolour = wish
        intent.inverted = intent.inverted or wish.outside
        return intent
    if wish.thing:
        raise selection_needed(wish.thing)
    try:
        return _parse_tones(text, has_selection=False)  # "make it blue" of the whole picture
    except NotUnderstood:
        raise selection_needed(text.strip()) from None


def _parse_tones(text: str, *, has_selection: bool) -> ToneIntent:
    """Read a phrase without recolours into an intent; raises as `parse`."""
    words, corrections = match(text)
    if _forbids(words):
        raise _only_stays(words)
    intent = ToneIntent(corrections=corrections)
    places: list[Word] = []
    pointing = _points(words)
    parts = [] if pointing else clauses(_complaint(words))
    for clause in parts:
        if clause.has("vague") and not clause.has("effect") and len(parts) > 1:
            continue  # "the white balance is off, too blue": what follows says it
        _clause(clause, intent, places)
        intent.complained = not clause.has("wish") and (
            clause.has("copula", "too", "toolittle") or bool(clause.forms("flaw"))
        )
    if pointing:
        intent.heal = intent.acts_inside = True
        places.extend(word for word in words if word.text in POINTING)
    if intent.is_empty:
        raise _nothing_asked(words, intent, places)
    if places and not has_selection:
        raise selection_needed(places[0].text)
    if intent.inverted and intent.acts_inside:
        raise NotUnderstood(
            Message("tone.both_sides", words=places[-1].text),
            Message("do.say_one_by_one"),
        )
    return intent


def _complaint(words: list[Word]) -> list[Word]:
    """Read "don't make it so yellow", with nothing else, as "too yellow"."""
    negated = ("do not make", "do not let", "do not want", "do not turn")
    if not words or words[0].text not in negated or any(w.kind in ("and", "but") for w in words):
        return words
    return [Word(words[0].text, Term("too", "too")), *(w for w in words[1:] if w.kind != "too")]


def _forbids(words: list[Word]) -> bool:
    """True for "don't make it warmer": a change is forbidden and none is asked for."""
    if any(word.kind in ("and", "but", "too", "toolittle") for word in words):
        return False
    said = " ".join(word.text for word in words)
    if not _FORBIDDEN.search(said):
        return False
    effects = [word for word in words if word.kind == "effect"]
    return bool(effects) and all(word.term.form in ("comp", "verb") for word in effects)


_FORBIDDEN = re.compile(r"\b(?:do not|never|must not|should not)\b")
"""In sentences that ask for a change not to be made."""


def _refers(clause: InstructionClause) -> bool:
    """True for "lower it" and the like, which point back."""
    words = {part for word in clause.words for part in word.text.split()}
    return bool(words & {"it", "this", "that", "those", "these"}) and not clause.has("number")


POINTING = ("this", "that", "it", "selection", "the selection", "selected area")


def _points(words: list[Word]) -> bool:
    """True for "remove this" and nothing else: the selection itself is to go."""
    if any(word.kind in CONTENT or word.kind in ("keep", "without", "not", "no") for word in words):
        return False
    removes = any(w.kind == "lower" and w.term.factor >= 2 for w in words)
    return removes and any(word.text in POINTING for word in words)


def _only_stays(words: list[Word]) -> NotUnderstood:
    text = " ".join(word.text for word in words if word.text != ",")
    return NotUnderstood(Message("tone.only_stays", words=text), Message("do.say_change_too"))


def _nothing_asked(words: list[Word], intent: ToneIntent, places: list[Word]) -> NotUnderstood:
    text = " ".join(word.text for word in words if word.text != ",")
    if places:
        return NotUnderstood(
            Message("tone.more_than_tone", words=text), Message("do.say_light_and_colour")
        )
    if intent.fixed_quantities:
        return _only_stays(words)
    return NotUnderstood(
        Message("tone.no_change", words=text),
        Message("do.say_change_such_as"),
        ("warmer", "brighter", "more contrast"),
    )


def _clause(clause: InstructionClause, intent: ToneIntent, places: list[Word]) -> None:
    if clause.only_amount:
        if not intent.is_empty:
            attenuate(intent, clause)
        elif any(w.token is not None and w.token.unit == "stops" for w in clause.of("number")):
            read_changes(clause, intent)  # "+1 stop" can only mean exposure
        else:
            raise unclear(clause)
        return
    if _mends(clause, intent):
        intent.reverse_described()
        return  # "there is a green cast, get rid of it": the complaint already said everything
    if read_kept(clause, intent):
        return
    if read_geometry(clause, intent):
        return
    if heals(clause, intent, places):
        return
    intent.states = []
    read_scenes(clause)
    local = places_of(clause)
    before = intent.request_count
    read_changes(clause, intent)
    made = intent.request_count > before
    if _only_states(clause):
        intent.states = [
            m for m in intent.moves if m.name in {w.term.name for w in clause.of("effect")}
        ]
    if local:
        places.extend(local)
        outside = clause.has("background", "defocus")
        # "everything behind the dog": the dog only says what is meant by behind.
        intent.inverted = intent.inverted or outside
        intent.acts_inside = intent.acts_inside or not outside
        if clause.has("defocus") and not made:
            intent.add(Move("blur", EFFECTS["blur"], 1, *strength(clause)))
        elif not made:
            lift_place(clause, intent)
    elif not made and not clause.is_empty:
        raise unclear(clause)


def _mends(clause: InstructionClause, intent: ToneIntent) -> bool:
    """True for "fix it" and the like after something was described."""
    if clause.has(*CONTENT) or not intent.moves:
        return False
    points_back = clause.has("lower", "raise") and intent.complained and _refers(clause)
    return clause.has("fix") or clause.removes or points_back


def _only_states(clause: InstructionClause) -> bool:
    """True for "low contrast" or "a vignette": a wish, unless "fix it" follows."""
    bare = not clause.has("wish", "raise", "lower", "too", "toolittle", "lack", "not", "no", "fix")
    plain = len(clause.forms("adj", "noun")) == len(clause.of("effect"))
    flaws = [w for w in clause.forms("noun") if w.term.name in FLAWS]
    turned = clause.has("copula") and (clause.forms("adj") or flaws)
    return bare and plain and not turned
