"""One-time codes against the vectors of their standards."""

import base64

import pytest

from screening.rules.devices import device_words
from screening.rules.one_time import (
    code_at,
    hash_of_recovery_code,
    key_address,
    looks_like_recovery_code,
    new_recovery_codes,
    new_secret,
    step_of_code,
)

KEY = base64.b32encode(b"12345678901234567890").decode()  # RFC 4226 and 6238, appendices


@pytest.mark.parametrize(
    ("seconds", "code"),  # RFC 6238, appendix B, SHA-1, the last six of eight digits
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds, code):
    assert code_at(KEY, seconds // 30) == code
    assert step_of_code(KEY, f" {code[:3]} {code[3:]} ", now=seconds, after=-1) == seconds // 30


def test_a_code_is_good_one_step_early_or_late_and_never_after_it_was_taken():
    code, step = code_at(KEY, 100), 100
    taken = [step_of_code(KEY, code, now=30 * now, after=-1) for now in (98, 99, 100, 101, 102)]
    assert taken == [None, step, step, step, None]
    assert step_of_code(KEY, code, now=3000, after=step) is None
    assert step_of_code(KEY, code_at(KEY, 99), now=3000, after=step) is None


@pytest.mark.parametrize("typed", ["", "28708", "2870820", "٢٨٧٠٨٢", "a" * 60])
def test_what_is_no_code_is_refused(typed):
    assert step_of_code(KEY, typed, now=59, after=-1) is None


def test_secrets_and_recovery_codes_are_long_and_differ():
    assert len(base64.b32decode(new_secret())) == 20
    assert new_secret() != new_secret()
    codes = new_recovery_codes()
    assert len(set(codes)) == 8
    assert all(len(code.replace("-", "")) == 25 for code in codes)
    assert all(looks_like_recovery_code(code) for code in codes)
    assert not looks_like_recovery_code("123 456")
    assert hash_of_recovery_code(codes[0]) == hash_of_recovery_code(
        f" {codes[0].upper().replace('-', ' ')} "
    )


def test_the_address_in_the_qr_code_quotes_names():
    address = key_address("ABC", issuer="Our house", account="a+b@x.org")
    assert address.startswith("otpauth://totp/Our%20house%3Aa%2Bb%40x.org?secret=ABC&issuer=Our%20")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/130 Safari/537 Edg/130",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604",
            "Safari on iPhone",
        ),
        ("curl/8", "An unknown browser"),
        ("", "An unknown browser"),
    ],
)
def test_browsers_are_named_in_words(agent, words):
    assert device_words(agent) == words
