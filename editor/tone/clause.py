from __future__ import annotations

from dataclasses import dataclass, field, replace

from editor.tone.lexicon.lexicon import Term
from editor.tone.matching import Word

TARGETS = ("region", "hue")
CONTENT = (
    "effect",
    "region",
    "hue",
    "colour",
    "pair",
    "ratio",
    "straighten",
    "quarter_turn",
    "half_turn",
    "flip",
    "axis",
    "crop",
    "heal",
    "spot",
    "defocus",
    "splitpair",
    "sunset_scene",
    "night_scene",
    "winter_scene",
    "autumn_scene",
    "summer_scene",
    "spring_scene",
    "mist_scene",
    "storm_scene",
    "night_out",
    "local",
    "background",
)
DIRECTIONS = ("raise", "lower", "particle", "recover", "fix")
KEEPING = ("keep", "without", "except")
LEFT = (
    "untouched",
    "unchanged",
    "intact",
    "unaffected",
    "unaltered",
    "unmodified",
    "alone",
    "as is",
    "as it is",
    "as they are",
    "the same",
    "the way it is",
    "the way they are",
    "as before",
)
"""Words after a thing that is to stay ("skin untouched")."""
SAYING = ("and", "but")


@dataclass
class InstructionClause:
    """The words between two conjunctions, with what they inherit from their neighbours."""

    conjunction: str = ""
    words: list[Word] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Word]:
        """Words of some kinds, in order."""
        return [word for word in self.words if word.kind in kinds]

    def has(self, *kinds: str) -> bool:
        """True if a word of these kinds is there."""
        return any(word.kind in kinds for word in self.words)

    def forms(self, *forms: str) -> list[Word]:
        """Effects of some grammatical forms."""
        return [word for word in self.of("effect") if word.term.form in forms]

    @property
    def removes(self) -> bool:
        """True if something is to go altogether ("remove", "get rid of")."""
        return any(word.term.factor >= 2 for word in self.of("lower"))

    @property
    def keeps(self) -> bool:
        """True if the clause says what must stay."""
        if self.has(*KEEPING, "spare_only"):
            return True
        left = any(word.text in LEFT for word in self.of("asis"))
        return left and not self.has("effect", *DIRECTIONS)

    @property
    def is_empty(self) -> bool:
        """True if nothing but fillers is left."""
        return all(
            word.kind in ("filler", "wish", "verb", "lookish", "asis") for word in self.words
        )

    @property
    def only_amount(self) -> bool:
        """For "a little", "but not too much", "by 20 %": how strongly, not what."""
        if self.has(*CONTENT) or self.has("raise", "lower", "recover", "fix"):
            return False
        if any(w.token is not None and w.token.unit == "degrees" for w in self.of("number")):
            return False
        return self.has("amount", "number", "too", "toolittle") or (
            self.has("keep")
            and any(
                "overdo" in word.text
                or "over" in word.text.split()
                or "far" in word.text
                or "exagger" in word.text
                or "overboard" in word.text
                for word in self.of("keep")
            )
        )

    @property
    def only_targets(self) -> bool:
        """Regions or hues alone ("... and the blacks")."""
        return self.has(*TARGETS, "colour") and not self.has(
            "effect",
            *DIRECTIONS,
            "too",
            "toolittle",
            "lack",
            "number",
            "pair",
            "not",
            *KEEPING,
            "no",
            "local",
            "crop",
            "straighten",
        )

    @property
    def only_nouns(self) -> bool:
        """Nouns without any direction ("... and saturation")."""
        return self._only(
            "noun", *DIRECTIONS, *KEEPING, "too", "toolittle", "lack", "not", "no", "number"
        )

    @property
    def only_adjectives(self) -> bool:
        """States without a direction ("... and flat")."""
        return self._only(
            "adj",
            *DIRECTIONS,
            *TARGETS,
            *KEEPING,
            "too",
            "lack",
            "not",
            "no",
            "wish",
            "copula",
            "verb",
        )

    def _only(self, form: str, *others: str) -> bool:
        """True if there are effects, all of one form, and no word of the other kinds."""
        effects = self.of("effect")
        return bool(effects) and len(effects) == len(self.forms(form)) and not self.has(*others)

    @property
    def is_stub(self) -> bool:
        """A beginning whose end is in the next clause ("lift the …", "the reds …")."""
        if self.has(*CONTENT):
            verbs = self.forms("verb")
            return len(verbs) == 1 == len(self.words)
        return (
            self.has(
                *DIRECTIONS,
                "verb",
                "wish",
                "cast",
                "lack",
                "keep",
                "without",
                "no",
                "copula",
                "not",
                "split",
            )
            and not self.only_amount
        )


def clauses(words: list[Word]) -> list[InstructionClause]:
    """Cut at "and", "but" and commas; then rejoin what belongs together."""
    parts = [InstructionClause()]
    for word in _colour_pairs(words):
        if _turns_to_keeping(parts[-1], word):
            parts.append(InstructionClause("but", [word]))
        elif word.kind in SAYING:
            conjunction = "but" if word.kind == "but" else "," if word.text == "," else "and"
            if parts[-1].words:
                parts.append(InstructionClause(conjunction))
            elif parts[-1].conjunction in ("", ",") or conjunction == "but":
                parts[-1].conjunction = conjunction
        else:
            parts[-1].words.append(word)
    parts = [part for part in parts if part.words]
    return _joined([piece for part in parts for piece in _per_number(part)])


def _turns_to_keeping(clause: InstructionClause, word: Word) -> bool:
    """True at "without" in "warmer without changing the brightness", which has no conjunction."""
    if word.kind in (*KEEPING, "spare_only"):
        return clause.has(*CONTENT) and not clause.has("not", "spare_only")
    if word.kind == "not" and clause.has("effect"):
        return clause.words[-1].kind != "copula" and not clause.has("copula")
    return False


