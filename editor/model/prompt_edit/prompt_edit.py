"""The typed difference of two prompts: insert, delete, swap, replace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from editor.model.prompt_edit.align import Gap, gaps
from editor.model.prompt_edit.prompt_tokens import PromptToken, head_end, prompt_tokens, words

OpKind = Literal["insert", "delete", "swap", "replace"]
EditKind = Literal["none", "insert", "delete", "swap", "replace", "mixed"]
_JOINING: Final = frozenset({"a", "an", "the", "and", "or", "with"})
OP_KINDS: Final[tuple[OpKind, ...]] = ("insert", "delete", "swap", "replace")

Span = tuple[int, int]


@dataclass(frozen=True)
class Op:
    """One operation.

    Attributes:
        op: "insert", "delete", "swap" (the same words elsewhere) or "replace".
        source: character span in the source prompt; empty, where it happens, for an insert.
        target: character span in the target prompt; empty, where it was, for a delete.
        subject: whether it touches the head noun phrase; a modifier otherwise.
    """

    op: OpKind
    source: Span
    target: Span
    subject: bool


@dataclass(frozen=True)
class Piece:
    """A stretch of both prompts, in the order of the alignment.

    Attributes:
        op: what happens here; "keep" for what stays (its case and punctuation may differ); a
            swap has one piece where the words were and one where they are.
        source, target: the text on either side, "" where there is none.
    """

    op: Literal["keep"] | OpKind
    source: str
    target: str


@dataclass(frozen=True)
class Change:
    """An operation as words: what goes or is moved, and what comes or is passed."""

    op: OpKind
    text: str
    other: str = ""


@dataclass(frozen=True)
class PromptEdit:
    """The difference of two prompts; made by `prompt_edit`.

    Attributes:
        source, target: the prompts, as they were given.
        kind: "none" where the tokens are equal; one kind of operation; "mixed" for several.
        ops: in the order of the prompts.
        pieces: every character of both prompts, once: the ``source`` of all pieces joined is the
            source prompt, the ``target`` of all pieces the target prompt.
    """

    source: str
    target: str
    kind: EditKind
    ops: tuple[Op, ...]
    pieces: tuple[Piece, ...]

    @property
    def subject(self) -> bool:
        """Whether any operation touches the head noun phrase."""
        return any(op.subject for op in self.ops)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The operations as words; two things that change places are listed once.

        Of a long replaced chunk only the words that differ are listed. Where one side has all words
        of the other and more, it is an insert or a delete.
        """
        found: list[Change] = []
        for op in self.ops:
            gone, come = self.source[slice(*op.source)], self.target[slice(*op.target)]
            if op.op == "swap":
                passed = self._passed(op)
                if not any(c.op == "swap" and {c.text, c.other} == {gone, passed} for c in found):
                    found.append(Change("swap", gone, passed))
            elif op.op == "insert":
                found.append(Change("insert", come))
            elif op.op == "replace":
                found.append(_core(gone, come))
            else:
                found.append(Change(op.op, gone, come))
        return tuple(found)

    def _passed(self, op: Op) -> str:
        """What a swapped thing changes places with: another swapped thing, else what it passes."""
        others = [o for o in self.ops if o is not op and o.op == "swap"]
        if len(others) == 1:
            return self.source[slice(*others[0].source)]
        i = self._place(op, "source")
        j = self._place(op, "target")
        between = self.pieces[min(i, j) + 1 : max(i, j)]
        return "".join(p.source for p in between).strip(" ,.;")

    def _place(self, op: Op, side: Literal["source", "target"]) -> int:
        """Index of the piece that holds this end of a swap."""
        at, wanted = 0, (op.source if side == "source" else op.target)[0]
        for i, piece in enumerate(self.pieces):
            text = piece.source if side == "source" else piece.target
            if at == wanted and text and piece.op == "swap":
                return i
            at += len(text)
        raise LookupError("no such swap")


def prompt_edit(source: str, target: str) -> PromptEdit:
    """The typed difference of two prompts.

    1. Tokens are chunks between commas where both prompts hold at least three, else words,
       case-folded and without punctuation.
    2. Equal tokens: "none". The same tokens in another order: "swap".
    3. Otherwise a longest common subsequence stays. Words that go in one gap and come in another
       are a swap; what goes and comes in one gap is a replace; the rest are inserts and deletes. An
       article or preposition alone that turns up elsewhere is no swap, unless rule 2 applies.
    4. Operations of one kind give that kind, several "mixed".
    5. An operation is about the subject if it touches the head noun phrase of either prompt
       (`head_end`), else about a modifier.
    """
    old, new, chunked = prompt_tokens(source, target)
    old_keys, new_keys = [t.key for t in old], [t.key for t in new]
    alignment = gaps(old_keys, new_keys)
    reordered = Counter(old_keys) == Counter(new_keys)
    going = [i for gap in alignment for i in range(*gap.source)]
    coming = [j for gap in alignment for j in range(*gap.target)]
    moves = _moves(old, new, going, coming, lone=chunked or reordered)
    found: list[tuple[OpKind, range, range]] = [("swap", a, b) for a, b in moves]
    gone = {i for a, _ in moves for i in a}
    come = {j for _, b in moves for j in b}
    for gap in alignment:
        away = _runs(i for i in range(*gap.source) if i not in gone)
        here = _runs(j for j in range(*gap.target) if j not in come)
        for k in range(max(len(away), len(here))):
            a = away[k] if k < len(away) else range(gap.source[1], gap.source[1])
            b = here[k] if k < len(here) else range(gap.target[1], gap.target[1])
            kind: OpKind = "replace" if a and b else "delete" if a else "insert"
            found.append((kind, a, b))
    found.sort(key=lambda f: (f[1].start, f[2].start))
    heads = head_end(source), head_end(target)
    ops = tuple(
        _op(kind, _span(a, old, len(source)), _span(b, new, len(target)), heads)
        for kind, a, b in found
    )
    kinds = {op.op for op in ops}
    edit_kind: EditKind = "none" if not kinds else kinds.pop() if len(kinds) == 1 else "mixed"
    pieces = _pieces(source, target, old, new, alignment, found)
    return PromptEdit(source, target, edit_kind, ops, pieces)


