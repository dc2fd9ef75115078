"""Replays of one table by ASReview 3 (ELAS u4), run by `ranking.py` with a Python that has it.

    PYTHON ranking_asreview.py TABLE PRIORS

PRIORS is a JSON list of [seed, row of the include, row of the exclude]. The
random state of the classifier is the seed, so that its orders can be given again.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
from asreview import Simulate
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config
from asreview.models.stoppers import LastRelevant


def replay(records: pd.DataFrame, prior: list[int]) -> dict[str, object]:
    """One replay: the order until the last relevant record, without the two known before."""
    seed, include, exclude = prior
    np.random.seed(seed)  # noqa: NPY002  # ASReview draws from the global state
    cycle = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])
    cycle.classifier.set_params(random_state=seed)
    labels = records["label_included"].astype(int)
    simulation = Simulate(records, labels, [cycle], stopper=LastRelevant(), print_progress=False)
    simulation.label([include, exclude])
    before = time.process_time()
    simulation.review()
    spent = time.process_time() - before
    order = simulation._results["record_id"].tolist()[2:]  # noqa: SLF001  # it has no other door
    return {"seed": seed, "order": order, "cpu": spent}


def main() -> None:
    """Print one JSON document."""
    table, priors = sys.argv[1], json.loads(sys.argv[2])
    records = pd.read_csv(table)
    found = [replay(records, prior) for prior in priors]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
