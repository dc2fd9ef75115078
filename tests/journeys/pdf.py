"""A PDF with real text, written by hand, so that no third-party file is needed."""

from collections.abc import Sequence

TOP, LEFT, LEADING, SIZE = 740, 72, 22, 12


def make_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """One A4-like page for each list of lines, set in Helvetica."""
    font = 3
    kids = [4 + 2 * number for number in range(len(pages))]
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {len(pages)} /Kids [{listed}] >>".encode(),
        font: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    for kid, lines in zip(kids, pages, strict=True):
        content = _content(lines)
        objects[kid] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {kid + 1} 0 R "
            f"/Resources << /Font << /F1 {font} 0 R >> >> >>"
        ).encode()
        objects[kid + 1] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    return _file(objects)


def _content(lines: Sequence[str]) -> bytes:
    shown = [f"BT /F1 {SIZE} Tf {LEFT} {TOP} Td {LEADING} TL"]
    for line in lines:
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown.append(f"({escaped}) Tj T*")
    return "\n".join([*shown, "ET"]).encode("cp1252")


def _file(objects: dict[int, bytes]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, content in sorted(objects.items()):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    )
