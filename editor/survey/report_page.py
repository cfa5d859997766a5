"""A survey's report as one HTML page with plots, without any other file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from editor.survey.page import filled
from editor.survey.report import QuestionSummary, ScoreSummary, SurveyReport

_WIDTH: Final = 360
_HEIGHT: Final = 18
_COLOURS: Final = ("#b3543f", "#d9a07f", "#8fb5c9", "#2f6d8c")
"""Of scores 1 to 4; told apart by people who see few colours, and by lightness alone."""


def report_page(report: SurveyReport) -> str:
    """The page: figures in tables, and bars that show how often each answer was given."""
    parts = [f"<h1>{escape(report.title)}</h1>", f"<p>{escape(raters_line(report))}</p>"]
    parts += [part for one in report.questions for part in _question(one)]
    return filled("report.html", title=escape(report.title), content="\n".join(parts))


def raters_line(report: SurveyReport) -> str:
    """Who rated, said plainly: people, models, or nobody."""
    if not report.ratings:
        return f"{report.items} items. Nobody has rated yet."
    people, machines = len(report.people), len(report.machines)
    who = f"{people} people" if people != 1 else "1 person"
    if machines:
        made = f"{machines} models" if machines != 1 else "1 model"
        who = f"{who} and {made}" if people else f"{made} and no person"
    counted = " The figures are of people's ratings alone." if people and machines else ""
    sealed = "" if report.closed else " The survey is open: which model made what is sealed."
    return f"{report.items} items, {report.ratings} ratings by {who}.{counted}{sealed}"


def kappa_text(value: float | None) -> str:
    """κ with three places, or that it is undefined."""
    return "undefined" if value is None else f"{value:.3f}"


def bar(counts: Sequence[int]) -> str:
    """A bar of the shares of some answers, as SVG."""
    total = max(1, sum(counts))
    colours = _COLOURS if len(counts) == len(_COLOURS) else (_COLOURS[0], "#c9c9c9", _COLOURS[3])
    parts, at = [], 0.0
    for count, colour in zip(counts, colours, strict=True):
        width = _WIDTH * count / total
        parts.append(f'<rect x="{at:.1f}" width="{width:.1f}" height="{_HEIGHT}" fill="{colour}"/>')
        at += width
    label = ", ".join(map(str, counts))
    return (
        f'<svg role="img" aria-label="{label}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">{"".join(parts)}</svg>'
    )


def _question(one: QuestionSummary) -> Iterator[str]:
    yield f"<h2>{escape(one.question.text)}</h2>"
    if one.question.kind == "scale":
        ends = f"1 = {one.question.lowest}, 4 = {one.question.highest}"
        yield f"<p>Bars: how often each score was given, {escape(ends)}.</p>"
        groups = [
            ("Model", one.models),
            ("Rater", one.raters),
            ("Field", one.fields),
            ("All", (one.overall,) if one.overall else ()),
        ]
        for title, rows in groups:
            if rows:
                yield from _scores(title, rows)
    elif one.comparisons:
        yield "<table><tr><th>Models<th>Win<th>Tie<th>Lose<th></tr>"
        for pair in one.comparisons:
            names = f"{escape(pair.first)} against {escape(pair.second)}"
            counts = (pair.wins, pair.ties, pair.losses)
            cells = "".join(f"<td>{count}" for count in counts)
            yield f"<tr><td>{names}{cells}<td>{bar(counts[::-1])}</tr>"
        yield "</table>"
    else:
        yield "<table><tr><th>Left<th>Tie<th>Right<th></tr><tr>"
        yield "".join(f"<td>{count}" for count in one.choices) + f"<td>{bar(one.choices)}"
        yield "</tr></table>"
    yield from _agreement(one)


def _scores(title: str, rows: Sequence[ScoreSummary]) -> Iterator[str]:
    yield f"<table><tr><th>{title}<th>Mean<th>95 %<th>Deviation<th>Ratings<th>Items<th></tr>"
    for row in rows:
        spread = "" if row.deviation is None else f"{row.deviation:.2f}"
        yield (
            f"<tr><td>{escape(row.name)}<td>{row.mean:.2f}<td>{row.low:.2f} to {row.high:.2f}"
            f"<td>{spread}<td>{row.n}<td>{row.items}<td>{bar(row.counts)}</tr>"
        )
    yield "</table>"


def _agreement(one: QuestionSummary) -> Iterator[str]:
    yield "<table><tr><th>Agreement (weighted κ)<th>Linear<th>Quadratic</tr>"
    rows = [
        ("Mean over pairs of raters", one.agreement.mean),
        ("All raters pooled", one.agreement.pooled),
        *one.agreement.pairs.items(),
    ]
    for name, (linear, quadratic) in rows:
        cells = f"<td>{kappa_text(linear)}<td>{kappa_text(quadratic)}"
        yield f"<tr><td>{escape(name)}{cells}</tr>"
    yield "</table>"
