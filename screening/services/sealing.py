"""What has to be read back but must not lie open in the database, such as a second factor."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError


def sealed(text: str) -> str:
    """Encrypt with a key made of SECRET_KEY."""
    return _box().encrypt(text.encode()).decode()


def unsealed(text: str) -> str:
    """Decrypt; keys of SECRET_KEY_FALLBACKS open it too.

    Raises:
        ValidationError: SECRET_KEY is another one than when it was sealed.
    """
    try:
        return _box().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise ValidationError(
            "The installation's key has changed, so the second factor cannot be read. "
            "Use a recovery code, or ask whoever runs the installation to reset it.",
            code="sealed_with_another_key",
        ) from error


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"sealing|" + key.encode()).digest())
