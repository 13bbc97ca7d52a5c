import socket
import struct
from typing import ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from documents.providers.scanner import ScannerUnavailable, Verdict

CHUNK = 64 * 1024
TIMEOUT_SECONDS = 30.0
LONGEST_ANSWER = 4096


class ClamdScanner:
    """ClamAV's daemon, using the INSTREAM command of clamd(8).

    It sends chunks prefixed by their length, then an empty chunk, and reads one answer. Addresses:
    `unix:/run/clamav/clamd.ctl` or `tcp://host:3310`.
    """

    name: ClassVar[str] = "clamd"

    def __init__(self, address: str) -> None:
        self.address = urlsplit(address)
        if self.address.scheme not in ("unix", "tcp"):
            raise ImproperlyConfigured("CLAMD_ADDRESS is unix:/path/of/the/socket or tcp://host:port.")

    def scan(self, content: bytes) -> Verdict:
        try:
            with self._connected() as wire:
                answer = _asked(wire, content)
        except OSError as failure:
            raise ScannerUnavailable(f"clamd could not be asked ({type(failure).__name__})") from failure
        return _verdict(answer)

    def answers(self) -> bool:
        """Is it reachable? For the configuration page; waits a second at most."""
        try:
            with self._connected(1.0) as wire:
                wire.sendall(b"zPING\0")
                return wire.recv(16).startswith(b"PONG")
        except OSError:
            return False

    def _connected(self, timeout: float = TIMEOUT_SECONDS) -> socket.socket:
        if self.address.scheme == "tcp":
            return socket.create_connection((self.address.hostname, self.address.port or 3310), timeout)
        wire = socket.socket(socket.AF_UNIX)
        wire.settimeout(timeout)
        try:
            wire.connect(self.address.path)
        except OSError:
            wire.close()
            raise
        return wire


def _asked(wire: socket.socket, content: bytes) -> bytes:
    wire.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), CHUNK):
        piece = content[start : start + CHUNK]
        wire.sendall(struct.pack("!L", len(piece)) + piece)
    wire.sendall(struct.pack("!L", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (more := wire.recv(LONGEST_ANSWER)):
        answer += more
    return answer


def _verdict(answer: bytes) -> Verdict:
    """`stream: OK` or `stream: Name FOUND`; anything else (size limit, no memory, no answer) is no verdict."""
    words = answer.rstrip(b"\0").decode("ascii", "replace").strip()
    if words == "stream: OK":
        return Verdict()
    if words.startswith("stream: ") and words.endswith(" FOUND"):
        return Verdict(words.removeprefix("stream: ").removesuffix(" FOUND")[:40] or "unnamed")
    raise ScannerUnavailable("clamd gave no verdict")
