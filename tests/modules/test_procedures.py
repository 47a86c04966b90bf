"""Procedure sheets: life of a version, who sees drafts, who has read, lists."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from modules.enums import ProcedureState
from modules.models import Procedure, ProcedureReading, ProcedureVersion
from modules.rules.procedures import is_review_due, is_review_soon, next_reference
from modules.selectors.procedures import (
    may_write,
    procedures_by_commitment,
    procedures_to_read,
    readings_of,
    services_to_attest,
)
from modules.services import procedures as services
from tests.cast import Cast
from tests.modules.builders import Scene, make_scene
from tests.modules.builders_groups import approve, make_procedure
from tests.modules.test_groups import text, url


pytestmark = pytest.mark.django_db
S = ProcedureState
TODAY = date(2022, 5, 2)
SECRET = "Phrase du brouillon que personne ne doit lire"


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


@pytest.fixture
def in_force(cast: Cast, scene: Scene) -> Procedure:
    """A sheet of the service of the cast, in force, that this service must read."""
    made = make_procedure(cast, cast.prefecture, service=cast.service, services=[cast.service])
    approve(made, cast.user("prefet"))
    return fresh(made)


def fresh(procedure: Procedure) -> Procedure:
    return Procedure.objects.get(pk=procedure.pk)


def rewrite(procedure: Procedure, cast: Cast, words: str) -> ProcedureVersion:
    """Open the next version and write it."""
    version = services.start_version(procedure=procedure, by=cast.user("correspondant"))
    return services.save_text(procedure=procedure, text=words, revision=version.revision)


# --- Rules ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], "FP-01"),
        (["fp-2", "FP-09", "Note 40", "FP-11 bis"], "FP-10"),
        (["FP-99"], "FP-100"),
    ],
)
def test_next_reference(taken: list[str], expected: str) -> None:
    assert next_reference(taken) == expected


@pytest.mark.parametrize(
    ("days", "due", "soon"),
    [(-1, True, False), (0, True, False), (1, False, True), (61, False, False)],
)
def test_review(days: int, due: bool, soon: bool) -> None:
    on = TODAY + timedelta(days=days)
    assert (is_review_due(on, TODAY), is_review_soon(on, TODAY)) == (due, soon)


# --- Life -------------------------------------------------------------------------------------
def test_from_draft_to_replaced(cast: Cast, in_force: Procedure) -> None:
    first = in_force.approved
    assert first is not None
    second = rewrite(in_force, cast, "Répondre en sept jours.")
    assert (second.number, second.written_by) == (2, cast.user("correspondant"))
    services.submit_version(procedure=in_force)
    with pytest.raises(ValidationError, match="n’a pas de brouillon"):
        services.save_text(procedure=in_force, text="Trop tard", revision=second.revision)
    services.send_back_version(procedure=in_force, reason=" Le délai est faux ")
    draft = in_force.versions.get(number=2)
    assert (draft.state, draft.sent_back_reason) == (S.DRAFT, "Le délai est faux")
    approved = approve(in_force, cast.user("prefet"), date(2099, 1, 1))
    first.refresh_from_db()
    assert (first.state, approved.state) == (S.REPLACED, S.APPROVED)
    assert approved.approved_by == cast.user("prefet")
    assert (fresh(in_force).approved, fresh(in_force).review_on) == (approved, date(2099, 1, 1))


def test_a_new_version_starts_from_the_one_in_force_and_stands_alone(
    cast: Cast, in_force: Procedure
) -> None:
    second = services.start_version(procedure=in_force, by=cast.user("agent"))
    assert in_force.approved is not None
    assert second.text == in_force.approved.text
    assert services.start_version(procedure=in_force, by=cast.user("referente")) == second


def test_nothing_to_submit(cast: Cast) -> None:
    empty = make_procedure(cast, cast.prefecture, text="  \n")
    with pytest.raises(ValidationError, match="est vide"):
        services.submit_version(procedure=empty)
    with pytest.raises(ValidationError, match="n’attend d’approbation"):
        services.send_back_version(procedure=empty, reason="Non")


def test_what_was_not_read_is_not_approved(cast: Cast) -> None:
    sheet = make_procedure(cast, cast.prefecture)
    read = services.submit_version(procedure=sheet).revision
    services.send_back_version(procedure=sheet, reason="À revoir")
    services.submit_version(procedure=sheet)
    with pytest.raises(ValidationError, match="a changé depuis"):
        services.approve_version(
            procedure=sheet, revision=read, review_on=None, by=cast.user("prefet")
        )


def test_a_review_is_to_come(cast: Cast) -> None:
    sheet = make_procedure(cast, cast.prefecture)
    with pytest.raises(ValidationError, match="date à venir"):
        approve(sheet, cast.user("prefet"), timezone.localdate())


def test_approved_by_its_writer_is_said(cast: Cast, scene: Scene) -> None:
    sheet = make_procedure(cast, cast.prefecture)
    services.submit_version(procedure=sheet)
    client = cast.client("referente")
    assert "Vous avez ouvert cette version" in text(client.get(url("procedure_approve", sheet.pk)))
    revision = sheet.versions.get().revision
    page = client.post(url("procedure_approve", sheet.pk), {"revision": revision}, follow=True)
    assert "La version 1 est en vigueur." in text(page)
    assert "approuvée par la personne qui l’a ouverte" in text(page)


def test_approval_shows_what_changes(cast: Cast, in_force: Procedure) -> None:
    assert in_force.approved is not None
    rewrite(in_force, cast, in_force.approved.text.replace("dix", "sept"))
    services.submit_version(procedure=in_force)
    page = text(cast.client("prefet").get(url("procedure_approve", in_force.pk)))
    assert "</span>dix </del>" in page
    assert "</span>sept </ins>" in page


# --- Who sees and writes what -----------------------------------------------------------------
@pytest.mark.parametrize("name", ["auditeur", "agent"])
def test_the_text_of_a_draft_never_shows(cast: Cast, in_force: Procedure, name: str) -> None:
    version = rewrite(in_force, cast, SECRET)
    services.save_text(
        procedure=in_force, text=SECRET, revision=version.revision, change_note=f"Note : {SECRET}"
    )
    services.submit_version(procedure=in_force)
    services.send_back_version(procedure=in_force, reason=f"Motif : {SECRET}")
    client = cast.client(name)
    addresses = [
        url("procedure_detail", in_force.pk),
        url("procedure_compare", in_force.pk),
        url("procedure_compare", in_force.pk) + "?de=1&a=2",
        url("procedure_list"),
        url("procedure_list") + "?state=draft",
    ]
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200, address
        assert SECRET not in text(page), address
        assert "Brouillon" not in text(page), address
    assert client.get(url("procedure_detail", in_force.pk) + "?version=2").status_code == 404
    assert client.get(url("procedure_file", in_force.pk, 2)).status_code == 404
    assert client.get(url("procedure_write", in_force.pk)).status_code == 403
    assert "Répondre en dix jours" in text(client.get(addresses[0]))
    assert SECRET in text(
        cast.client("referente").get(url("procedure_detail", in_force.pk) + "?version=2")
    )


def test_auditors_see_only_what_is_in_force(cast: Cast, in_force: Procedure) -> None:
    draft = make_procedure(cast, cast.prefecture, reference="FP-02", title="Pas encore approuvée")
    client = cast.client("auditeur")
    assert client.get(url("procedure_detail", draft.pk)).status_code == 404
    page = text(client.get(url("procedure_list")))
    assert in_force.title in page
    assert draft.title not in page
    assert draft.title in text(cast.client("agent").get(url("procedure_list")))
    in_force.prefecture.label_cycles.get().auditors.all().delete()
    assert client.get(url("procedure_detail", in_force.pk)).status_code == 404


def test_former_versions_stay_readable(cast: Cast, in_force: Procedure) -> None:
    rewrite(in_force, cast, "Répondre en sept jours.")
    approve(in_force, cast.user("prefet"))
    client = cast.client("auditeur")
    page = text(client.get(url("procedure_detail", in_force.pk) + "?version=1"))
    assert "Répondre en dix jours" in page
    assert "Ceci n’est pas la version en vigueur." in page
    assert "sept" in text(client.get(url("procedure_compare", in_force.pk)))


@pytest.mark.parametrize("name", ["referente", "correspondant", "agent", "prefet"])
def test_who_writes(cast: Cast, scene: Scene, name: str) -> None:
    mine = make_procedure(cast, cast.prefecture, service=cast.service)
    other = make_procedure(cast, cast.prefecture, reference="FP-02", service=scene.services[1])
    expected = {"referente": (True, True), "correspondant": (True, False)}
    found = (may_write(mine, cast.scope(name)), may_write(other, cast.scope(name)))
    assert found == expected.get(name, (False, False))


def test_a_correspondent_writes_what_they_answer_for(cast: Cast, scene: Scene) -> None:
    sheet = make_procedure(cast, cast.prefecture, service=scene.services[1])
    client = cast.client("correspondant")
    for name in ("procedure_edit", "procedure_write", "procedure_upload"):
        page = client.get(url(name, sheet.pk), follow=True)
        assert "Cette fiche est celle d’un autre service" in text(page), name
    client.post(url("procedure_text_save", sheet.pk), {"texte-fiche": SECRET})
    assert sheet.versions.get().text != SECRET
    Procedure.objects.filter(pk=sheet.pk).update(owner=cast.user("correspondant"))
    assert client.get(url("procedure_write", sheet.pk)).status_code == 200


# --- By the pages -----------------------------------------------------------------------------
def test_created_by_the_page(cast: Cast, in_force: Procedure) -> None:
    client = cast.client("correspondant")
    page = text(client.get(url("procedure_create")))
    assert 'value="FP-02"' in page
    assert f'<option value="{cast.service.pk}" selected>' in page
    data = {"reference": "FP-02", "title": "Tenir le registre", "service": cast.service.pk}
    page = client.post(
        url("procedure_create"), {**data, "services": [cast.service.pk]}, follow=True
    )
    assert "La fiche FP-02 est créée." in text(page)
    made = Procedure.objects.get(reference="FP-02")
    assert list(made.services.all()) == [cast.service]
    assert made.versions.get().written_by == cast.user("correspondant")
    refused = client.post(url("procedure_create"), data)
    assert "Une fiche porte déjà cette référence." in text(refused)


def test_edited_by_the_page(cast: Cast, in_force: Procedure) -> None:
    data = {"reference": "FP-01", "title": "Autre titre", "services": [], "review_on": "2030-01-01"}
    client = cast.client("referente")
    client.post(url("procedure_edit", in_force.pk), {**data, "revision": in_force.revision})
    assert (fresh(in_force).title, fresh(in_force).services.count()) == ("Autre titre", 0)
    stale = client.post(
        url("procedure_edit", in_force.pk),
        {**data, "title": "Vieux", "revision": in_force.revision},
    )
    assert "a modifié cette page" in text(stale)


def test_undo_of_a_removal(cast: Cast, in_force: Procedure) -> None:
    client = cast.client("referente")
    removed = client.post(url("procedure_remove", in_force.pk))
    assert "est retirée" in text(client.get(removed.url))
    assert client.get(url("procedure_detail", in_force.pk)).status_code == 404
    assert cast.client("auditeur").get(url("procedure_detail", in_force.pk)).status_code == 404
    client.post(url("procedure_restore", in_force.pk))
    assert client.get(url("procedure_detail", in_force.pk)).status_code == 200


def test_a_file_may_stand_for_the_text(cast: Cast, scene: Scene) -> None:
    sheet = make_procedure(cast, cast.prefecture, text="")
    client = cast.client("referente")
    upload = SimpleUploadedFile("note.csv", b"a;b\n1;2\n", "text/csv")
    client.post(url("procedure_upload", sheet.pk), {"upload": upload})
    approve(sheet, cast.user("prefet"))
    page = text(cast.client("auditeur").get(url("procedure_detail", sheet.pk)))
    assert "fp-01-repondre-aux-reclamations-v1.csv" in page
    response = cast.client("auditeur").get(url("procedure_file", sheet.pk, 1))
    assert b"".join(response.streaming_content) == b"a;b\n1;2\n"
    response.close()
    client.post(url("procedure_start", sheet.pk))
    assert sheet.versions.get(number=2).stored is not None
    client.post(url("procedure_detach", sheet.pk))
    assert sheet.versions.get(number=2).stored is None
    assert sheet.versions.get(number=1).stored is not None


def test_a_file_does_not_compare(cast: Cast, scene: Scene) -> None:
    sheet = make_procedure(cast, cast.prefecture)
    approve(sheet, cast.user("prefet"))
    rewrite(fresh(sheet), cast, "")
    page = cast.client("referente").get(url("procedure_compare", sheet.pk))
    assert "elles ne se comparent pas mot à mot" in text(page)


# --- Commitments ------------------------------------------------------------------------------
def test_commitments_are_chosen_among_the_modules_retained(
    cast: Cast, scene: Scene, in_force: Procedure
) -> None:
    client = cast.client("correspondant")
    first, *_, last = scene.commitments
    page = text(client.get(url("procedure_commitments", in_force.pk)))
    assert first.wording in page
    boxes = f"rubrique-{first.heading_id}"
    client.post(url("procedure_commitments", in_force.pk), {boxes: [first.pk]})
    assert list(in_force.commitments.all()) == [first]
    refused = client.post(url("procedure_commitments", in_force.pk), {boxes: [last.pk]})
    assert refused.status_code == 200
    assert list(in_force.commitments.all()) == [first]


def test_sheets_by_commitment_follow_who_reads(
    cast: Cast, scene: Scene, in_force: Procedure
) -> None:
    first = scene.commitments[0]
    draft = make_procedure(cast, cast.prefecture, reference="FP-02")
    for sheet in (in_force, draft):
        services.choose_commitments(procedure=sheet, commitments=[first])
    found = procedures_by_commitment(cast.prefecture, cast.scope("referente"))
    assert found == {first.pk: [in_force, draft]}
    found = procedures_by_commitment(cast.prefecture, cast.scope("auditeur"))
    assert found == {first.pk: [in_force]}
    assert procedures_by_commitment(cast.prefecture, cast.scope("other_referent")) == {}


# --- Reading ----------------------------------------------------------------------------------
def test_read_then_owed_again_with_each_version(cast: Cast, in_force: Procedure) -> None:
    scope = cast.scope("agent")
    assert list(procedures_to_read(scope)) == [in_force]
    services.acknowledge_procedure(procedure=in_force, service=cast.service, number=1, scope=scope)
    assert list(procedures_to_read(scope)) == []
    assert list(procedures_to_read(cast.scope("correspondant"))) == [in_force]
    (line,) = readings_of(in_force, timezone.localdate())
    assert (line.is_owing, line.account_count) == (False, 2)
    rewrite(in_force, cast, "Répondre en sept jours.")
    approve(in_force, cast.user("prefet"))
    assert list(procedures_to_read(scope)) == [in_force]
    (line,) = readings_of(fresh(in_force), timezone.localdate())
    assert line.is_owing


def test_an_attestation_is_of_what_was_before_ones_eyes(cast: Cast, in_force: Procedure) -> None:
    rewrite(in_force, cast, "Répondre en sept jours.")
    approve(in_force, cast.user("prefet"))
    with pytest.raises(ValidationError, match="a changé entre-temps"):
        services.acknowledge_procedure(
            procedure=fresh(in_force), service=cast.service, number=1, scope=cast.scope("agent")
        )


def test_nobody_attests_for_another_service(cast: Cast, scene: Scene, in_force: Procedure) -> None:
    other = scene.services[1]
    in_force.services.add(other)
    with pytest.raises(ValidationError, match="ni concerné ni le vôtre"):
        services.acknowledge_procedure(
            procedure=in_force, service=other, number=1, scope=cast.scope("agent")
        )
    assert services_to_attest(in_force, cast.scope("prefet")) == []
    assert services_to_attest(in_force, cast.scope("auditeur")) == []


def test_attested_by_the_page(cast: Cast, in_force: Procedure) -> None:
    client = cast.client("agent")
    assert "Une fiche est à lire pour vos services." in text(client.get(url("procedure_list")))
    page = text(client.get(url("procedure_detail", in_force.pk)))
    assert "J’atteste avoir lu la version 1" in page
    for _ in range(2):
        answer: Any = client.post(
            url("procedure_acknowledge", in_force.pk),
            {"service": cast.service.pk, "version": 1},
            follow=True,
        )
    assert "J’atteste" not in text(answer)
    reading = ProcedureReading.objects.get()
    assert (reading.user, reading.service) == (cast.user("agent"), cast.service)
    page = text(client.get(url("procedure_list")))
    assert "1 service sur 1" in page
    bad = client.post(url("procedure_acknowledge", in_force.pk), {"service": "x"}, follow=True)
    assert "Choisissez le service" in text(bad)


# --- List -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["FP-01", "FP-02", "FP-03"]),
        ("?state=approved", ["FP-01"]),
        ("?state=draft", ["FP-02"]),
        ("?state=submitted", ["FP-03"]),
        ("?state=review", ["FP-02"]),
        ("?state=read", ["FP-01"]),
        ("?q=fp-03", ["FP-03"]),
        ("?q=registre", ["FP-02"]),
    ],
)
def test_filters(cast: Cast, in_force: Procedure, query: str, expected: list[str]) -> None:
    draft = make_procedure(cast, cast.prefecture, reference="FP-02", title="Tenir le registre")
    Procedure.objects.filter(pk=draft.pk).update(review_on=TODAY)
    services.submit_version(procedure=make_procedure(cast, cast.prefecture, reference="FP-03"))
    page = cast.client("correspondant").get(url("procedure_list") + query)
    assert [line.procedure.reference for line in page.context["lines"]] == expected


def test_filter_by_service(cast: Cast, scene: Scene, in_force: Procedure) -> None:
    other = scene.services[1]
    make_procedure(cast, cast.prefecture, reference="FP-02", services=[other])
    page = cast.client("referente").get(url("procedure_list") + f"?service={other.pk}")
    assert [line.procedure.reference for line in page.context["lines"]] == ["FP-02"]
