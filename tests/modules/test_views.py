"""Pages of the démarche: who opens them, what they say, what they refuse."""

from datetime import date

import pytest
from django.urls import reverse

from modules import services
from modules.models import LabelCycle, PlannedAudit
from tests.cast import Cast
from tests.modules.examples import (
    choose,
    make_cycle,
    make_referential,
    plan_certification,
    validate,
)


@pytest.fixture
def cycle(cast: Cast) -> LabelCycle:
    return make_cycle(cast.prefecture)


def url(name: str, *args: object) -> str:
    return reverse(f"modules:{name}", args=args)


def text_of(response: object) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


# --- Reading ----------------------------------------------------------------------------------
def test_anonymous_is_sent_to_sign_in(cast: Cast, cycle: LabelCycle) -> None:
    page = url("cycle_detail", cycle.pk)
    response = cast.client("anonymous").get(page)
    assert response.status_code == 302
    assert response.url == f"{reverse('accounts:login')}?next={page}"


def test_list_holds_own_demarches_only(cast: Cast, cycle: LabelCycle) -> None:
    make_cycle(cast.other_prefecture, "Démarche de Tours")
    page = text_of(cast.client("agent").get(url("cycle_list")))
    assert "Qual-e-Pref 2022" in page
    assert "Démarche de Tours" not in page
    assert "Ouvrir une démarche" not in page
    ministry = text_of(cast.client("national").get(url("cycle_list")))
    assert "Qual-e-Pref 2022" in ministry
    assert "Démarche de Tours" in ministry


def test_other_prefecture_meets_nothing(cast: Cast, cycle: LabelCycle) -> None:
    audit = plan_certification(cycle)
    client = cast.client("other_referent")
    for name, args in [
        ("cycle_detail", (cycle.pk,)),
        ("cycle_edit", (cycle.pk,)),
        ("module_choose", (cycle.pk,)),
        ("audit_edit", (cycle.pk, audit.pk)),
    ]:
        assert client.get(url(name, *args)).status_code == 404, name


def test_audit_of_another_demarche_is_not_found(cast: Cast, cycle: LabelCycle) -> None:
    foreign = plan_certification(make_cycle(cast.other_prefecture))
    client = cast.client("referente")
    assert client.get(url("audit_edit", cycle.pk, foreign.pk)).status_code == 404
    assert client.post(url("audit_delete", cycle.pk, foreign.pk)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.removed_at is None


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("", ["A choisir", "A valider", "Validée"]),
        ("choose", ["A choisir"]),
        ("validate", ["A valider"]),
        ("validated", ["Validée"]),
        ("nonsense", ["A choisir", "A valider", "Validée"]),
    ],
)
def test_ministry_filters(cast: Cast, step: str, expected: list[str]) -> None:
    make_cycle(cast.prefecture, "A choisir")
    choose(make_cycle(cast.prefecture, "A valider"), cast.user("prefet"), 4)
    done = make_cycle(cast.other_prefecture, "Validée")
    validate(choose(done, cast.user("prefet"), 4), cast.user("national"))
    response = cast.client("national").get(url("cycle_list"), {"step": step})
    assert sorted(row.cycle.name for row in response.context["rows"]) == expected


def test_ministry_searches_by_prefecture(cast: Cast, cycle: LabelCycle) -> None:
    make_cycle(cast.other_prefecture, "Démarche de Tours")
    client = cast.client("national")
    for query in ("indre", "37", "tours démarche"):
        rows = client.get(url("cycle_list"), {"q": query}).context["rows"]
        assert [row.cycle.name for row in rows] == ["Démarche de Tours"], query
    assert "ne répond à ces filtres" in text_of(client.get(url("cycle_list"), {"q": "zzz"}))


def test_page_tells_who_decided_what(cast: Cast, cycle: LabelCycle) -> None:
    choose(cycle, cast.user("prefet"), 4, 8)
    validate(cycle, cast.user("national"))
    plan_certification(cycle)
    page = text_of(cast.client("agent").get(url("cycle_detail", cycle.pk)))
    assert "17 janvier 2022" in page
    assert "M. François DURAND, préfet de Loir-et-Cher" in page
    assert "14 février 2022" in page
    assert "Enregistré par Mme Claire SIMON" in page
    assert "SOCOTEC" in page
    assert "décide de la labellisation" in page
    assert "À confirmer" in page
    assert "Retirer" not in page


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("referente", "Préparer les modules", "Programmer un audit"),
        ("prefet", "Enregistrer le choix du préfet", None),
        ("national", None, None),
        ("agent", None, None),
    ],
)
def test_primary_button_is_the_next_step(
    cast: Cast, cycle: LabelCycle, name: str, before: str | None, after: str | None
) -> None:
    def primary() -> str | None:
        page = text_of(cast.client(name).get(url("cycle_detail", cycle.pk)))
        head = page[page.index("qp-head__actions") : page.index("qp-stepper")]
        start = head.find('class="fr-btn"')
        return head[head.index(">", start) + 1 : head.index("</a>", start)] if start > 0 else None

    assert primary() == before
    validate(choose(cycle, cast.user("prefet"), 4), cast.user("national"))
    assert primary() == after


