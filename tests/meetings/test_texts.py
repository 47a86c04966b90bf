"""Texts of the minutes: saved, cleaned, refused, never overwritten in silence."""

import pytest

from meetings.enums import MinutesState, Slot
from meetings.errors import LockedError, RefusedError, TextConflictError
from meetings.models import Minutes, TextBlock
from meetings.selectors.minutes import conflict_for_page
from meetings.services.minutes import MAX_TEXT_LENGTH, save_text, start_minutes
from tests.cast import Cast
from tests.meetings.scene import Scene, build_scene


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def save(scene: Scene, text: str, revision: int, who: str = "referente") -> TextBlock | None:
    return save_text(
        minutes=scene.minutes,
        slot=Slot.ITEM,
        item=scene.items[1],
        text=text,
        revision=revision,
        by=scene.cast.user(who),
    )


def stored(scene: Scene) -> tuple[str, int]:
    block = TextBlock.objects.get(minutes=scene.minutes, item=scene.items[1])
    return block.text, block.revision


def test_a_text_is_created_then_changed(scene: Scene) -> None:
    first = save(scene, "Un", 0)
    assert first is not None
    assert (first.text, first.revision, first.updated_by) == ("Un", 1, scene.cast.user("referente"))
    second = save(scene, "Un et deux", 1, "agent")
    assert second is not None
    assert (second.pk, second.text, second.revision) == (first.pk, "Un et deux", 2)
    assert [row.text for row in second.history.order_by("history_id")] == ["Un", "Un et deux"]


def test_nothing_typed_creates_nothing(scene: Scene) -> None:
    assert save(scene, " \r\n", 0) is None
    assert TextBlock.objects.count() == 0


def test_what_a_word_processor_leaves_is_cleaned(scene: Scene) -> None:
    save(scene, "•\tun\r\n•\tdé\u00adlai", 0)
    assert stored(scene) == ("- un\n- délai", 1)


def test_the_second_writer_is_refused_and_told(scene: Scene) -> None:
    save(scene, "Base.", 0)
    save(scene, "Base, par Louis.", 1, "agent")
    with pytest.raises(TextConflictError) as caught:
        save(scene, "Base, par Pascale.", 1)
    assert stored(scene) == ("Base, par Louis.", 2)
    conflict = conflict_for_page(caught.value, "Base, par Pascale.", 1)
    assert conflict.who == "M. Louis BERNARD"
    assert (conflict.theirs, conflict.revision, conflict.base_revision) == (
        "Base, par Louis.",
        2,
        1,
    )
    assert [(p.change.value, p.text) for p in conflict.pieces] == [
        ("same", "Base, par "),
        ("removed", "Louis."),
        ("added", "Pascale."),
    ]
    assert conflict.joined.text == "Base, par Louis.\n\nBase, par Pascale."


def test_choosing_knowingly_replaces(scene: Scene) -> None:
    save(scene, "Base.", 0)
    save(scene, "Le leur.", 1, "agent")
    save(scene, "Le mien.", 2)
    assert stored(scene) == ("Le mien.", 3)


def test_two_first_writers_conflict(scene: Scene) -> None:
    save(scene, "Le premier.", 0, "agent")
    with pytest.raises(TextConflictError):
        save(scene, "Le second.", 0)
    assert stored(scene) == ("Le premier.", 1)


def test_a_text_not_touched_is_left_as_somebody_else_made_it(scene: Scene) -> None:
    save(scene, "Base.", 0)
    save(scene, "Changé par un autre.", 1, "agent")
    block = save(scene, "Base.\r\n", 1)
    assert block is not None
    assert stored(scene) == ("Changé par un autre.", 2)


def test_a_save_sent_twice_is_one_save(scene: Scene) -> None:
    save(scene, "Base.", 0)
    save(scene, "Suite.", 1)
    save(scene, "Suite.", 1)
    assert stored(scene) == ("Suite.", 2)


def test_emptying_a_text_is_a_change_like_another(scene: Scene) -> None:
    save(scene, "Base.", 0)
    save(scene, "", 1)
    assert stored(scene) == ("", 2)


def test_a_text_too_long_is_refused_with_its_figures(scene: Scene) -> None:
    save(scene, "Base.", 0)
    save(scene, "x" * MAX_TEXT_LENGTH, 1)
    with pytest.raises(RefusedError) as caught:
        save(scene, "y" * (MAX_TEXT_LENGTH + 1_200), 2)
    assert "51\u00a0200 caractères" in caught.value.message
    assert "au moins 1\u00a0200 caractères" in caught.value.message
    assert stored(scene) == ("x" * MAX_TEXT_LENGTH, 2)


@pytest.mark.parametrize("state", [MinutesState.SUBMITTED, MinutesState.VALIDATED])
def test_nothing_is_written_once_submitted(scene: Scene, state: MinutesState) -> None:
    save(scene, "Base.", 0)
    Minutes.objects.filter(pk=scene.minutes.pk).update(
        state=state, frozen={}, validated_at="2022-05-20T10:00:00Z"
    )
    with pytest.raises(LockedError):
        save(scene, "Trop tard.", 1)
    assert stored(scene) == ("Base.", 1)


def test_opening_and_closing_have_one_text_each(scene: Scene) -> None:
    scene.write("Ouverture", slot=Slot.OPENING)
    scene.write("Clôture", slot=Slot.CLOSING)
    scene.write("Clôture, mieux dite", slot=Slot.CLOSING)
    texts = TextBlock.objects.order_by("slot").values_list("slot", "text")
    assert list(texts) == [("closing", "Clôture, mieux dite"), ("opening", "Ouverture")]


def test_starting_twice_opens_one_version(cast: Cast) -> None:
    scene = build_scene(cast, started=False)
    first = start_minutes(meeting=scene.meeting)
    assert start_minutes(meeting=scene.meeting) == first
    assert (first.version, first.state) == (1, "draft")
    assert Minutes.objects.count() == 1
