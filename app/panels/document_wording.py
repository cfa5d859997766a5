"""What is said of documents in lists: their names, how many ideas they hold, when."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale

from app.i18n.texts import tr

if TYPE_CHECKING:  # sqlite and zstandard are loaded with the first document
    from editor.storage.recent_documents import RecentDocument
    from editor.storage.summary import DocumentSummary


def document_name(entry: RecentDocument) -> str:
    """The file's name, that of an untitled document's first picture, else when it was begun."""
    if entry.name or entry.summary is None:
        return entry.name or tr("Untitled")
    return tr("Untitled, {0}").format(moment(entry.summary.started))


def ideas_text(summary: DocumentSummary) -> str:
    """How many ideas a document holds."""
    return tr("1 idea") if summary.count == 1 else tr("{0} ideas").format(summary.count)


def branches_text(summary: DocumentSummary) -> str:
    """The same, and on how many branches."""
    if summary.branches < 2:
        return ideas_text(summary)
    return tr("{0} ideas on {1} branches").format(summary.count, summary.branches)


def detail_text(entry: RecentDocument) -> str:
    """The second line of a document's card."""
    summary = entry.summary
    if entry.is_missing:
        return tr("Moved or deleted.")
    if entry.trouble is not None:
        return tr("This file is damaged.")
    if summary is None:
        return ""
    # Of untitled ones several may have begun with the same picture: the time tells them apart.
    when = moment(entry.time) if entry.is_untitled else day(entry.time)
    return tr("{0}, {1}").format(ideas_text(summary), when)


def day(seconds: float) -> str:
    """A day as one says it: today with the time, then yesterday, then the date."""
    then, now = time.localtime(seconds), time.localtime()
    date, today = (QDate(at.tm_year, at.tm_mon, at.tm_mday) for at in (then, now))
    if date == today:
        return tr("today {0}").format(_clock(seconds))
    if date.addDays(1) == today:
        return tr("yesterday")
    return QLocale().toString(date, "d MMM" if then.tm_year == now.tm_year else "d MMM yyyy")


def moment(seconds: float) -> str:
    """The same with the time of day in any case."""
    text, clock = day(seconds), _clock(seconds)
    return text if text.endswith(clock) else f"{text} {clock}"


def _clock(seconds: float) -> str:
    return time.strftime("%H:%M", time.localtime(seconds))
