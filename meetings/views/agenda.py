"""Pages of the agenda: the tree, its items, their order."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from meetings.errors import RefusedError
from meetings.forms.agenda import AgendaItemForm
from meetings.models import AgendaItem, Meeting
from meetings.selectors.agenda import agenda_tree, order_of
from meetings.selectors.pages import meeting_page
from meetings.services.agenda import (
    add_item,
    edit_item,
    move_item,
    remove_item,
    reorder_items,
    restore_item,
)
from meetings.views.gates import (
    WRITERS,
    Removal,
    posted,
    redirect_with_undo,
    refused_to,
    require_open,
    require_writable,
    saved,
    undo_from,
    wants_json,
)


PAGE = "meetings:agenda"


def removals(meeting: Meeting) -> dict[str, Removal]:
    """Return what this page offers to take back."""
    sentence = "Le point « {} » est retiré de l’ordre du jour."
    return {"point": Removal(meeting.agenda_items.all(), "meetings:agenda_item_restore", sentence)}


def tree_context(meeting: Meeting, *, may_edit: bool) -> dict[str, Any]:
    """Return what ``meetings/agenda_tree.html`` draws."""
    nodes = agenda_tree(meeting)
    return {
        "nodes": [node for node in nodes if node.level == 1],
        "order": json.dumps(order_of(nodes)),
        "may_edit": may_edit,
        "slug": meeting.slug,
    }


@require_safe
@requires(Permission.COMMITTEE_READ, subject=Meeting)
def agenda(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    page = meeting_page(request, meeting)
    context = {
        "page": page,
        "undo": undo_from(request, meeting.slug, removals(meeting)),
        **tree_context(meeting, may_edit=page.may_write and not page.is_locked),
    }
    return render(request, "meetings/agenda.html", context)


@require_http_methods(["GET", "POST"])
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def agenda_item_create(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    require_writable(request, meeting)
    require_open(meeting)
    back = reverse(PAGE, args=[meeting.slug])
    form = AgendaItemForm(posted(request), meeting=meeting, cancel_url=back)
    if form.is_valid():
        item = form.save(commit=False)
        if saved(form, lambda: add_item(meeting=meeting, item=item)):
            messages.success(request, f"Le point « {item} » est ajouté.")
            return redirect(f"{back}#point-{item.pk}")
    context = {"form": form, "meeting": meeting}
    return render(request, "meetings/agenda_item_create.html", context)


@require_http_methods(["GET", "POST"])
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def agenda_item_edit(request: HttpRequest, meeting: Meeting, item_pk: int) -> HttpResponse:
    require_writable(request, meeting)
    item = get_object_or_404(meeting.agenda_items.kept(), pk=item_pk)
    require_open(meeting)
    back = f"{reverse(PAGE, args=[meeting.slug])}#point-{item.pk}"
    context = {"meeting": meeting, "title": item.title}
    form = AgendaItemForm(posted(request), instance=item, meeting=meeting, cancel_url=back)
    if form.is_valid() and saved(form, lambda: edit_item(item=form.save(commit=False))):
        messages.success(request, f"Le point « {item} » est enregistré.")
        return redirect(back)
    return render(request, "meetings/agenda_item_edit.html", {**context, "form": form})


@require_POST
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def agenda_item_remove(request: HttpRequest, meeting: Meeting, item_pk: int) -> HttpResponse:
    require_writable(request, meeting)
    item = get_object_or_404(meeting.agenda_items, pk=item_pk)
    remove_item(item=item)
    return redirect_with_undo(PAGE, meeting.slug, kind="point", row=item)


@require_POST
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def agenda_item_restore(request: HttpRequest, meeting: Meeting, item_pk: int) -> HttpResponse:
    require_writable(request, meeting)
    item = get_object_or_404(meeting.agenda_items, pk=item_pk)
    restore_item(item=item)
    messages.success(request, f"Le point « {item} » est de nouveau à l’ordre du jour.")
    return redirect(f"{reverse(PAGE, args=[meeting.slug])}#point-{item.pk}")


@require_POST
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def agenda_move(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    require_writable(request, meeting)
    item = _named_item(meeting, request.POST.get("item_pk", ""))
    sentence = move_item(item=item, direction=request.POST.get("direction", ""))
    if wants_json(request):
        return _tree_answer(request, meeting, sentence)
    messages.success(request, sentence)
    return redirect(f"{reverse(PAGE, args=[meeting.slug])}#point-{item.pk}")


@require_POST
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def agenda_reorder(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    require_writable(request, meeting)
    try:
        asked = json.loads(request.body)
        order = {"tree": asked["tree"], "seen": asked["seen"], "moved_pk": asked.get("moved")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RefusedError("L’ordre reçu n’est pas lisible.") from None
    return _tree_answer(request, meeting, reorder_items(meeting=meeting, **order))


def _named_item(meeting: Meeting, number: str) -> AgendaItem:
    """Return the item to move; ``RefusedError`` when it has left the agenda meanwhile."""
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    item = meeting.agenda_items.kept().filter(pk=int(number)).first() if is_number else None
    if item is None:
        raise RefusedError("Ce point n’est plus à l’ordre du jour. Rechargez la page.")
    return item


def _tree_answer(request: HttpRequest, meeting: Meeting, sentence: str) -> JsonResponse:
    """Return the sentence for the live region and the tree as it now stands."""
    context = tree_context(meeting, may_edit=True)
    html = render_to_string("meetings/agenda_tree.html", context, request)
    return JsonResponse({"message": sentence, "html": html})
