"""What the travellers bring along: a file of three records and one report, all of our own making.

The years lie ahead, so that the newest-first order hands the records out before the demo's own.
"""

from tests.journeys.pdf import make_pdf

FIRST = "Journey one: contrastive pre-training for chest radiograph classification"
SECOND = "Journey two: rotation prediction for retinal photographs"
THIRD = "Journey three: masked autoencoders segment the liver"
SOURCE = "Hand search of the journey"
AUTHORS = "Moreau, Alice; Keller, Bruno"
HEADERS = {"Work": "title", "People": "authors", "When": "year", "What it says": "abstract"}
RECORDS = (
    (FIRST, AUTHORS, 2031, "A contrastive encoder classifies pneumonia."),
    (SECOND, "Novak, Chiara", 2030, "A pretext task on fundus images."),
    (THIRD, "Keller, Bruno", 2029, "Masked pre-training for segmentation."),
)
QUOTE = "AUROC 0.880 with contrastive pre-training and 0.800 with supervised training"
DROPPED = "The supervised network reached 0.800 on the same 1,000 test radiographs."


def records_csv() -> bytes:
    """The three records under headers that no reader knows."""
    lines = [",".join(HEADERS)]
    lines += [",".join(f'"{cell}"' for cell in record) for record in RECORDS]
    return "\r\n".join([*lines, ""]).encode()


TITLE_PAGE = [FIRST, "Alice Moreau, Bruno Keller", "We pre-train on unlabelled radiographs."]


def report_pdf() -> bytes:
    """The report of the first record: two pages with real text."""
    return make_pdf([TITLE_PAGE, ["Results", f"{QUOTE}.", DROPPED]])


def revised_pdf() -> bytes:
    """Its next version: a page more before the results, and one sentence of them gone."""
    foreword = ["Correction", "This version replaces the one before."]
    return make_pdf([TITLE_PAGE, foreword, ["Results", f"{QUOTE}.", "See the supplement."]])
