"""The certificate with which a server shows who it is."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from sortyard.domain.errors import InvalidSettings


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate, with the chain above it, and its key; each in a PEM file."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Give what a server needs for TLS 1.2 and later. Raises InvalidSettings."""
        for path in (self.certificate, self.key):
            _check_readable(path)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            # Without a password of our own, OpenSSL would ask for one on the terminal.
            context.load_cert_chain(self.certificate, self.key, password="")
        except (OSError, ValueError):  # ssl.SSLError is an OSError
            raise InvalidSettings(
                str(self.certificate), [f"it and {self.key} are no certificate with its key"]
            ) from None
        return context

    def read(self) -> tuple[bytes, bytes]:
        """Give the certificate and the key as they stand in their files. Raises InvalidSettings."""
        self.context()
        return self.certificate.read_bytes(), self.key.read_bytes()


def _check_readable(path: Path) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        problem = (error.strerror or "it is refused").lower()
        raise InvalidSettings(str(path), [f"it cannot be read: {problem}"]) from None
