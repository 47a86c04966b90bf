"""The pages of imports and exports: looked at, applied, done by a worker, undone; filters of the export."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse

from action_plans.enums import ImportState
from action_plans.models import Action, ActionImport
from action_plans.services import imports as services
from action_plans.services.actions import open_action, update_action
from common.spreadsheets import read_lines
from tests.action_plans.tables import Table, export, make_plan
from tests.cast import Cast


CREATE = reverse("action_plans:import_create")


def hand_in(cast: Cast, data: bytes, name: str = "plan.ods") -> ActionImport:
    response = cast.client("referente").post(CREATE, {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.content.decode()
    return ActionImport.objects.get(state__in=(ImportState.READY, ImportState.READING))


def post(cast: Cast, imported: ActionImport, act: str, **data: str) -> None:
    url = reverse(f"action_plans:import_{act}", args=[imported.pk])
    response = cast.client("referente").post(url, data)
    assert response.url == reverse("action_plans:import_detail", args=[imported.pk])
    imported.refresh_from_db()


def page(cast: Cast, imported: ActionImport) -> str:
    url = reverse("action_plans:import_detail", args=[imported.pk])
    content = cast.client("referente").get(url).content.decode()
    return content.replace("\u00a0", " ")


def test_looked_at_then_applied_then_undone(cast: Cast) -> None:
    make_plan(cast)
    table = Table(export(cast.prefecture)).set("due_on", 3, date(2022, 9, 1)).add(title="Nouvelle")
    imported = hand_in(cast, table.data())
    before = page(cast, imported)
    assert "Rien n’est encore modifié." in before
    assert "01/09/2022" in before
    assert Action.objects.count() == 3
    post(cast, imported, "apply", fingerprint="celui d’une autre page")
    assert imported.state == ImportState.READY
    mark = services.fingerprint_of(imported.outcome)
    post(cast, imported, "apply", fingerprint=mark)
    assert (imported.state, imported.applied_by) == (ImportState.APPLIED, cast.user("referente"))
    assert imported.content is None
    assert Action.objects.get(number=2).due_on == date(2022, 9, 1)
    post(cast, imported, "apply", fingerprint=mark)  # a second click
    post(cast, imported, "cancel")
    assert imported.state == ImportState.APPLIED
    assert Action.objects.count() == 4
    assert "Annuler cet import" in page(cast, imported)
    post(cast, imported, "undo")
    assert imported.state == ImportState.UNDONE
    assert Action.objects.get(number=2).due_on is None
    assert Action.objects.get(number=4).removed_at is not None


def test_a_plan_changed_since_is_looked_at_again(cast: Cast) -> None:
    _, bare, _ = make_plan(cast)
    imported = hand_in(cast, Table(export(cast.prefecture)).set("title", 3, "Autre").data())
    update_action(action=bare, values={"title": "Encore un autre"})
    post(cast, imported, "apply", fingerprint=services.fingerprint_of(imported.outcome))
    assert imported.state == ImportState.READY
    text = page(cast, imported)
    assert "Le plan a changé depuis que cet aperçu a été affiché : rien n’est importé." in text
    assert "Une cellule à corriger : rien n’est importé" in text
    bare.refresh_from_db()
    assert bare.title == "Encore un autre"


def test_a_refused_table_and_a_file_that_does_not_read(cast: Cast) -> None:
    make_plan(cast)
    imported = hand_in(cast, Table(export(cast.prefecture)).set("due_on", 2, "avrl-21").data())
    assert "Feuille « Actions », cellule N2 : « avrl-21 » n’est pas une date." in page(
        cast, imported
    )
    post(cast, imported, "apply", fingerprint=services.fingerprint_of(imported.outcome))
    assert imported.state == ImportState.READY
    response = cast.client("referente").post(
        CREATE, {"file": SimpleUploadedFile("notes.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")}
    )
    assert "est un document PDF, pas un tableau" in response.content.decode().replace("\u00a0", " ")


def test_a_large_table_goes_to_the_worker(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make_plan(cast)
    sent: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(services, "SMALL_FILE", 10)
    monkeypatch.setattr(
        services.current_app, "send_task", lambda name, args, retry: sent.append((name, args))
    )
    data = Table(export(cast.prefecture)).set("title", 3, "Autre titre").data()
    with TestCase.captureOnCommitCallbacks(execute=True):
        imported = services.receive_file(
            prefecture=cast.prefecture, file_name="x.ods", data=data, by=cast.user("referente")
        )
    assert sent == [("action_plans.read_import", [imported.pk])]
    assert "Étape 1 sur 2" in page(cast, imported)
    progress = reverse("action_plans:import_progress", args=[imported.pk])
    assert "HX-Redirect" not in cast.client("referente").get(progress)
    services.read_import(imported.pk)
    services.read_import(imported.pk)  # a message delivered twice
    imported.refresh_from_db()
    detail = reverse("action_plans:import_detail", args=[imported.pk])
    assert cast.client("referente").get(progress)["HX-Redirect"] == detail
    with TestCase.captureOnCommitCallbacks(execute=True):
        services.ask_to_apply(
            imported=imported, fingerprint=services.fingerprint_of(imported.outcome)
        )
    assert sent[1] == ("action_plans.apply_import", [imported.pk])
    assert Action.objects.filter(title="Autre titre").count() == 0
    services.apply_import(imported.pk)
    services.apply_import(imported.pk)
    assert Action.objects.get(title="Autre titre").revision == 2


def test_the_export_keeps_the_filters(cast: Cast) -> None:
    make_plan(cast)
    open_action(prefecture=cast.other_prefecture, values={"title": "Ailleurs"})
    url = reverse("action_plans:action_export", args=["csv"])
    response = cast.client("agent").get(url + "?q=signalétique")
    assert [line[1] for line in read_lines(response.content)[1:]] == ["Refaire la signalétique"]
    assert "attachment" in response["Content-Disposition"]
    assert len(read_lines(cast.client("agent").get(url).content)) == 4
    assert "exemple.fr" not in cast.client("auditeur").get(url).content.decode()
    assert (
        cast.client("agent").get(reverse("action_plans:action_export", args=["doc"])).status_code
        == 404
    )
