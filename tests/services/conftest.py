"""Two installations with real worker processes: embedded, and on PostgreSQL with Redis."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from tests.stack import Stack


SETTINGS = "tests.services.settings"
DATABASE, BROKER = "QUALEPREF_TEST_DATABASE_URL", "QUALEPREF_TEST_REDIS_URL"
_PEOPLE = """
from tests.cast import build_cast
cast = build_cast()
answer({"prefecture": cast.prefecture.pk, "referente": cast.user("referente").pk})
"""


def production_services() -> dict[str, str]:
    """Return the variables of a database of our own, made on the server that `make test` started."""
    server, broker = os.environ.get(DATABASE), os.environ.get(BROKER)
    if not server or not broker:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"{DATABASE} and {BROKER} are not set: make test starts what they name")
    name = f"stack_{uuid.uuid4().hex[:12]}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    # A queue of our own too: two test processes on one would take each other's messages.
    queue = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return {"DATABASE_URL": f"{server.rsplit('/', 1)[0]}/{name}", "REDIS_URL": f"{broker}/{queue}"}


class Installation:
    """A stack with the cast in it, and the sized document."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        stack.manage("migrate", "-v", "0")
        self.people: dict[str, int] = stack.run(_PEOPLE)

    def set_size(self, decisions: int) -> None:
        """Say how long the next documents are; a thousand decisions take seconds to lay out."""
        (self.stack.folder / "decisions").write_text(str(decisions))

    def request(self) -> int:
        """Ask for the document as the page does; returns its number."""
        return int(
            self.stack.run(f"""
from django.utils import timezone
from accounts.models import User
from accounts.scopes import scope_of
from reports.services import request_document
scope = scope_of(User.objects.get(pk={self.people["referente"]}), today=timezone.localdate())
answer(request_document(
    kind="tests.sized", subject_id={self.people["prefecture"]}, scope=scope).pk)
""")
        )

    def document(self, pk: int) -> dict[str, object]:
        columns = "state, attempts, progress_done, claimed_by, finished_at, sha256, file"
        sql = f"SELECT {columns} FROM reports_document WHERE id = {pk:d}"  # noqa: S608
        rows = self.stack.query(sql)
        return dict(zip(columns.split(", "), rows[0], strict=True))

    def files(self, pk: int) -> list[Path]:
        """Return what is stored for this document."""
        folders = (self.stack.folder / "files" / "documents").glob(f"*/{pk}")
        return [path for folder in folders for path in folder.iterdir()]


@pytest.fixture(scope="session", params=["embedded", "postgresql-redis"])
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    services = {} if request.param == "embedded" else production_services()
    stack = Stack(tmp_path_factory.mktemp(request.param), services=services, settings=SETTINGS)
    try:
        yield Installation(stack)
    finally:
        stack.stop()


@pytest.fixture
def working(installation: Installation) -> Installation:
    """The installation with a worker running, kept from one test to the next: it starts slowly."""
    installation.set_size(1)
    if "worker" not in installation.stack.processes:
        installation.stack.start_worker()
    return installation
