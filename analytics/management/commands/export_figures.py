"""`manage.py export_figures`: every figure of a review as CSV, Python, JSON and offline HTML."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from plotly.offline import get_plotlyjs

from analytics.figures.downloads import DOWNLOADS
from analytics.figures.files import page_of
from analytics.figures.model import no_link
from analytics.figures.theme import THEMES
from analytics.selectors.days import day_of
from analytics.selectors.experiments import selection_of
from analytics.services.reports import write_report
from screening.models import Review


class Command(BaseCommand):
    """Writes five files per figure and one copy of plotly.js beside them."""

    help = (
        "Write every figure: its table and its points (CSV), the Python lines that redraw it from "
        "them, the figure (JSON), a page that works offline."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which review, where to, which look."""
        parser.add_argument("--review", required=True, metavar="SLUG", help="slug of the review")
        parser.add_argument("-o", "--output", required=True, metavar="DIR", help="folder to fill")
        parser.add_argument(
            "--as-of", metavar="DAY", default="", help="of the end of this past day"
        )
        parser.add_argument("--theme", choices=sorted(THEMES), default="light")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the files.

        Raises:
            CommandError: There is no such review or day, or its form compares nothing.
        """
        review = Review.objects.filter(slug=options["review"]).first()
        if review is None:
            raise CommandError(f"There is no review “{options['review']}”.")
        try:
            day = day_of(options["as_of"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        selection = selection_of(review, {"as_of": [options["as_of"]]} if day else {})
        if selection is None:
            raise CommandError("The review's form names no comparison, so nothing can be drawn.")
        folder = Path(options["output"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "plotly.min.js").write_text(get_plotlyjs(), encoding="utf-8")
        for figure in selection.figures(no_link):
            for kind, download in DOWNLOADS.items():
                path = folder / f"{figure.key}.{kind}"
                text = (
                    page_of(figure, options["theme"], is_whole=False)
                    if kind == "html"  # all pages of the folder share one copy of plotly.js
                    else download.write(figure, options["theme"])
                )
                path.write_text(text, encoding="utf-8", newline="")
                self.stdout.write(str(path))
        (folder / "sentences.txt").write_text(
            "".join(f"{one.text}\n" for one in selection.plain_sentences()), encoding="utf-8"
        )
        self.stdout.write(str(folder / "sentences.txt"))
        written, missing = write_report(review=review, folder=folder, day=day)
        for path in written:
            self.stdout.write(str(path))
        if missing:
            self.stderr.write(f"{missing} The Word file holds their data instead.")
