from __future__ import annotations

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.tone.choice import (
    DARK_EDGES,
    FIRMER,
    WHOLLY,
    brightens,
    chosen_effects,
    complains,
    wash,
)
from editor.tone.clause import CONTENT, InstructionClause, clauses
from editor.tone.directions import read_directions
from editor.tone.effects import (
    COLOUR_SHIFTS,
    EFFECTS,
    Effect,
    hue_effect,
    tone_effect,
)
from editor.tone.geometry import read_geometry
from editor.tone.kept_words import read_kept
from editor.tone.lexicon.lexicon import Term
from editor.tone.lexicon.looks import LOOKS
from editor.tone.matching import Word, match
from editor.tone.parts import heals, lift_place, places_of, read_scenes
from editor.tone.plan import Move, TonePlan, selection_needed, unclear
from editor.tone.recipes import EffectRecipe
from editor.tone.strength import FLAWS, Amount, attenuate, sign_of, strength
from editor.tone.targets import repaint, targeted

TONES = ("shadows", "blacks", "highlights", "whites", "midtones")


def parse(text: str, *, has_selection: bool) -> TonePlan:
    """Read a phrase into a plan.

    Raises:
        NotUnderstood: a part of the phrase is unknown, unclear or beyond tone and colour.
        SelectionNeeded: a part of the picture is named and nothing is selected.
    """
    words, corrections = match(text)
    plan = TonePlan(corrections=corrections)
    places: list[Word] = []
    pointing = _points(words)
    parts = [] if pointing else clauses(_complaint(words))
    for clause in parts:
        if clause.has("vague") and not clause.has("effect") and len(parts) > 1:
            continue  # "the white balance is off, too blue": what follows says it
        _clause(clause, plan, places)
        plan.complained = not clause.has("wish") and (
            clause.has("copula", "too", "toolittle") or bool(clause.forms("flaw"))
        )
    if pointing:
        plan.heal = plan.acts_inside = True
        places.extend(word for word in words if word.text in POINTING)
    if plan.is_empty:
        raise _nothing_asked(words, plan, places)
    if places and not has_selection:
        raise selection_needed(places[0].text)
    if plan.inverted and plan.acts_inside:
        raise NotUnderstood(
            Message("tone.both_sides", words=places[-1].text),
            Message("do.say_one_by_one"),
        )
    return plan


def _complaint(words: list[Word]) -> list[Word]:
    """Read "don't make it so yellow", with nothing else, as "too yellow"."""
    negated = ("do not make", "do not let", "do not want", "do not turn")
    if not words or words[0].text not in negated or any(w.kind in ("and", "but") for w in words):
        return words
    return [Word(words[0].text, Term("too", "too")), *(w for w in words[1:] if w.kind != "too")]


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


def _nothing_asked(words: list[Word], plan: TonePlan, places: list[Word]) -> NotUnderstood:
    said = " ".join(word.text for word in words if word.text != ",")
    if places:
        return NotUnderstood(
            Message("tone.more_than_tone", words=said), Message("do.say_light_and_colour")
        )
    if plan.fixed_quantities:
        return NotUnderstood(Message("tone.only_stays", words=said), Message("do.say_change_too"))
    return NotUnderstood(
        Message("tone.no_change", words=said),
        Message("do.say_change_such_as"),
        ("warmer", "brighter", "more contrast"),
    )