def test_referential_shows_what_is_not_sure(cast: Cast) -> None:
    referential = make_referential()
    page = text_of(cast.client("agent").get(url("referential_detail", referential.slug)))
    assert "6 modules sur 8 et 29 engagements sur 40" in page
    assert "ne le citez pas comme tel." in page
    assert page.count(">À confirmer</p>") == 8 + 29
    assert "Déduit du module 2 de QUALIPREF 2.0" in page


# --- Opening and editing ----------------------------------------------------------------------
def test_open_a_demarche(cast: Cast) -> None:
    referential = make_referential()
    response = cast.client("referente").post(
        url("cycle_create"),
        {
            "referential": referential.pk,
            "name": "Qual-e-Pref 2026",
            "started_on": "2026-01-05",
            "context": "Pour mieux répondre.",
        },
    )
    cycle = LabelCycle.objects.get()
    assert response.url == url("cycle_detail", cycle.pk)
    assert cycle.prefecture == cast.prefecture
    assert [module.number for module in cycle.modules.all()] == [1]


def test_open_keeps_what_was_typed(cast: Cast) -> None:
    make_referential()
    response = cast.client("referente").post(
        url("cycle_create"),
        {"name": "N" * 300, "started_on": "2026-02-30", "context": "<script>alert(1)</script>"},
    )
    page = text_of(response)
    assert response.status_code == 200
    assert LabelCycle.objects.count() == 0
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "2026-02-30" in page
    assert {"referential", "name", "started_on"} == set(response.context["form"].errors)


def test_second_writer_is_told_and_chooses(cast: Cast, cycle: LabelCycle) -> None:
    client = cast.client("referente")
    page = url("cycle_edit", cycle.pk)
    shown = client.get(page).context["form"].instance.revision
    services.update_cycle(
        cycle=LabelCycle.objects.get(),
        name="Nom du collègue",
        started_on=cycle.started_on,
        context="",
    )
    typed = {
        "name": "Mon nom",
        "started_on": "2021-09-01",
        "revision": shown,
    }
    response = client.post(page, typed)
    assert "« Nom du collègue »" in text_of(response)
    assert LabelCycle.objects.get().name == "Nom du collègue"
    again = {**typed, "revision": response.context["form"]["revision"].value()}
    assert client.post(page, again).status_code == 302
    assert LabelCycle.objects.get().name == "Mon nom"


# --- Perimeter --------------------------------------------------------------------------------
def signed(cycle: LabelCycle, *numbers: int) -> dict[str, object]:
    modules = cycle.referential.modules.filter(number__in=numbers)
    return {
        "modules": [module.pk for module in modules],
        "chosen_on": "2022-01-17",
        "chosen_by_name": "M. François DURAND",
        "chosen_by_function": "préfet de Loir-et-Cher",
        "revision": LabelCycle.objects.get(pk=cycle.pk).revision,
    }


def test_prefect_chooses(cast: Cast, cycle: LabelCycle) -> None:
    client = cast.client("prefet")
    form = client.get(url("module_choose", cycle.pk)).context["form"]
    assert form.initial["chosen_by_name"] == "M. François DURAND"
    response = client.post(url("module_choose", cycle.pk), signed(cycle, 4), follow=True)
    assert "Le choix du préfet est enregistré." in text_of(response)
    cycle.refresh_from_db()
    assert cycle.chosen_on == date(2022, 1, 17)
    assert cycle.choice_recorded_by == cast.user("prefet")


def test_referent_prepares_but_does_not_sign(cast: Cast, cycle: LabelCycle) -> None:
    client = cast.client("referente")
    assert "chosen_on" not in client.get(url("module_choose", cycle.pk)).context["form"].fields
    response = client.post(url("module_choose", cycle.pk), signed(cycle, 4), follow=True)
    assert "le préfet peut maintenant choisir" in text_of(response)
    cycle.refresh_from_db()
    assert sorted(module.number for module in cycle.modules.all()) == [1, 4]
    assert cycle.chosen_on is None


def test_changing_modules_says_that_validation_falls(cast: Cast, cycle: LabelCycle) -> None:
    choose(cycle, cast.user("prefet"), 4)
    validate(cycle, cast.user("national"))
    client = cast.client("prefet")
    page = text_of(client.get(url("module_choose", cycle.pk)))
    assert "il faudra en demander une nouvelle" in page
    told = text_of(client.post(url("module_choose", cycle.pk), signed(cycle, 5), follow=True))
    assert "la validation du ministère ne vaut plus" in told
    cycle.refresh_from_db()
    assert cycle.validated_on is None


