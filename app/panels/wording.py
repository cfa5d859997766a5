from __future__ import annotations

import time

from PySide6.QtCore import QLocale

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.session.results import Results, Slot
from app.session.runs import Run
from app.widgets.cards.score_bars import ScoreData as Bar
from app.widgets.prompt.diff import DiffSpan, plain_text
from editor.model.edit import EditRequest, Instruction
from editor.model.history import HistoryNode
from editor.model.prompt_edit.prompt_edit import PromptEdit, prompt_edit
from editor.model.score import DIRECTION, PAPER, Gates, Score
from inference.request.registry import METHODS
from inference.request.settings import LORA


def method_title(name: str) -> str:
    """The artist's name of a method."""
    info = METHODS.get(name)
    return text_of(info.title) if info else name


def role_title(role: str) -> str:
    """What an artist calls a model by what it does."""
    from inference.models.roles import role_name

    return text_of(role_name(role))


def setting_title(method: str, name: str) -> str:
    """The artist's name of a setting; its own name if it has none, as documents may hold any."""
    settings = METHODS[method].settings if method in METHODS else ()
    return next((text_of(info.title) for info in settings if info.name == name), name)


def clock(seconds: float) -> str:
    """A time of day as the artist's country writes it; the date for older days."""
    moment = time.localtime(seconds)
    today = time.localtime()
    if (moment.tm_year, moment.tm_yday) == (today.tm_year, today.tm_yday):
        return time.strftime("%H:%M", moment)
    return time.strftime("%d.%m.", moment)


def stopped_text(slot: Slot) -> str:
    """How far a result got that comes to nothing."""
    if not slot.steps:
        return tr("Stopped before it began")
    return tr("Stopped at step {0} of {1}").format(slot.step, slot.steps)


def progress_text(slot: Slot) -> str:
    """How far a result is that is being made."""
    if not slot.steps:
        return tr("Waiting")
    return tr("Step {0} of {1}").format(slot.step, slot.steps)


def run_name(run: Run) -> str:
    """A run in a word and its number."""
    return tr("Run {0}").format(run.number)


def run_line(run: Run) -> str:
    """A run in the menu: its number, what was asked for, how many results, when."""
    words = run.words or tr("Explored")
    results = tr("1 result")
    if run.finished != 1:
        results = tr("{0} results").format(run.finished)
    line = tr("{0}: {1}, {2}").format(run_name(run), words, results)
    return f"{line}, {clock(run.time)}" if run.time else line


def node_spans(node: HistoryNode, name: str = "") -> tuple[DiffSpan, ...]:
    """What a node changed, as a typed diff; free words for tone and colour."""
    spans: tuple[DiffSpan, ...] = ()
    if not name and len(node.candidates) == 1:
        spans = instruction_edit(node.candidates[0].request.instruction)
    return spans or plain_text(name or node.label)


def edit_spans(edit: PromptEdit) -> tuple[DiffSpan, ...]:
    """A typed difference as drawn in chips, cards and "Read as"."""
    return tuple(DiffSpan(change.op, change.text, change.other) for change in edit.changes)


def instruction_edit(instruction: Instruction) -> tuple[DiffSpan, ...]:
    """What an instruction changes in the caption; nothing where one of the two is not known."""
    if not instruction.source_prompt or not instruction.target_prompt:
        return ()
    return edit_spans(prompt_edit(instruction.source_prompt, instruction.target_prompt))


def instruction_spans(instruction: Instruction) -> tuple[DiffSpan, ...]:
    """What an instruction changes in the caption, else its words."""
    return instruction_edit(instruction) or plain_text(instruction.text)


def _far(bar: Gates) -> float:
    """The CLIP direction of a full bar: other models than the paper's live on other scales."""
    return 2 * bar.direction if bar.origin == PAPER else 1.0


def bars(slot: Slot, most: int = 3) -> tuple[Bar, ...]:
    """Bars with names an artist understands, from what was measured.

    Where there are more than `most`, one that does not reach its notch goes before the others: it
    is why the result stands below the artist's bar.
    """
    found = _all_bars(slot)
    kept = sorted(found, key=lambda bar: bar.passed)[:most]
    return tuple(bar for bar in found if bar in kept)


def _words_bar(score: Score, bar: Gates) -> Bar:
    """How well the words were followed: CLIP's direction, or the caption where that falls short."""
    assert score.direction is not None
    if (
        score.ranked_by == DIRECTION
        and score.target is not None
        and score.target < bar.caption
        and score.direction >= bar.direction
    ):
        full = 2 * bar.caption if bar.origin == PAPER else 1.0
        detail = tr("CLIP caption {0}").format(f"{score.target:.3f}")
        return Bar(tr("Words"), _unit(score.target / full), _unit(bar.caption / full), detail)
    return Bar(
        tr("Words"),
        _unit(score.direction / _far(bar)),
        _unit(bar.direction / _far(bar)),
        tr("CLIP direction {0}").format(f"{score.direction:.3f}"),
    )


