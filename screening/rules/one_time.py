"""One-time codes: TOTP (RFC 6238, SHA-1, 30 seconds, 6 digits) and recovery codes."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
WINDOW = 1  # steps before and after now that are taken: clocks differ
SECRET_BYTES = 20  # RFC 4226, section 4, R6: 160 bits
RECOVERY_CODES = 8
RECOVERY_BITS = 125
GROUP = 5
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs; neither l, o, 0 nor 1


def new_secret() -> str:
    """A random secret as apps take it: base32 without padding."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of one step of time.

    Args:
        secret: Base32, as `new_secret` gives it.
        step: Whole steps of 30 seconds since 1970.

    Returns:
        Six digits.

    Source:
        RFC 4226, section 5.3 (HOTP) with the step of RFC 6238, section 4.2.
    """
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of_code(secret: str, code: str, *, now: float, after: int) -> int | None:
    """The step of time that a code belongs to.

    Args:
        secret: Base32.
        code: What was typed; blanks are dropped.
        now: Seconds since 1970.
        after: The step of the last code that was taken; this and earlier ones are refused.

    Returns:
        The step, at most one from now, or None when the code is wrong or was taken before.
    """
    typed = "".join(code.split())
    here = int(now // STEP_SECONDS)
    fitting = None
    for step in range(here - WINDOW, here + WINDOW + 1):  # all of them: no time tells which
        is_same = hmac.compare_digest(code_at(secret, step).encode(), typed.encode())
        if is_same and step > after:
            fitting = step
    return fitting


def key_address(secret: str, *, issuer: str, account: str) -> str:
    """What the QR code says, for every common app."""
    label = quote(f"{issuer}:{account}", safe="")
    asked = {"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"


def new_recovery_codes() -> list[str]:
    """Eight random codes of 125 bits in groups of five signs."""
    signs = RECOVERY_BITS // 5
    made = ("".join(secrets.choice(ALPHABET) for _ in range(signs)) for _ in range(RECOVERY_CODES))
    return ["-".join(code[i : i + GROUP] for i in range(0, signs, GROUP)) for code in made]


def hash_of_recovery_code(code: str) -> str:
    """What is stored of a recovery code; case, blanks and hyphens do not matter."""
    plain = "".join(code.lower().split()).replace("-", "")
    return hashlib.sha256(plain.encode()).hexdigest()


def looks_like_recovery_code(code: str) -> bool:
    """Whether it has more signs than a code of the app."""
    return len("".join(code.split()).replace("-", "")) > DIGITS + 2
