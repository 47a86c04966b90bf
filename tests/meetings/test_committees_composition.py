"""Bodies and members: added, changed, removed and put back; the same person only once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from common.enums import Tone
from meetings.enums import MandateState
from meetings.errors import RefusedError
from meetings.models import Body, Committee, Member
from meetings.rules.composition import (
    MemberFacts,
    SeatedBody,
    composition_findings,
    overlap,
    person_key,
    plain_key,
)
from meetings.selectors.composition import composition_of, mandate_in_words, mandate_state
from meetings.services.committees import (
    add_body,
    add_member,
    end_mandate,
    remove_body,
    remove_member,
    restore_body,
    restore_member,
    update_body,
    update_member,
)
from tests.cast import Cast
from tests.meetings.compositions import (
    TODAY,
    make_body,
    make_committee,
    make_composition,
    make_member,
)
from tests.meetings.test_committees import text


MEMBER = {
    "civility": "Mme",
    "first_name": "Jeanne",
    "last_name": "Valjean",
    "function": "présidente",
    "protocol_order": 10,
    "email": "j.valjean@exemple.fr",
    "phone": "",
    "starts_on": "",
    "ends_on": "",
}


@pytest.fixture
def committee(cast: Cast) -> Committee:
    return make_composition(cast.prefecture)


@pytest.fixture
def emmaus(committee: Committee) -> Body:
    return Body.objects.get(committee=committee, name="EMMAÜS 41")


def post(cast: Cast, page: str, committee: Committee, /, *args: object, **data: Any) -> Any:
    url = reverse(f"meetings:{page}", args=[committee.slug, *args])
    return cast.client("referente").post(url, data, follow=True)


def errors(response: Any) -> dict[str, list[str]]:
    found = response.context["form"].errors
    return {name: [str(e).replace("\u00a0", " ") for e in told] for name, told in found.items()}


# --- Rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((None, None), (None, None), True),
        ((date(2020, 1, 1), date(2021, 1, 1)), (date(2021, 1, 1), None), True),
        ((date(2020, 1, 1), date(2021, 1, 1)), (date(2021, 1, 2), None), False),
        ((None, date(2020, 12, 31)), (date(2021, 1, 1), None), False),
        ((date(2022, 1, 1), None), (None, date(2021, 12, 31)), False),
    ],
)
def test_overlap(first: Any, second: Any, expected: bool) -> None:
    assert overlap(first, second) is expected
    assert overlap(second, first) is expected


def test_names_are_compared_as_people_type_them() -> None:
    assert plain_key("Chambre d’agriculture – 41") == plain_key("CHAMBRE D'AGRICULTURE 41")
    assert person_key("Zoé", "LE GŒFF") == person_key("zoe", "Le Goeff")
    assert person_key("Zoé", "") == ("", "")
    assert person_key("", "李") != person_key("", "王")


def test_findings_of_a_careful_secretary() -> None:
    def member(name: str, email: str = "x@exemple.fr", **mandate: Any) -> MemberFacts:
        dates = {"starts_on": None, "ends_on": None, **mandate}
        return MemberFacts(name, person_key("", name), email, **dates)

    yesterday, soon = TODAY - timedelta(days=1), TODAY + timedelta(days=90)
    bodies = [
        SeatedBody("Plein", 1, (member("A"), member("B"))),
        SeatedBody("Vide", 2, ()),
        SeatedBody("Vacant", 3, (member("C", ""), member("D", ends_on=yesterday))),
        SeatedBody("Renouvelé", 2, (member("E", ends_on=yesterday), member("E"))),
        SeatedBody("Bientôt", 1, (member("F", ends_on=soon),)),
        SeatedBody("Double", 1, (member("A"),)),
        SeatedBody("Plus tard", 1, (member("G", ends_on=soon + timedelta(days=1)),)),
    ]
    assert [(f.message, f.details) for f in composition_findings(bodies, TODAY)] == [
        ("1 organisme a plus de membres que de sièges", ("Plein : 2 membres pour 1 siège",)),
        ("1 organisme n’a pas de membre désigné", ("Vide",)),
        (
            "2 organismes ont des sièges vacants",
            ("Vacant : 2 sièges vacants sur 3", "Renouvelé : 1 siège vacant sur 2"),
        ),
        ("1 mandat est fini sans successeur", ("D (Vacant), le 15/03/2026",)),
        ("1 mandat finit dans les trois mois", ("F (Bientôt), le 14/06/2026",)),
        ("1 personne siège dans plusieurs organismes", ("A : Plein, Double",)),
        ("1 membre n’a pas de courriel", ("C",)),
    ]
    assert composition_findings(bodies, TODAY)[0].tone == Tone.BAD
    assert composition_findings([SeatedBody("Bon", 1, (member("A"),))], TODAY) == []


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "state", "words"),
    [
        (None, None, MandateState.CURRENT, ""),
        (TODAY, None, MandateState.CURRENT, "depuis le 16/03/2026"),
        (TODAY + timedelta(days=1), None, MandateState.COMING, "depuis le 17/03/2026"),
        (None, TODAY, MandateState.ENDING, "jusqu’au 16/03/2026"),
        (None, TODAY - timedelta(days=1), MandateState.ENDED, "jusqu’au 15/03/2026"),
        (
            date(2021, 4, 1),
            date(2027, 3, 31),
            MandateState.CURRENT,
            "du 01/04/2021 au 31/03/2027",
        ),
    ],
)
def test_mandates(starts_on: Any, ends_on: Any, state: MandateState, words: str) -> None:
    member = Member(last_name="X", starts_on=starts_on, ends_on=ends_on)
    assert mandate_state(member, TODAY) == state
    assert mandate_in_words(member) == words


# --- Services ---------------------------------------------------------------------------------


@pytest.mark.django_db
class TestMembers:
    def test_the_same_person_twice_is_refused(self, emmaus: Body) -> None:
        make_member(emmaus, "Valjean", civility="M.", first_name="Jean")
        with pytest.raises(ValidationError) as caught:
            add_member(body=emmaus, values={"first_name": "JEAN", "last_name": "valjean"})
        assert caught.value.message_dict == {
            "last_name": [
                "M. Jean VALJEAN figure déjà dans « EMMAÜS 41 ». Modifiez cette ligne, ou terminez "
                "d’abord ce mandat."
            ]
        }
        assert emmaus.members.count() == 1

    def test_once_the_mandate_is_over_they_may_come_back(self, emmaus: Body) -> None:
        first = make_member(emmaus, "Valjean", starts_on=date(2018, 1, 1))
        end_mandate(member=first, on=date(2021, 12, 31))
        values = {"last_name": "Valjean", "starts_on": date(2021, 12, 31)}
        with pytest.raises(ValidationError):
            add_member(body=emmaus, values=values)
        add_member(body=emmaus, values={**values, "starts_on": date(2022, 1, 1)})
        assert emmaus.members.count() == 2

    def test_changing_oneself_is_no_repetition(self, emmaus: Body) -> None:
        member = make_member(emmaus, "Valjean")
        update_member(member=member, values={"function": "président"})
        member.refresh_from_db()
        assert member.function == "président"

    def test_two_unnamed_members_may_sit(self, emmaus: Body) -> None:
        for _ in range(2):
            add_member(body=emmaus, values={"last_name": "", "function": "bénévole"})
        assert emmaus.members.count() == 2

    @pytest.mark.parametrize("day", [date(1949, 12, 31), date(202, 1, 1), date(2101, 1, 1)])
    def test_unlikely_dates_are_refused(self, emmaus: Body, day: date) -> None:
        with pytest.raises(ValidationError) as caught:
            add_member(body=emmaus, values={"last_name": "X", "ends_on": day})
        assert caught.value.message_dict == {"ends_on": ["L’année doit aller de 1950 à 2100."]}

    @pytest.mark.parametrize("order", [10_000, 9_223_372_036_854_775_807])
    def test_an_unlikely_rank_is_refused_in_words(self, emmaus: Body, order: int) -> None:
        with pytest.raises(ValidationError) as caught:
            add_member(body=emmaus, values={"last_name": "X", "protocol_order": order})
        assert "9999" in caught.value.message_dict["protocol_order"][0]

    def test_a_mandate_does_not_end_before_it_starts(self, emmaus: Body) -> None:
        member = make_member(emmaus, "Valjean", starts_on=date(2022, 1, 1))
        with pytest.raises(ValidationError) as caught:
            end_mandate(member=member, on=date(2021, 12, 31))
        assert list(caught.value.message_dict) == ["ends_on"]
        member.refresh_from_db()
        assert member.ends_on is None

    def test_they_do_not_move_to_another_committee(self, cast: Cast, emmaus: Body) -> None:
        elsewhere = make_body(make_committee(cast.prefecture, "autre"))
        member = make_member(emmaus, "Valjean")
        with pytest.raises(ValidationError):
            update_member(member=member, values={"body": elsewhere})
        member.refresh_from_db()
        assert member.body == emmaus

    def test_a_removed_one_comes_back_unless_their_place_is_taken(self, emmaus: Body) -> None:
        member = make_member(emmaus, "Valjean")
        remove_member(member=member)
        remove_member(member=member)
        assert not emmaus.members.kept().exists()
        restore_member(member=member)
        assert emmaus.members.kept().get() == member
        remove_member(member=member)
        add_member(body=emmaus, values={"last_name": "VALJEAN"})
        with pytest.raises(RefusedError, match="figure déjà dans"):
            restore_member(member=member)
        assert emmaus.members.kept().count() == 1

    def test_a_stale_record_is_not_overwritten(self, emmaus: Body) -> None:
        member = make_member(emmaus, "Valjean")
        stale = Member.objects.get(pk=member.pk)
        update_member(member=member, values={"function": "président"})
        with pytest.raises(ValidationError, match="vient de modifier"):
            update_member(member=stale, values={"function": "trésorier"})
        member.refresh_from_db()
        assert member.function == "président"


@pytest.mark.django_db
class TestBodies:
    def test_a_body_is_there_once_however_it_is_typed(self, committee: Committee) -> None:
        with pytest.raises(ValidationError) as caught:
            add_body(committee=committee, values={"name": "Emmaüs  41"})
        assert caught.value.message_dict == {
            "name": ["Cet organisme est déjà dans la composition du comité."]
        }
        assert committee.bodies.count() == 3

    def test_renaming(self, emmaus: Body) -> None:
        update_body(body=emmaus, values={"name": "Emmaüs 41"})
        with pytest.raises(ValidationError):
            update_body(body=emmaus, values={"name": "préfecture"})
        emmaus.refresh_from_db()
        assert emmaus.name == "Emmaüs 41"

    def test_a_body_leaves_and_returns_with_its_members(self, committee: Committee) -> None:
        state = committee.bodies.get(name="Préfecture")
        gone_before = make_member(state, "Parti")
        remove_member(member=gone_before)
        remove_body(body=state)
        assert not Member.objects.filter(body=state, removed_at__isnull=True).exists()
        restore_body(body=state)
        assert sorted(m.last_name for m in state.members.kept()) == ["Pesneau", "Silbermann"]

    def test_a_body_added_again_is_not_restored(self, emmaus: Body) -> None:
        remove_body(body=emmaus)
        add_body(committee=emmaus.committee, values={"name": "Emmaüs 41"})
        with pytest.raises(RefusedError, match="a été ajouté entre-temps"):
            restore_body(body=emmaus)

    def test_a_member_waits_for_their_body(self, committee: Committee) -> None:
        state = committee.bodies.get(name="Préfecture")
        member = state.members.get(last_name="Pesneau")
        remove_body(body=state)
        member.refresh_from_db()
        with pytest.raises(RefusedError, match="rétablissez d’abord cet organisme"):
            restore_member(member=member)


# --- Selectors --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_composition_by_category_in_protocol_order(committee: Committee) -> None:
    make_body(committee, "APF", protocol_order=3)
    make_body(committee, "Zèbres", protocol_order=2)
    state = committee.bodies.get(name="Préfecture")
    make_member(state, "Ancien", ends_on=date(2020, 1, 1))
    make_member(state, "Futur", starts_on=date(2030, 1, 1))
    composition = composition_of(committee, TODAY)
    assert [(str(g.category), [r.body.name for r in g.bodies]) for g in composition.groups] == [
        ("state", ["Préfecture"]),
        ("chamber", ["Chambre de commerce et d’industrie du 41"]),
        ("association", ["Zèbres", "APF", "EMMAÜS 41"]),
    ]
    row = composition.groups[0].bodies[0]
    assert [r.member.last_name for r in row.current] == ["Pesneau", "Silbermann"]
    assert [r.member.last_name for r in row.coming] == ["Futur"]
    assert [r.member.last_name for r in row.past] == ["Ancien"]
    assert row.seats_label == "2 sièges sur 2"
    assert composition.summary == "5 organismes, 6 sièges, 3 membres en cours de mandat"


# --- Pages ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_adding_a_body_then_a_member(cast: Cast, committee: Committee) -> None:
    response = post(
        cast,
        "body_create",
        committee,
        name="UFC",
        category="association",
        seats=2,
        protocol_order=4,
    )
    body = Body.objects.get(name="UFC")
    assert "« UFC » figure dans la composition. Indiquez qui y siège." in text(response)
    response = post(cast, "member_create", committee, body=body.pk, **MEMBER)
    assert "« Mme Jeanne VALJEAN, présidente » figure dans la composition." in text(response)
    assert "1 siège sur 2" in text(response)


@pytest.mark.django_db
def test_the_asked_body_is_chosen(cast: Cast, committee: Committee, emmaus: Body) -> None:
    url = reverse("meetings:member_create", args=[committee.slug])
    client = cast.client("referente")
    asked = client.get(f"{url}?organisme={emmaus.pk}").context["form"]
    assert asked["body"].initial == emmaus
    for nonsense in ("", "x", "99999", "9" * 30, "²"):
        response = client.get(f"{url}?organisme={nonsense}")
        assert response.context["form"]["body"].initial is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("last_name", "x" * 300, "80 caractères (actuellement 300)"),
        ("function", "x" * 300, "160 caractères (actuellement 300)"),
        ("email", "sans-arobase", "adresse"),
        ("starts_on", "31/02/2022", "Cette date n’existe pas."),
        ("ends_on", "avrl-21", "Cette date n’existe pas."),
        ("ends_on", "0202-01-01", "L’année doit aller de 1950 à 2100."),
        ("body", "99999", "Cet organisme n’est plus dans la composition."),
        ("civility", "Dr", "Sélectionnez un choix valide"),
        ("protocol_order", "-1", "supérieure ou égale à 0"),
    ],
)
def test_faults_stand_next_to_their_field(
    cast: Cast, committee: Committee, emmaus: Body, field: str, value: str, message: str
) -> None:
    data = {"body": emmaus.pk, **MEMBER, field: value}
    response = post(cast, "member_create", committee, **data)
    assert list(errors(response)) == [field]
    assert message in errors(response)[field][0]
    # Nothing typed is lost.
    assert "j.valjean@exemple.fr" in text(response) or field == "email"
    assert not emmaus.members.exists()


@pytest.mark.django_db
def test_end_before_start_and_nobody(cast: Cast, committee: Committee, emmaus: Body) -> None:
    data = {**MEMBER, "starts_on": "2022-01-01", "ends_on": "2021-01-01"}
    response = post(cast, "member_create", committee, body=emmaus.pk, **data)
    assert errors(response) == {
        "ends_on": ["La fin du mandat précède son début. Corrigez l’une des deux dates."]
    }
    data = {**MEMBER, "last_name": "", "function": ""}
    response = post(cast, "member_create", committee, body=emmaus.pk, **data)
    assert errors(response) == {"last_name": ["Indiquez un nom ou, à défaut, une fonction."]}
    assert not emmaus.members.exists()


@pytest.mark.django_db
def test_the_same_person_is_told_next_to_the_name(
    cast: Cast, committee: Committee, emmaus: Body
) -> None:
    post(cast, "member_create", committee, body=emmaus.pk, **MEMBER)
    response = post(cast, "member_create", committee, body=emmaus.pk, **MEMBER)
    (told,) = errors(response)["last_name"]
    assert told.startswith("Mme Jeanne VALJEAN figure déjà dans « EMMAÜS 41 »")
    assert emmaus.members.count() == 1


@pytest.mark.django_db
def test_the_same_person_in_two_bodies_is_only_a_warning(
    cast: Cast, committee: Committee, emmaus: Body
) -> None:
    other = make_body(committee, "UFC")
    post(cast, "member_create", committee, body=emmaus.pk, **MEMBER)
    response = post(cast, "member_create", committee, body=other.pk, **MEMBER)
    assert "Mme Jeanne VALJEAN siège aussi au titre de : EMMAÜS 41." in text(response)
    assert other.members.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("seats", ["0", "100", "-3", "deux", ""])
def test_seats_go_from_1_to_99(cast: Cast, committee: Committee, seats: str) -> None:
    data = {"name": "UFC", "category": "association", "seats": seats, "protocol_order": 1}
    response = post(cast, "body_create", committee, **data)
    assert list(errors(response)) == ["seats"]
    assert "de 1 à 99" in errors(response)["seats"][0]
    assert not Body.objects.filter(name="UFC").exists()


@pytest.mark.django_db
def test_removing_offers_to_cancel(cast: Cast, committee: Committee) -> None:
    body = committee.bodies.get(name="Préfecture")
    member = body.members.get(last_name="Pesneau")
    for name, row in (("member", member), ("body", body)):
        response = post(cast, f"{name}_remove", committee, row.pk)
        assert "dans la composition." in text(response)
        restore = reverse(f"meetings:{name}_restore", args=[committee.slug, row.pk])
        assert f'action="{restore}"' in text(response)
        response = cast.client("referente").post(restore, follow=True)
        assert "figure de nouveau dans la composition." in text(response)
        row.refresh_from_db()
        assert row.removed_at is None


@pytest.mark.django_db
def test_ending_a_mandate(cast: Cast, committee: Committee) -> None:
    member = Member.objects.get(last_name="Pesneau")
    url = reverse("meetings:member_end", args=[committee.slug, member.pk])
    assert timezone.localdate().isoformat() in text(cast.client("referente").get(url))
    response = post(cast, "member_end", committee, member.pk, ends_on="2022-06-30")
    assert "Le mandat de « M. François PESNEAU, préfet » finit le 30/06/2022." in text(response)
    assert "1 mandat fini" in text(response)
    member.refresh_from_db()
    assert member.ends_on == date(2022, 6, 30)


@pytest.mark.django_db
def test_rows_of_another_committee_are_not_found(cast: Cast, committee: Committee) -> None:
    other = make_composition(cast.prefecture, "autre")
    body = committee.bodies.get(name="Préfecture")
    member = body.members.get(last_name="Pesneau")
    for kind, row in (("body", body), ("member", member)):
        for act in ("edit", "remove", "restore"):
            assert post(cast, f"{kind}_{act}", other, row.pk).status_code == 404
    assert post(cast, "member_end", other, member.pk).status_code == 404
    foreign = post(cast, "member_create", other, body=body.pk, **MEMBER)
    assert list(errors(foreign)) == ["body"]
    assert body.members.kept().count() == 2


@pytest.mark.django_db
def test_two_people_on_the_same_member(cast: Cast, committee: Committee) -> None:
    member = Member.objects.get(last_name="Pesneau")
    data = {**MEMBER, "body": member.body_id, "revision": member.revision}
    post(cast, "member_edit", committee, member.pk, **{**data, "function": "préfète"})
    late = post(cast, "member_edit", committee, member.pk, **{**data, "function": "préfet"})
    (told,) = errors(late)["__all__"]
    assert "fonction : « préfète »" in told
    member.refresh_from_db()
    assert member.function == "préfète"


@pytest.mark.django_db
def test_a_reader_sees_no_act(cast: Cast, committee: Committee) -> None:
    url = reverse("meetings:composition", args=[committee.slug])
    html = text(cast.client("agent").get(url))
    assert "PESNEAU" in html
    for act in ("Ajouter", "Modifier", "Retirer", "Terminer", "Importer"):
        assert act not in html
    assert "Tableau ODS" in html


@pytest.mark.django_db
def test_a_member_needs_a_body(cast: Cast) -> None:
    empty = make_committee(cast.prefecture, "vide")
    client = cast.client("referente")
    html = text(client.get(reverse("meetings:member_create", args=[empty.slug])))
    assert "Ajoutez d’abord l’organisme." in html
    html = text(client.get(reverse("meetings:composition", args=[empty.slug])))
    assert "Importer un tableau" in html
