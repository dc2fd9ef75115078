"""How the two processes speak: a line of JSON and, after it, bytes. Never pickled objects.

The worker may have been taken over by a file, so what it sends is bounded and only data.
"""

import json
import struct
from typing import IO, Any

MAX_ANSWER = 256 * 1024 * 1024
_SIZES = struct.Struct(">II")


def send(stream: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Write one message."""
    encoded = json.dumps(head).encode()
    stream.write(_SIZES.pack(len(encoded), len(body)))
    stream.write(encoded)
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes], most: int = MAX_ANSWER) -> tuple[dict[str, Any], bytes]:
    """Read one message.

    Args:
        stream: A blocking stream.
        most: Bytes that a message may have.

    Raises:
        EOFError: The other side has gone, or says what no such process would say.
    """
    head, body = _SIZES.unpack(_read(stream, _SIZES.size))
    if head + body > most:
        raise EOFError("The message is too long.")
    try:
        found = json.loads(_read(stream, head))
    except ValueError as error:
        raise EOFError("The message is no JSON.") from error
    if not isinstance(found, dict):
        raise EOFError("The message is no object.")  # noqa: TRY004 what any broken pipe gives
    return found, _read(stream, body)


def _read(stream: IO[bytes], count: int) -> bytes:
    content = stream.read(count)
    if len(content) != count:
        raise EOFError("The other process has ended.")
    return content
