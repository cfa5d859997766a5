"""How the panel of the conversation words prompts, bars and what is missing."""

from __future__ import annotations

from dataclasses import replace

from app.i18n.texts import tr
from app.session.chat_turn import ChatTurn
from app.widgets.cards.score_bars import ScoreData
from app.widgets.prompt.diff import DiffSpan
from editor.model.prompt_edit.prompt_edit import prompt_edit
from inference.request.rewrite_job import RewrittenPrompt

_MARKS = ",.;:"


def prompt_spans(caption: str, prompt: str) -> tuple[DiffSpan, ...]:
    """The whole prompt as running text: what stays plain, what comes and what goes marked.

    A mark of punctuation stands with the words before it. Where several words give way to others,
    those that both have stay plain.
    """
    spans: list[DiffSpan] = []
    for piece in prompt_edit(caption, prompt).pieces:
        if piece.op == "replace" and (piece.source, piece.target) != (caption, prompt):
            spans += prompt_spans(piece.source, piece.target)
            continue
        text = piece.target if piece.op != "delete" else piece.source
        marks = text[: len(text) - len(text.lstrip(_MARKS))]
        if marks and spans:
            spans[-1] = _with_marks(spans[-1], marks)
            text = text[len(marks) :]
        text = " ".join(text.split())
        if piece.op == "keep":
            span = DiffSpan("plain", text)
        elif piece.op == "replace":
            span = DiffSpan("replace", piece.source.strip(), text)
        elif piece.op == "delete" or not piece.target:
            span = DiffSpan("delete", " ".join(piece.source.split()))
        else:
            span = DiffSpan("insert", text)
        if span.text:
            spans.append(span)
    return tuple(spans)


def _with_marks(span: DiffSpan, marks: str) -> DiffSpan:
    if span.kind == "replace":
        return replace(span, other=span.other + marks)
    return replace(span, text=span.text + marks)


def rewrite_bars(
    turn: ChatTurn, option: RewrittenPrompt, threshold: float
) -> tuple[ScoreData, ...]:
    """Beauty, Liked and Kept of a prompt; the first two where a picture was rated."""
    beauty, liked = turn.shares(option)
    figures = turn.figures(option)
    found = []
    if beauty is not None and figures.aesthetic is not None:
        detail = tr("Aesthetic predictor {0}, among the rewrites of this request")
        found.append(
            ScoreData(tr("Beauty"), beauty, detail=detail.format(f"{figures.aesthetic:.2f}"))
        )
    if liked is not None and figures.preference is not None:
        detail = tr("Preference model {0}, among the rewrites of this request")
        found.append(
            ScoreData(tr("Liked"), liked, detail=detail.format(f"{figures.preference:.2f}"))
        )
    score = option.integrity.score
    detail = tr("Content integrity {0} %").format(round(100 * score))
    found.append(ScoreData(tr("Kept"), score, threshold, detail))
    return tuple(found)


def loses_text(options: tuple[RewrittenPrompt, ...]) -> str:
    """The line above the prompts that do not pass the gate: what they lose."""
    words = dict.fromkeys(word for one in options for word in one.integrity.lost)
    if not words:
        back = dict.fromkeys(word for one in options for word in one.integrity.returned)
        return tr("Brings back: {0}").format(", ".join(back))
    return tr("Loses something: {0}").format(", ".join(words))
