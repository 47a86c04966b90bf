"""Objects and rows of the pieces of evidence for the guards; see tests/examples.py."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Prefecture
from modules.models import Evidence
from tests.cast import Cast
from tests.examples import example, growing
from tests.modules.builders import Scene, make_evidence, make_scene, make_stored


def with_file(piece: Evidence) -> Evidence:
    """Give the piece a file with a picture, in place of its address."""
    stored = make_stored(piece.prefecture)
    stored.preview.save("apercu.jpg", ContentFile(b"\xff\xd8\xff\xd9"), save=True)
    piece.current.stored, piece.current.url = stored, ""
    piece.current.save()
    return piece


def scene_of(cast: Cast) -> Scene:
    """The démarche of the home préfecture, opened once."""
    scene = make_scene(cast.prefecture) if not cast.prefecture.label_cycles.exists() else None
    if scene is not None:
        return scene
    cycle = cast.prefecture.label_cycles.get()
    commitments = list(cycle.referential.commitments.order_by("position"))
    return Scene(cycle, cycle.referential, commitments, [cast.service])


@example("modules:evidence_list", "modules:evidence_create", "modules:evidence_join")
def cycle(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_scene(prefecture).cycle.pk}


@example("modules:evidence_gaps")
def cycle_with_gaps(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = make_scene(prefecture)
    make_evidence(scene, scene.commitments[0], expires_on=timezone.localdate() - timedelta(days=1))
    return {"pk": scene.cycle.pk}


@example("modules:evidence_detail", "modules:evidence_edit", "modules:evidence_version_add")
@example("modules:evidence_attach", "modules:evidence_detach", "modules:evidence_rejoin")
@example("modules:evidence_delete")
def piece(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    """Joined to a commitment and fit for an auditor, so that the auditors see it."""
    scene = make_scene(prefecture)
    return {"pk": make_evidence(scene, scene.commitments[0]).pk}


@example("modules:evidence_restore", hidden_from=("auditeur",))
def removed_piece(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = make_scene(prefecture)
    made = make_evidence(scene, scene.commitments[0])
    made.mark_removed()
    return {"pk": made.pk}


@example("modules:evidence_download", "modules:evidence_open", "modules:evidence_preview")
def version(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = make_scene(prefecture)
    return {"pk": with_file(make_evidence(scene, scene.commitments[0])).pk, "number": 1}


def _pieces(cast: Cast, numbers: range) -> Scene:
    scene = scene_of(cast)
    for number in numbers:
        make_evidence(
            scene,
            scene.commitments[number % len(scene.commitments)],
            title=f"Pièce {number:02}",
            service=cast.service if number % 2 else None,
            expires_on=timezone.localdate() + timedelta(days=number - 10),
        )
    return scene


@growing("modules:evidence_list", reader="referente", budget=24)
def pieces(cast: Cast, numbers: range) -> dict[str, object]:
    return {"pk": _pieces(cast, numbers).cycle.pk}


@growing("modules:evidence_gaps", reader="correspondant", budget=24)
def gaps(cast: Cast, numbers: range) -> dict[str, object]:
    return {"pk": _pieces(cast, numbers).cycle.pk}


@growing("modules:evidence_detail", reader="referente", budget=30)
def detail(cast: Cast, numbers: range) -> dict[str, object]:
    scene = scene_of(cast)
    found = Evidence.objects.filter(prefecture=cast.prefecture).order_by("pk").first()
    shown = found or make_evidence(scene, title="Pièce regardée")
    for number in numbers:
        make_evidence(scene, title=f"Même contenu {number}")
        shown.links.get_or_create(
            cycle=scene.cycle,
            commitment=scene.commitments[number % len(scene.commitments)],
            service=None if number < len(scene.commitments) else cast.service,
        )
    return {"pk": shown.pk}
