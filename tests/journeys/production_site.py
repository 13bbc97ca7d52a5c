"""A real installation, made by the commands of docs/installation.md: production settings, TLS, services of its own."""

from __future__ import annotations

import re
import shlex
import shutil
import socket
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.journeys.terminal import Terminal, commands_of, own_environment
from tests.messaging.peers.mail_server import MailServer
from tools.places import ROOT
from tools.postgres import Postgres, binary
from tools.processes import Child, dies_with_parent
from tools.valkey import Valkey, free_port

INSTALL = "## Install it on one machine"
DONE_BY_MAKE = {
    "python3 -m venv .venv",
    ".venv/bin/pip install --require-hashes -r requirements/s3.txt",
    "npm ci --omit=dev",
    "mkdir -p static/dist/fonts",
    "npm run build",
}
"""Packages and files of the pages: `make test` has just made them, and they need a network."""


class ProductionSite:
    """A context manager. `type` runs commands as root of this machine would."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.mail = folder, free_port(), MailServer()
        self.sockets = Path(tempfile.mkdtemp(prefix="cc-", dir="/tmp"))
        self.postgres = Postgres(folder / "postgres", self.sockets, log=folder / "postgres.log", throw_away=True)
        self.valkey = Valkey(folder / "valkey", log=folder / "valkey.log")
        self.url = f"https://localhost:{self.port}"
        self.file = folder / "environment"
        env = own_environment(Path(binary("psql")).parent)
        # PostgreSQL’s own user on this machine, and a proxy that ends TLS.
        env |= {"PGHOST": str(self.sockets), "PGUSER": "postgres"}
        env |= {
            f"GRANIAN_SSL_{what}": str(folder / file)
            for what, file in (("CERTIFICATE", "certificate.pem"), ("KEYFILE", "key.pem"))
        }
        instead = {
            "sudo -u postgres ": "",
            "/etc/careerconnect": str(folder),
            "/var/backups/careerconnect": str(folder / "backups"),
            "--port 8000": f"--port {self.port}",
            "--every 30": "--every 0.3",  # so that nobody waits for an email
        }
        self.terminal = Terminal(env, instead, DONE_BY_MAKE, folder / "variables")
        self.children: list[Child] = []

    def __enter__(self) -> ProductionSite:
        try:
            self.mail.start()
            self.postgres.start("postgres")
            self.valkey.start()
            write_certificate(self.folder)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()
        for service in (self.valkey, self.postgres, self.mail):
            service.stop()
        shutil.rmtree(self.sockets)

    def settings(self) -> dict[str, str]:
        """What the administrator of the machine fills in."""
        return {
            "SECRET_KEY": "of-this-test-alone-" * 3,
            "DATABASE_URL": f"postgres://careers@/careers?host={self.sockets}",
            "REDIS_URL": self.valkey.url(),
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "localhost",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "DEFAULT_FROM_EMAIL": "careers@example.ac.uk",
            "BRAND_INSTITUTION": "'An Institution'",
            "SERVICE_EMAIL": "careers@example.ac.uk",
            "SERVICE_PHONE": "'01632 960200'",
            "IT_SERVICES_EMAIL": "it@example.ac.uk",
            "INFORMATION_GOVERNANCE_EMAIL": "governance@example.ac.uk",
            "DOCUMENTS_ROOT": str(self.folder / "documents"),
            "RETENTION_ROOT": str(self.folder / "retention"),
            "STATIC_ROOT": str(self.folder / "static"),
        }

    def fill_in(self, **values: str) -> None:
        """Writes values into the file of settings: each line of the sample that has the name, with or without #."""
        text = self.file.read_text()
        for name, value in values.items():
            text, number = re.subn(rf"^#?{name}=.*$", lambda _, line=f"{name}={value}": line, text, flags=re.MULTILINE)
            assert number == 1, name
        self.file.write_text(text)

    def install(self, name: str, email: str) -> None:
        """Every block of the section, in order; the last one starts the portal."""
        packages, database, sample, read, make, administrator, _ = commands_of("installation.md", INSTALL)
        for block in (packages, database, sample):
            self.terminal.type(block)
        assert self.terminal.left_out == DONE_BY_MAKE
        self.fill_in(**self.settings())
        for block in (read, make):
            self.terminal.type(block)
        self.terminal.type(administrator, answers=f"{name}\n{email}\n")
        self.start()

    def start(self) -> None:
        """Starts web and sweeper. Worker and beat would only do the same a little sooner."""
        *_, read, _, _, starting = commands_of("installation.md", INSTALL)
        self.terminal.type(read)
        web, *_, sweeper = starting.splitlines()
        for name, line in (("web", web), ("sweeper", sweeper)):
            command = dies_with_parent(shlex.split(self.terminal.as_meant(line)))
            self.children.append(Child(name, command, env=self.terminal.env, cwd=ROOT, log=self.folder / f"{name}.log"))
        until = time.monotonic() + 60
        while time.monotonic() < until and all(child.alive for child in self.children):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError([child.last_words() for child in self.children])

    def stop(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        while self.children:
            self.children.pop().stop()

    def type(self, page: str, heading: str) -> str:
        return "".join(self.terminal.type(block) for block in commands_of(page, heading))

    def manage(self, *arguments: str) -> str:
        return self.terminal.type(shlex.join([".venv/bin/python", "manage.py", *arguments]))

    def sql(self, statement: str) -> str:
        return self.terminal.type(f"psql -XAtq -d careers -c {shlex.quote(statement)}").strip()

    def count(self, table: str, **where: str) -> int:
        wanted = " AND ".join(["true", *(f"{name} = '{value}'" for name, value in where.items())])
        return int(self.sql(f"SELECT count(*) FROM {table} WHERE {wanted}"))  # noqa: S608 - names of our own

    def email(self, to: str, containing: str) -> str:
        """The text of the latest email to the address with these words, once the sweeper has sent it."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            bodies = [mail.get_body(("plain",)) for mail in self.mail.accepted if mail["To"] == to]
            texts = [str(body.get_content()) for body in bodies if body is not None]
            if found := [text for text in texts if containing in text]:
                return found[-1]
            time.sleep(0.1)
        raise AssertionError([mail["To"] for mail in self.mail.accepted])

    def link(self, to: str) -> str:
        return re.findall(rf"{self.url}/\S+", self.email(to, f"{self.url}/"))[0]


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
