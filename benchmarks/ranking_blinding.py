"""What the order of a ranking that learns from both reviewers tells one of them of the other.

    .venv/bin/python benchmarks/ranking_blinding.py LABELLED.csv [--trials 200]

Two reviewers screen alone; both verdicts train one ranking at half weight each. The attacker is
one of them: sees the own order before and after the other decided, knows on which record (from
counts, or by guessing the other's place in a common order) and reads the public texts. The other's
verdict is a coin, so nothing but the order can tell it. The attacker's guess is the likeness of
what moved up to that record; the figure is the area under the ROC curve (0.5: learns nothing).
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # and only then what lies there

import numpy as np  # noqa: E402

from screening.ranking import Example, Vectors, fit_vectors, scores, train  # noqa: E402
from screening.ranking.reading import read_labelled  # noqa: E402

BATCHES = (1, 5, 20)
DECIDED = 60


def places(vectors: Vectors, examples: list[Example]) -> np.ndarray:
    """Each record's place in the order these verdicts give."""
    order = np.argsort(-scores(vectors, train(vectors, examples)), kind="stable")
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.arange(len(order))
    return found


def trial(
    vectors: Vectors, truth: np.ndarray, batch: int, dice: np.random.Generator
) -> tuple[bool, float, float]:
    """One verdict of the other: what it was, and the guesses by whole order and by next record."""
    rows = dice.permutation(len(truth))
    include = dice.choice(np.flatnonzero(truth), 3, replace=False)
    exclude = dice.choice(np.flatnonzero(~truth), 3, replace=False)
    shared = np.concatenate([include, exclude])
    rows = rows[~np.isin(rows, shared)]
    mine, others = rows[:DECIDED], rows[DECIDED // 2 : DECIDED + DECIDED // 2]
    known = [Example(int(one), bool(truth[one])) for one in shared]
    known += [Example(int(one), bool(truth[one]), 0.5) for one in (*mine, *others)]
    open_rows = np.setdiff1d(rows, np.concatenate([mine, others]))
    before = places(vectors, known)
    new = open_rows[np.argsort(before[open_rows])][:batch]
    verdicts = dice.random(batch) < 0.5  # noqa: PLR2004  # a coin
    added = [Example(int(one), bool(v), 0.5) for one, v in zip(new, verdicts, strict=True)]
    after = places(vectors, known + added)
    target = int(dice.integers(batch))
    left = np.setdiff1d(open_rows, new)
    likeness = np.asarray(
        (vectors.matrix[left] @ vectors.matrix[[new[target]]].T).todense()
    ).ravel()
    moved = before[left] - after[left]
    by_order = float(np.corrcoef(likeness, moved)[0, 1]) if likeness.any() and moved.any() else 0.0
    next_before, next_after = left[before[left].argmin()], left[after[left].argmin()]
    like = dict(zip(left.tolist(), likeness.tolist(), strict=True))
    return bool(verdicts[target]), by_order, like[int(next_after)] - like[int(next_before)]


def auc(is_include: np.ndarray, guess: np.ndarray) -> float:
    """The chance that an include is guessed higher than an exclude, ties half."""
    yes, no = guess[is_include], guess[~is_include]
    return float((yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("--trials", type=int, default=200)
    options = parser.parse_args()
    table = read_labelled(options.table)
    vectors = fit_vectors(range(len(table.ids)), table.texts)
    truth = np.array(table.labels)
    print("| verdicts of the other between two looks | AUC, whole order seen | next record seen |")
    print("|---|---|---|")
    for batch in BATCHES:
        dice = np.random.default_rng(batch)
        found = [trial(vectors, truth, batch, dice) for _ in range(options.trials)]
        verdicts, by_order, by_next = (np.array(column) for column in zip(*found, strict=True))
        print(f"| {batch} | {auc(verdicts, by_order):.3f} | {auc(verdicts, by_next):.3f} |")


if __name__ == "__main__":
    main()
