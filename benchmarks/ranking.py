"""How good and how fast the ranking is, set by set, beside ASReview 3 when given.

    .venv/bin/python benchmarks/ranking.py DATA_DIR [--asreview PYTHON] [--orders SET ...]
        [--models svm ...] [--seeds 1 2 3] [--sets ...] [--speed RECORDS]

DATA_DIR holds labelled tables (title, abstract, label_included). Both engines start from the same
include and exclude and learn after each record; the two are not counted. With `--orders` the
liblinear model over all words (`elas_u4`) is held against ASReview's order, record by record. With
`--speed` only times and memory at that size are measured.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, before numpy is loaded

import argparse
import csv
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # and only then what lies there

import numpy as np  # noqa: E402

from screening.ranking import Example, Vectors, fit_vectors, rank, record_text, scores, train  # noqa: E402
from screening.ranking.metrics import Metrics, measure  # noqa: E402
from screening.ranking.reading import LabelledTable, read_labelled  # noqa: E402
from screening.ranking.simulation import choose_priors, simulate  # noqa: E402

HEAD = (
    "| set | seed | engine | loss | WSS@95 | ATD | last found after | CPU s |\n"
    "|---|---|---|---|---|---|---|---|"
)
VERDICTS = (100, 200, 500, 1_000, 2_000, 5_000)


def asreview(python: str, table: Path, priors: list[list[int]]) -> list[dict[str, object]]:
    """ASReview's replays, in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [python, str(HERE / "ranking_asreview.py"), str(table), json.dumps(priors)],
            check=True,
            capture_output=True,
            text=True,
            cwd=folder,
        )
    return json.loads(done.stdout[done.stdout.index('[{"seed"') :])


def padded(order: list[int], truth: np.ndarray) -> Metrics:
    """The measures of an order that ends with the last relevant record."""
    labels = np.zeros(len(truth) - 2, dtype=bool)
    labels[: len(order)] = truth[order]
    return measure(labels)


def row(name: str, seed: int, engine: str, found: Metrics, cpu: float) -> str:
    """One row of the Markdown table."""
    return (
        f"| {name} | {seed} | {engine} | {found.loss:.4f} | {found.wss95:.4f} | {found.atd:.4f} | "
        f"{found.time_to_last} | {cpu:.1f} |"
    )


def compare(path: Path, options: argparse.Namespace) -> dict[str, list[Metrics]]:
    """Replay one set with every engine and seed, and print the rows."""
    table: LabelledTable = read_labelled(path)
    truth, name = np.array(table.labels), path.stem
    priors = [[seed, *choose_priors(truth, seed)] for seed in options.seeds]
    theirs = asreview(options.asreview, path.resolve(), priors) if options.asreview else []
    found: dict[str, list[Metrics]] = {}
    for place, seed in enumerate(options.seeds):
        for engine in options.models:
            before = time.process_time()
            done = simulate(table.texts, truth, seed=seed, model=engine)
            found.setdefault(engine, []).append(done.metrics)
            print(row(name, seed, engine, done.metrics, time.process_time() - before), flush=True)
        if theirs:
            order = theirs[place]["order"]
            metrics = padded(order, truth)
            found.setdefault("ASReview 3", []).append(metrics)
            print(row(name, seed, "ASReview 3", metrics, theirs[place]["cpu"]), flush=True)
            if name in options.orders:
                print(same_order(table, truth, seed, order), flush=True)
    return found


def same_order(table: LabelledTable, truth: np.ndarray, seed: int, order: list[int]) -> str:
    """Say whether our liblinear model over all words screens in ASReview's order."""
    ours = simulate(table.texts, truth, seed=seed, model="elas_u4").order[: len(order)]
    differs = np.flatnonzero(ours != np.array(order))
    said = f"differs first at place {differs[0] + 1}" if len(differs) else "is the same"
    return f"<!-- seed {seed}: our order over all words {said} of {len(order)} -->"