def test_module_of_another_referential_is_refused(cast: Cast, cycle: LabelCycle) -> None:
    stranger = make_referential("qualipref-2.0.yaml").modules.get(number=4)
    data = {**signed(cycle), "modules": [stranger.pk]}
    response = cast.client("prefet").post(url("module_choose", cycle.pk), data)
    assert "n’est pas dans la liste" in text_of(response)
    assert LabelCycle.objects.get().chosen_on is None


@pytest.mark.parametrize("name", ["agent", "auditeur", "national"])
def test_choosing_is_for_the_prefecture(cast: Cast, cycle: LabelCycle, name: str) -> None:
    page = url("module_choose", cycle.pk)
    assert cast.client(name).post(page, signed(cycle, 4)).status_code == 403
    assert LabelCycle.objects.get().chosen_on is None


def test_ministry_validates_after_the_choice(cast: Cast, cycle: LabelCycle) -> None:
    client = cast.client("national")
    page = url("perimeter_validate", cycle.pk)
    data = {"validated_on": "2022-02-14", "validated_by": "DMATES"}
    refused = client.post(page, data, follow=True)
    assert "Le préfet n’a pas encore choisi les modules" in text_of(refused)
    assert LabelCycle.objects.get().validated_on is None
    choose(cycle, cast.user("prefet"), 4)
    told = client.post(page, {**data, "revision": cycle.revision}, follow=True)
    assert "Le périmètre est validé." in text_of(told)
    cycle.refresh_from_db()
    assert (cycle.validated_by, cycle.validation_recorded_by) == ("DMATES", cast.user("national"))


@pytest.mark.parametrize("name", ["referente", "prefet", "agent"])
def test_validating_is_for_the_ministry(cast: Cast, cycle: LabelCycle, name: str) -> None:
    choose(cycle, cast.user("prefet"), 4)
    assert cast.client(name).post(url("perimeter_validate", cycle.pk)).status_code == 403


def test_validation_before_the_choice_is_beside_its_field(cast: Cast, cycle: LabelCycle) -> None:
    choose(cycle, cast.user("prefet"), 4)
    response = cast.client("national").post(
        url("perimeter_validate", cycle.pk),
        {"validated_on": "2022-01-01", "validated_by": "DMATES", "revision": cycle.revision},
    )
    (message,) = response.context["form"].errors["validated_on"]
    assert "sa date ne peut pas le précéder" in message
    assert LabelCycle.objects.get().validated_on is None


# --- Audits -----------------------------------------------------------------------------------
def test_plan_edit_remove_and_put_back(cast: Cast, cycle: LabelCycle) -> None:
    client = cast.client("referente")
    data = {"kind": "certification", "on": "2022-07-28", "body": "SOCOTEC", "note": ""}
    assert client.post(url("audit_create", cycle.pk), data).status_code == 302
    audit = PlannedAudit.objects.get()
    edited = {**data, "on": "2022-07-29", "revision": audit.revision}
    assert client.post(url("audit_edit", cycle.pk, audit.pk), edited).status_code == 302
    page = client.post(url("audit_delete", cycle.pk, audit.pk), follow=True)
    assert "Audit de labellisation du 29/07/2022 : retiré de la démarche." in text_of(page)
    assert page.context["page"].audits == []
    back = client.post(url("audit_restore", cycle.pk, audit.pk), follow=True)
    assert [item.on for item in back.context["page"].audits] == [date(2022, 7, 29)]


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({"kind": "certification", "on": "2022-07-28"}, "body", "Indiquez l’organisme"),
        ({"kind": "internal", "on": "2021-01-01"}, "on", "L’audit précède le début de la démarche"),
        ({"kind": "internal", "on": "0022-07-13"}, "on", "est hors de la période 2000-2099"),
        ({"kind": "party", "on": "2022-07-13"}, "kind", "Sélectionnez un choix valide"),
    ],
)
def test_audit_errors(
    cast: Cast, cycle: LabelCycle, data: dict[str, str], field: str, message: str
) -> None:
    response = cast.client("referente").post(url("audit_create", cycle.pk), data)
    assert message in text_of(response)
    assert list(response.context["form"].errors) == [field]
    assert PlannedAudit.objects.count() == 0


@pytest.mark.parametrize("mark", ["", "abc", "audit-²", "audit-999999", "document-" + "9" * 30])
def test_undo_parameter_is_not_trusted(cast: Cast, cycle: LabelCycle, mark: str) -> None:
    response = cast.client("agent").get(url("cycle_detail", cycle.pk), {"retire": mark})
    assert response.status_code == 200
    assert response.context["undo"] is None