def _all_bars(slot: Slot) -> list[Bar]:
    score = slot.score
    if score is None:
        return []
    bar = score.gates or Gates()
    found = []
    if score.direction is not None and not score.is_by_effect:
        found.append(_words_bar(score, bar))
    elif score.asked is not None:
        found.append(
            Bar(
                tr("Words"),
                _unit(score.asked),
                detail=tr("Share of the change asked for that was measured: {0} %").format(
                    round(100 * score.asked)
                ),
            )
        )
    if score.image is not None:
        detail = tr("CLIP image {0}").format(f"{score.image:.3f}")
        notch = None if score.is_by_effect else _unit(bar.image)
        found.append(Bar(tr("Picture"), _unit(score.image), notch, detail))
    elif score.unasked is not None:
        found.append(
            Bar(
                tr("Picture"),
                _unit(1.0 / (1.0 + score.unasked)),
                detail=tr("How little changed that nobody asked for"),
            )
        )
    if score.clipped is not None:
        found.append(
            Bar(
                tr("Range"),
                _unit(1.0 - 10.0 * score.clipped),
                detail=tr("Pixels newly pure black or white: {0} %").format(
                    f"{100 * score.clipped:.1f}"
                ),
            )
        )
    if score.damage is not None:
        bar_damage = (score.gates or Gates()).damage
        found.append(
            Bar(
                tr("Edges"),
                _unit(1.0 - score.damage),
                _unit(1.0 - bar_damage),
                tr("Edges that stayed crisp: {0} %").format(round(100 * (1.0 - score.damage))),
            )
        )
    return found


def beside_text(results: Results, number: int) -> str:
    """How the next result compares with one, by its place in the list; "" without a difference.

    Results of other words are not compared: how far a sunset goes says nothing about a grey day.
    Neither are results that were measured in other ways.
    """
    ordered = results.ordered
    other = number + 1 if number + 1 < len(ordered) else number - 1
    if other < 0 or results.explored:
        return ""
    mine, its = ordered[number].score, ordered[other].score
    if mine is None or its is None or mine.is_by_effect != its.is_by_effect:
        return ""
    sentences = {
        tr("Words"): (tr("Number {0} goes further."), tr("Number {0} goes less far.")),
        tr("Picture"): (
            tr("Number {0} keeps more of the picture."),
            tr("Number {0} keeps less of the picture."),
        ),
    }
    # Of one notch: else two figures are compared that measure different things.
    values = {(bar.name, bar.notch): bar.value for bar in bars(ordered[number])}
    found = []
    for bar in bars(ordered[other]):
        value = values.get((bar.name, bar.notch))
        if bar.name not in sentences or value is None or bar.value is None:
            continue
        if abs(bar.value - value) >= _SEEN:
            more, less = sentences[bar.name]
            found.append((more if bar.value > value else less).format(other + 1))
    return " ".join(found)


_SEEN = 0.05
"""A smaller difference of two bars is not spoken of."""


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))


def duration(seconds: float) -> str:
    """A time as people say it: one decimal below ten seconds, none above."""
    decimals = 1 if seconds < 9.95 else 0
    return tr("{0} s").format(QLocale().toString(seconds, "f", decimals))


def method_line(results: Results, slot: Slot) -> str:
    """By which method a result was made, and how long its run took."""
    parts = [method_title(slot.request.method)]
    if results.seconds:
        parts.append(duration(results.seconds))
    return ", ".join(parts)


def recipe_line(results: Results, slot: Slot) -> str:
    """How a result was made in every detail: for tooltips and "Copy the recipe"."""
    parts = [method_title(slot.request.method)]
    if slot.request.method != "adjust":
        parts.append(tr("seed {0}").format(slot.request.seed))
    else:
        names = [
            f"{setting_title(slot.request.method, name)} {_value(value)}".strip()
            for name, value in slot.request.settings
        ]
        parts += names
    parts += model_names(slot.request)
    if results.seconds:
        parts.append(duration(results.seconds))
    return ", ".join(parts)


def model_names(request: EditRequest) -> list[str]:
    """Names of the models that the method ran on, and of the LoRA files over them."""
    info = METHODS.get(request.method)
    roles = None if info is None else (*info.roles, LORA)
    return [model.id for model in request.models if roles is None or model.role in roles]


def made_line(node: HistoryNode) -> str:
    """Methods and models that made an idea; "" where no model did."""
    parts: dict[str, None] = {}
    for request in (candidate.request for candidate in node.candidates):
        if names := model_names(request):
            parts |= dict.fromkeys([method_title(request.method), *names])
    return ", ".join(parts)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, int | float):
        return f"{value:+.2f}".rstrip("0").rstrip(".")
    return ""


def enlarged_text(slot: Slot) -> str:
    """How large a result is that was drawn larger, in pixels; "" for any other."""
    from editor.render.enlargement import enlarged_size, factor_of  # first needed with a result

    patch = slot.candidate.patch if slot.candidate is not None else None
    factor = factor_of(patch) if patch is not None else None
    if factor is None or patch is None or patch.placement is None:
        return ""
    source = patch.placement.crop
    return tr("{0} × {1} px").format(*enlarged_size(factor, source.width, source.height))


def outside_text(slot: Slot) -> str:
    """What happened outside the selection, in steps of 255."""
    outside = slot.score.outside if slot.score else None
    if not outside:
        return ""
    return tr("outside changed by {0} of 255").format(max(1, round(outside * 255)))
