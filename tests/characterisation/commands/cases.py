"""All command lines, in the order they are recorded."""

from __future__ import annotations

from tests.characterisation.commands.adjusting import ADJUSTING
from tests.characterisation.commands.measuring import MEASURING
from tests.characterisation.commands.modelling import MODELLING
from tests.characterisation.commands.papers import PAPERS
from tests.characterisation.commands.refusing import REFUSING
from tests.characterisation.running import Case

CASES: tuple[Case, ...] = (*ADJUSTING, *REFUSING, *PAPERS, *MODELLING, *MEASURING)
