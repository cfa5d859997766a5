"""How many threads of a CPU decode text, measured while it is decoded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import torch

TRIAL = 3
"""Most tokens for which a number of threads is tried."""

HOPELESS = 2.0
"""A trial ends early once it took this many times what the quickest took in all."""

FIRST, LONGEST = 16, 1024
"""Tokens on one thread before more are tried again: the first time, and at most."""

SUDDEN = 4.0
"""Tokens that take this many times what they took in the trial mean that the load has changed."""


class DecodingThreads:
    """Chooses torch's number of threads between tokens, by what a token costs right now.

    A token is many small layers, and the threads of each wait for one another. On idle cores a
    second thread saves a little; where other programs run on the same cores, the wait for a thread
    that has none costs far more (24 tokens of the starter model: 6 s with two threads, .07 s with
    one). So one thread is what others are measured against. Where it was quickest, they are tried
    again after twice as many tokens each time; where more were, they are compared at every text,
    because the load of the machine may have changed.
    """

    def __init__(
        self,
        choices: Sequence[int],
        use: Callable[[int], None] = torch.set_num_threads,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Nothing is changed before `begin`.

        Args:
            choices: numbers of threads, the fewest first; of equals the first is taken.
            use: has the next token computed on that many threads.
            clock: in seconds.
        """
        self._choices, self._use, self._clock = tuple(choices), use, clock
        self.best = self._choices[0]
        self._wait, self._patience = 0, FIRST
        self._trials: list[int] = []
        self._tried = 0
        self._tokens, self._since, self._last = 0, 0.0, 0.0
        self._costs: dict[int, float] = {}
        self._slow = 0

    def begin(self) -> None:
        """A text begins: what is read first is read with what was best last."""
        self._tried, self._costs = 0, {}
        self._use(self.best)
        if self.best != self._choices[0]:
            self._wait = 0

    def token(self) -> None:
        """A token is there; called once for each, after the question was read."""
        now = self._clock()
        spent, self._last = now - self._last, now
        if self._tried:
            self._in_trial(now)
        elif self._wait > 0:
            self._in_use(spent)
        if not self._tried and self._wait <= 0:
            self._trials, self._costs = [*self._choices], {}
            self._try_next(now)

    def _try_next(self, now: float) -> None:
        self._tried = self._trials.pop(0)
        self._tokens, self._since = 0, now
        self._use(self._tried)

    def _in_trial(self, now: float) -> None:
        self._tokens += 1
        spent = now - self._since
        quickest = min(self._costs.values(), default=float("inf"))
        if self._tokens < TRIAL and spent < HOPELESS * TRIAL * quickest:
            return
        self._costs[self._tried] = spent / self._tokens
        if self._trials:
            self._try_next(now)
            return
        self.best = min(self._costs, key=self._costs.__getitem__)
        self._tried, self._slow = 0, 0
        self._wait = self._patience
        one = self.best == self._choices[0]
        self._patience = min(LONGEST, 2 * self._patience) if one else FIRST
        self._use(self.best)

    def _in_use(self, spent: float) -> None:
        if self.best == self._choices[0]:
            self._wait -= 1
            return
        # More threads stay until their text ends, unless the cores are suddenly shared.
        self._slow = self._slow + 1 if spent > SUDDEN * self._costs[self.best] else 0
        if self._slow == 2:
            self._wait = 0


_chosen: WeakKeyDictionary[Any, DecodingThreads] = WeakKeyDictionary()


@contextmanager
def decoding_threads(model: Any, device: torch.device) -> Iterator[Callable[[], None]]:
    """Around decoding one text or batch: gives what is to be called after each token.

    On a CPU with several threads their number follows the `DecodingThreads` of the model, and is
    what it was afterwards. Sums may then be rounded otherwise from run to run (5e-6 of a logit).

    Args:
        model: the network; what was found is kept as long as it lives.
        device: where it computes.
    """
    most = torch.get_num_threads()
    if device.type != "cpu" or most == 1:
        yield _nothing
        return
    threads = _chosen.get(model)
    if threads is None:
        threads = _chosen[model] = DecodingThreads(sorted({1, -(-most // 2), most}))
    try:
        threads.begin()
        yield threads.token
    finally:
        torch.set_num_threads(most)


def _nothing() -> None:
    """One thread, or another device: there is nothing to choose."""
