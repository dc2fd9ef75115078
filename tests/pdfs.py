"""Small PDFs, written by hand, so that tests know every word and place on them."""

PAGE = "612 792"


def make_pdf(*pages: str, rotate: int = 0, is_locked: bool = False) -> bytes:
    """A PDF with one line of Helvetica 12 on each page, at (72, 700) points."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for index, line in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 700 Td ({line}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE}] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * index} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    lock = ""
    if is_locked:
        digest = "00" * 32
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /O <{digest}> /U <{digest}> /P -44 >>")
        lock = f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]"
    return _joined(objects, lock)


def _joined(objects: list[str], lock: str) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{rows}".encode()
    return (
        out + f"trailer\n<< /Size {size} /Root 1 0 R{lock} >>\nstartxref\n{start}\n%%EOF".encode()
    )
