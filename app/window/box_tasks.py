"""What the words in the prompt box are for, by the tab of the side column that is in front."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from app.i18n.texts import tr
from app.panels.box_task import BoxTask
from app.panels.chat_panel import ChatPanel
from app.panels.idea_sheet import IdeaSheet
from app.panels.ideas_panel import IdeasPanel
from app.panels.prompt import PromptPanel
from app.panels.results_panel import ResultsPanel
from app.session.chat import Chat
from app.session.concept_sheet import ConceptSheet
from app.session.session import Session
from app.window.action_set import ActionSet
from app.window.side_column import IDEAS, SAY_IT, SideColumn


def make_chat(session: Session, prompt: PromptPanel) -> Chat:
    """The conversation of a session, about the caption and with the methods of the prompt box."""
    return Chat(
        session.engine, session.driver, session.binding, session.current_results, session.view,
        session.messages, session.clarification, session.suggestion_feed.caption,
        lambda: prompt.chosen_methods.names, prompt,
    )  # fmt: skip


def make_sheet(session: Session, prompt: PromptPanel) -> ConceptSheet:
    """The concepts of a text and their pictures, drawn by the models of the session."""
    models = session.model_choices.for_job
    return ConceptSheet(session.engine, session.current_results, session.work, models, prompt)


def connect_tasks(
    prompt: PromptPanel,
    column: SideColumn,
    chat: ChatPanel,
    ideas: IdeasPanel,
    middle: QStackedWidget,
    sheet: IdeaSheet,
) -> None:
    """Enter does what the tab in front is for; beside Ideas stands its sheet.

    Each task has words of its own: those of an edit do not become a part of what is said next.

    Args:
        prompt: has the box.
        column: has the tabs.
        chat: what is said to the picture goes here.
        ideas: words and stories go here.
        middle: shows the canvas, or `sheet` in its place.
        sheet: the pictures about the concepts.
    """
    tasks = {
        SAY_IT: BoxTask(
            tr("Rewrite"),
            tr("Say it in your own words"),
            tr("Say first what the picture should be like."),
            lambda text: chat.chat.say(text, count=int(prompt.box.count.current)),
        ),
        IDEAS: BoxTask(
            tr("Find ideas"),
            tr("A word, a sentence or a story"),
            tr("Say a word, a sentence or a story first."),
            ideas.sheet.begin,
        ),
    }

    words: dict[str, str] = {}
    last = ""

    def follow_tab() -> None:
        nonlocal last
        task = column.tab if column.tab in tasks else ""  # the other tabs are beside edits
        if task != last:
            words[last] = prompt.box.text
            if words.get(task, "") != words[last]:  # setting words takes messages away
                prompt.box.set_text(words.get(task, ""), select=True)
            last = task
        prompt.set_task(tasks.get(column.tab))
        shows = column.tab == IDEAS
        middle.setCurrentIndex(1 if shows else 0)
        ideas.sheet.show(shows)

    assert middle.widget(1) is sheet
    column.tab_changed.connect(follow_tab)


def connect_chat(
    prompt: PromptPanel,
    results: ResultsPanel,
    column: SideColumn,
    panel: ChatPanel,
    actions: ActionSet,
) -> None:
    """The conversation asks the rest of the window for what it does not do itself."""
    foot = panel.foot

    def edit_captions(before: str, after: str) -> None:
        prompt.captions.set_before(before)
        prompt.captions.set_after(after)
        actions.trigger("caption")

    panel.chat.understood.connect(prompt.clear_words)
    panel.chat.failed.connect(lambda: column.show_tab(SAY_IT))
    panel.action_asked.connect(prompt.action_asked)
    panel.words_asked.connect(prompt.fill)
    panel.captions_asked.connect(edit_captions)
    panel.menu_asked.connect(results.menu_asked)
    prompt.box.enter_taken.connect(lambda on: foot.set_next_step(not on))
    foot.keep_asked.connect(lambda: actions.trigger("keep"))
    foot.compare_asked.connect(lambda: actions.trigger("view_side"))
    foot.swap_asked.connect(lambda: actions.trigger("swap_sides"))
