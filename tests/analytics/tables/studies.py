"""Three studies of the SSL form, with awkward texts, for the tests of Table 1."""

import csv
import io

from analytics.tables.table1 import Chosen, Gains, Results
from analytics.tables.writers import to_csv
from extraction.schema.answers import AnswerRow, AnswerStatus, Cell, StudyAnswers
from extraction.schema.templates import template

FORM = template("ssl_classification")
HEADER = (
    "strategy,year,first_author,imaging_modality,clinical_domain,outcome_task,combined_method,"
    "ssl_framework,fine_tuning,metric,ssl_performance,supervised_performance,difference,"
    "relative_difference_full,relative_difference_subset,title,study_id"
)
AWKWARD = '=HYPERLINK("http://x.example","a"), "b"\nc & d | e_1 <f> 自己 – α'


def lines_of(table):
    """What a table says, row by row, as its CSV reads back."""
    return list(csv.reader(io.StringIO(to_csv(table), newline="")))[1:]


def cell(value, **fields):
    return Cell(value=value, status=AnswerStatus.IMPORTED, **fields)


def experiment(key, position=1, **values):
    unit = values.pop("unit", "fraction")
    cells = {
        name: cell(value, unit=unit, page=6, quote="as printed", value_ids=(7,))
        if name.endswith("_performance")
        else cell(value)
        for name, value in values.items()
    }
    return AnswerRow(key=key, group="experiment", position=position, cells=cells)


BURLINA = StudyAnswers(
    study_id=58,
    first_author="Burlina",
    year=2020,
    title="Low-shot deep learning of diabetic retinopathy",
    cells={
        "strategy": cell("contrastive", decided_by="Ada Judge", quote="we use DIM", page=2),
        "imaging_modality": cell(("fundus photography", "OCT")),
        "outcome_task": cell("referable diabetic retinopathy"),
    },
    rows=(
        experiment(
            "full-row",
            metric="AUROC",
            ssl_framework="DIM",
            ssl_performance="0.8348",
            supervised_performance="0.8330",
        ),
        experiment("subset-row", 2, metric="AUROC", ssl_performance="0.7467"),
    ),
)
AWKWARD_STUDY = StudyAnswers(
    study_id=3,
    first_author="Ångström-O'Neil",
    year=2021,
    title=AWKWARD,
    cells={"strategy": cell("combined"), "outcome_task": cell("-1+1")},
    rows=(
        experiment(
            "percent-row",
            metric="accuracy",
            ssl_performance="98.460",
            supervised_performance="94.25",
            unit="percent",
        ),
    ),
)
UNKNOWN = StudyAnswers(study_id=9, first_author="", year=None, title="Nothing known")
EARLIER = StudyAnswers(
    study_id=60,
    first_author="Adams",
    year=2019,
    title="Earlier",
    cells={"strategy": cell("contrastive")},
)
STUDIES = (UNKNOWN, BURLINA, EARLIER, AWKWARD_STUDY)
RESULTS = Results(
    gains={
        "full-row": Gains(0.18, 0.21608643457383),
        "subset-row": Gains(refused="The supervised value is missing."),
        "percent-row": Gains(4.21, 4.466843501326),
    },
    chosen={
        58: Chosen("full-row", "subset-row", ("AUROC comes first.",)),
        3: Chosen("percent-row", None, ()),
    },
)
