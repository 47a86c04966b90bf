"""Examples of the pages of a meeting: facts, agenda, attendance."""

from accounts.models import Prefecture
from meetings.models import Committee
from tests.cast import Cast
from tests.examples import example, growing
from tests.meetings.builders import Source, add_rows, build_source


def _source(cast: Cast, prefecture: Prefecture) -> Source:
    return build_source(cast, prefecture, slug=f"exemple-{prefecture.slug}")


@example("meetings:meeting_create")
def committee(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": _source(cast, prefecture).committee.slug}


@example(
    "meetings:meeting_detail",
    "meetings:meeting_edit",
    "meetings:agenda",
    "meetings:agenda_item_create",
    "meetings:agenda_move",
    "meetings:agenda_reorder",
    "meetings:attendance",
    "meetings:attendance_mark",
    "meetings:attendance_save",
    "meetings:guest_create",
)
def meeting(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": _source(cast, prefecture).meeting.slug}


@example("meetings:agenda_item_edit", "meetings:agenda_item_remove", "meetings:agenda_item_restore")
def item(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    source = _source(cast, prefecture)
    return {"slug": source.meeting.slug, "item_pk": source.items["Questions / réponses"].pk}


@example("meetings:guest_edit", "meetings:guest_remove", "meetings:guest_restore")
def guest(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    source = _source(cast, prefecture)
    return {"slug": source.meeting.slug, "guest_pk": source.guests[0].pk}


def _grown(cast: Cast, numbers: range) -> dict[str, object]:
    committee = Committee.objects.filter(slug="comite-grandit").first()
    if committee is None:
        source = build_source(cast, slug="grandit")
    else:
        source = Source(committee.meetings.get(slug="grandit"))
    add_rows(source, numbers)
    return {"slug": "grandit"}


growing("meetings:meeting_detail", reader="referente", budget=32)(_grown)
growing("meetings:agenda", reader="referente", budget=16)(_grown)
growing("meetings:attendance", reader="referente", budget=18)(_grown)
growing("meetings:agenda_item_create", reader="referente", budget=16)(_grown)
growing("meetings:meeting_edit", reader="referente", budget=16)(_grown)
