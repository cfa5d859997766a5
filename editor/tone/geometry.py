from __future__ import annotations

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.tone.clause import InstructionClause
from editor.tone.intent import ToneIntent, unclear

UPRIGHT = ((4.0, 5.0), (2.0, 3.0), (3.0, 4.0), (9.0, 16.0))
LYING = ((3.0, 2.0), (4.0, 3.0), (5.0, 4.0), (16.0, 9.0))

_TONES = ("effect", "region", "hue", "colour")

_SPINNING = {"rotate", "rotating", "rotated", "rotation", "turn", "turning", "turned", "spin"}
"""First words that turn a picture by any angle; "straighten" and "level" only by a few degrees."""


def read_geometry(clause: InstructionClause, intent: ToneIntent) -> bool:
    """Read crops, turns and flips of a clause into the intent; True if it was about geometry."""
    if clause.has("flip") or (clause.has("axis") and intent.flips):
        _flip(clause, intent)
        return True
    if _is_turn(clause):
        _turn(clause, intent)
        return True
    if not clause.has("crop", "ratio", "pair"):
        return False
    if clause.has("effect") and not clause.has("pair", "crop"):
        kinds = [w for w in clause.of("ratio") if w.text in ("portrait", "landscape")]
        clause.words = [w for w in clause.words if w not in kinds]  # the kind of picture it is
        if not clause.has("ratio"):
            return False
    if clause.has("effect", "hue", "colour") and not clause.has("pair", "crop"):
        # "a portrait look" is no crop, and has no clear meaning.
        names = ", ".join(word.text for word in clause.of("ratio"))
        raise NotUnderstood(Message("tone.not_clear_here", words=names), Message("do.say_crop"))
    _crop(clause, intent)
    return True


def _is_turn(clause: InstructionClause) -> bool:
    """True for "straighten by 2 degrees", "rotate left", "turn it to the right", "upside down"."""
    if clause.has("straighten", "quarter_turn", "half_turn"):
        return True
    if clause.has(*_TONES):
        return False
    numbers = clause.of("number")
    degrees = any(w.token is not None and w.token.unit == "degrees" for w in numbers)
    return degrees or (_spins(clause) and clause.has("clockwise", "counter"))


def _spins(clause: InstructionClause) -> bool:
    """True if the words turn the picture rather than level it."""
    first = {word.text.split()[0] for word in clause.words}
    return clause.has("quarter_turn") or bool(first & _SPINNING)


def _turn(clause: InstructionClause, intent: ToneIntent) -> None:
    spins = _spins(clause)
    angle, sign = _angle(clause, spins=spins)
    words = " ".join(word.text for word in clause.words)
    if angle > (360 if spins or clause.has("half_turn") else 45):
        raise NotUnderstood(Message("tone.too_much_turn", words=words), Message("do.turn_limit"))
    if angle > 45:
        _refuse_parts(clause)
    left, right = clause.has("counter"), clause.has("clockwise")
    way = -1 if left else 1
    if clause.has("copula") and not clause.has("wish") and (left or right):
        way = -way  # "it leans 2 degrees to the left" is what to undo
    if sign < 0:
        way = -way
    intent.turns.append(way * angle)
    if not (left or right or sign or angle == 180):
        # No direction was named, so both are offered.
        intent.turns.append(-angle)


def _angle(clause: InstructionClause, *, spins: bool) -> tuple[float, int]:
    """Degrees, and −1 or +1 if the figure was written with a sign, else 0."""
    numbers = [w.token for w in clause.of("number") if w.token is not None]
    words = " ".join(word.text for word in clause.words)
    if not numbers:
        if clause.has("half_turn"):
            return 180.0, 0
        if clause.has("quarter_turn") or (spins and clause.has("clockwise", "counter")):
            return 90.0, 0
        raise NotUnderstood(
            Message("tone.not_how_much", words=words),
            Message("do.say_angle"),
            ("straighten by 2 degrees clockwise", "rotate 1 degree counter-clockwise"),
        )
    number = numbers[0]
    assert number.value is not None
    if number.unit not in ("degrees", "") or len(numbers) > 1:
        raise NotUnderstood(Message("tone.too_much_turn", words=words), Message("do.turn_limit"))
    if number.value % 360 == 0:
        raise NotUnderstood(
            Message("tone.turns_nothing", words=words), Message("do.say_other_angle")
        )
    return number.value, number.signed


