"""The program that goes into a bundle to prove it, as it stands in `verifying/`."""

from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).parent / "verifying"
HERE = "reviewapp.bundles.verifying"


def program_files() -> Iterator[tuple[str, bytes]]:
    """`verify.py` and its modules; there they are a package of their own."""
    for source in sorted(HOME.glob("*.py")):
        name = "verify.py" if source.name == "__main__.py" else f"verifying/{source.name}"
        yield name, source.read_text("utf-8").replace(HERE, "verifying").encode()
