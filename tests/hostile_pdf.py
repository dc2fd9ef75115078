"""PDFs made to do harm: endless drawing, huge pages, packed bombs, loops. Made by hand."""

import zlib

from tests.pdf import make_pdf


def with_content(streams: list[bytes], *, box: str = "0 0 595 842", extra: str = "") -> bytes:
    """One page for each content stream, packed by zlib."""
    count = len(streams)
    font = 3 + 2 * count
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
    ]
    for number, stream in enumerate(streams):
        packed = zlib.compress(stream, 9)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Resources << /Font << /F1 {font} 0 R "
            f">> {extra} >> /Contents {4 + 2 * number} 0 R >>".encode()
        )
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        objects.append(head + packed + b"\nendstream")
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out + trailer.encode()


def plain(text: str) -> bytes:
    return f"BT /F1 12 Tf 56 780 Td ({text}) Tj ET".encode()


def slow_second_page(curves: int = 1_000_000) -> bytes:
    """Page 2 draws that many curves; pages 1 and 3 are plain."""
    curve = b"0 0 m 595 842 3 9 595 0 c 0 842 300 300 9 842 c b* "
    return with_content([plain("First page"), curve * curves, plain("Third page")])


def bomb() -> bytes:
    """A page whose few kilobytes unpack to a quarter of a gigabyte of operators."""
    return with_content([plain("First page"), b"BT /F1 1 Tf (x) Tj ET " * 12_000_000])


def looping_pages() -> bytes:
    """The page tree names itself."""
    return make_pdf(["a"]).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")


def huge_page() -> bytes:
    return with_content([plain("Huge")], box="0 0 14400000 14400000")
