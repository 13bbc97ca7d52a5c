"""A server with Twilio's Messages API over real HTTP: it accepts, refuses, drops the answer, hangs and lists."""

from __future__ import annotations

import json
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "AC" + "0" * 32


class TextService:
    def __init__(self) -> None:
        self.accepted: list[dict[str, Any]] = []
        self.requests: list[dict[str, str]] = []
        self.refuse: tuple[int, int] | None = None
        self.drop_answer = False
        self.lose_request = False
        self.list_fails = False
        self.hanging = threading.Event()
        self.released = threading.Event()
        self.reset()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        cast(Any, self._server).service = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def reset(self) -> None:
        self.accepted.clear()
        self.requests.clear()
        self.refuse = None
        self.drop_answer = self.lose_request = self.list_fails = False
        self.hanging.clear()
        self.released.set()

    def hang_after_accepting(self) -> None:
        self.released.clear()

    @property
    def bodies(self) -> list[str]:
        return [text["body"] for text in self.accepted]

    def accept(self, form: dict[str, str]) -> dict[str, Any]:
        text = {
            "sid": f"SM{len(self.accepted):032x}",
            "account_sid": ACCOUNT,
            "to": form["To"],
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "body": form["Body"],
            "status": "queued",
            "error_code": None,
            "error_message": None,
            "date_created": formatdate(usegmt=False).replace("-0000", "+0000"),
            "date_sent": None,
            "date_updated": None,
            "direction": "outbound-api",
            "num_segments": "1",
            "num_media": "0",
            "price": None,
            "price_unit": "USD",
            "api_version": "2010-04-01",
            "uri": "",
            "subresource_uris": {},
        }
        self.accepted.append(text)
        return text


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def service(self) -> TextService:
        return cast(TextService, cast(Any, self.server).service)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(raw).items()}
        service = self.service
        service.requests.append(form)
        if service.refuse:
            status, code = service.refuse
            self._answer(status, {"code": code, "message": "refused", "status": status})
            return
        if not service.lose_request:
            text = service.accept(form)
        if not service.released.is_set():
            service.hanging.set()
            service.released.wait(30)
        if service.drop_answer or service.lose_request:
            self.close_connection = True
            self.connection.close()
            return
        self._answer(201, text)

    def do_GET(self) -> None:
        service = self.service
        if service.list_fails:
            self._answer(503, {"code": 20503, "message": "unavailable", "status": 503})
            return
        to = parse_qs(urlsplit(self.path).query).get("To", [""])[0]
        texts = [text for text in reversed(service.accepted) if text["to"] == to]
        self._answer(200, {"messages": texts, "page": 0, "page_size": 50, "next_page_uri": None})

    def do_DELETE(self) -> None:
        service, sid = self.service, urlsplit(self.path).path.rsplit("/", 1)[1].removesuffix(".json")
        there = [text for text in service.accepted if text["sid"] == sid]
        if service.list_fails:
            self._answer(503, {"code": 20503, "message": "unavailable", "status": 503})
        elif not there:
            self._answer(404, {"code": 20404, "message": "not found", "status": 404})
        else:
            service.accepted.remove(there[0])
            self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        raw = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):  # a killed client, or an answer that we dropped
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass
