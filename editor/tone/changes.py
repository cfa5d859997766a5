from __future__ import annotations

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.tone.choice import DARK_EDGES, FIRMER, WHOLLY, brightens, complains
from editor.tone.clause import InstructionClause
from editor.tone.directions import read_directions
from editor.tone.effects import COLOUR_SHIFTS, EFFECTS, Effect, hue_effect, tone_effect
from editor.tone.intent import Move, ToneIntent
from editor.tone.lexicon.looks import LOOKS
from editor.tone.matching import Word
from editor.tone.mentions import Mentions
from editor.tone.recipes import EffectRecipe
from editor.tone.strength import sign_of
from editor.tone.targets import repaint, targeted


def read_changes(clause: InstructionClause, intent: ToneIntent) -> None:
    """Add what a clause asks of tone and colour to the intent.

    Raises:
        NotUnderstood: it is unclear, or beyond tone and colour.
        SelectionNeeded: it is about a part of the picture that has to be selected.
    """
    named = Mentions.of(clause)
    if named.hues and named.colours:
        _colours_of_hues(clause, named, intent)
        if not named.effects:
            return
    _split_toning(clause, named, intent)
    if named.tones and named.colours:
        _tints(clause, named, intent)
    elif named.colours:
        _colours(clause, named, intent)
    if named.tones and "colours" in named.special:
        raise NotUnderstood(
            Message("tone.colour_in_tones", words=" ".join(w.text for w in clause.words)),
            Message("do.say_for_whole"),
        )
    if named.effects:
        _effects(clause, named, intent)
    else:
        read_directions(clause, named, intent)


def _colours_of_hues(clause: InstructionClause, named: Mentions, intent: ToneIntent) -> None:
    """For "make the blues bluer" hues get more of themselves; other colours are hues as well.

    Raises:
        NotUnderstood: a hue is to become another one ("make the blues green").
    """
    colours = [w.term.name for w in named.colours]
    if set(colours) <= set(named.hues):
        way = named.sign or (-1 if complains(clause) else 1)  # "the greens are too green"
        for hue in dict.fromkeys(named.hues):
            one = hue_effect("chroma", hue)
            if one is not None:
                intent.add(Move(f"chroma {hue}", one, way, named.factor, named.number))
    elif named.effects:
        named.hues = [*named.hues, *colours]
    else:
        words = " ".join(w.text for w in clause.of("hue", "colour"))
        raise NotUnderstood(Message("tone.hue_to_hue", words=words), Message("do.say_of_hue"))
    named.colours = []


def _split_toning(clause: InstructionClause, named: Mentions, intent: ToneIntent) -> None:
    """For "blue and orange split toning", "duotone": a colour for each end of the tones."""
    pairs = clause.of("splitpair")
    for word in pairs:
        dark, _, bright = word.term.name.partition("/")
        for place, colour in (("shadows", dark), ("highlights", bright)):
            tint = tone_effect(place, colour)
            intent.add(Move(f"{place} {colour}", tint, 1, named.factor, named.number))
    if pairs and any(w.text.startswith(("duo", "two")) for w in clause.of("split")):
        intent.add(Move("duotone", Effect((EffectRecipe.of("black_and_white 1"),)), 1))
    if clause.has("split") and not (pairs or named.colours or named.tones):
        intent.add(Move("split", LOOKS["teal_and_orange"], 1, named.factor, named.number))


def _tints(clause: InstructionClause, named: Mentions, intent: ToneIntent) -> None:
    """For "blue shadows and orange highlights": colours into tones.

    Raises:
        NotUnderstood: the midtones cannot be tinted apart.
    """
    tones, colours = named.tones, named.colours
    sign = sign_of(clause, None) or 1  # with the verbs that have become direction words
    if len(tones) == len(colours):
        pairs = list(zip(tones, colours, strict=True))
    else:
        pairs = [(place, colour) for place in tones for colour in colours]
    for place, colour in pairs:
        if place == "midtones":
            raise NotUnderstood(
                Message("tone.not_tinted_apart", words="midtones"), Message("do.tint_ends")
            )
        tint = tone_effect(place, colour.term.name)
        intent.add(Move(f"{place} {colour.term.name}", tint, sign, named.factor, named.number))


def _colours(clause: InstructionClause, named: Mentions, intent: ToneIntent) -> None:
    """Colours without tones: hues for the effects, the colour of a thing, or a cast."""
    colours = [w.term.name for w in named.colours]
    on_hues = any(
        w.term.name != "colourless" and hue_effect(w.term.name, "red") is not None
        for w in named.effects
    )
    firmer = any(w.text in FIRMER for w in clause.of("raise", "lower"))
    if (on_hues or firmer) and not clause.has("cast", "lookish"):
        named.hues = colours  # "make the red stronger"
        return
    way = named.sign or 1
    if clause.has("local"):
        for colour in colours:
            paint = repaint(colour)
            intent.add(Move(f"recolour {colour}", paint, way, named.factor, named.number))
        return
    comparative = any(w.term.form == "comp" for w in named.colours)
    judged = clause.has("copula") and not clause.has("wish", "too", "raise", "lower", "fix")
    if judged and not comparative:
        way = -1  # "the picture is blue"
    for colour in colours:
        cast = COLOUR_SHIFTS[colour]
        intent.add(Move(f"cast {colour}", cast, way, named.factor, named.number))


def _effects(clause: InstructionClause, named: Mentions, intent: ToneIntent) -> None:
    """Add each effect where it is asked for."""
    for word, tones in _effects_with_tones(named):
        way = sign_of(clause, word)
        if word.text in DARK_EDGES and brightens(clause, word):
            way = -1
        fades = word.term.name == "chroma" and way < 0 and not named.hues
        if fades and named.number is None and _is_whole(clause, word):
            intent.add(Move("colourless", EFFECTS["colourless"], 1))
            continue
        for name, one in targeted(word, tones, named.hues, named.special, clause):
            intent.add(Move(name, one, way, named.factor, named.number))
    if clause.has("raise", "lower") and all(w.term.form == "verb" for w in named.effects):
        for place in named.tones:  # "lift and warm the shadows": the first verb asks as well
            lift = EFFECTS[place]
            intent.add(Move(place, lift, named.sign or 1, named.factor, named.number))


def _effects_with_tones(named: Mentions) -> list[tuple[Word, list[str]]]:
    """For "darker shadows and brighter highlights" one each, otherwise every one on all tones."""
    if len(named.effects) == len(named.tones) > 1 and not named.hues:
        return list(zip(named.effects, [[place] for place in named.tones], strict=True))
    return [(word, named.tones) for word in named.effects]


def _is_whole(clause: InstructionClause, word: Word) -> bool:
    """True for "completely desaturated", "no colour"."""
    if clause.has("no") and word.term.form == "noun":
        return True
    return any(w.text in WHOLLY for w in clause.of("amount"))