def _clause(clause: InstructionClause, plan: TonePlan, places: list[Word]) -> None:
    if clause.only_amount:
        if not plan.is_empty:
            attenuate(plan, clause)
        elif any(w.token is not None and w.token.unit == "stops" for w in clause.of("number")):
            _changes(clause, plan)  # "+1 stop" can only mean exposure
        else:
            raise unclear(clause)
        return
    if not clause.has(*CONTENT) and plan.moves and clause.has("fix", "lower", "raise"):
        gone = any(w.term.factor >= 2 for w in clause.of("lower"))
        if clause.has("fix") or gone or (plan.complained and _refers(clause)):
            plan.mend()
            return  # "there is a green cast, get rid of it": the complaint already said everything
    if read_kept(clause, plan):
        return
    if read_geometry(clause, plan):
        return
    if heals(clause, plan, places):
        return
    plan.states = []
    read_scenes(clause)
    local = places_of(clause)
    before = plan.heard
    _changes(clause, plan)
    made = plan.heard > before
    if _only_states(clause):
        plan.states = [
            m for m in plan.moves if m.name in {w.term.name for w in clause.of("effect")}
        ]
    if local:
        places.extend(local)
        outside = clause.has("background", "defocus")
        # "everything behind the dog": the dog only says what is meant by behind.
        plan.inverted = plan.inverted or outside
        plan.acts_inside = plan.acts_inside or not outside
        if clause.has("defocus") and not made:
            plan.add(Move("blur", EFFECTS["blur"], 1, *strength(clause)))
        elif not made:
            lift_place(clause, plan)
    elif not made and not clause.is_empty:
        raise unclear(clause)


def _only_states(clause: InstructionClause) -> bool:
    """True for "low contrast" or "a vignette": a wish, unless "fix it" follows."""
    bare = not clause.has("wish", "raise", "lower", "too", "toolittle", "lack", "not", "no", "fix")
    plain = len(clause.forms("adj", "noun")) == len(clause.of("effect"))
    flaws = [w for w in clause.forms("noun") if w.term.name in FLAWS]
    turned = clause.has("copula") and (clause.forms("adj") or flaws)
    return bare and plain and not turned


def _split_tones(clause: InstructionClause, plan: TonePlan, amount: Amount, *, plain: bool) -> None:
    """Split toning; `plain` if no colour and no tone is named with it."""
    factor, number = amount
    for word in clause.of("splitpair"):
        dark, _, bright = word.term.name.partition("/")
        plan.add(Move(f"shadows {dark}", tone_effect("shadows", dark), 1, factor, number))
        plan.add(Move(f"highlights {bright}", tone_effect("highlights", bright), 1, factor, number))
    if clause.has("splitpair") and any(
        w.text.startswith(("duo", "two")) for w in clause.of("split")
    ):
        plan.add(Move("duotone", Effect((EffectRecipe.of("black_and_white 1"),)), 1))
    if clause.has("split") and not clause.has("splitpair") and plain:
        plan.add(Move("split", LOOKS["teal_and_orange"], 1, factor, number))


def _colour_changes(
    clause: InstructionClause,
    plan: TonePlan,
    effects: list[Word],
    colours: list[Word],
    hues: list[str],
    sign: int,
    amount: Amount,
) -> list[str]:
    """Colours without tones: casts, recoloured things; or the hues that the effects act on."""
    factor, number = amount
    as_hue = [
        w
        for w in effects
        if w.term.name != "colourless" and hue_effect(w.term.name, "red") is not None
    ]
    firmer = any(w.text in FIRMER for w in clause.of("raise", "lower"))
    if firmer and not as_hue and not clause.has("cast", "lookish"):
        return [w.term.name for w in colours]  # "make the red stronger"
    if as_hue and not clause.has("cast", "lookish") and not hues:
        return [w.term.name for w in colours]
    if clause.has("local"):
        for word in colours:
            angle_effect = repaint(word.term.name)
            plan.add(Move(f"recolour {word.term.name}", angle_effect, sign or 1, factor, number))
    else:
        flips = (
            clause.has("copula")
            and not clause.has("wish")
            and not clause.has("too", "raise", "lower", "fix")
        )
        comparative = any(w.term.form == "comp" for w in colours)
        way = -1 if flips and not comparative else sign or 1
        for word in colours:
            plan.add(
                Move(f"cast {word.term.name}", COLOUR_SHIFTS[word.term.name], way, factor, number)
            )
    return hues


