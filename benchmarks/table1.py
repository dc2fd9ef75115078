"""Table 1 of 2,000 studies with 20,000 experiments: every format, the page, the sheet both ways.

    python benchmarks/table1.py [--studies 2000] [--experiments 20000]

Makes its own database in a temporary folder; the bar is 3 s for Table 1.
"""

import argparse
import os
import tempfile
from time import perf_counter, process_time

FOLDER = tempfile.mkdtemp(prefix="table1-")
os.environ["REVIEWAPP_DATA_DIR"] = FOLDER
os.environ.pop("DATABASE_URL", None)

import django_here  # noqa: E402, F401  (sets Django up)
from analytics_seed import make_large  # noqa: E402
from django.core.management import call_command  # noqa: E402

from analytics.selectors.extracted import extracted_file  # noqa: E402
from analytics.selectors.table1 import table1_of  # noqa: E402
from analytics.selectors.table1_page import page_of  # noqa: E402
from analytics.tables.formats import FORMATS  # noqa: E402
from extraction.selectors.memory import collection_paused  # noqa: E402
from screening.models import Membership  # noqa: E402


def main() -> None:
    """Fill, build, write; print wall and processor time of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=2000)
    parser.add_argument("--experiments", type=int, default=20_000)
    sizes = parser.parse_args()
    call_command("migrate", verbosity=0)
    review = make_large(sizes.studies, sizes.experiments)
    print(f"{sizes.studies:,} studies, {sizes.experiments:,} experiments, load {os.getloadavg()}")
    for is_long, name in ((False, "Table 1"), (True, "long form")):
        for has_provenance in (False, True):
            words = f"{name}{', page and quote' if has_provenance else ''}, as a CSV file"
            _timed(words, lambda flags=(is_long, has_provenance): _whole_file(review, *flags))
    table = _timed("Table 1, built", lambda: table1_of(review=review))
    long = _timed("long form, built", lambda: table1_of(review=review, is_long=True))
    _timed("page, laid out", lambda: page_of(review, table))
    for name, made in FORMATS.items():
        _timed(f"{name}, written", lambda made=made: made.encoded(table))
    _timed("csv of the long form, written", lambda: FORMATS["csv"].encoded(long))
    lead = Membership.objects.select_related("review").get(review=review)
    for values, shape in (("reconciled", "experiment"), ("raw", "long")):
        _timed(
            f"extracted data, {values}, {shape}, CSV",
            lambda values=values, shape=shape: extracted_file(
                lead, values=values, shape=shape, file_format="csv"
            ),
        )


def _whole_file(review, is_long, has_provenance):  # noqa: ANN001, ANN202
    with collection_paused():
        table = table1_of(review=review, is_long=is_long, has_provenance=has_provenance)
        return FORMATS["csv"].encoded(table)


def _timed(name, work):  # noqa: ANN001, ANN202  # a script's own helper
    started, used = perf_counter(), process_time()
    result = work()
    print(f"{name:45} {perf_counter() - started:6.2f} s, CPU {process_time() - used:6.2f} s")
    return result


if __name__ == "__main__":
    main()
