"""The loss of a language model is what its formula says, in whichever groups rows are computed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from inference.lab.training.language import LanguageLoss, rows_of_like_length

WORDS = 11


class Table(nn.Module):
    """Logits that depend on the token alone, as a bigram's do; it notes what it was given."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.rows = nn.Embedding(WORDS, WORDS)
        self.given: list[tuple[int, ...]] = []

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SimpleNamespace:
        self.given.append(tuple(attention_mask.shape))
        return SimpleNamespace(logits=self.rows(input_ids))


def a_batch(lengths: list[int]) -> dict[str, Tensor]:
    """Random tokens; the last two of each row are its answer."""
    torch.manual_seed(7)
    places = torch.arange(max(lengths))[None]
    ends = torch.tensor(lengths)[:, None]
    mask = (places < ends).long()
    answer = mask * (places >= ends - 2).long()
    return {"ids": torch.randint(WORDS, mask.shape) * mask, "mask": mask, "answer": answer}


def by_the_formula(table: Table, batch: dict[str, Tensor], weight: float) -> tuple[Tensor, float]:
    logits = table.rows(batch["ids"])[:, :-1]
    wanted = batch["ids"][:, 1:]
    losses = nn.functional.cross_entropy(logits.transpose(1, 2), wanted, reduction="none")
    inside = batch["answer"][:, 1:].float()
    before = batch["mask"][:, 1:].float() - inside
    loss = (losses * inside).sum() / inside.sum() + weight * (losses * before).sum() / before.sum()
    right = ((logits.argmax(-1) == wanted) | (inside == 0)).all(-1).float().mean()
    return loss, float(right)


@pytest.mark.parametrize("weight", [0.0, 0.3])
@pytest.mark.parametrize("lengths", [[4, 19, 5, 6, 7], [9, 9, 8, 9], [12]])
def test_it_is_the_mean_over_the_tokens_of_a_batch(weight: float, lengths: list[int]) -> None:
    table = Table()
    with torch.no_grad():  # some answers are right
        table.rows.weight += 3 * torch.eye(WORDS).roll(1, 0)
    batch = a_batch(lengths)
    row = batch["ids"][0]
    row[lengths[0] - 2 : lengths[0]] = table.rows(row[lengths[0] - 3]).argmax()
    row[lengths[0] - 1] = table.rows(row[lengths[0] - 2]).argmax()
    figures = LanguageLoss(table, weight)(**batch)
    expected, right = by_the_formula(table, batch, weight)
    assert right > 0
    assert float(figures["whole"]) == pytest.approx(right)
    torch.testing.assert_close(figures["loss"], expected)
    gradient = torch.autograd.grad(figures["loss"], table.rows.weight)[0]
    torch.testing.assert_close(gradient, torch.autograd.grad(expected, table.rows.weight)[0])


def test_one_long_row_does_not_make_the_others_long() -> None:
    table = Table()
    LanguageLoss(table, 0.0)(**a_batch([5, 40, 6, 7]))
    assert table.given == [(1, 5), (1, 6), (1, 7), (1, 40)]
    table.given.clear()
    LanguageLoss(table, 0.0)(**a_batch([9, 10, 9, 10]))
    assert table.given == [(4, 10)]


def test_every_row_is_in_one_group() -> None:
    mask = a_batch([3, 9, 30, 4, 4, 5, 6])["mask"]
    groups = rows_of_like_length(mask)
    assert len(groups) == 4
    assert sorted(torch.cat(groups).tolist()) == [*range(7)]