def _effect_changes(
    clause: InstructionClause,
    plan: TonePlan,
    effects: list[Word],
    tones: list[str],
    hues: list[str],
    special: list[str],
    amount: Amount,
) -> None:
    """Effects on tones, hues, or the picture as a whole."""
    factor, number = amount
    if len(effects) == len(tones) > 1 and not hues:
        pairs = list(zip(effects, [[name] for name in tones], strict=True))
    else:
        pairs = [(word, tones) for word in effects]
    if tones and "colours" in special:
        raise NotUnderstood(
            Message("tone.colour_in_tones", words=" ".join(w.text for w in clause.words)),
            Message("do.say_for_whole"),
        )
    for word, places in pairs:
        way = sign_of(clause, word)
        if word.text in DARK_EDGES and brightens(clause, word):
            way = -1
        wholly = any(w.text in WHOLLY for w in clause.of("amount"))
        wholly = wholly or (clause.has("no") and word.term.form == "noun")
        if word.term.name == "chroma" and way < 0 and wholly and not hues and number is None:
            plan.add(Move("colourless", EFFECTS["colourless"], 1))
            continue
        for target, one in targeted(word, places, hues, special, clause):
            plan.add(Move(target, one, way, factor, number))


def _changes(clause: InstructionClause, plan: TonePlan) -> None:
    regions = [w.term.name for w in clause.of("region")]
    tones = [name for name in regions if name in TONES]
    hues = [w.term.name for w in clause.of("hue")]
    colours = clause.of("colour")
    factor, number = strength(clause)
    sign = sign_of(clause, None)
    effects = chosen_effects(clause, bool(colours))
    if any(w.text.endswith(("tones", "hues")) for w in clause.of("hue")) and wash(clause, effects):
        colours = [Word(w.text, Term("colour", w.term.name)) for w in clause.of("hue")]
        hues = []
    if colours and hues:
        if {w.term.name for w in colours} <= set(hues):
            # "make the blues bluer", "the greens are too green": more or less of themselves.
            for hue in dict.fromkeys(hues):
                one = hue_effect("chroma", hue)
                if one is not None:
                    way = sign or (-1 if complains(clause) else 1)
                    plan.add(Move(f"chroma {hue}", one, way, factor, number))
            if not effects:
                return
            colours = []
        elif not effects:
            raise NotUnderstood(
                Message(
                    "tone.hue_to_hue", words=" ".join(w.text for w in clause.of("hue", "colour"))
                ),
                Message("do.say_of_hue"),
            )
        hues, colours = [*hues, *(w.term.name for w in colours)], []
    special = [name for name in regions if name in ("colours", "edges")]

    _split_tones(clause, plan, (factor, number), plain=not colours and not tones)

    if tones and colours:
        _tints(clause, plan, tones, colours)
    elif colours:
        hues = _colour_changes(clause, plan, effects, colours, hues, sign, (factor, number))

    _effect_changes(clause, plan, effects, tones, hues, special, (factor, number))
    if not effects:
        read_directions(clause, plan, tones if not colours else [], hues, special, sign)
    elif clause.has("raise", "lower") and tones and all(w.term.form == "verb" for w in effects):
        for place in tones:  # "lift and warm the shadows": the first verb asks as well
            plan.add(Move(place, EFFECTS[place], sign or 1, factor, number))


def _tints(
    clause: InstructionClause, plan: TonePlan, tones: list[str], colours: list[Word]
) -> None:
    factor, number = strength(clause)
    sign = sign_of(clause, None) or 1
    if len(tones) == len(colours):
        pairs = list(zip(tones, colours, strict=True))
    else:
        pairs = [(place, colour) for place in tones for colour in colours]
    for place, colour in pairs:
        if place == "midtones":
            raise NotUnderstood(
                Message("tone.not_tinted_apart", words="midtones"), Message("do.tint_ends")
            )
        one = tone_effect(place, colour.term.name)
        plan.add(Move(f"{place} {colour.term.name}", one, sign, factor, number))
