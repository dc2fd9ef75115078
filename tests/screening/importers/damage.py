"""Damaging import files on purpose: what every reader must survive, within its bounds."""

import random
from collections.abc import Callable

Damage = Callable[[bytes, random.Random], bytes]


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _drop(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at + dice.randrange(200) :]


def _flip(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randrange(1, 20)):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _insert(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + dice.choice(_PIECES) * dice.choice((1, 1, 3, 500)) + data[at:]


def _repeat(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    piece = data[at : at + dice.randrange(2000)]
    return data[:at] + piece * dice.randrange(2, 6) + data[at:]


def _swap(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[at:] + data[:at]


def _line_ends(data: bytes, dice: random.Random) -> bytes:
    return data.replace(b"\n", dice.choice((b"\r", b"\r\n", b"\n\n", b"\r\r\n")))


def _wide(data: bytes, dice: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(dice.choice(("utf-16", "utf-16-le", "utf-8-sig")))


_PIECES = (
    b"\x00",
    b'"',
    b"{",
    b"}",
    b"\\",
    b"<",
    b"&x;",
    b"]]>",
    b"\r",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"TY  - JOUR\n",
    b"ER  - \n",
    b"\n\n",
    b"|",
    b"$",
    b"1" * 5000,
    b"[",
    b"@article{",
    b"%0 ",
    b"<1. >\n",
    "\u2028\x85\x0b\u202e".encode(),
)
DAMAGES: tuple[Damage, ...] = (_cut, _drop, _flip, _insert, _repeat, _swap, _line_ends, _wide)


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Damage a file in one to three ways.

    Args:
        data: The file's bytes.
        dice: Where the chance comes from; the same seed gives the same damage.

    Returns:
        The damaged bytes.
    """
    for _ in range(dice.randrange(1, 4)):
        data = dice.choice(DAMAGES)(data, dice)
    return data
