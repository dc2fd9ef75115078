"""A minimal PDF with real text, made by hand, so that no third-party file is committed."""

from collections.abc import Sequence


def make_pdf(pages: Sequence[str], *, rotate: int = 0, is_locked: bool = False) -> bytes:
    """One page per text; each line of a text is a line on the page, in Helvetica 12."""
    count = len(pages)
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
    ]
    font = 3 + 2 * count
    for number, text in enumerate(pages):
        stream = _stream(text)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {rotate} "
            f"/Resources << /Font << /F1 {font} 0 R >> >> /Contents {4 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    lock = ""
    if is_locked:
        digest = "00" * 32
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /O <{digest}> /U <{digest}> /P -44 >>")
        lock = f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]"
    return _assemble(objects, lock)


def _stream(text: str) -> str:
    escaped = [
        line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        for line in text.split("\n")
    ]
    shown = "\n".join(f"({line}) Tj T*" for line in escaped)
    return f"BT /F1 12 Tf 14 TL 56 780 Td\n{shown}\nET"


def _assemble(objects: Sequence[str], lock: str = "") -> bytes:
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{lock} >>\n"
    return out + f"{trailer}startxref\n{start}\n%%EOF\n".encode()
