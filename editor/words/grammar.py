from __future__ import annotations

from editor.errors import NotUnderstood
from editor.words.choosing import (
    DARK_EDGES,
    FIRMER,
    MOVING,
    WHOLLY,
    brightens,
    chosen_effects,
    complains,
    wash,
)
from editor.words.clause import CONTENT, Clause, clauses
from editor.words.effects import (
    COLOUR_SHIFTS,
    EFFECTS,
    Effect,
    hue_effect,
    tone_effect,
)
from editor.words.geometry import read_geometry
from editor.words.keeping import read_kept
from editor.words.lexicon import Term
from editor.words.looks import LOOKS
from editor.words.matching import Word, match
from editor.words.parts import heals, lift_place, places_of, read_scenes
from editor.words.plan import REPAINT, Move, Plan, not_possible, selection_needed, unclear
from editor.words.recipes import Recipe
from editor.words.strength import FLAWS, attenuate, sign_of, strength
from editor.words.targets import repaint, targeted

TONES = ("shadows", "blacks", "highlights", "whites", "midtones")


def parse(text: str, *, has_selection: bool) -> Plan:
    """Read a phrase into a plan.

    Raises:
        NotUnderstood: a part of the phrase is unknown, unclear or beyond tone and colour.
        SelectionNeeded: a part of the picture is named and nothing is selected.
    """
    words, corrections = match(text)
    plan = Plan(corrections=corrections)
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
        raise not_possible(
            places[-1].text,
            "and the background lie on both sides of the selection.",
            "Say one, then the other.",
        )
    return plan


def _complaint(words: list[Word]) -> list[Word]:
    """Read "don't make it so yellow", with nothing else, as "too yellow"."""
    negated = ("do not make", "do not let", "do not want", "do not turn")
    if not words or words[0].text not in negated or any(w.kind in ("and", "but") for w in words):
        return words
    return [Word(words[0].text, Term("too", "too")), *(w for w in words[1:] if w.kind != "too")]


def _refers(clause: Clause) -> bool:
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


def _nothing_asked(words: list[Word], plan: Plan, places: list[Word]) -> NotUnderstood:
    said = " ".join(word.text for word in words if word.text != ",")
    if places:
        return not_possible(said, "asks for more than tone and colour.", REPAINT)
    if plan.kept:
        return not_possible(said, "only says what should stay.", "Say also what should change.")
    return not_possible(
        said,
        "does not say what should change.",
        "Say what should change, such as “warmer”.",
        ("warmer", "brighter", "more contrast"),
    )


def _clause(clause: Clause, plan: Plan, places: list[Word]) -> None:
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
            return  # "there is a green cast, get rid of it": the complaint said it all
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


def _only_states(clause: Clause) -> bool:
    """True for "low contrast" or "a vignette": a wish, unless "fix it" follows."""
    bare = not clause.has("wish", "raise", "lower", "too", "toolittle", "lack", "not", "no", "fix")
    plain = len(clause.forms("adj", "noun")) == len(clause.of("effect"))
    flaws = [w for w in clause.forms("noun") if w.term.name in FLAWS]
    turned = clause.has("copula") and (clause.forms("adj") or flaws)
    return bare and plain and not turned


