"""Parts of an action: its steps, its comments, its pieces."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, Scope, requires
from action_plans.forms.parts import AttachForm, CommentForm, StepForm, action_url
from action_plans.models import Action, ActionComment, ActionEvidence, Step
from action_plans.selectors.actions import open_cycle, pieces_to_attach
from action_plans.selectors.rights import may_comment
from action_plans.services import comments as comment_services
from action_plans.services import evidence as evidence_services
from action_plans.services import steps as services
from action_plans.views.acts import back_to
from action_plans.views.gates import act, for_action, reportable
from common.form_tools import attempt
from modules.models import Evidence
from modules.views.undo import UNDO_PARAMETER


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]
REPORTERS = (P.ACTION_REPORT, P.ACTION_EDIT)


def _step(request: HttpRequest, action: Action, step_pk: int) -> Step:
    rows = Step.objects.visible_to(request.scope)  # type: ignore[attr-defined]
    step: Step = get_object_or_404(rows.select_related("action"), pk=step_pk, action=action)
    return step


def _with_undo(action: Action, kind: str, pk: int, anchor: str) -> HttpResponse:
    return redirect(f"{action_url(action)}?{UNDO_PARAMETER}={kind}-{pk}#{anchor}")


def _form_page(
    request: HttpRequest, action: Action, form: object, title: str, lead: str
) -> HttpResponse:
    context = {"form": form, "action": action, "title": title, "lead": lead}
    return render(request, "action_plans/actions/part_form.html", context)


# --- Steps ------------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(*REPORTERS, subject=Action)
@reportable
def step_create(request: HttpRequest, action: Action) -> HttpResponse:
    form = StepForm(request.POST or None, instance=Step(action=action))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.add_step(action=action, values=form.values()))
        if made is not None:
            messages.success(request, f"L’étape « {made} » est ajoutée.")
            return redirect(action_url(action, "etapes"))
    return _form_page(request, action, form, "Ajouter une étape", str(action))


@require_http_methods(FORM_METHODS)
@requires(*REPORTERS, subject=Action)
@reportable
def step_edit(request: HttpRequest, action: Action, step_pk: int) -> HttpResponse:
    step = _step(request, action, step_pk)
    form = StepForm(request.POST or None, instance=step)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_step(step=step, values=form.values()))
        if done is not None:
            messages.success(request, "L’étape est enregistrée.")
            return redirect(action_url(action, "etapes"))
    return _form_page(request, action, form, "Modifier l’étape", str(action))


@require_POST
@requires(*REPORTERS, subject=Action)
@reportable
def step_tick(request: HttpRequest, action: Action, step_pk: int) -> HttpResponse:
    """``faite=1``: done today; ``faite=0``: not yet."""
    step = _step(request, action, step_pk)
    is_done = request.POST.get("faite") == "1"
    words = f"L’étape « {step} » est {'faite' if is_done else 'de nouveau à faire'}."
    address = back_to(request, action_url(action, "etapes"))
    return act(request, lambda: services.tick_step(step=step, done=is_done), words, address)


@require_POST
@requires(*REPORTERS, subject=Action)
@reportable
def step_shift(request: HttpRequest, action: Action, step_pk: int) -> HttpResponse:
    """``sens=haut`` or ``sens=bas``."""
    step = _step(request, action, step_pk)
    up = request.POST.get("sens") == "haut"
    address = action_url(action, "etapes")
    return act(request, lambda: services.shift_step(step=step, up=up), "", address)


@require_POST
@requires(*REPORTERS, subject=Action)
@reportable
def step_remove(request: HttpRequest, action: Action, step_pk: int) -> HttpResponse:
    services.remove_step(step=_step(request, action, step_pk))
    return _with_undo(action, "etape", step_pk, "etapes")


@require_POST
@requires(*REPORTERS, subject=Action)
@reportable
def step_restore(request: HttpRequest, action: Action, step_pk: int) -> HttpResponse:
    step = _step(request, action, step_pk)
    words = "L’étape est rétablie."
    address = action_url(action, "etapes")
    return act(request, lambda: services.restore_step(step=step), words, address)


# --- Comments ---------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(*REPORTERS, subject=Action)
@for_action(may_comment)
def comment_create(request: HttpRequest, action: Action) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    form = CommentForm(request.POST or None, action=action)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        made = attempt(
            form,
            lambda: comment_services.write_comment(action=action, text=text, author=scope.user),
        )
        if made is not None:
            messages.success(request, "Le commentaire est publié.")
            return redirect(action_url(action, "commentaires"))
    return _form_page(request, action, form, "Commenter l’action", str(action))


def _comment(request: HttpRequest, action: Action, comment_pk: int) -> ActionComment | None:
    """Return the comment when the reader wrote it, or changes every action."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    rows = ActionComment.objects.visible_to(scope)
    comment: ActionComment = get_object_or_404(rows, pk=comment_pk, action=action)
    if scope.may(P.ACTION_EDIT) or comment.author_id == getattr(scope.user, "pk", None):
        return comment
    messages.error(request, "Ce commentaire est celui d’une autre personne : elle seule le retire.")
    return None


