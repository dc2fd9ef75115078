"""`python -m screening.ranking LABELLED.csv --json`: a screening replayed, without the app."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from screening.ranking.model import MODEL_VERSION
from screening.ranking.rankers import MODEL_NAMES
from screening.ranking.reading import LabelledTable, read_labelled
from screening.ranking.simulation import Simulation, simulate
from screening.ranking.stopping import recall_curve


def main(arguments: Sequence[str] | None = None) -> int:
    """Read labelled records, replay their screening and print what came of it.

    Args:
        arguments: of the command line; None takes those of the process.

    Returns:
        0 on success, 1 on a refused input.

    Source:
        Own definition.
    """
    options = _parser().parse_args(arguments)
    try:
        table = read_labelled(options.table, label_column=options.label)
        done = simulate(table.texts, table.labels, seed=options.seed, model=options.model)
    except (OSError, ValueError) as fault:
        sys.stderr.write(f"{options.table}: {fault}\n")
        return 1
    answer = as_json(done, table)
    sys.stdout.write(json.dumps(answer) + "\n" if options.json else as_text(answer))
    return 0


def _parser() -> argparse.ArgumentParser:
    models = "; ".join(f"{name}: {text}" for name, text in MODEL_NAMES.items())
    parser = argparse.ArgumentParser(
        prog="python -m screening.ranking",
        description="Replay the screening of a labelled table in the order of a ranking.",
    )
    parser.add_argument("table", type=Path, help="CSV in UTF-8: title, abstract, label_included")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--seed", type=int, default=1, help="chooses the two records known before")
    parser.add_argument("--model", choices=tuple(MODEL_NAMES), default="svm", help=models)
    parser.add_argument("--label", help="name of the label's column")
    return parser


def as_json(done: Simulation, table: LabelledTable) -> dict[str, Any]:
    """Bring a simulation to the form of the command's JSON document.

    Args:
        done: of `simulate`.
        table: that was simulated.

    Returns:
        What was simulated, the order of the ids without the two known before, the recall after
        each record, the measures, where the stopping test would have been passed, and the times.

    Source:
        Own definition.
    """
    found = recall_curve(done.labels)
    return {
        "model": done.model,
        "model_version": MODEL_VERSION,
        "seed": done.seed,
        "records": len(table.ids),
        "relevant": int(sum(table.labels)),
        "unlabelled": table.unlabelled,
        "priors": [table.ids[row] for row in done.priors],
        "order": [table.ids[row] for row in done.order.tolist()],
        "recall_curve": np.round(found / found[-1], 6).tolist(),
        **asdict(done.metrics),
        "stops": [stop._asdict() for stop in done.stops],
        "seconds_to_prepare": round(done.seconds_to_prepare, 4),
        "seconds_per_retraining": _times(done),
    }


def _times(done: Simulation) -> dict[str, float]:
    middle, high = np.quantile(done.seconds, [0.5, 0.95])
    return {
        "trainings": len(done.seconds),
        "mean": round(float(done.seconds.mean()), 6),
        "p50": round(float(middle), 6),
        "p95": round(float(high), 6),
        "max": round(float(done.seconds.max()), 6),
    }


def as_text(answer: dict[str, Any]) -> str:
    """Write an answer for a reader.

    Args:
        answer: of `as_json`.

    Returns:
        A few lines.

    Source:
        Own definition.
    """
    times = answer["seconds_per_retraining"]
    lines = [
        f"{answer['records']} records, {answer['relevant']} relevant, model {answer['model']}, "
        f"seed {answer['seed']}",
        f"95 % of the relevant ones after {answer['screened_at_95']} records, "
        f"the last after {answer['time_to_last']}",
        f"WSS@95 {answer['wss95']:.4f}, WSS@100 {answer['wss100']:.4f}, ATD {answer['atd']:.4f}, "
        f"loss {answer['loss']:.4f}, NDCG {answer['ndcg']:.4f}",
    ]
    lines += [
        f"the test for {stop['target']:.0%} recall is passed after {stop['screened']} records, "
        f"at {stop['recall']:.1%}"
        for stop in answer["stops"]
    ]
    lines.append(f"a training takes {times['p50'] * 1e3:.1f} ms (p95 {times['p95'] * 1e3:.1f} ms)")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
