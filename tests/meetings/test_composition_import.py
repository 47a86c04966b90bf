"""Importing a composition: what would change is shown, then applied in one go, once."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common.spreadsheets import MIME_TYPES
from meetings.composition_files import write_composition
from meetings.enums import BodyCategory, ImportRowState, ImportState
from meetings.errors import ConflictError, RefusedError
from meetings.models import Body, Committee, CompositionImport, Member
from meetings.rules.composition_plan import Plan
from meetings.selectors.composition import composition_rows
from meetings.services.committees import add_member, remove_body
from meetings.services.imports import apply_import, cancel_import, plan_of, store_import
from tests.cast import Cast
from tests.meetings.compositions import make_committee, make_composition


pytestmark = pytest.mark.django_db
S = ImportRowState


@pytest.fixture
def committee(cast: Cast) -> Committee:
    return make_composition(cast.prefecture)


def stored(cast: Cast, committee: Committee, *lines: str) -> CompositionImport:
    return store_import(
        committee=committee,
        file_name="composition.csv",
        data="\n".join(lines).encode(),
        by=cast.user("referente"),
    )[0]


def apply(imported: CompositionImport) -> Plan | None:
    return apply_import(imported=imported, fingerprint=plan_of(imported).fingerprint)


def snapshot(committee: Committee) -> list[dict[str, Any]]:
    return composition_rows(committee)


def states(plan: Plan) -> list[str]:
    return [str(row.state) for row in plan.rows]


# --- What would change ------------------------------------------------------------------------


def test_each_line_says_what_it_does(cast: Cast, committee: Committee) -> None:
    before = snapshot(committee)
    imported = stored(
        cast,
        committee,
        "organisme;sièges;civilité;prénom;nom;fonction;courriel",
        "PRÉFECTURE;3;M.;François;PESNEAU;préfet de Loir-et-Cher;",
        "Préfecture;;Mme;Pascale;Silbermann;;",
        "Chambre de commerce et d'industrie du 41;;Mme;Claudine;Martins de Sousa;trésorière;",
        "EMMAÜS 41;;;;;;",
        "UFC Que Choisir 41;;M.;Jean;Valjean;;j@exemple.fr",
    )
    plan = plan_of(imported)
    assert states(plan) == [S.CHANGED, S.SAME, S.CHANGED, S.SAME, S.ADDED]
    assert [(c.title, c.old, c.new) for c in plan.rows[0].changes] == [
        ("organisme", "Préfecture", "PRÉFECTURE"),
        ("sièges", "2", "3"),
        ("nom", "Pesneau", "PESNEAU"),
        ("fonction", "préfet", "préfet de Loir-et-Cher"),
    ]
    assert [(c.title, c.old, c.new) for c in plan.rows[2].changes] == [
        ("civilité", "", "Mme"),
        ("prénom", "", "Claudine"),
        ("nom", "", "Martins de Sousa"),
    ]
    assert plan.rows[4].added == [("courriel", "j@exemple.fr")]
    assert plan.faults == []
    assert plan.untouched == []
    assert snapshot(committee) == before


def test_members_who_are_not_in_the_file_stay(cast: Cast, committee: Committee) -> None:
    imported = stored(cast, committee, "organisme;nom;prénom", "Préfecture;Pesneau;François")
    plan = plan_of(imported)
    assert sorted(member.label for member in plan.untouched) == [
        "Mme Pascale SILBERMANN, sous-préfète, référente qualité",
        "trésorière",
    ]
    assert not plan.changes_something


def test_a_blank_cell_changes_nothing(cast: Cast, committee: Committee) -> None:
    before = snapshot(committee)
    apply(
        stored(
            cast,
            committee,
            "organisme;prénom;nom;courriel;téléphone;début;fin",
            "Préfecture;Pascale;Silbermann;;;;",
        )
    )
    assert snapshot(committee) == before


def test_a_later_mandate_is_another_line(cast: Cast, committee: Committee) -> None:
    plan = apply(
        stored(
            cast,
            committee,
            "organisme;prénom;nom;début;fin",
            "Préfecture;Pascale;Silbermann;01/04/2027;31/03/2030",
        )
    )
    assert plan is not None
    assert states(plan) == [S.ADDED]
    found = Member.objects.filter(last_name="Silbermann").order_by("starts_on")
    assert [member.starts_on for member in found] == [date(2021, 4, 1), date(2027, 4, 1)]


def test_mandates_that_would_overlap_are_refused(cast: Cast, committee: Committee) -> None:
    before = snapshot(committee)
    imported = stored(
        cast,
        committee,
        "organisme;prénom;nom;début;fin",
        "Préfecture;Pascale;Silbermann;01/04/2021;31/03/2028",
        "Préfecture;Pascale;Silbermann;01/01/2029;",
        "Préfecture;François;Pesneau;;01/01/2020",
        "Préfecture;François;Pesneau;01/01/2021;",
    )
    plan = plan_of(imported)
    # The one known mandate of M. Pesneau has no start: it takes the line that matches it best.
    assert states(plan) == [S.CHANGED, S.ADDED, S.CHANGED, S.ADDED]
    imported = stored(
        cast,
        committee,
        "organisme;prénom;nom;début;fin",
        "Préfecture;Pascale;Silbermann;01/05/2026;31/03/2028",
        "Préfecture;Pascale;Silbermann;01/04/2021;",
    )
    plan = plan_of(imported)
    assert [fault.line for fault in plan.faults] == [3]
    add_member(
        body=Body.objects.get(name="Préfecture"),
        values={"first_name": "Pascale", "last_name": "Silbermann", "starts_on": date(2028, 1, 1)},
    )
    before = snapshot(committee)
    imported = stored(
        cast,
        committee,
        "organisme;prénom;nom;début;fin",
        "Préfecture;Pascale;Silbermann;01/04/2021;31/03/2029",
    )
    (fault,) = plan_of(imported).faults
    assert fault.column == "nom"
    assert "Pascale SILBERMANN figure déjà dans" in fault.message
    with pytest.raises(RefusedError):
        apply(imported)
    assert snapshot(committee) == before


def test_an_end_before_the_known_start_is_refused(cast: Cast, committee: Committee) -> None:
    Member.objects.filter(function="trésorière").update(starts_on=date(2021, 4, 1))
    imported = stored(
        cast,
        committee,
        "organisme;nom;fonction;fin",
        "Chambre de commerce et d’industrie du 41;Martins;trésorière;01/01/2021",
    )
    (fault,) = plan_of(imported).faults
    assert (fault.line, fault.column) == (2, "fin")
    assert fault.message == "la fin du mandat précède son début, le 01/04/2021."


# --- Applying ---------------------------------------------------------------------------------


def test_applying_adds_and_changes(cast: Cast, committee: Committee) -> None:
    plan = apply(
        stored(
            cast,
            committee,
            "organisme;catégorie;sièges;ordre;civilité;prénom;nom;fonction;rang;courriel;téléphone;début;fin",
            "Préfecture;;4;;M.;François;Pesneau;préfet de Loir-et-Cher;1;nouveau@exemple.fr;;;",
            "Députés;Parlementaires;3;9;M.;Marc;Fesneau;député;20;m@exemple.fr;02 54;01/07/2022;30/06/2027",
            "Députés;;;;M.;Roger;Chudeau;député;21;;;;",
            "ADAPEI 41;;;;;;;;;;;;",
        )
    )
    assert plan is not None
    assert states(plan) == [S.CHANGED, S.ADDED, S.ADDED, S.ADDED]
    prefet = Member.objects.get(last_name="Pesneau")
    assert (prefet.function, prefet.email) == ("préfet de Loir-et-Cher", "nouveau@exemple.fr")
    assert prefet.history.count() == 2
    state = Body.objects.get(name="Préfecture")
    assert (state.seats, state.category) == (4, BodyCategory.STATE)
    deputies = Body.objects.get(name="Députés")
    assert (deputies.category, deputies.seats, deputies.protocol_order) == ("parliament", 3, 9)
    assert deputies.names_absentees
    assert [m.last_name for m in deputies.members.order_by("protocol_order")] == [
        "Fesneau",
        "Chudeau",
    ]
    fesneau = deputies.members.get(last_name="Fesneau")
    assert (fesneau.starts_on, fesneau.ends_on) == (date(2022, 7, 1), date(2027, 6, 30))
    adapei = Body.objects.get(name="ADAPEI 41")
    assert (adapei.category, adapei.seats, adapei.protocol_order) == (BodyCategory.OTHER, 1, 10)


def test_applying_twice_changes_once(cast: Cast, committee: Committee) -> None:
    imported = stored(cast, committee, "organisme;nom", "EMMAÜS 41;Valjean")
    fingerprint = plan_of(imported).fingerprint
    assert apply_import(imported=imported, fingerprint=fingerprint) is not None
    after = snapshot(committee)
    assert apply_import(imported=imported, fingerprint=fingerprint) is None
    assert snapshot(committee) == after
    imported.refresh_from_db()
    # Names and addresses are not kept twice.
    assert (imported.state, imported.rows) == (ImportState.APPLIED, [])
    with pytest.raises(RefusedError):
        cancel_import(imported=imported)


def test_nothing_is_applied_while_a_line_is_refused(cast: Cast, committee: Committee) -> None:
    before = snapshot(committee)
    imported = stored(
        cast, committee, "organisme;nom;début", "EMMAÜS 41;Valjean;", "EMMAÜS 41;Javert;avrl-21"
    )
    assert states(plan_of(imported)) == [S.ADDED, S.REFUSED]
    with pytest.raises(RefusedError):
        apply(imported)
    assert snapshot(committee) == before
    imported.refresh_from_db()
    assert imported.state == ImportState.PENDING


def test_what_was_not_seen_is_not_applied(cast: Cast, committee: Committee) -> None:
    imported = stored(cast, committee, "organisme;nom", "EMMAÜS 41;Valjean")
    seen = plan_of(imported).fingerprint
    remove_body(body=Body.objects.get(name="EMMAÜS 41"))
    before = snapshot(committee)
    with pytest.raises(ConflictError):
        apply_import(imported=imported, fingerprint=seen)
    assert snapshot(committee) == before


def test_an_import_given_up_is_not_applied(cast: Cast, committee: Committee) -> None:
    imported = stored(cast, committee, "organisme;nom", "EMMAÜS 41;Valjean")
    fingerprint = plan_of(imported).fingerprint
    assert cancel_import(imported=imported).rows == []
    with pytest.raises(RefusedError):
        apply_import(imported=imported, fingerprint=fingerprint)
    assert not Member.objects.filter(last_name="Valjean").exists()


def test_a_corrected_file_takes_the_place_of_the_first(cast: Cast, committee: Committee) -> None:
    first = stored(cast, committee, "organisme;nom", "EMMAÜS 41;Valjan")
    second = stored(cast, committee, "organisme;nom", "EMMAÜS 41;Valjean")
    first.refresh_from_db()
    assert (first.state, first.rows) == (ImportState.CANCELLED, [])
    assert apply(second) is not None


def test_one_failure_undoes_the_rest(
    cast: Cast, committee: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(committee)
    imported = stored(cast, committee, "organisme;nom", "Neuf;Un", "Neuf;Deux")
    save = Member.save

    def failing(self: Member, *args: Any, **kwargs: Any) -> None:
        if self.last_name == "Deux":
            raise RuntimeError
        save(self, *args, **kwargs)

    monkeypatch.setattr(Member, "save", failing)
    with pytest.raises(RuntimeError):
        apply(imported)
    assert snapshot(committee) == before


@pytest.mark.parametrize("fmt", MIME_TYPES)
def test_an_export_changes_nothing_and_fills_another_committee(
    cast: Cast, committee: Committee, fmt: str
) -> None:
    content = write_composition("Composition", composition_rows(committee), fmt)
    file = {"file_name": f"x.{fmt}", "data": content, "by": cast.user("referente")}
    same, _ = store_import(committee=committee, **file)
    assert set(states(plan_of(same))) == {S.SAME}
    twin = make_committee(cast.prefecture, "jumeau")
    imported, ignored = store_import(committee=twin, **file)
    apply(imported)
    assert ignored == []
    assert snapshot(twin) == snapshot(committee)


# --- Pages ------------------------------------------------------------------------------------


def text(response: Any) -> str:
    """Return the page with plain spaces."""
    return str(response.content.decode()).replace("\u00a0", " ")


def send(cast: Cast, committee: Committee, content: bytes, name: str = "composition.csv") -> Any:
    url = reverse("meetings:import_create", args=[committee.slug])
    return cast.client("referente").post(
        url, {"file": SimpleUploadedFile(name, content)}, follow=True
    )


def test_a_journey(cast: Cast, committee: Committee) -> None:
    response = send(cast, committee, "organisme;nom;couleur\nEMMAÜS 41;Valjean;bleu\n".encode())
    page = text(response)
    assert "Importer ces changements" in page
    assert "Colonnes laissées de côté : « couleur »." in page
    assert not Member.objects.filter(last_name="Valjean").exists()
    imported = CompositionImport.objects.get()
    client = cast.client("referente")
    url = reverse("meetings:import_apply", args=[committee.slug, imported.pk])
    data = {"fingerprint": response.context["plan"].fingerprint}
    first = client.post(url, data, follow=True)
    assert "« composition.csv » est importé : 1 ligne ajoutée." in text(first)
    second = client.post(url, data, follow=True)
    assert "est déjà importé : rien n’a changé." in text(second)
    assert Member.objects.filter(last_name="Valjean").count() == 1
    assert Member.objects.get(last_name="Valjean").history.get().history_user == cast.user(
        "referente"
    )
    preview = client.get(reverse("meetings:import_preview", args=[committee.slug, imported.pk]))
    assert "Cet import est appliqué" in text(preview)


def test_the_preview_lists_faults_and_offers_no_button(cast: Cast, committee: Committee) -> None:
    page = text(send(cast, committee, "organisme;nom;début\nCCI;X;avrl-21\n".encode()))
    assert "Une cellule à corriger : rien n’est importé" in page
    assert (
        "Ligne 2, colonne « début » : « avrl-21 » n’est pas une date. Écrivez 01/04/2021." in page
    )
    assert "Importer ces changements" not in page


def test_a_stale_preview_is_shown_again(cast: Cast, committee: Committee) -> None:
    imported = stored(cast, committee, "organisme;nom", "EMMAÜS 41;Valjean")
    url = reverse("meetings:import_apply", args=[committee.slug, imported.pk])
    response = cast.client("referente").post(url, {"fingerprint": "autre"}, follow=True)
    assert "Relisez l’aperçu ci-dessous" in text(response)
    assert not Member.objects.filter(last_name="Valjean").exists()


def test_giving_up(cast: Cast, committee: Committee) -> None:
    imported = stored(cast, committee, "organisme;nom", "EMMAÜS 41;Valjean")
    url = reverse("meetings:import_cancel", args=[committee.slug, imported.pk])
    response = cast.client("referente").post(url, follow=True)
    assert "L’import est abandonné : la composition n’a pas changé." in text(response)
    imported.refresh_from_db()
    assert imported.state == ImportState.CANCELLED


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "vide.csv", "Ce fichier est vide"),
        (b"%PDF-1.7 x", "composition.ods", "Ce fichier est un document PDF, pas un tableau."),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "composition.csv", "Ce fichier est une image"),
        (b"PK\x03\x04" + b"x" * 90, "composition.xlsx", "endommagé"),
        (b"nom\nX\n", "composition.csv", "La colonne"),
    ],
)
def test_a_file_that_is_not_what_it_says(
    cast: Cast, committee: Committee, content: bytes, name: str, words: str
) -> None:
    page = text(send(cast, committee, content, name))
    assert words in page
    assert not CompositionImport.objects.exists()


def test_a_long_file_name_is_shortened(cast: Cast, committee: Committee) -> None:
    send(cast, committee, b"organisme\nX\n", "n" * 240 + ".csv")
    assert CompositionImport.objects.get().file_name == "n" * 196 + ".csv"


def test_a_file_too_heavy(cast: Cast, committee: Committee, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    page = text(send(cast, committee, b"organisme\n" + b"x" * 1024 * 1024))
    assert "Ce fichier pèse plus de 1 Mo." in page
    assert not CompositionImport.objects.exists()


def test_an_import_belongs_to_its_committee(cast: Cast, committee: Committee) -> None:
    imported = stored(cast, committee, "organisme;nom", "EMMAÜS 41;Valjean")
    other = make_committee(cast.prefecture, "autre")
    client = cast.client("referente")
    for name in ("import_preview", "import_apply", "import_cancel"):
        url = reverse(f"meetings:{name}", args=[other.slug, imported.pk])
        send_it = client.get if name == "import_preview" else client.post
        assert send_it(url).status_code == 404
    imported.refresh_from_db()
    assert imported.state == ImportState.PENDING


@pytest.mark.parametrize(
    ("name", "fmt", "file_name"),
    [
        ("import_template", "ods", "modele-composition.ods"),
        ("import_template", "csv", "modele-composition.csv"),
        ("composition_export", "ods", "composition-clu-essai.ods"),
        ("composition_export", "xlsx", "composition-clu-essai.xlsx"),
        ("composition_export", "csv", "composition-clu-essai.csv"),
    ],
)
def test_downloads(cast: Cast, committee: Committee, name: str, fmt: str, file_name: str) -> None:
    url = reverse(f"meetings:{name}", args=[committee.slug, fmt])
    response = cast.client("referente").get(url)
    assert response["Content-Disposition"] == f'attachment; filename="{file_name}"'
    assert response["Content-Type"] == MIME_TYPES[fmt]
    assert len(response.content) > 100


def test_unknown_formats_are_not_found(cast: Cast, committee: Committee) -> None:
    client = cast.client("referente")
    for name, fmt in (("import_template", "xlsx"), ("composition_export", "pdf")):
        url = reverse(f"meetings:{name}", args=[committee.slug, fmt])
        assert client.get(url).status_code == 404


def test_an_agent_exports_but_does_not_import(cast: Cast, committee: Committee) -> None:
    client = cast.client("agent")
    assert (
        client.get(reverse("meetings:composition_export", args=[committee.slug, "csv"])).status_code
        == 200
    )
    assert client.get(reverse("meetings:import_create", args=[committee.slug])).status_code == 403