@require_POST
@requires(*REPORTERS, subject=Action)
@for_action()
def comment_remove(request: HttpRequest, action: Action, comment_pk: int) -> HttpResponse:
    comment = _comment(request, action, comment_pk)
    if comment is None:
        return redirect(action_url(action, "commentaires"))
    comment_services.remove_comment(comment=comment)
    return _with_undo(action, "commentaire", comment_pk, "commentaires")


@require_POST
@requires(*REPORTERS, subject=Action)
@for_action()
def comment_restore(request: HttpRequest, action: Action, comment_pk: int) -> HttpResponse:
    comment = _comment(request, action, comment_pk)
    if comment is not None:
        comment_services.restore_comment(comment=comment)
        messages.success(request, "Le commentaire est rétabli.")
    return redirect(action_url(action, "commentaires"))


# --- Pieces -----------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(*REPORTERS, subject=Action)
@reportable
def piece_attach(request: HttpRequest, action: Action) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    rows = pieces_to_attach(action, scope)
    form = AttachForm(request.POST or None, action=action, rows=rows)
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["pieces"])
        done = attempt(
            form,
            lambda: evidence_services.attach_evidence(action=action, pieces=chosen, by=scope.user),
        )
        if done is not None:
            messages.success(request, "Les pièces sont jointes à l’action.")
            return redirect(action_url(action, "pieces"))
    context = {
        "form": form,
        "action": action,
        "has_pieces": bool(form.fields["pieces"].choices),  # type: ignore[attr-defined]
        "cycle": open_cycle(scope),
    }
    return render(request, "action_plans/actions/piece_attach.html", context)


@require_POST
@requires(*REPORTERS, subject=Action)
@reportable
def piece_detach(request: HttpRequest, action: Action, piece_pk: int) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    links = ActionEvidence.objects.visible_to(scope)
    link = links.filter(action=action, evidence=piece_pk).first()
    if link is not None:
        evidence_services.detach_evidence(link=link)
    return redirect(f"{action_url(action)}?detachee={piece_pk}#pieces")


@require_POST
@requires(*REPORTERS, subject=Action)
@reportable
def piece_rejoin(request: HttpRequest, action: Action, piece_pk: int) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    piece: Evidence = get_object_or_404(Evidence.objects.visible_to(scope), pk=piece_pk)
    evidence_services.attach_evidence(action=action, pieces=[piece], by=scope.user)
    messages.success(request, f"La pièce « {piece} » est de nouveau jointe.")
    return redirect(action_url(action, "pieces"))


def detached_piece(request: HttpRequest, action: Action) -> dict[str, str] | None:
    """Return what « Annuler » takes back after a piece was detached."""
    key = request.GET.get("detachee", "")
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    scope = request.scope  # type: ignore[attr-defined]
    piece = Evidence.objects.visible_to(scope).filter(pk=int(key)).first()
    if piece is None or ActionEvidence.objects.visible_to(scope).filter(
        action=action, evidence=piece
    ):
        return None
    url = reverse("action_plans:piece_rejoin", args=[action.pk, piece.pk])
    return {"text": f"La pièce « {piece} » n’est plus jointe à l’action.", "url": url}
