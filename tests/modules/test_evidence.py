"""Pieces of evidence: added once, versions, joined and detached, what is lacking."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from modules.enums import CycleState, EvidenceKind, EvidenceState, Sensitivity
from modules.models import Evidence, EvidenceLink, EvidenceVersion, StoredFile
from modules.rules.evidence import Gap, gap_of
from modules.selectors.evidence import asked_for, pieces_to_join, twins_of
from modules.selectors.evidence_gaps import expiring, gaps_by_module
from modules.selectors.evidence_rights import may_detach, may_edit, may_join
from modules.services import evidence as services
from tests.cast import Cast
from tests.modules.builders import Scene, make_assessment, make_evidence, make_scene
from tests.modules.builders_groups import approve, make_procedure


S = EvidenceState
DAY = date(2022, 3, 8)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


def a_file(content: bytes = b"date;objet\n", name: str = "registre.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(scene: Scene, cast: Cast, by: str = "correspondant", **given: Any) -> Evidence:
    """Add a piece through the service: a file, unless an address is given."""
    values = {
        "title": given.pop("title", "Registre des réclamations"),
        "kind": EvidenceKind.RECORD,
        "dated_on": given.pop("dated_on", DAY),
        "service": given.pop("service", cast.service),
        **given.pop("values", {}),
    }
    if "url" not in given:
        given.setdefault("upload", a_file())
    return services.add_evidence(cycle=scene.cycle, values=values, by=cast.user(by), **given)


# --- Rule -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("states", "procedures", "expected"),
    [
        ([], 0, Gap.MISSING),
        ([], 1, None),
        ([S.EXPIRED, S.EXPIRED], 0, Gap.EXPIRED),
        ([S.EXPIRED], 1, None),
        ([S.EXPIRED, S.SOON], 0, Gap.SOON),
        ([S.EXPIRED, S.VALID], 0, None),
    ],
)
def test_gap(states: list[EvidenceState], procedures: int, expected: Gap | None) -> None:
    assert gap_of(states, procedures) == expected


# --- Adding -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_piece_is_added_with_its_file_and_joined(scene: Scene, cast: Cast) -> None:
    piece = add(scene, cast, commitments=scene.commitments[:2])
    piece.refresh_from_db()
    assert piece.current is not None
    assert piece.current.number == 1
    assert piece.current.stored.name == "registre-des-reclamations.csv"
    links = piece.links.order_by("commitment__position")
    assert [(link.commitment, link.service) for link in links] == [
        (item, cast.service) for item in scene.commitments[:2]
    ]
    assert piece.added_by == cast.user("correspondant")


@pytest.mark.django_db
@pytest.mark.parametrize("source", [{}, {"url": "https://exemple.fr", "upload": "both"}])
def test_a_file_or_an_address_not_both(scene: Scene, cast: Cast, source: dict[str, Any]) -> None:
    if "upload" in source:
        source = {**source, "upload": a_file()}
    with pytest.raises(ValidationError, match="l’un ou l’autre"):
        add(scene, cast, **(source or {"upload": None}))
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://exemple.fr/a", "file:///etc/passwd"])
def test_only_web_addresses(scene: Scene, cast: Cast, url: str) -> None:
    with pytest.raises(ValidationError):
        add(scene, cast, url=url)
    assert not Evidence.objects.exists()


@pytest.mark.django_db
def test_sent_twice_it_is_added_once(
    scene: Scene, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    first = add(scene, cast, commitments=scene.commitments[:1])
    kept = StoredFile.objects.get().file
    folder = kept.name.rpartition("/")[0]
    before = set(kept.storage.listdir(folder)[1])
    with django_capture_on_commit_callbacks(execute=True):
        assert add(scene, cast, commitments=scene.commitments[:1]) == first
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert set(kept.storage.listdir(folder)[1]) == before


@pytest.mark.django_db
def test_same_title_other_content_is_another_piece(scene: Scene, cast: Cast) -> None:
    first = add(scene, cast)
    assert add(scene, cast, upload=a_file(b"autre;contenu\n")) != first
    Evidence.objects.update(added_at=timezone.now() - timedelta(minutes=2))
    twin = add(scene, cast)
    assert Evidence.objects.count() == 3
    assert twins_of(twin, cast.scope("referente")) == [first]


@pytest.mark.django_db
def test_what_is_refused_leaves_no_file(scene: Scene, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="précède la date"):
        add(scene, cast, values={"expires_on": DAY - timedelta(days=1)})
    with pytest.raises(ValidationError, match="autre préfecture"):
        add(scene, cast, service=cast.other_service)
    assert not StoredFile.objects.exists()


# --- Versions ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_version_replaces_and_keeps(scene: Scene, cast: Cast) -> None:
    piece = add(scene, cast)
    values = {"dated_on": date(2022, 6, 1), "expires_on": None}
    services.add_version(
        evidence=piece,
        values=values,
        by=cast.user("referente"),
        url="https://exemple.fr/registre",
        note="En ligne désormais",
    )
    piece.refresh_from_db()
    assert piece.current is not None
    assert (piece.current.number, piece.current.url) == (2, "https://exemple.fr/registre")
    assert piece.dated_on == date(2022, 6, 1)
    assert piece.versions.get(number=1).stored is not None


@pytest.mark.django_db
def test_the_same_content_is_no_new_version(scene: Scene, cast: Cast) -> None:
    piece = add(scene, cast)
    values = {"dated_on": DAY, "expires_on": None}

    def again(by: str, content: bytes) -> EvidenceVersion:
        return services.add_version(
            evidence=Evidence.objects.get(pk=piece.pk),
            values=values,
            by=cast.user(by),
            upload=a_file(content),
        )

    with pytest.raises(ValidationError, match="version 1, déjà en place"):
        again("correspondant", b"date;objet\n")
    second = again("correspondant", b"deux\n")
    assert again("correspondant", b"deux\n") == second
    with pytest.raises(ValidationError, match="version 2"):
        again("referente", b"deux\n")
    assert piece.versions.count() == 2


@pytest.mark.django_db
def test_a_piece_changed_meanwhile_is_not_overwritten(scene: Scene, cast: Cast) -> None:
    piece = add(scene, cast)
    read, other = Evidence.objects.get(pk=piece.pk), Evidence.objects.get(pk=piece.pk)
    services.update_evidence(evidence=other, values={"title": "Registre 2022"})
    with pytest.raises(ValidationError, match="vient de modifier"):
        services.update_evidence(evidence=read, values={"title": "Autre"})


# --- Joining ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_joining_twice_writes_once(scene: Scene, cast: Cast) -> None:
    piece = make_evidence(scene, scene.commitments[0])
    by = cast.user("referente")

    def join(service: Any) -> int:
        made = services.join_evidence(
            evidence=piece,
            cycle=scene.cycle,
            commitments=scene.commitments[:2],
            service=service,
            by=by,
        )
        return len(made)

    # The first commitment is proved for all services already.
    assert [join(cast.service), join(cast.service), join(None)] == [1, 0, 1]


@pytest.mark.django_db
def test_joining_is_refused(scene: Scene, cast: Cast) -> None:
    by = cast.user("referente")
    piece = make_evidence(scene)
    elsewhere = make_scene(cast.other_prefecture)

    def join(**given: Any) -> None:
        wanted = {
            "evidence": piece,
            "cycle": scene.cycle,
            "commitments": scene.commitments[:1],
            "service": None,
            **given,
        }
        services.join_evidence(by=by, **wanted)

    with pytest.raises(ValidationError, match="autre préfecture"):
        join(cycle=elsewhere.cycle)
    with pytest.raises(ValidationError, match="autre préfecture"):
        join(service=cast.other_service)
    scene.cycle.cycle_modules.filter(module__number=2).delete()
    with pytest.raises(ValidationError, match="périmètre"):
        join(commitments=scene.commitments[-1:])
    services.remove_evidence(evidence=piece)
    with pytest.raises(ValidationError, match="retirée"):
        join()
    assert not EvidenceLink.objects.exists()


@pytest.mark.django_db
def test_what_a_finished_cycle_proved_stays(scene: Scene, cast: Cast) -> None:
    piece = make_evidence(scene, scene.commitments[0])
    scene.cycle.state = CycleState.ENDED
    scene.cycle.save()
    with pytest.raises(ValidationError, match="terminée"):
        services.join_evidence(
            evidence=piece,
            cycle=scene.cycle,
            commitments=scene.commitments[1:2],
            service=None,
            by=cast.user("referente"),
        )
    with pytest.raises(ValidationError, match="terminée"):
        add(scene, cast, commitments=scene.commitments[:1])
    assert not StoredFile.objects.exists()
    link = EvidenceLink.objects.get()
    with pytest.raises(ValidationError, match="terminée"):
        services.detach_evidence(link=link)
    assert EvidenceLink.objects.get() == link


@pytest.mark.django_db
def test_what_may_be_joined(scene: Scene, cast: Cast) -> None:
    commitment = scene.commitments[0]
    other = scene.services[1]
    shared = make_evidence(scene, title="De tous")
    own = make_evidence(scene, title="Du service", service=cast.service)
    foreign = make_evidence(scene, title="D’un autre", service=other)
    make_evidence(scene, commitment, title="Déjà jointe")
    make_evidence(scene, title="Retirée").mark_removed()

    def offered(name: str) -> list[Evidence]:
        found = pieces_to_join(scene.cycle, commitment, cast.service, cast.scope(name))
        return list(found)

    assert offered("correspondant") == [shared, own]
    assert offered("referente") == [shared, own, foreign]
    assert offered("agent") == offered("auditeur") == []


# --- Rights -----------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        # shared, own service, other service, added by oneself: (edit, join)
        ("correspondant", [(False, True), (True, True), (False, False), (True, True)]),
        ("referente", [(True, True)] * 4),
        ("agent", [(False, False)] * 4),
        ("prefet", [(False, False)] * 4),
        ("auditeur", [(False, False)] * 4),
    ],
)
def test_rights(scene: Scene, cast: Cast, reader: str, expected: list[tuple[bool, bool]]) -> None:
    other = scene.services[1]
    pieces = [
        make_evidence(scene, title="a"),
        make_evidence(scene, title="b", service=cast.service),
        make_evidence(scene, title="c", service=other),
        make_evidence(scene, title="d", service=other, by=cast.user("correspondant")),
    ]
    scope = cast.scope(reader)
    assert [(may_edit(piece, scope), may_join(piece, scope)) for piece in pieces] == expected


@pytest.mark.django_db
def test_a_correspondant_detaches_what_is_joined_for_their_service(
    scene: Scene, cast: Cast
) -> None:
    piece = make_evidence(scene, scene.commitments[0])
    for_all = piece.links.get()
    ours = EvidenceLink.objects.create(
        evidence=piece, cycle=scene.cycle, commitment=scene.commitments[1], service=cast.service
    )
    scope = cast.scope("correspondant")
    assert (may_detach(for_all, scope), may_detach(ours, scope)) == (False, True)
    assert may_detach(for_all, cast.scope("referente"))


# --- What is lacking --------------------------------------------------------------------------
@pytest.mark.django_db
def test_gaps_by_module(scene: Scene, cast: Cast) -> None:
    today = date(2022, 6, 1)
    expired, soon, fine, missing, by_sheet, hidden = scene.commitments
    make_evidence(scene, expired, title="Vieille", expires_on=today - timedelta(days=1))
    make_evidence(scene, soon, title="Encore", expires_on=today)
    make_evidence(scene, fine, title="Bonne")
    make_evidence(scene, hidden, title="Retirée").mark_removed()
    sheet = make_procedure(cast, cast.prefecture)
    sheet.commitments.set([by_sheet])
    approve(sheet, cast.user("prefet"))
    first, second = gaps_by_module(scene.cycle, cast.scope("referente"), today)
    assert [item.commitment for item in first.expired] == [expired]
    assert [item.commitment for item in first.soon] == [soon]
    assert (first.missing, first.count, first.total) == ([], 1, 3)
    assert [item.commitment for item in second.missing] == [missing, hidden]
    assert second.count == 2


@pytest.mark.django_db
def test_expiring(scene: Scene, cast: Cast) -> None:
    today = date(2022, 6, 1)
    days = {"hier": -1, "ce jour": 0, "à soixante jours": 60, "plus tard": 61}
    for title, number in days.items():
        make_evidence(scene, title=title, expires_on=today + timedelta(days=number))
    make_evidence(scene, title="sans limite")
    assert [item.title for item in expiring(cast.prefecture, today)] == [
        "ce jour",
        "à soixante jours",
    ]
    assert expiring(cast.other_prefecture, today) == []


@pytest.mark.django_db
def test_where_one_comes_from(scene: Scene, cast: Cast) -> None:
    sheet = make_assessment(scene).sheets.get(service=cast.service)
    elsewhere = make_assessment(make_scene(cast.other_prefecture)).sheets.first()
    assert elsewhere is not None
    code, scope = scene.commitments[0].code, cast.scope("correspondant")
    asked = asked_for(scene.cycle, scope, code=code, service=cast.service.pk, sheet=sheet.pk)
    assert (asked.commitment, asked.service, asked.sheet) == (
        scene.commitments[0],
        cast.service,
        sheet,
    )
    assert asked.row == sheet.rows.get(commitment=scene.commitments[0]).pk
    lost = asked_for(
        scene.cycle, scope, code="X", service=cast.other_service.pk, sheet=elsewhere.pk
    )
    assert (lost.commitment, lost.service, lost.sheet, lost.row) == (None, None, None, None)


@pytest.mark.django_db
def test_sensitivity_is_kept_by_default_for_the_auditor(scene: Scene, cast: Cast) -> None:
    assert add(scene, cast).sensitivity == Sensitivity.AUDIT
