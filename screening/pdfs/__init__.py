"""PDFs, read and drawn in processes of their own, since a file may be made to do harm.

`engine` speaks with PDFium; `worker` is the process around it, with limits; `pool` keeps a few
such processes warm and ends the one that takes too long.
"""

from screening.pdfs.model import PageWords, PdfFacts, PdfTrouble, Stated, Word
from screening.pdfs.pool import Asked, Pool, shared_pool

__all__ = ["Asked", "PageWords", "PdfFacts", "PdfTrouble", "Pool", "Stated", "Word", "shared_pool"]