def _moves(
    old: Sequence[PromptToken],
    new: Sequence[PromptToken],
    going: Sequence[int],
    coming: Sequence[int],
    *,
    lone: bool,
) -> list[tuple[range, range]]:
    """Runs of tokens that go at one place and come at another, the longest first.

    With ``lone`` a single article or preposition counts too.
    """
    gone, come = set(going), set(coming)
    moves: list[tuple[range, range]] = []
    while True:
        best: tuple[range, range] | None = None
        for i in sorted(gone):
            for j in sorted(come):
                n = 0
                while i + n in gone and j + n in come and old[i + n].key == new[j + n].key:
                    n += 1
                if not n or (best is not None and n <= len(best[0])):
                    continue
                if lone or not all(t.small for t in old[i : i + n]):
                    best = range(i, i + n), range(j, j + n)
        if best is None:
            return moves
        moves.append(best)
        gone -= set(best[0])
        come -= set(best[1])


def _core(gone: str, come: str) -> Change:
    """What differs between two texts, without the words that both begin and end with."""
    old, new = words(gone), words(come)
    shorter = min(len(old), len(new))
    first, last = 0, 0
    while first < shorter and old[first].key == new[first].key:
        first += 1
    while last < shorter - first and old[-1 - last].key == new[-1 - last].key:
        last += 1
    if first + last == shorter and len(old) > len(new) > 0:
        return Change("delete", _things(gone, old[first : len(old) - last]))
    if first + last == shorter and len(new) > len(old) > 0:
        return Change("insert", _things(come, new[first : len(new) - last]))
    if not old or not new or first + last == shorter:
        return Change("replace", gone, come)
    return Change(
        "replace",
        gone[old[first].start : old[-1 - last].end],
        come[new[first].start : new[-1 - last].end],
    )


def _things(text: str, parts: Sequence[PromptToken]) -> str:
    """The text of a run of words, without words at its ends that only join it to others."""
    first, last = 0, len(parts)
    while first < last - 1 and parts[first].key in _JOINING:
        first += 1
    while last - 1 > first and parts[last - 1].key in _JOINING:
        last -= 1
    return text[parts[first].start : parts[last - 1].end]


def _runs(indices: Iterable[int]) -> list[range]:
    runs: list[range] = []
    for i in indices:
        if runs and runs[-1].stop == i:
            runs[-1] = range(runs[-1].start, i + 1)
        else:
            runs.append(range(i, i + 1))
    return runs


def _span(run: range, parts: Sequence[PromptToken], length: int) -> Span:
    """Characters of a run of tokens; for an empty one the place before the next token."""
    if run:
        return parts[run[0]].start, parts[run[-1]].end
    at = parts[run.start].start if run.start < len(parts) else length
    return at, at


def _op(op: OpKind, source: Span, target: Span, heads: tuple[int, int]) -> Op:
    sides = zip((source, target), heads, strict=True)
    subject = any(start < min(end, head) for (start, end), head in sides)
    return Op(op, source, target, subject)


class _Writer:
    """Cuts both prompts into pieces from left to right."""

    def __init__(self, source: str, target: str) -> None:
        self.source, self.target = source, target
        self.pieces: list[Piece] = []
        self._at = [0, 0]

    def keep(self, source: int, target: int) -> None:
        """What stays, up to these characters."""
        self._write("keep", source, target)

    def change(self, op: OpKind, source: Span | None, target: Span | None) -> None:
        """What goes and comes, after what separates it from the piece before."""
        i, j = self._at
        self.keep(source[0] if source else i, target[0] if target else j)
        i, j = self._at
        self._write(op, source[1] if source else i, target[1] if target else j)

    def _write(self, op: Literal["keep"] | OpKind, source: int, target: int) -> None:
        i, j = self._at
        if source > i or target > j:
            self.pieces.append(Piece(op, self.source[i:source], self.target[j:target]))
            self._at = [source, target]


def _pieces(
    source: str,
    target: str,
    old: Sequence[PromptToken],
    new: Sequence[PromptToken],
    alignment: Sequence[Gap],
    found: Sequence[tuple[OpKind, range, range]],
) -> tuple[Piece, ...]:
    """All characters of both prompts in the order of the alignment."""
    writer = _Writer(source, target)
    for gap in alignment:
        first, second = gap.source[0], gap.target[0]
        writer.keep(old[first - 1].end if first else 0, new[second - 1].end if second else 0)
        away = [f for f in found if f[1] and f[1].start in range(*gap.source)]
        here = [f for f in found if f[2] and f[2].start in range(*gap.target)]
        here.sort(key=lambda f: f[2].start)
        while away or here:
            if away and away[0][0] != "replace":
                kind, a, _ = away.pop(0)
                writer.change(kind, _span(a, old, 0), None)
            elif here and here[0][0] != "replace":
                kind, _, b = here.pop(0)
                writer.change(kind, None, _span(b, new, 0))
            else:
                kind, a, b = away.pop(0)
                here.pop(0)
                writer.change(kind, _span(a, old, 0), _span(b, new, 0))
    writer.keep(len(source), len(target))
    return tuple(writer.pieces)
