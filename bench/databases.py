"""Databases of the benchmark's own, beside the one that DATABASE_URL names, and dropped at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2.sql import SQL, Identifier

NUMBERED = """
CREATE OR REPLACE FUNCTION pg_temp.public_id(kind text, n bigint) RETURNS text IMMUTABLE LANGUAGE sql
AS $$ SELECT kind || translate(lpad(to_hex(n), 11, '0'), '01', 'yz') $$
"""
"""Twelve characters of the alphabet of public ids."""


def named(url: str, name: str) -> str:
    """The same server, another database: `careers` becomes `careers_bench_small`."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path}_bench_{name}"))


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def execute(url: str, *statements: SQL | str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def drop(server: str, url: str) -> None:
    execute(server, SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(_name(url))))


def create(server: str, url: str, like: str = "") -> None:
    """Empty, or a copy of the database `like`, which nobody may be using."""
    template = Identifier(_name(like) if like else "template1")
    drop(server, url)
    execute(server, SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(_name(url)), template))


@contextmanager
def dropped_at_the_end(server: str, *urls: str) -> Iterator[None]:
    try:
        yield
    finally:
        for url in urls:
            drop(server, url)
