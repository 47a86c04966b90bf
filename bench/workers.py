"""Two processes of a worker beside one: documents do not wait for one another."""

import tempfile
from pathlib import Path

from bench.registry import bench
from tests.stack import Stack, wait_until


DOCUMENTS = 24
ROUNDS = 2
SETTINGS = "tests.services.settings"
_REQUEST = f"""
from accounts.access import Permission, Scope
from accounts.models import Prefecture
from reports.services import request_document

for number in range({DOCUMENTS}):
    prefecture, _ = Prefecture.objects.get_or_create(
        code=str(100 + number), slug=f"p{{number}}", name=f"P{{number}}", of_name=f"de P{{number}}",
        brand_block="Préfet",
    )
    scope = Scope(prefecture=prefecture, permissions=frozenset(Permission))
    request_document(kind="tests.sized", subject_id=prefecture.pk, scope=scope)
"""
_DURATION = """
from django.db.models import Max, Min
from reports.models import Document
span = Document.objects.filter(finished_at__isnull=False).aggregate(
    start=Min("claimed_at"), end=Max("finished_at"))
answer((span["end"] - span["start"]).total_seconds())
Document.objects.all().delete()
"""


def duration(stack: Stack, processes: int) -> float:
    """Return how long a worker of so many processes takes for all the documents, in seconds."""
    stack.run(_REQUEST)
    stack.start_worker(concurrency=processes)
    sql = "SELECT count(*) FROM reports_document WHERE state = 'ready'"
    wait_until(lambda: stack.query(sql)[0][0] == DOCUMENTS, "every document", patience=300)
    stack.stop()
    return float(stack.run(_DURATION))


@bench("worker_throughput", limit=1.6, at_least=True)
def worker_throughput() -> dict[str, float]:
    """Documents per second with two processes, over one."""
    with tempfile.TemporaryDirectory(prefix="qualepref-bench-") as folder:
        stack = Stack(Path(folder), settings=SETTINGS)
        try:
            stack.manage("migrate", "-v", "0")
            # The best of each: whatever else runs on the machine only makes them longer.
            rounds = [(duration(stack, 1), duration(stack, 2)) for _ in range(ROUNDS)]
            one, two = (min(durations) for durations in zip(*rounds, strict=True))
        finally:
            stack.stop()
    return {
        "ratio": round(one / two, 3),
        "one_s": round(one, 3),
        "two_s": round(two, 3),
        "documents": DOCUMENTS,
    }
