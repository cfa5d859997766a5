from __future__ import annotations

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.tone.clause import InstructionClause
from editor.tone.intent import ToneIntent

UPRIGHT = ((4.0, 5.0), (2.0, 3.0), (3.0, 4.0), (9.0, 16.0))
LYING = ((3.0, 2.0), (4.0, 3.0), (5.0, 4.0), (16.0, 9.0))


def read_geometry(clause: InstructionClause, intent: ToneIntent) -> bool:
    """Read crops and turns of a clause into the intent; True if it was about geometry."""
    numbers = clause.of("number")
    degrees = [w.token for w in numbers if w.token is not None and w.token.unit == "degrees"]
    turning = clause.has("straighten") or (
        bool(degrees) and not clause.has("effect", "region", "hue", "colour")
    )
    if turning:
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


def _turn(clause: InstructionClause, intent: ToneIntent) -> None:
    numbers = [w.token for w in clause.of("number") if w.token is not None]
    words = " ".join(word.text for word in clause.words)
    if not numbers:
        raise NotUnderstood(
            Message("tone.not_how_much", words=words),
            Message("do.say_angle"),
            ("straighten by 2 degrees clockwise", "rotate 1 degree counter-clockwise"),
        )
    number = numbers[0]
    assert number.value is not None
    if number.unit not in ("degrees", "") or abs(number.value) > 45 or len(numbers) > 1:
        raise NotUnderstood(Message("tone.too_much_turn", words=words), Message("do.turn_limit"))
    if number.value == 0:
        raise NotUnderstood(
            Message("tone.turns_nothing", words=words), Message("do.say_other_angle")
        )
    left, right = clause.has("counter"), clause.has("clockwise")
    sign = -1 if left else 1
    if clause.has("copula") and not clause.has("wish") and (left or right):
        sign = -sign  # "it leans 2 degrees to the left" is what to undo
    if number.signed < 0:
        sign = -sign
    intent.turns.append(sign * number.value)
    if not (left or right or number.signed):
        # No direction was named, so both are offered.
        intent.turns.append(-number.value)


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
