"""Pages of the composition of a committee: its bodies, its members, their mandates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from meetings.forms.committees import BodyForm, MandateEndForm, MemberForm
from meetings.models import Committee, Member
from meetings.selectors import composition as data
from meetings.services import committees as services
from meetings.views.gates import Removal, posted, redirect_with_undo, refused_to, undo_from


PAGE = "meetings:composition"
P = Permission


def _page(committee: Committee, anchor: str = "") -> str:
    address = reverse(PAGE, args=[committee.slug])
    return f"{address}#{anchor}" if anchor else address


def _removals(committee: Committee) -> dict[str, Removal]:
    """Return what this page offers to take back."""
    return {
        "organisme": Removal(
            committee.bodies.all(),
            "meetings:body_restore",
            "« {} » et ses membres ne figurent plus dans la composition.",
        ),
        "membre": Removal(
            data.members_of(committee),
            "meetings:member_restore",
            "« {} » ne figure plus dans la composition.",
        ),
    }


@require_safe
@requires(P.COMMITTEE_READ, subject=Committee)
def composition(request: HttpRequest, committee: Committee) -> HttpResponse:
    context = {
        "committee": committee,
        "composition": data.composition_of(committee, timezone.localdate()),
        "undo": undo_from(request, committee.slug, _removals(committee)),
    }
    return render(request, "meetings/composition.html", context)


# --- Bodies -----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.COMMITTEE_EDIT, subject=Committee)
def body_create(request: HttpRequest, committee: Committee) -> HttpResponse:
    initial = {"protocol_order": data.next_protocol_order(committee)}
    form = BodyForm(posted(request), initial=initial, cancel_url=_page(committee))
    if form.is_valid():
        made = attempt(form, lambda: services.add_body(committee=committee, values=form.values()))
        if made is not None:
            messages.success(
                request, f"« {made} » figure dans la composition. Indiquez qui y siège."
            )
            return redirect(_page(committee, f"organisme-{made.pk}"))
    context = {"form": form, "committee": committee}
    return render(request, "meetings/body_create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.COMMITTEE_EDIT, subject=Committee)
def body_edit(request: HttpRequest, committee: Committee, body_pk: int) -> HttpResponse:
    body = get_object_or_404(committee.bodies.kept(), pk=body_pk)
    name, back = body.name, _page(committee, f"organisme-{body_pk}")
    form = BodyForm(posted(request), instance=body, cancel_url=back)
    if form.is_valid():
        done = attempt(form, lambda: services.update_body(body=body, values=form.values()))
        if done is not None:
            messages.success(request, f"L’organisme « {done} » est enregistré.")
            return redirect(back)
    context = {"form": form, "committee": committee, "name": name}
    return render(request, "meetings/body_edit.html", context)


@require_POST
@requires(P.COMMITTEE_EDIT, subject=Committee)
@refused_to(PAGE)
def body_remove(request: HttpRequest, committee: Committee, body_pk: int) -> HttpResponse:
    body = get_object_or_404(committee.bodies.all(), pk=body_pk)
    services.remove_body(body=body)
    return redirect_with_undo(PAGE, committee.slug, kind="organisme", row=body)


@require_POST
@requires(P.COMMITTEE_EDIT, subject=Committee)
@refused_to(PAGE)
def body_restore(request: HttpRequest, committee: Committee, body_pk: int) -> HttpResponse:
    body = get_object_or_404(committee.bodies.all(), pk=body_pk)
    services.restore_body(body=body)
    messages.success(request, f"« {body} » figure de nouveau dans la composition.")
    return redirect(_page(committee, f"organisme-{body_pk}"))


# --- Members ----------------------------------------------------------------------------------
def _member_of(committee: Committee, member_pk: int, *, removed: bool = False) -> Member:
    """Return a member of this committee (404 otherwise); ``removed`` ones too when asked."""
    members = data.members_of(committee)
    return get_object_or_404(members if removed else members.kept(), pk=member_pk)


def _after_saving(
    request: HttpRequest, committee: Committee, member: Member, sentence: str
) -> HttpResponse:
    """Return to the member's body; to the top of the page when a warning is to be read there."""
    messages.success(request, sentence)
    elsewhere = data.other_bodies_of(member)
    if not elsewhere:
        return redirect(_page(committee, f"organisme-{member.body_id}"))
    messages.warning(
        request,
        f"{member.full_name} siège aussi au titre de : {', '.join(elsewhere)}. Vérifiez que c’est "
        "voulu.",
    )
    return redirect(_page(committee))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.COMMITTEE_EDIT, subject=Committee)
def member_create(request: HttpRequest, committee: Committee) -> HttpResponse:
    bodies = committee.bodies.kept()
    chosen = data.body_asked(committee, request.GET.get("organisme", ""))
    form = MemberForm(
        posted(request), initial={"body": chosen}, bodies=bodies, cancel_url=_page(committee)
    )
    if form.is_valid():
        body = form.cleaned_data["body"]
        made = attempt(form, lambda: services.add_member(body=body, values=form.values()))
        if made is not None:
            sentence = f"« {made} » figure dans la composition."
            return _after_saving(request, committee, made, sentence)
    context = {"form": form, "committee": committee, "has_bodies": bodies.exists()}
    return render(request, "meetings/member_create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.COMMITTEE_EDIT, subject=Committee)
def member_edit(request: HttpRequest, committee: Committee, member_pk: int) -> HttpResponse:
    member = _member_of(committee, member_pk)
    name, back = member.label, _page(committee, f"organisme-{member.body_id}")
    form = MemberForm(
        posted(request), instance=member, bodies=committee.bodies.kept(), cancel_url=back
    )
    if form.is_valid():
        done = attempt(form, lambda: services.update_member(member=member, values=form.values()))
        if done is not None:
            sentence = f"La fiche de « {done} » est enregistrée."
            return _after_saving(request, committee, done, sentence)
    context = {"form": form, "committee": committee, "name": name}
    return render(request, "meetings/member_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.COMMITTEE_EDIT, subject=Committee)
def member_end(request: HttpRequest, committee: Committee, member_pk: int) -> HttpResponse:
    member = _member_of(committee, member_pk)
    back = _page(committee, f"organisme-{member.body_id}")
    form = MandateEndForm(posted(request), today=timezone.localdate(), cancel_url=back)
    if form.is_valid():
        day = form.cleaned_data["ends_on"]
        done = attempt(form, lambda: services.end_mandate(member=member, on=day))
        if done is not None:
            messages.success(request, f"Le mandat de « {done} » finit le {day:%d/%m/%Y}.")
            return redirect(back)
    context = {"form": form, "committee": committee, "member": member}
    return render(request, "meetings/member_end.html", context)


@require_POST
@requires(P.COMMITTEE_EDIT, subject=Committee)
@refused_to(PAGE)
def member_remove(request: HttpRequest, committee: Committee, member_pk: int) -> HttpResponse:
    member = _member_of(committee, member_pk, removed=True)
    services.remove_member(member=member)
    return redirect_with_undo(PAGE, committee.slug, kind="membre", row=member)


@require_POST
@requires(P.COMMITTEE_EDIT, subject=Committee)
@refused_to(PAGE)
def member_restore(request: HttpRequest, committee: Committee, member_pk: int) -> HttpResponse:
    member = _member_of(committee, member_pk, removed=True)
    services.restore_member(member=member)
    messages.success(request, f"« {member} » figure de nouveau dans la composition.")
    return redirect(_page(committee, f"organisme-{member.body_id}"))
