"""Databases of a site's own, on servers that the tests start and stop, and their connections."""

from __future__ import annotations

import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, NamedTuple
from urllib.parse import quote

import mysql.connector
import psycopg
import psycopg2
import pymysql
from conftest import ROOT, wait_until
from psycopg import sql
from pymysql.constants import CLIENT

ORDERS = "create table orders (what varchar(20))"


class Database(NamedTuple):
    """One that has a table of orders, and where its outbox is."""

    location: str
    connect: Callable[[], Any]
    #: What the driver raises.
    error: type[Exception]
    placeholder: str
    is_file: bool = False


class Servers:
    """PostgreSQL and MariaDB, each started where a test wants it."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[Path, subprocess.Popen[bytes]]] = {}
        self._made = 0

    def folder(self, engine: str) -> Path:
        if engine not in self._running:
            folder = Path(tempfile.mkdtemp(prefix="justclick-"))
            command = [str(ROOT / "tests/databases/serve"), engine, str(folder)]
            with open(folder / "log", "ab") as log:
                server = subprocess.Popen(command, stdout=log, stderr=log)
            self._running[engine] = (folder, server)
            wait_until(lambda: answers(engine, folder), server)
        return self._running[engine][0]

    def stop(self) -> None:
        for engine, (folder, server) in self._running.items():
            # At once: PostgreSQL ends its other processes, and MariaDB has none.
            server.send_signal(signal.SIGQUIT if engine == "postgres" else signal.SIGKILL)
            server.wait()
            shutil.rmtree(folder)

    def database(self, driver: str, folder: Path) -> Database:
        """A new one, for a connection of this driver's; SQLite's is a file in the folder."""
        self._made += 1
        name = f"site_{self._made}"
        if driver == "sqlite3":
            return sqlite_file(folder / f"{name}.db")
        if driver.startswith("psycopg"):
            return postgres_database(driver, self.folder("postgres"), name)
        return mariadb_database(driver, self.folder("mariadb"), name)


def answers(engine: str, folder: Path) -> bool:
    try:
        if engine == "postgres":
            psycopg.connect(f"host={folder} user=postgres").close()
            return True
        with socket.socket(socket.AF_UNIX) as greeted:
            greeted.connect(str(folder / "mysql.sock"))
            return bool(greeted.recv(1))
    except (psycopg.Error, OSError):
        return False


def sqlite_file(path: Path) -> Database:
    with sqlite3.connect(path) as connection:
        connection.execute(ORDERS)
        connection.execute("pragma user_version = 42")
    connection.close()
    location = f"sqlite:{path}?tables=site"
    return Database(location, lambda: sqlite3.connect(path), sqlite3.Error, "?", is_file=True)


def postgres_database(driver: str, folder: Path, name: str) -> Database:
    with psycopg.connect(f"host={folder} user=postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    with psycopg.connect(f"host={folder} user=postgres dbname={name}") as connection:
        connection.execute(ORDERS)
    location = f"postgres://postgres@{quote(str(folder), safe='')}:5432/{name}"
    module: Any = psycopg if driver == "psycopg" else psycopg2
    dsn = f"host={folder} user=postgres dbname={name}"
    return Database(location, lambda: module.connect(dsn), module.Error, "%s")


def mariadb_database(driver: str, folder: Path, name: str) -> Database:
    path = str(folder / "mysql.sock")
    with pymysql.connect(unix_socket=path, user="root") as connection:
        connection.cursor().execute(f"create database {name}")
    location = f"mysql://root@{quote(path, safe='')}/{name}"

    def connect() -> Any:
        if driver == "mysql.connector":
            return mysql.connector.connect(unix_socket=path, user="root", database=name)
        flags = CLIENT.FOUND_ROWS if driver == "pymysql, found rows" else 0
        charset = "latin1" if driver == "pymysql, latin1" else "utf8mb4"
        return pymysql.connect(
            unix_socket=path, user="root", database=name, client_flag=flags, charset=charset
        )

    with connect() as connection:
        connection.cursor().execute(ORDERS)
    module: Any = mysql.connector if driver == "mysql.connector" else pymysql
    return Database(location, connect, module.Error, "%s")


def keep_to_snapshots(database: Database, connection: Any, are_kept: bool) -> None:
    """Whether its transactions refuse to write beside what is newer than their first look."""
    if database.location.startswith("postgres:"):
        level = "repeatable read" if are_kept else "read committed"
        statement = f"set session characteristics as transaction isolation level {level}"
    else:
        # On by default from MariaDB 11.6.2 on.
        statement = f"set innodb_snapshot_isolation = {int(are_kept)}"
    connection.cursor().execute(statement)
    connection.commit()


def code(error: Exception) -> object:
    """What the database calls this failure: PostgreSQL's SQLSTATE, MariaDB's number."""
    if isinstance(error, psycopg.Error):
        return error.sqlstate
    return error.pgcode if isinstance(error, psycopg2.Error) else error.args[0]


@contextmanager
def started() -> Iterator[Servers]:
    servers = Servers()
    try:
        yield servers
    finally:
        servers.stop()