def _colour_pairs(words: list[Word]) -> list[Word]:
    """For "blue and orange split toning": the two colours are one thing."""
    split = any(word.kind == "split" for word in words)
    found: list[Word] = []
    at = 0
    while at < len(words):
        three = words[at : at + 3]
        kinds = [word.kind for word in three]
        after = [word.kind for word in words[at + 3 : at + 5]]
        styled = split or any(kind in ("lookish", "cast") for kind in after)
        if kinds == ["colour", "and", "colour"] and styled and "region" not in after:
            names = f"{three[0].term.name}/{three[2].term.name}"
            text = " ".join(word.text for word in three)
            found.append(Word(text, Term("splitpair", names)))
            at += 3
        else:
            found.append(words[at])
            at += 1
    return found


def _per_number(clause: InstructionClause) -> list[InstructionClause]:
    """For "contrast +10 saturation −5": one clause for each figure."""
    numbers = clause.of("number")
    if len(numbers) < 2:
        return [clause]
    kinds = [word.kind for word in clause.words]
    first_content = next((i for i, kind in enumerate(kinds) if kind in CONTENT), len(kinds))
    figure_last = first_content < kinds.index("number")
    pieces = [InstructionClause(clause.conjunction)]
    for word in clause.words:
        if word.kind == "number" and not figure_last and pieces[-1].has("number"):
            pieces.append(InstructionClause("and"))
        pieces[-1].words.append(word)
        if word.kind == "number" and figure_last:
            pieces.append(InstructionClause("and"))
    if not pieces[-1].has(*CONTENT):
        tail = pieces.pop()
        pieces[-1].words.extend(tail.words)
    return pieces


def _joined(parts: list[InstructionClause]) -> list[InstructionClause]:
    """Give elliptic clauses what their neighbours said for them."""
    done: list[InstructionClause] = []
    waiting: InstructionClause | None = None
    targets: list[Word] = []
    for index, part in enumerate(parts):
        clause = _resolved(part, targets)
        targets = clause.of(*TARGETS, "local") or targets
        if waiting is not None:
            clause = InstructionClause(waiting.conjunction, waiting.words + clause.words)
            waiting = None
        following = parts[index + 1] if index + 1 < len(parts) else None
        if following is not None and _waits(clause, following, bool(done)):
            waiting = clause
            continue
        if done:
            clause = _inherit(clause, done[-1])
        done.append(clause)
    return done


def _resolved(clause: InstructionClause, targets: list[Word]) -> InstructionClause:
    """Put what was named before in the place of "them"."""
    if not clause.has("pronoun") or clause.has(*TARGETS, "local"):
        return clause
    words: list[Word] = []
    for word in clause.words:
        if word.kind != "pronoun":
            words.append(word)
        elif targets:
            words.extend(targets)
        else:
            words.append(Word(word.text, Term("local", word.text)))  # it refers to people
    return InstructionClause(clause.conjunction, words)


def _waits(clause: InstructionClause, following: InstructionClause, later: bool) -> bool:
    if following.conjunction == "but":
        return False
    if clause.is_empty or clause.is_stub:
        return True
    if following.has("pronoun") and clause.only_targets:
        return False
    predicate = following.has("effect", *DIRECTIONS, "colour", "too")
    begins = clause.only_targets and not clause.has("colour") and not later
    if begins and following.conjunction == "and":
        # "the reds and blues more vivid"; a figure or a verb of its own would end the clause.
        return predicate and not following.has(*KEEPING)
    only = clause.only_nouns and not clause.has("amount", "wish")
    return only and not later and following.has("particle", "number")


def _inherit(clause: InstructionClause, before: InstructionClause) -> InstructionClause:
    if clause.conjunction == "but":
        return clause
    if before.keeps and (clause.only_targets or clause.only_nouns):
        return replace(clause, words=[*before.of(*KEEPING), *clause.words])
    lead = clause.words[0].kind
    if clause.only_nouns and lead != "amount" and not clause.has("wish"):
        some = Word("some", Term("amount", "some", 1, 1.0))
        given = before.of(*DIRECTIONS, "too", "toolittle", "lack", "no")
        if before.forms("noun") or before.has(*TARGETS):
            amounts = before.of("amount", "number") if not clause.has("amount", "number") else []
            if given or amounts:
                return replace(clause, words=[*given, *amounts, *clause.words])
        return replace(clause, words=[some, *clause.words])  # "gritty, with contrast"
    if clause.only_targets and not clause.has("colour"):
        given = before.of("effect", *DIRECTIONS, "too", "toolittle", "lack", "copula", "not")
        amounts = [] if clause.has("amount", "number") else before.of("amount", "number")
        colours = before.of("colour")
        return replace(clause, words=[*given, *amounts, *colours, *clause.words])
    if clause.only_adjectives and before.forms("adj"):
        given = before.of("too", "not", "toolittle", "copula", "wish")
        given += before.of("lower") if not before.has("region", "hue") else []
        return replace(clause, words=[*given, *clause.words, *_targets_before(clause, before)])
    if clause.conjunction == "and" and len(clause.forms("comp")) == len(clause.words):
        return replace(clause, words=[*_targets_before(clause, before), *clause.words])
    return clause


def _targets_before(clause: InstructionClause, before: InstructionClause) -> list[Word]:
    """For "make the shadows darker and warmer": both for the shadows."""
    kinds = [word.kind for word in before.words]
    if clause.conjunction != "and" or "effect" not in kinds:
        return []
    first = kinds.index("effect")
    return [word for word in before.words[:first] if word.kind in TARGETS]
