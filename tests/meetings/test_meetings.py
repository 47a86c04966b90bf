"""The facts of a meeting, its overview, its next step; what its form refuses."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.enums import MinutesState, Presence
from meetings.errors import ConflictError, LockedError
from meetings.models import Committee, Meeting, Member, Minutes
from meetings.selectors.meetings import next_step
from meetings.selectors.pages import MeetingPage, lock_reason, meeting_steps
from meetings.services.meetings import create_meeting, edit_meeting
from tests.cast import Cast
from tests.client import StrictClient
from tests.meetings.builders import Source, build_source


@pytest.fixture
def source(cast: Cast) -> Source:
    return build_source(cast)


@pytest.fixture
def client(cast: Cast) -> StrictClient:
    return cast.client("referente")


def url(source: Source, name: str) -> str:
    return reverse(f"meetings:{name}", args=[source.meeting.slug])


def facts(meeting: Meeting) -> dict[str, object]:
    """Return the form of a meeting as it would be sent unchanged."""
    return {
        "title": meeting.title,
        "held_on": meeting.held_on.isoformat() if meeting.held_on else "",
        "date_note": meeting.date_note,
        "starts_at": "10:00",
        "ends_at": "11:30",
        "place": meeting.place,
        "chair": meeting.chair_id or "",
        "secretary": meeting.secretary_id or "",
        "convened_on": "2022-06-14",
        "revision": meeting.revision,
    }


# --- Creating ---------------------------------------------------------------------------------


@pytest.fixture
def committee(cast: Cast) -> Committee:
    return Committee.objects.create(
        prefecture=cast.prefecture, slug="comite", name="Comité", default_place="Salle Kléber"
    )


def test_addresses_are_short_and_never_shared(committee: Committee, cast: Cast) -> None:
    other = Committee.objects.create(prefecture=cast.other_prefecture, slug="autre", name="Comité")
    day = date(2022, 7, 5)
    slugs = [
        create_meeting(committee=where, meeting=Meeting(title="Séance", held_on=day)).slug
        for where in (committee, committee, other, committee)
    ]
    assert slugs == [
        "clu-loir-et-cher-2022",
        "clu-loir-et-cher-2022-2",
        "clu-indre-et-loire-2022",
        "clu-loir-et-cher-2022-3",
    ]
    undated = create_meeting(committee=committee, meeting=Meeting(title="Sans date"))
    assert undated.slug == f"clu-loir-et-cher-{timezone.localdate().year}"


def test_a_meeting_is_created_from_what_the_committee_knows(
    committee: Committee, client: StrictClient
) -> None:
    address = reverse("meetings:meeting_create", args=[committee.slug])
    form = client.get(address).context["form"]
    assert form["place"].value() == "Salle Kléber"
    assert form["title"].value() == f"Comité local des usagers {timezone.localdate().year}"

    response = client.post(address, {"title": "CLU", "held_on": "2022-07-05"})
    meeting = Meeting.objects.get()
    assert response.url == reverse("meetings:meeting_detail", args=["clu-loir-et-cher-2022"])
    assert (meeting.title, meeting.held_on) == ("CLU", date(2022, 7, 5))
    assert meeting.history.count() == 1


def test_a_meeting_sent_twice_is_made_once(committee: Committee, client: StrictClient) -> None:
    address = reverse("meetings:meeting_create", args=[committee.slug])
    for day in ({"held_on": "2022-07-05"}, {}):
        data = {"title": "CLU", **day}
        assert client.post(address, data).status_code == 302
        again = client.post(address, data)
        assert "porte déjà ce titre à cette date" in str(again.context["form"].errors["title"])
    assert Meeting.objects.count() == 2


def test_only_a_referent_creates_a_meeting(committee: Committee, cast: Cast) -> None:
    address = reverse("meetings:meeting_create", args=[committee.slug])
    for name, status in (
        ("agent", 403),
        ("prefet", 403),
        ("auditeur", 403),
        ("other_referent", 404),
    ):
        assert cast.client(name).post(address, {"title": "CLU"}).status_code == status
    assert not Meeting.objects.exists()


# --- The form ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Donnez un titre à la séance."),
        ({"title": "x" * 300}, "200"),
        ({"held_on": "2022-02-31"}, "Cette date n’existe pas."),
        ({"held_on": "0022-07-05"}, "L’année 22 n’est pas plausible."),
        ({"held_on": "2022-07-05", "convened_on": "2022-07-06"}, "La convocation partirait après"),
        ({"starts_at": "25:00"}, "Cette heure n’existe pas."),
        ({"ends_at": "09:59"}, "La séance doit finir après son début."),
        ({"ends_at": "10:00"}, "La séance doit finir après son début."),
        ({"place": "x" * 201}, "200"),
        ({"chair": "999999"}, "choix"),
        ({"secretary": "999999"}, "choix"),
        ({"title": "a\x00b"}, "nul"),
    ],
)
def test_bad_facts_are_refused_beside_their_field(
    source: Source, client: StrictClient, changes: dict[str, str], message: str
) -> None:
    before = Meeting.objects.values().get(pk=source.meeting.pk)
    response = client.post(url(source, "meeting_edit"), {**facts(source.meeting), **changes})
    assert response.status_code == 200
    assert message in response.content.decode()
    assert Meeting.objects.values().get(pk=source.meeting.pk) == before


def test_the_chair_holds_a_mandate_on_the_day(source: Source, client: StrictClient) -> None:
    Member.objects.filter(last_name="Hauptmann").update(ends_on="2022-07-04")
    chair = source.members["Hauptmann"]
    data = {**facts(source.meeting), "chair": chair.pk}
    html = client.post(url(source, "meeting_edit"), data).content.decode()
    assert "Le mandat de M. Nicolas HAUPTMANN, secrétaire général ne couvre pas le" in html
    source.meeting.refresh_from_db()
    assert source.meeting.chair == source.members["Pesneau"]


def test_chair_and_secretary_come_from_this_committee_and_this_prefecture(
    source: Source, cast: Cast, client: StrictClient
) -> None:
    foreign = build_source(cast, cast.other_prefecture, slug="ailleurs")
    form = client.get(url(source, "meeting_edit")).context["form"]
    chairs, secretaries = form.fields["chair"].queryset, form.fields["secretary"].queryset
    assert set(chairs) == set(source.members.values())
    assert foreign.members["Pesneau"] not in chairs
    assert {user.email.partition("@")[0] for user in secretaries} == {
        "referente",
        "agent",
        "correspondant",
    }


def test_facts_are_saved_and_told_in_the_history(source: Source, client: StrictClient) -> None:
    data = {**facts(source.meeting), "place": "Salle Kléber", "ends_at": "12:00"}
    response = client.post(url(source, "meeting_edit"), data)
    source.meeting.refresh_from_db()
    assert (source.meeting.place, source.meeting.ends_at) == ("Salle Kléber", time(12, 0))
    assert "Salle Kléber" in client.get(response.url).content.decode()


def test_two_people_on_the_facts_the_second_is_told(source: Source, cast: Cast) -> None:
    read = facts(source.meeting)
    cast.client("agent").post(url(source, "meeting_edit"), {**read, "place": "Mairie"})
    response = cast.client("referente").post(
        url(source, "meeting_edit"), {**read, "place": "Gymnase"}
    )
    html = response.content.decode()
    assert "M. Louis BERNARD a modifié cette page" in html
    assert "lieu\u00a0: «\u00a0Mairie\u00a0»" in html
    assert 'value="Gymnase"' in html
    # The head of the page shows the meeting as stored.
    source.meeting.refresh_from_db()
    assert source.meeting.place == "Mairie"


def test_a_change_between_the_form_and_the_service_is_refused(source: Source) -> None:
    mine = Meeting.objects.get(pk=source.meeting.pk)
    source.meeting.place = "Mairie"
    edit_meeting(meeting=source.meeting)
    mine.place = "Gymnase"
    with pytest.raises(ConflictError):
        edit_meeting(meeting=mine)
    assert Meeting.objects.get(pk=mine.pk).place == "Mairie"


def test_facts_are_closed_once_the_minutes_are_submitted(
    source: Source, client: StrictClient
) -> None:
    source.lock()
    source.meeting.place = "Mairie"
    with pytest.raises(LockedError):
        edit_meeting(meeting=source.meeting)
    response = client.get(url(source, "meeting_edit"))
    assert response.url == url(source, "meeting_detail")
    page = client.get(response.url).content.decode()
    assert "soumis à la signature" in page
    assert "Modifier la séance" not in page
    client.post(url(source, "meeting_edit"), facts(source.meeting))
    assert Meeting.objects.get(pk=source.meeting.pk).place == "Préfecture de Loir-et-Cher, Blois"


def test_the_secretary_edits_the_facts_and_another_agent_does_not(
    source: Source, cast: Cast
) -> None:
    address = url(source, "meeting_edit")
    assert cast.client("correspondant").get(address).status_code == 403
    assert cast.client("prefet").get(address).status_code == 403
    assert cast.client("agent").get(address).status_code == 200
    assert cast.client("other_referent").get(address).status_code == 404


def test_every_closed_state_says_why() -> None:
    reasons = {state: lock_reason(Minutes(state=state)) for state in MinutesState}
    assert reasons[MinutesState.DRAFT] == ""
    assert lock_reason(None) == ""
    assert [state for state, reason in reasons.items() if reason] == [
        MinutesState.SUBMITTED,
        MinutesState.VALIDATED,
        MinutesState.DIFFUSED,
    ]


# --- Overview ---------------------------------------------------------------------------------


def test_the_overview_tells_facts_findings_and_history(
    source: Source, client: StrictClient
) -> None:
    html = client.get(url(source, "meeting_detail")).content.decode()
    for words in (
        "5\u00a0juillet 2022",
        "de 10\u00a0h à 11\u00a0h\u00a030",
        "Préfecture de Loir-et-Cher, Blois",
        "M. François PESNEAU",
        "9\u00a0présents, 16\u00a0absents",
        "Ce qu’une secrétaire attentive verrait",
        "Association des maires ruraux du 41",
        "Rédiger le compte rendu",
    ):
        assert words in html


def test_ticks_are_counted_in_the_history(source: Source, cast: Cast) -> None:
    agent = cast.client("agent")
    for name in ("UFC Que Choisir 41", "EMMAÜS 41", "EMMAÜS 41"):
        key = f"body-{source.bodies[name].pk}"
        agent.post(url(source, "attendance_mark"), {"key": key, "presence": "excused"})
    html = agent.get(url(source, "meeting_detail")).content.decode()
    assert "M.\u00a0Louis BERNARD a pointé 2 présences" in html


def test_a_consistent_meeting_has_a_green_sentence(cast: Cast, client: StrictClient) -> None:
    source = build_source(cast)
    source.meeting.attendances.filter(presence=Presence.ABSENT).delete()
    for item in source.items.values():
        item.expects_opinion = False
        item.save()
    minutes = Minutes.objects.create(meeting=source.meeting)
    for item in source.items.values():
        minutes.texts.create(slot="item", item=item, text="Dit.")
    html = client.get(url(source, "meeting_detail")).content.decode()
    assert "Rien à signaler" in html
    assert "À vérifier" not in html


def test_steps_follow_the_life_of_a_meeting(source: Source) -> None:
    meeting = Meeting(held_on=None)
    cases = [
        (meeting, None, False, False, "Préparer"),
        (Meeting(held_on=date(2022, 7, 5)), None, True, False, "Convoquer"),
        (
            Meeting(held_on=date(2022, 7, 5), convened_on=date(2022, 6, 1)),
            None,
            True,
            False,
            "Tenir",
        ),
        (source.meeting, None, True, True, "Rédiger"),
        (source.meeting, Minutes(state=MinutesState.SUBMITTED), True, True, "Valider"),
        (source.meeting, Minutes(state=MinutesState.VALIDATED), True, True, "Diffuser"),
    ]
    for subject, minutes, has_agenda, has_attendance, expected in cases:
        steps = meeting_steps(
            subject, minutes, has_agenda=has_agenda, has_attendance=has_attendance
        )
        assert [step["label"] for step in steps if step["state"] == "current"] == [expected]
    done = meeting_steps(
        source.meeting,
        Minutes(state=MinutesState.DIFFUSED),
        has_agenda=True,
        has_attendance=True,
    )
    assert {step["state"] for step in done} == {"done"}


@pytest.mark.parametrize(
    ("step", "state", "reader", "label"),
    [
        ("Préparer", None, "referente", "Préparer l’ordre du jour"),
        ("Tenir", None, "agent", "Pointer les présences"),
        ("Rédiger", MinutesState.DRAFT, "referente", "Rédiger le compte rendu"),
        ("Rédiger", MinutesState.DRAFT, "auditeur", "Lire le compte rendu"),
        ("Rédiger", None, "auditeur", "Lire l’ordre du jour"),
        ("Valider", MinutesState.SUBMITTED, "prefet", "Relire et signer le compte rendu"),
        ("Valider", MinutesState.SUBMITTED, "referente", "Suivre la validation"),
        ("Diffuser", MinutesState.VALIDATED, "prefet", "Diffuser aux membres du comité"),
        ("Diffuser", MinutesState.VALIDATED, "auditeur", "Lire le compte rendu"),
        ("", MinutesState.DIFFUSED, "referente", "Lire le compte rendu"),
    ],
)
def test_each_reader_sees_their_own_next_step(
    source: Source, cast: Cast, step: str, state: MinutesState | None, reader: str, label: str
) -> None:
    scope = cast.scope(reader)
    page = MeetingPage(
        meeting=source.meeting,
        minutes=Minutes(state=state) if state else None,
        may_write=source.meeting.is_writable_by(scope),
        is_locked=False,
        lock_reason="",
        tabs=[],
        steps=[{"label": step, "state": "current"}] if step else [],
    )
    assert next_step(page, scope).label == label


def test_a_meeting_in_preparation_is_not_reproached_with_its_future(
    source: Source, client: StrictClient
) -> None:
    source.meeting.held_on = timezone.localdate() + timedelta(days=3)
    source.meeting.convened_on = None
    source.meeting.save()
    source.meeting.attendances.all().delete()
    html = client.get(url(source, "meeting_detail")).content.decode()
    assert "le compte rendu se soumet après la séance" not in html
    assert "Aucune présence n’est pointée" not in html
    assert "Noter la date de convocation" in html

    Minutes.objects.create(meeting=source.meeting)
    html = client.get(url(source, "meeting_detail")).content.decode()
    assert "le compte rendu se soumet après la séance" in html


def test_strangers_find_nothing(source: Source, cast: Cast) -> None:
    for name in ("meeting_detail", "agenda", "attendance"):
        assert cast.client("other_referent").get(url(source, name)).status_code == 404
        assert cast.client("national").get(url(source, name)).status_code == 403
        assert cast.client("anonymous").get(url(source, name)).status_code == 302
        assert cast.client("auditeur").get(url(source, name)).status_code == 200
