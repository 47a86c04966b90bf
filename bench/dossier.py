"""The dossier de preuves of 300 files beside one of 30: memory must not follow their number."""

import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import date

import pikepdf
from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import Prefecture
from bench.registry import bench
from modules import services
from modules.enums import EvidenceKind
from modules.models import Evidence, EvidenceLink, EvidenceVersion, LabelCycle, StoredFile
from modules.selectors.perimeter import commitments_of_perimeter


FEW, MANY = 30, 300
# Each file is a scan: so many pages of noise, which no compression makes lighter.
PAGES, SIDE = 4, 600
# In a process of its own, and by its own high-water mark: getrusage would give back that of the bench.
_PRODUCE = """
import json, re, sys
from pathlib import Path
from time import perf_counter

import django

django.setup()
from accounts.access import Permission, Scope
from modules.models import LabelCycle
from reports.services import produce_now

cycle = LabelCycle.objects.select_related("prefecture").get(pk=sys.argv[2])
scope = Scope(prefecture=cycle.prefecture, permissions=frozenset(Permission))
start = perf_counter()
document = produce_now(kind=sys.argv[1], subject_id=cycle.pk, scope=scope)
if not document.is_ready:
    sys.exit(document.error_message)
print(json.dumps({
    "s": perf_counter() - start,
    "peak_mb": int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024,
    "pages": document.page_count,
    "file_mb": document.size / 1024**2,
}))
"""


def scan() -> bytes:
    """Return a PDF of ``PAGES`` pages, unlike any other."""
    target = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(PAGES):
            picture = io.BytesIO()
            Image.frombytes("L", (SIDE, SIDE), os.urandom(SIDE * SIDE)).save(picture, "JPEG")
            document.add_blank_page(page_size=(595, 842))
            image = pikepdf.Stream(document, picture.getvalue())
            image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            image.Width = image.Height = SIDE
            image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8
            image.Filter = pikepdf.Name.DCTDecode
            page = document.pages[-1]
            name = page.add_resource(image, pikepdf.Name.XObject)
            page.contents_add(b"500 0 0 500 40 200 cm %b Do" % str(name).encode())
        document.save(target)
    return target.getvalue()


def make_cycle(prefecture: Prefecture, files: int) -> LabelCycle:
    """Open a démarche proved by so many files."""
    model = LabelCycle.objects.order_by("pk")[0]
    cycle = services.create_cycle(
        prefecture=prefecture,
        referential=model.referential,
        name=f"{files} pièces",
        started_on=date(2021, 9, 1),
    )
    commitments = commitments_of_perimeter(cycle)
    for rank in range(files):
        content = scan()
        stored = StoredFile(
            prefecture=prefecture,
            original_name="scan.pdf",
            name="scan.pdf",
            content_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            page_count=PAGES,
        )
        stored.file.save("scan.pdf", ContentFile(content), save=False)
        stored.save()
        piece = Evidence.objects.create(
            prefecture=prefecture,
            title=f"Pièce {rank + 1:03} de la démarche de {files} pièces",
            kind=EvidenceKind.RECORD,
            dated_on=date(2022, 1, 10),
        )
        piece.current = EvidenceVersion.objects.create(evidence=piece, number=1, stored=stored)
        piece.save()
        EvidenceLink.objects.create(
            evidence=piece, cycle=cycle, commitment=commitments[rank % len(commitments)]
        )
    return cycle


def produced(kind: str, cycle: LabelCycle) -> dict[str, float]:
    """Produce a document in a process of its own; return its seconds, peak memory and size."""
    command = [sys.executable, "-c", _PRODUCE, kind, str(cycle.pk)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def compared_peaks(kind: str) -> dict[str, float]:
    """Return the peak memory of many files over that of few, with what was made."""
    prefecture = Prefecture.objects.order_by("pk")[0]
    found = {
        files: produced(
            kind,
            LabelCycle.objects.filter(name=f"{files} pièces").first()
            or make_cycle(prefecture, files),
        )
        for files in (FEW, MANY)
    }
    few, many = found[FEW], found[MANY]
    return {
        "ratio": round(many["peak_mb"] / few["peak_mb"], 3),
        "few_peak_mb": round(few["peak_mb"], 1),
        "many_peak_mb": round(many["peak_mb"], 1),
        "few_s": round(few["s"], 2),
        "many_s": round(many["s"], 2),
        "few_files": FEW,
        "many_files": MANY,
        "many_pages": many["pages"],
        "many_file_mb": round(many["file_mb"], 1),
    }


@bench("evidence_dossier_memory", limit=2)
def evidence_dossier_memory() -> dict[str, float]:
    """Peak memory of the one PDF: ten times the files."""
    return compared_peaks("modules.evidence_dossier")


@bench("evidence_archive_memory", limit=1.2)
def evidence_archive_memory() -> dict[str, float]:
    """Peak memory of the archive: ten times the files."""
    return compared_peaks("modules.evidence_archive")
