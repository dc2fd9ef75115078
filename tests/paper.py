"""A paper of two columns with a table and a figure, set by the test; its words are our own."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

SENTENCE = (
    "With 10% of the labels the contrastive model reached an AUROC of 0.885 against 0.801 for "
    "supervised training from random initialisation."
)
ABSTRACT = (
    "We pre-train encoders on unlabelled chest radiographs and fine-tune them for the "
    f"classification of pleural effusion. {SENTENCE} The accuracy was 91.2 %."
)
FILLER = (
    "Labels are scarce in medicine, while unlabelled images are plenty. Self-supervised learning "
    "builds a pretext task from the images alone, e.g. by contrasting two views of one image. The "
    "encoder is then fine-tuned on the few labels at hand, and classification performance is "
    "measured on a held-out test set that no model has seen before. "
)


class Bars(Flowable):
    """A figure without text."""

    width, height = 70 * mm, 40 * mm

    def draw(self) -> None:
        for number, height in enumerate((18, 26, 31, 38)):
            self.canv.rect(number * 16 * mm, 0, 12 * mm, height * mm, fill=1)


def make_paper(pages: int = 4, sentence: str = SENTENCE, *, front: int = 0) -> bytes:
    """A paper of that many pages; `front` pages of other matter come before its first."""
    styles = getSampleStyleSheet()
    body = ParagraphStyle(
        "body", parent=styles["BodyText"], fontName="Times-Roman", fontSize=9.5, alignment=4
    )
    out = io.BytesIO()
    width = (A4[0] - 45 * mm) / 2
    columns = [Frame(20 * mm + n * (width + 5 * mm), 20 * mm, width, 250 * mm) for n in (0, 1)]
    document = BaseDocTemplate(out, pagesize=A4, title="Paper", pageCompression=1)
    document.addPageTemplates(PageTemplate("two", columns, onPage=_folio))
    story: list[Flowable] = []
    for _ in range(front):
        story += [Paragraph("Cover of the journal", styles["Heading2"]), PageBreak()]
    story += [
        Paragraph("Contrastive pre-training for chest radiographs", styles["Heading2"]),
        Paragraph("Abstract", styles["Heading3"]),
        Paragraph(ABSTRACT.replace(SENTENCE, sentence), body),
        Paragraph("1 Introduction", styles["Heading3"]),
        *[Paragraph(FILLER * 3, body) for _ in range(8)],
        Paragraph("2 Results", styles["Heading3"]),
        Paragraph("Table 1: AUROC by label fraction.", body),
        Table([["Model", "1%", "10%", "100%"], ["MoCo", "0.801", "0.885", "0.912"]]),
        Spacer(1, 8),
        Bars(),
        Paragraph("Figure 1: Gain over the supervised baseline.", body),
    ]
    last = pages + front
    story += [Paragraph(FILLER * 3, body) for _ in range(13 * pages)]
    document.build(story)
    return _first(out.getvalue(), last)


def _folio(canvas, _document) -> None:
    canvas.setFont("Times-Roman", 8)
    canvas.drawCentredString(A4[0] / 2, 10 * mm, str(canvas.getPageNumber()))


def _first(content: bytes, count: int) -> bytes:
    """The first pages of a file."""
    import pypdfium2 as pdfium  # noqa: PLC0415 only this helper knows it

    with pdfium.PdfDocument(content) as document:
        surplus = len(document) - count
        if surplus < 0:
            raise ValueError(f"The paper has only {len(document)} pages.")
        for number in range(len(document) - 1, count - 1, -1):
            del document[number]
        kept = io.BytesIO()
        document.save(kept)
    return kept.getvalue()
