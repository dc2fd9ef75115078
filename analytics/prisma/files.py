"""The flow as a file, by format."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from analytics.prisma.diagram import flow_as_svg
from analytics.prisma.exports import flow_as_csv
from analytics.prisma.flow import Flow
from analytics.prisma.pdf import flow_as_pdf
from analytics.prisma.png import flow_as_png

Writer = Callable[[Flow], str | bytes]
FILES: Mapping[str, tuple[str, Writer]] = MappingProxyType(
    {
        "svg": ("image/svg+xml", lambda flow: flow_as_svg(flow, as_file=True)),
        "png": ("image/png", flow_as_png),
        "pdf": ("application/pdf", flow_as_pdf),
        "csv": ("text/csv; charset=utf-8", flow_as_csv),
    }
)
