"""The portal with production settings, over TLS, on a database that is empty at first."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection

from tests.messaging.peers.mail_server import MailServer
from tools.places import PYTHON, ROOT
from tools.processes import Child, dies_with_parent
from tools.run import parts
from tools.valkey import free_port

NAME = "production_journey"
MOVED_BY_TESTS = ("PORT", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE")


def _sockets() -> str:
    """Where the tests' PostgreSQL listens."""
    return str(connection.get_connection_params()["host"])


class ProductionSite:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.mail = folder, free_port(), MailServer()
        self.url = f"https://localhost:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if name not in MOVED_BY_TESTS}
        self.env = {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "careerconnect.settings.production",
            "SECRET_KEY": "of-this-test-alone-" * 3,
            "DATABASE_URL": f"postgres://postgres@/{NAME}?host={_sockets()}",
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "localhost",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "DEFAULT_FROM_EMAIL": "careers@example.ac.uk",
            "BRAND_INSTITUTION": "An Institution",
            "SERVICE_EMAIL": "careers@example.ac.uk",
            "SERVICE_PHONE": "01632 960200",
            "IT_SERVICES_EMAIL": "it@example.ac.uk",
            "INFORMATION_GOVERNANCE_EMAIL": "governance@example.ac.uk",
            "DOCUMENTS_ROOT": str(folder / "documents"),
            "RETENTION_ROOT": str(folder / "retention"),
            "STATIC_ROOT": str(folder / "static"),
            "GRANIAN_SSL_CERTIFICATE": str(folder / "certificate.pem"),
            "GRANIAN_SSL_KEYFILE": str(folder / "key.pem"),
        }
        self.web: Child | None = None

    def start(self) -> None:
        self.mail.start()
        self._sql(f"DROP DATABASE IF EXISTS {NAME}", f"CREATE DATABASE {NAME}")
        write_certificate(self.folder)
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        command = dict(parts(self.port, self.env))["web"]
        self.web = Child("web", dies_with_parent(command), env=self.env, log=self.folder / "web.log")
        until = time.monotonic() + 60
        while time.monotonic() < until and self.web.alive:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(self.web.last_words())

    def stop(self) -> None:
        if self.web:
            self.web.stop()
        self.mail.stop()
        self._sql(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")

    def manage(self, *arguments: str) -> str:
        command = [str(PYTHON), "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def latest_email(self, to: str) -> str:
        """Sends what waits, as the sweeper does, and returns the text of the latest email to the address."""
        self.manage("sweep_outbox")
        mine = [mail for mail in self.mail.accepted if mail["To"] == to]
        assert mine, [mail["To"] for mail in self.mail.accepted]
        text = mine[-1].get_body(("plain",))
        assert text is not None
        return str(text.get_content())

    def latest_link(self, to: str) -> str:
        return re.findall(rf"{self.url}/\S+", self.latest_email(to))[0]

    def _sql(self, *statements: str) -> None:
        server = psycopg2.connect(host=_sockets(), user="postgres", dbname="postgres")
        server.autocommit = True
        try:
            for statement in statements:
                server.cursor().execute(statement)
        finally:
            server.close()


def write_certificate(folder: Path) -> None:
    """For localhost, signed by itself, valid on every date on which the tests run."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2040, 1, 1, tzinfo=UTC)
    )
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (folder / "certificate.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