def _changes(clause: Clause, plan: Plan) -> None:
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
            raise not_possible(
                " ".join(w.text for w in clause.of("hue", "colour")),
                "would turn one hue into another, which tone and colour cannot.",
                "Say brighter, darker, stronger or muted.",
            )
        hues, colours = [*hues, *(w.term.name for w in colours)], []
    special = [name for name in regions if name in ("colours", "edges")]

    for word in clause.of("splitpair"):
        dark, _, bright = word.term.name.partition("/")
        plan.add(Move(f"shadows {dark}", tone_effect("shadows", dark), 1, factor, number))
        plan.add(Move(f"highlights {bright}", tone_effect("highlights", bright), 1, factor, number))
    if clause.has("splitpair") and any(
        w.text.startswith(("duo", "two")) for w in clause.of("split")
    ):
        plan.add(Move("duotone", Effect((Recipe.of("black_and_white 1"),)), 1))
    if clause.has("split") and not clause.has("splitpair") and not colours and not tones:
        plan.add(Move("split", LOOKS["teal_and_orange"], 1, factor, number))

    if tones and colours:
        _tints(clause, plan, tones, colours)
    elif colours:
        as_hue = [
            w
            for w in effects
            if w.term.name != "colourless" and hue_effect(w.term.name, "red") is not None
        ]
        firmer = any(w.text in FIRMER for w in clause.of("raise", "lower"))
        if firmer and not as_hue and not clause.has("cast", "lookish"):
            hues = [w.term.name for w in colours]  # "make the red stronger"
        elif as_hue and not clause.has("cast", "lookish") and not hues:
            hues = [w.term.name for w in colours]
        elif clause.has("local"):
            for word in colours:
                angle_effect = repaint(word.term.name)
                plan.add(
                    Move(f"recolour {word.term.name}", angle_effect, sign or 1, factor, number)
                )
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
                    Move(
                        f"cast {word.term.name}", COLOUR_SHIFTS[word.term.name], way, factor, number
                    )
                )

    if len(effects) == len(tones) > 1 and not hues:
        pairs = list(zip(effects, [[name] for name in tones], strict=True))
    else:
        pairs = [(word, tones) for word in effects]
    if tones and "colours" in special:
        raise not_possible(
            " ".join(w.text for w in clause.words),
            "sets colour in some tones apart, which is not possible.",
            "Say it for the whole picture.",
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
    if not effects:
        _directions(clause, plan, tones if not colours else [], hues, special, sign)
    elif clause.has("raise", "lower") and tones and all(w.term.form == "verb" for w in effects):
        for place in tones:  # "lift and warm the shadows": the first verb asks as well
            plan.add(Move(place, EFFECTS[place], sign or 1, factor, number))


def _tints(clause: Clause, plan: Plan, tones: list[str], colours: list[Word]) -> None:
    factor, number = strength(clause)
    sign = sign_of(clause, None) or 1
    if len(tones) == len(colours):
        pairs = list(zip(tones, colours, strict=True))
    else:
        pairs = [(place, colour) for place in tones for colour in colours]
    for place, colour in pairs:
        if place == "midtones":
            raise not_possible(
                "midtones", "cannot be tinted apart.", "Tint the shadows or the highlights."
            )
        one = tone_effect(place, colour.term.name)
        plan.add(Move(f"{place} {colour.term.name}", one, sign, factor, number))


def _directions(
    clause: Clause, plan: Plan, tones: list[str], hues: list[str], special: list[str], sign: int
) -> None:
    """Directions without an effect: "lift the shadows", "reduce the greens"."""
    factor, number = strength(clause)
    for place in tones:
        way = sign
        if (
            clause.has("too")
            and place in ("shadows", "blacks")
            and not clause.has("raise", "lower")
        ):
            way = 1  # shadows that are too strong are too dark
        back = any(w.text == "back" for w in clause.of("particle"))
        brought = back and any(w.term.name in ("bring", "put", "get") for w in clause.of("verb"))
        if clause.has("recover", "fix") or brought:
            way = 1 if place in ("shadows", "blacks") else -1
        if way == 0:
            raise unclear(clause)
        plan.add(Move(place, EFFECTS[place], way, factor, number))
    for hue in hues:
        one = hue_effect("chroma", hue)
        if sign == 0 or one is None:
            raise unclear(clause)
        if any(w.term.name in ("lift", "lifted", "bring up") for w in clause.of("raise")):
            one = hue_effect("lightness", hue) or one
        removed = sign < 0 and any(w.term.factor >= 2 for w in clause.of("lower"))
        if removed or clause.has("no"):
            one = hue_effect("colourless", hue) or one
            plan.add(Move(f"{hue} gone", one, 1, 1.0, None))
        else:
            plan.add(Move(f"chroma {hue}", one, sign, factor, number))
    for name in special:
        if name == "edges" and clause.has("recover", "fix"):
            plan.add(Move("vignette", EFFECTS["vignette"], -1, factor, number))
            continue
        if sign == 0:
            raise unclear(clause)
        gone = (
            clause.has("no")
            or any(w.term.factor >= 2 for w in clause.of("lower"))
            or _taken_out(clause)
        )
        if name == "colours" and gone and not clause.has("number"):
            plan.add(Move("colourless", EFFECTS["colourless"], 1, 1.0, None))
        elif name == "colours":
            plan.add(Move("chroma", EFFECTS["chroma"], sign, factor, number))
        elif name == "edges" and (
            clause.has("particle")
            or any(w.term.name in MOVING for w in clause.of("raise", "lower"))
        ):
            plan.add(Move("vignette", EFFECTS["vignette"], -sign, factor, number))
        else:
            raise unclear(clause)
    lifted = [
        w
        for w in clause.of("raise")
        if w.term.name in ("lift", "bring up", "push", "raise", "plus", "up")
    ]
    pushed = lifted or clause.of("lower", "particle", "number")
    stops = number is not None and number.unit == "stops"
    if not (
        tones
        or hues
        or special
        or clause.has("colour", "splitpair", "local", "background", "split", "defocus")
    ):
        if stops or any(w.term.name in WHOLE_LIGHT for w in clause.of("raise", "lower")):
            way = sign or (1 if pushed else 0)
            plan.add(Move("lightness", EFFECTS["lightness"], way or 1, factor, number))
        elif any(w.term.name in OVERALL for w in clause.of("raise", "lower")):
            # "tone it down" of a picture as a whole: its contrast and its colour.
            plan.add(Move("bold", LOOKS["bold"], sign, factor, number))
        elif not clause.is_empty:
            raise unclear(clause)


WHOLE_LIGHT = (
    "lift",
    "lift it",
    "lift it up",
    "raise it",
    "bring it up",
    "bring it down",
    "take it down",
    "pull it up",
    "pull it down",
    "push it",
    "push it up",
    "drop it",
    "lower it",
)
OVERALL = (
    "tone it down",
    "dial it back",
    "dial it down",
    "calm it down",
    "turn it down",
    "knock it back",
    "knock it down",
    "ease it off",
    "rein it in",
    "scale it back",
    "play it down",
    "tone this down",
    "tone that down",
    "tone everything down",
    "cut it back",
    "pull it back",
    "hold it back",
    "turn it up",
    "crank it up",
    "amp it up",
    "pump it up",
    "dial it up",
    "ramp it up",
    "beef it up",
    "step it up",
    "boost it up",
    "boost",
    "boost it",
    "kick",
    "pump up",
    "tone down",
    "calm down",
)


def _taken_out(clause: Clause) -> bool:
    return any(w.term.name == "take" for w in clause.of("verb")) and any(
        w.text == "out" for w in clause.words
    )
