"""A small IMAP server over TLS, with as much of RFC 3501 as one client needs."""

from __future__ import annotations

import re
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Mailbox:
    """`broken`: messages that the server fails to deliver."""

    messages: list[bytes]
    broken: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    port: int = 0

    def answer(self, words: str) -> tuple[list[bytes], str]:
        """The untagged lines and the tagged answer to one command."""
        command, _, rest = words.partition(" ")
        match command.upper():
            case "SELECT":
                return [b"%d EXISTS" % len(self.messages)], "OK [READ-WRITE] done"
            case "SEARCH":
                unseen = [n for n in range(1, len(self.messages) + 1) if n not in self.seen]
                return [b"SEARCH " + " ".join(map(str, unseen)).encode()], "OK done"
            case "FETCH":
                number = int(rest.split()[0])
                if number in self.broken:
                    return [], "NO cannot be read"
                raw = self.messages[number - 1]
                return [b"%d FETCH (BODY[] {%d}\r\n" % (number, len(raw)) + raw + b")"], "OK done"
            case "STORE":
                self.seen.add(int(rest.split()[0]))
        return ([b"CAPABILITY IMAP4rev1"] if command.upper() == "CAPABILITY" else []), "OK done"


@contextmanager
def running(box: Mailbox, folder: Path) -> Iterator[Path]:
    """Serves the mailbox on 127.0.0.1. Yields the certificate that the client must trust."""
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.request = context.wrap_socket(self.request, server_side=True)
            self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline().decode():
                tag, _, words = re.sub(r"[\r\n]", "", line).partition(" ")
                lines, answer = box.answer(words)
                self.wfile.write(b"".join(b"* " + each + b"\r\n" for each in lines) + f"{tag} {answer}\r\n".encode())
                if words.upper() == "LOGOUT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        box.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield certificate
        finally:
            server.shutdown()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "server.pem", folder / "server.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    unencrypted = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted))
    return certificate, private