def _flip(clause: InstructionClause, intent: ToneIntent) -> None:
    """Left and right or top and bottom exchanged; both if the words do not say which."""
    if clause.has(*_TONES) or clause.has("number", "raise", "lower"):
        raise unclear(clause)
    _refuse_parts(clause)
    said = [word.text for word in clause.of("flip", "axis")]
    vertical = clause.has("half_turn") or any("vertical" in w or "top" in w for w in said)
    horizontal = any("horizontal" in w or "left" in w for w in said)
    if intent.flips or (vertical and horizontal):
        if intent.flips == [180.0 * vertical]:
            raise unclear(clause)  # the same flip twice leaves nothing
        intent.flips, intent.turns = [], [180.0]  # both flips are half a turn
        return
    # A flip after a turn is a flip before the opposite turn.
    intent.turns = [-turn for turn in intent.turns]
    intent.flips = [180.0] if vertical else [0.0] if horizontal else [0.0, 180.0]


def _refuse_parts(clause: InstructionClause) -> None:
    """Refuse to turn or flip a thing in the picture."""
    if clause.has("local", "background"):
        words = " ".join(word.text for word in clause.words)
        raise NotUnderstood(Message("tone.turns_whole", words=words), Message("do.say_for_whole"))


def _crop(clause: InstructionClause, intent: ToneIntent) -> None:
    named = [word.term.name for word in clause.of("ratio")]
    if intent.crops and intent.crops not in (list(UPRIGHT), list(LYING)):
        raise NotUnderstood(
            Message("tone.second_shape", words=" ".join(w.text for w in clause.words)),
            Message("do.say_one_ratio"),
        )
    pairs = [w.token.pair for w in clause.of("pair") if w.token is not None and w.token.pair]
    if len(clause.of("number")) > 0 and not pairs:
        raise NotUnderstood(
            Message("tone.no_shape", words=" ".join(word.text for word in clause.words)),
            Message("do.say_ratio"),
            ("square", "16:9", "4:5"),
        )
    ratios = [(w, h) for w, h in pairs if w > 0 and h > 0]
    if not ratios:
        ratios = [_pair(name) for name in named if ":" in name]
    if len(ratios) > 1 or (pairs and len(ratios) != len(pairs)):
        raise NotUnderstood(
            Message("tone.more_shapes", words=" ".join(w.text for w in clause.of("pair", "ratio"))),
            Message("do.say_one_ratio"),
        )
    if ratios:
        width, height = ratios[0]
        named += _orientation(intent)
        intent.crops.clear()
        if not 0.1 <= width / height <= 10:
            raise NotUnderstood(
                Message("tone.narrow_shape", words=f"{width:g}:{height:g}"),
                Message("do.ratio_limits"),
            )
        upright, lying = "portrait" in named, "landscape" in named
        if (upright and width > height) or (lying and height > width):
            width, height = height, width
        intent.crops.append((width, height))
    elif "portrait" in named:
        intent.crops.extend(UPRIGHT)
    elif "landscape" in named:
        intent.crops.extend(LYING)
    else:
        raise NotUnderstood(
            Message("tone.no_shape", words=" ".join(word.text for word in clause.words)),
            Message("do.say_ratio"),
            ("square", "16:9", "4:5"),
        )


def _orientation(intent: ToneIntent) -> list[str]:
    """What an earlier clause said ("portrait crop, 2:3")."""
    if intent.crops == list(UPRIGHT):
        return ["portrait"]
    return ["landscape"] if intent.crops == list(LYING) else []


def _pair(name: str) -> tuple[float, float]:
    width, _, height = name.partition(":")
    return float(width), float(height)
