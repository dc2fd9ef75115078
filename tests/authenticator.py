"""A passkey in software: answers what a browser would, and lies on request."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one key pair for one host."""

    origin: str = "http://testserver"
    host: str = "testserver"
    is_verifying: bool = True
    uses: int = 0
    identifier: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options):
        """The answer to the options of a registration."""
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(bytes(16), self.identifier, public)
        data = self._data(ATTESTED, made)
        return self._answer(
            attestationObject=AttestationObject.create("none", data, {}),
            clientDataJSON=self._client("webauthn.create", options),
        )

    def get(self, options):
        """The answer to the options of a sign-in."""
        self.uses += 1
        data, client = self._data(0), self._client("webauthn.get", options)
        signed = bytes(data) + hashlib.sha256(client).digest()
        return self._answer(
            authenticatorData=data,
            clientDataJSON=client,
            signature=self.key.sign(signed, ec.ECDSA(SHA256())),
        )

    def _data(self, flags, made=b""):
        flags |= PRESENT | (VERIFIED if self.is_verifying else 0)
        digest = hashlib.sha256(self.host.encode()).digest()
        return AuthenticatorData.create(digest, flags, self.uses, made)

    def _client(self, kind, options):
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _answer(self, **response):
        identifier = websafe_encode(self.identifier)
        return {
            "id": identifier,
            "rawId": identifier,
            "type": "public-key",
            "response": {name: websafe_encode(bytes(part)) for name, part in response.items()},
        }
