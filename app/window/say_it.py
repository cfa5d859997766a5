"""Connects the conversation with the prompt box, the results and the commands of the window."""

from __future__ import annotations

from app.i18n.texts import tr
from app.panels.box_task import BoxTask
from app.panels.chat_panel import ChatPanel
from app.panels.prompt import PromptPanel
from app.panels.results_panel import ResultsPanel
from app.session.chat import Chat
from app.session.session import Session
from app.window.action_set import ActionSet
from app.window.side_column import SAY_IT, SideColumn


def make_chat(session: Session, prompt: PromptPanel) -> Chat:
    """The conversation of a session, about the caption and with the methods of the prompt box."""
    return Chat(
        session.engine, session.driver, session.binding, session.current_results, session.view,
        session.messages, session.clarification, session.suggestion_feed.caption,
        lambda: prompt.chosen_methods.names, prompt,
    )  # fmt: skip


def connect_chat(
    session: Session,
    prompt: PromptPanel,
    results: ResultsPanel,
    column: SideColumn,
    panel: ChatPanel,
    actions: ActionSet,
) -> None:
    """While the tab is in front, the words in the box are said to the picture."""
    chat, foot = panel.chat, panel.foot

    def begin(text: str) -> None:
        chat.say(text, count=int(prompt.box.count.current))

    task = BoxTask(
        tr("Rewrite"),
        tr("Say it in your own words"),
        tr("Say first what the picture should be like."),
        begin,
    )

    def follow_tab() -> None:
        prompt.set_task(task if column.tab == SAY_IT else None)

    def edit_captions(before: str, after: str) -> None:
        prompt.captions.set_before(before)
        prompt.captions.set_after(after)
        actions.trigger("caption")

    column.tab_changed.connect(follow_tab)
    chat.understood.connect(prompt.clear_words)
    chat.failed.connect(lambda: column.show_tab(SAY_IT))
    panel.action_asked.connect(prompt.action_asked)
    panel.words_asked.connect(prompt.fill)
    panel.captions_asked.connect(edit_captions)
    panel.menu_asked.connect(results.menu_asked)
    prompt.box.enter_taken.connect(lambda on: foot.set_next_step(not on))
    foot.keep_asked.connect(lambda: actions.trigger("keep"))
    foot.compare_asked.connect(lambda: actions.trigger("view_side"))
    foot.swap_asked.connect(lambda: actions.trigger("swap_sides"))