def scaled(data: Path, size: int) -> list[str]:
    """Texts of a large review: the real ones, and new ones put together of their sentences."""
    texts = []
    for path in sorted(data.glob("*_*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            texts += [record_text(one["title"], one["abstract"]) for one in csv.DictReader(lines)]
    dice = random.Random(1)  # noqa: S311
    sentences = [one for text in texts for one in re.split(r"(?<=[.]) ", text)]
    lengths = [text.count(". ") + 1 for text in texts]
    while len(texts) < size:
        texts.append(" ".join(dice.choices(sentences, k=dice.choice(lengths))))
    return texts[:size]


def memory(what: str) -> float:
    """This process's memory, in MiB: VmHWM is the most it has held, VmRSS what it holds."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return int(next(line for line in status if line.startswith(what)).split()[1]) / 1024


def vectorise(data: Path, size: int, target: Path) -> None:
    """Time and memory of the background work."""
    texts = scaled(data, size)
    held, before = memory("VmRSS"), time.process_time()
    vectors = fit_vectors(range(size), texts)
    spent, peak = time.process_time() - before, memory("VmHWM") - held
    before = time.process_time()
    target.write_bytes(vectors.to_bytes())
    print(
        f"- vectors of {size} records ({len(vectors.vocabulary)} terms, {vectors.matrix.nnz} "
        f"entries): {spent:.1f} s of CPU, at most {peak:.0f} MiB beside the texts; written in "
        f"{time.process_time() - before:.1f} s, {target.stat().st_size / 2**20:.0f} MiB"
    )


def serve(kept: Path) -> None:
    """Time and memory of what a web process does: read, train, rank."""
    held, before = memory("VmRSS"), time.process_time()
    vectors = Vectors.from_bytes(kept.read_bytes())
    print(f"- vectors read in {time.process_time() - before:.2f} s of CPU")
    dice = np.random.default_rng(3)
    topic = np.asarray(vectors.matrix[:3].sum(axis=0)).ravel()
    likeness = vectors.matrix @ topic
    is_relevant = likeness >= np.sort(likeness)[-len(vectors) * 3 // 100]
    order = np.argsort(-likeness + dice.normal(0, 3 * likeness.std(), len(vectors)))
    for verdicts in (count for count in VERDICTS if count < len(vectors)):
        examples = [Example(int(one), bool(is_relevant[one])) for one in order[:verdicts]]
        times = []
        for _ in range(9):
            before = time.process_time()
            rank(vectors.ids, scores(vectors, train(vectors, examples)))
            times.append(time.process_time() - before)
        print(
            f"- train and rank with {verdicts} verdicts: p50 {np.median(times) * 1e3:.0f} ms, "
            f"min {min(times) * 1e3:.0f}, max {max(times) * 1e3:.0f} ms of CPU"
        )
    print(
        f"- memory: {memory('VmRSS') - held:.0f} MiB more than before the vectors were read, at "
        f"most {memory('VmHWM') - held:.0f} MiB more on the way"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--asreview", help="Python of an environment with asreview")
    parser.add_argument("--orders", nargs="*", default=[], help="sets whose orders are compared")
    parser.add_argument("--models", nargs="*", default=["svm"])
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3])
    parser.add_argument("--sets", nargs="*", help="names of tables; all when left out")
    parser.add_argument("--speed", type=int, help="measure speed and memory at this size only")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
    elif options.speed:
        with tempfile.TemporaryDirectory() as folder:
            kept = Path(folder) / "vectors"
            vectorise(options.data, options.speed, kept)
            sys.stdout.flush()
            again = [sys.executable, str(Path(__file__)), str(options.data), "--serve", str(kept)]
            subprocess.run(again, check=True)
    else:
        print(HEAD)
        tables = sorted(options.data.glob("*_*.csv"))
        wanted = [path for path in tables if not options.sets or path.stem in options.sets]
        print_means([compare(path, options) for path in wanted])


def print_means(results: list[dict[str, list[Metrics]]]) -> None:
    """Print the means over all sets and seeds."""
    for engine in results[0]:
        every = [metrics for result in results for metrics in result[engine]]
        print(
            f"| mean | | {engine} | {np.mean([one.loss for one in every]):.4f} | "
            f"{np.mean([one.wss95 for one in every]):.4f} | "
            f"{np.mean([one.atd for one in every]):.4f} | | |"
        )


if __name__ == "__main__":
    main()
