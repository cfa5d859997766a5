from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels.pages.page import Page
from app.theme.theme import SEMIBOLD
from app.widgets.basics.empty_state import InfoCard, Nothing
from app.widgets.basics.labels import QuietLabel
from inference.request.registry import METHODS


@dataclass(frozen=True)
class ModelFacts:
    """What the models page says.

    Attributes:
        found: name and detail of each model.
        missing: by method name, what it lacks, in words.
        refused: name and reason of each folder that is not used.
    """

    found: tuple[tuple[str, str], ...] = ()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()


class ModelsPage(Page):
    """Which methods work now, and what is missing for others. Honest, also when it is little."""

    def __init__(self, facts: ModelFacts, folder: str) -> None:
        super().__init__()
        self.setObjectName("models-page")
        self.rows.addWidget(QuietLabel(tr("Ready"), self, size=13, weight=SEMIBOLD, token="text"))
        for info in METHODS.values():
            if not facts.missing.get(info.name):
                self.rows.addWidget(
                    InfoCard(
                        text_of(info.title),
                        text_of(info.summary),
                        (),
                        self,
                        icon_name="check",
                        token="ok",
                    )
                )
        if any(facts.missing.values()):
            self.rows.addWidget(
                QuietLabel(tr("Waits for a model"), self, size=13, weight=SEMIBOLD, token="text")
            )
        for info in METHODS.values():
            lacks = facts.missing.get(info.name)
            if lacks:
                needs = tr("Needs: {0}.").format(", ".join(lacks))
                self.rows.addWidget(
                    InfoCard(
                        text_of(info.title),
                        f"{text_of(info.summary)} {needs}",
                        (),
                        self,
                        icon_name="package",
                    )
                )
        self.rows.addWidget(
            QuietLabel(tr("Models found"), self, size=13, weight=SEMIBOLD, token="text")
        )
        if not facts.found:
            self.rows.addWidget(
                Nothing(
                    "package",
                    tr("No models yet"),
                    tr("Models are folders of safetensors files. Put them into {0}. Nothing is "
                       "downloaded by itself.").format(folder),
                    "",
                    self,
                )
            )  # fmt: skip
        for title, detail in facts.found:
            self.rows.addWidget(InfoCard(title, detail, (), self, icon_name="package"))
        if facts.refused:
            self.rows.addWidget(
                QuietLabel(tr("Not used"), self, size=13, weight=SEMIBOLD, token="text")
            )
        for title, detail in facts.refused:
            self.rows.addWidget(InfoCard(title, detail, (), self, icon_name="triangle-alert"))
        self.rows.addStretch(1)
