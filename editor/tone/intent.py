from __future__ import annotations

from dataclasses import dataclass, field, replace

from editor.errors import NotUnderstood, SelectionNeeded
from editor.messages import Message
from editor.tone.clause import InstructionClause
from editor.tone.effects import EFFECTS, Effect, WantedChanges
from editor.tone.lexicon.looks import LOOKS
from editor.tone.recolour_words import RecolourWish
from editor.tone.tokens import Token


@dataclass(frozen=True)
class Move:
    """One thing asked for.

    Attributes:
        effect: what.
        sign: +1 more, −1 less.
        factor: strength by words, 1 is usual.
        number: strength by a figure, instead of `factor`.
        name: what it is, to find the same thing asked twice.
    """

    name: str
    effect: Effect
    sign: int
    factor: float = 1.0
    number: Token | None = None

    @property
    def wanted_changes(self) -> WantedChanges:
        """The quantities that must move."""
        return self.effect.quantities(self.sign)


@dataclass
class ToneIntent:
    """What a whole phrase asks for.

    Attributes:
        moves: changes of tone and colour, in the order of the words.
        fixed_quantities: quantities named with a negation.
        crops: ratios to choose from; the first is the plain reading.
        turns: degrees to choose from, clockwise positive, after the flip.
        flips: degrees clockwise that follow an exchange of left and right, to choose from: 0 is a
            horizontal flip, 180 a vertical one.
        heal: fill the selection from around it.
        recolour: another colour for a paint.
        inverted: act outside the selection.
        acts_inside: act inside it.
        complained: the clause just read was a complaint.
        states: changes that the clause just read described rather than asked for.
        request_count: how many changes were asked for, the same thing twice counted twice.
        corrections: typing mistakes that were read as other words.
    """

    moves: list[Move] = field(default_factory=list)
    fixed_quantities: list[str] = field(default_factory=list)
    crops: list[tuple[float, float]] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    flips: list[float] = field(default_factory=list)
    heal: bool = False
    recolour: RecolourWish | None = None
    inverted: bool = False
    acts_inside: bool = False
    request_count: int = 0
    complained: bool = False
    states: list[Move] = field(default_factory=list)
    corrections: tuple[Message, ...] = ()

    def reverse_described(self) -> None:
        """Reverse what was only described: "low contrast, fix it" wants more."""
        self.moves = [
            replace(move, sign=-move.sign)
            if any(move is state for state in self.states) and move.effect.recipes(-move.sign)
            else move
            for move in self.moves
        ]
        self.states = []

    @property
    def is_empty(self) -> bool:
        """True if nothing is asked for."""
        moved = self.crops or self.turns or self.flips
        return not (self.moves or moved or self.heal or self.recolour)

    def keep(self, *quantities: str) -> None:
        """Add quantities that must stay."""
        self.fixed_quantities.extend(
            name for name in quantities if name not in self.fixed_quantities
        )

    def add(self, move: Move) -> None:
        """Add a change unless the same one is there already."""
        self.request_count += 1
        if all((move.name, move.sign) != (other.name, other.sign) for other in self.moves):
            self.moves.append(move)


def known(name: str) -> Effect:
    """An effect or a look by name."""
    return EFFECTS.get(name) or LOOKS[name]


def selection_needed(what: str) -> SelectionNeeded:
    """The refusal for a part of the picture when nothing is selected."""
    return SelectionNeeded(Message("tone.selection_needed", words=what), Message("do.select_first"))


def unclear(clause: InstructionClause) -> NotUnderstood:
    """Refuse a clause that names no change or no direction."""
    words = " ".join(word.text for word in clause.words)
    return NotUnderstood(Message("tone.unclear", words=words),
        Message("do.say_direction"),
        ("brighter", "more contrast", "lift the shadows"),
    )  # fmt: skip
