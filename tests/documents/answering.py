from __future__ import annotations

import socket
import threading


class Answering:
    """A server in place of clamd that gives a fixed answer, after reading all of the input or none of it."""

    def __init__(self, answer: bytes) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.listening.getsockname()[1]}"
        self.answer = answer
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        wire, _ = self.listening.accept()
        with wire:
            data = b""
            while not data.endswith((b"\0\0\0\0", b"zPING\0")) and (more := wire.recv(65536)):
                data += more
            wire.sendall(self.answer)
        self.listening.close()
