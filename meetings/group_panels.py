"""What the page of a working group of the démarche shows of its meetings."""

from accounts.access import Scope
from meetings.selectors.groups import GroupMeetings, meetings_of_group
from modules.models import WorkingGroup
from modules.registry import register_group_panel


@register_group_panel("meetings/group_panel.html")
def meetings_panel(group: WorkingGroup, scope: Scope) -> GroupMeetings | None:
    return meetings_of_group(group, scope)
