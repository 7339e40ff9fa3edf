"""Database and broker together, as addresses in the environment of the processes that need them."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
from psycopg import sql

from lms_epj.embedded import find
from lms_epj.embedded.broker import EmbeddedBroker
from lms_epj.embedded.folders import make_folder
from lms_epj.embedded.keys import Keys, load_keys, sealing_key_files
from lms_epj.embedded.postgres import SUPERUSER, EmbeddedPostgres, PostgresError

DATABASE = "epj"
ROLES = Path(__file__).with_name("roles.sql")


class Services:
    """What the environment names is used; what it does not name is started here, and stopped with `stop`."""

    def __init__(self, var: Path, name: str, *, durable: bool = True) -> None:
        make_folder(var, 0o711 if os.geteuid() == 0 else 0o700)
        self.var, self.name, self.durable = var, name, durable
        self.postgres: EmbeddedPostgres | None = None
        self.broker: EmbeddedBroker | None = None
        self.keys: Keys = load_keys(var)

    def start_postgres(self) -> str:
        """Start it unless `DATABASE_URL` is set; returns what it is, for people."""
        if os.environ.get("DATABASE_URL"):
            return "the database of DATABASE_URL"
        self.postgres = self.embedded_postgres()
        self.postgres.start()
        self.make_roles(self.postgres)
        return f"PostgreSQL {self.postgres.server.major} ({self.postgres.server.origin}), data in {self.postgres.data}"

    def embedded_postgres(self) -> EmbeddedPostgres:
        """The server this machine would start; not started."""
        return EmbeddedPostgres(find.find_postgres(), self.var, self.name, self.keys.superuser, durable=self.durable)

    def start_broker(self) -> str:
        """Start it unless `REDIS_URL` is set; returns what it is, for people."""
        if os.environ.get("REDIS_URL"):
            return "the broker of REDIS_URL"
        found = find.find_broker()
        self.broker = EmbeddedBroker(found, self.var, self.name, durable=self.durable)
        self.broker.start()
        return f"{found.program.name} {found.version} ({found.origin})"

    def stop(self) -> None:
        for service in (self.broker, self.postgres):
            if service:
                service.stop()

    def make_roles(self, postgres: EmbeddedPostgres) -> None:
        try:
            with psycopg.connect(postgres.url(SUPERUSER, self.keys.superuser, "postgres"), autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        except psycopg.OperationalError as error:
            raise PostgresError(f"The data in {postgres.data} were made with other keys than {self.var / 'keys.json'}: {error}") from error
        with psycopg.connect(postgres.url(SUPERUSER, self.keys.superuser, DATABASE), autocommit=True) as connection:
            connection.execute(ROLES.read_text())
            for role, password in (("epj_owner", self.keys.owner), ("epj_app", self.keys.app), ("epj_sealer", self.keys.sealer)):
                connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))

    def addresses(self) -> dict[str, str]:
        """`DATABASE_URL` (serves), `DATABASE_OWNER_URL` (migrates), `DATABASE_SEALER_URL` and `REDIS_URL`, as far as there are."""
        found = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SEALER_URL", "REDIS_URL")}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url("epj_app", self.keys.app, DATABASE)
            found["DATABASE_OWNER_URL"] = self.postgres.url("epj_owner", self.keys.owner, DATABASE)
            found["DATABASE_SEALER_URL"] = self.postgres.url("epj_sealer", self.keys.sealer, DATABASE)
        if self.broker:
            found["REDIS_URL"] = self.broker.url
        return {name: address for name, address in found.items() if address}

    def secrets(self) -> dict[str, str]:
        """Keys for the processes, where the environment does not give them. The private sealing key is not among them."""
        _, public = sealing_key_files(self.var)
        made = {
            "DJANGO_SECRET_KEY": self.keys.django,
            "EPJ_FIELD_KEYS": self.keys.field,
            "EPJ_SEALING_PUBLIC_KEY_FILE": str(public),
            "EPJ_SEALING_COPY_DIR": str(self.var / "sealing" / "copies"),
        }
        return {name: os.environ.get(name) or value for name, value in made.items()}
