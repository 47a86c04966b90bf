"""Pages of an auto-diagnostic: the list, the campaign, its opening and closing, reminders."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from common.history import history_entries
from modules.forms.assessments import AssessmentForm, CompareForm
from modules.models import LabelCycle, SelfAssessment
from modules.rules.assessments import Move
from modules.selectors import assessment_compare as comparisons
from modules.selectors import assessments as selectors
from modules.services import assessment_reminders as reminders
from modules.services import assessments as services


FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE = "modules:assessment_detail"
LINES_PER_PAGE = 100


@require_safe
@requires(Permission.ASSESSMENT_READ, subject=LabelCycle)
def assessment_list(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    lines = selectors.assessments_for_list(cycle, scope)
    current = next((line.assessment for line in lines if line.assessment.is_open), None)
    context = {
        "cycle": cycle,
        "lines": lines,
        "current": current,
        "own_sheet": current and selectors.own_sheet_to_fill(current, scope),
    }
    return render(request, "modules/assessments/list.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.ASSESSMENT_REVIEW, subject=LabelCycle)
def assessment_create(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    today = timezone.localdate()
    form = AssessmentForm(
        request.POST if request.method == "POST" else None,
        instance=SelfAssessment(cycle=cycle, opened_on=today),
        source=selectors.assessment_to_carry(cycle),
        cancel_url=reverse("modules:assessment_list", args=[cycle.pk]),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.open_assessment(cycle=cycle, opened_on=today, **form.values()),
        )
        if made is not None:
            messages.success(request, "L’auto-diagnostic est ouvert : chaque service a sa grille.")
            return redirect(PAGE, made.pk)
    context = {"form": form, "cycle": cycle, "title": "Ouvrir un auto-diagnostic"}
    return render(request, "modules/assessments/form.html", context)


@require_safe
@requires(Permission.ASSESSMENT_READ, subject=SelfAssessment)
def assessment_detail(request: HttpRequest, assessment: SelfAssessment) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    may_review = scope.may(Permission.ASSESSMENT_REVIEW)
    is_watched = may_review and assessment.is_open
    missing = selectors.missing_rows(assessment) if is_watched else {}
    context = {
        "campaign": selectors.campaign_for_page(assessment, scope, timezone.localdate()),
        "cycle": assessment.cycle,
        "missing": sorted(service.name for service in missing),
        "missing_count": sum(len(asked) for asked in missing.values()),
        "history": history_entries(assessment)
        if scope.may(Permission.ASSESSMENT_READ_PRIVATE)
        else [],
    }
    return render(request, "modules/assessments/detail.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.ASSESSMENT_REVIEW, subject=SelfAssessment)
def assessment_edit(request: HttpRequest, assessment: SelfAssessment) -> HttpResponse:
    title = assessment.name
    form = AssessmentForm(
        request.POST if request.method == "POST" else None,
        instance=assessment,
        cancel_url=reverse(PAGE, args=[assessment.pk]),
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form, lambda: services.update_assessment(assessment=assessment, **form.values())
        )
        if done is not None:
            messages.success(request, "L’auto-diagnostic est enregistré.")
            return redirect(PAGE, assessment.pk)
    context = {"form": form, "cycle": assessment.cycle, "assessment": assessment, "title": title}
    return render(request, "modules/assessments/form.html", context)


@require_POST
@requires(Permission.ASSESSMENT_REVIEW, subject=SelfAssessment)
def assessment_complete(request: HttpRequest, assessment: SelfAssessment) -> HttpResponse:
    try:
        added = services.complete_sheets(assessment=assessment)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        lines = "1 ligne ajoutée" if added == 1 else f"{added} lignes ajoutées"
        messages.success(request, f"Les grilles suivent le périmètre : {lines}.")
    return redirect(PAGE, assessment.pk)


@require_http_methods(FORM_METHODS)
@requires(Permission.ASSESSMENT_REVIEW, subject=SelfAssessment)
def assessment_close(request: HttpRequest, assessment: SelfAssessment) -> HttpResponse:
    """Show first the sheets that would stay without a review, then close."""
    today = timezone.localdate()
    if request.method == "POST":
        try:
            services.close_assessment(assessment=assessment, closed_on=today)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "L’auto-diagnostic est clos. Ses grilles restent lisibles.")
        return redirect(PAGE, assessment.pk)
    scope = request.scope  # type: ignore[attr-defined]
    context = {
        "campaign": selectors.campaign_for_page(assessment, scope, today),
        "cycle": assessment.cycle,
    }
    return render(request, "modules/assessments/close.html", context)


@require_POST
@requires(Permission.ASSESSMENT_REVIEW, subject=SelfAssessment)
def assessment_reopen(request: HttpRequest, assessment: SelfAssessment) -> HttpResponse:
    try:
        services.reopen_assessment(assessment=assessment)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "L’auto-diagnostic est de nouveau ouvert.")
    return redirect(PAGE, assessment.pk)


@require_POST
@requires(Permission.ASSESSMENT_REVIEW, subject=SelfAssessment)
def assessment_remind(request: HttpRequest, assessment: SelfAssessment) -> HttpResponse:
    """Remind every service that is late."""
    today = timezone.localdate()
    campaign = selectors.campaign_for_page(assessment, request.scope, today)  # type: ignore[attr-defined]
    leaving = reminders.remind_sheets(sheets=[line.sheet for line in campaign.late], today=today)
    if leaving:
        mails = "1 rappel part" if leaving == 1 else f"{leaving} rappels partent"
        messages.success(request, f"{mails} par courriel.")
    else:
        messages.info(
            request,
            "Aucun rappel à envoyer : personne n’est en retard, ou les services en retard ont déjà "
            "été relancés aujourd’hui ou n’ont pas d’adresse.",
        )
    return redirect(PAGE, assessment.pk)


@require_safe
@requires(Permission.ASSESSMENT_READ, subject=LabelCycle)
def assessment_compare(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    assessments = comparisons.comparable_assessments(cycle, scope)
    form = CompareForm(
        request.GET or None,
        initial=dict(zip(("after", "before"), assessments[:2], strict=False)),
        cycle=cycle,
        assessments=assessments,
        services=comparisons.comparable_services(cycle, scope),
    )
    comparison = None
    if form.is_valid():
        asked = form.cleaned_data
        moves = {"moves": frozenset({Move(asked["move"])})} if asked["move"] else {}
        comparison = comparisons.compare(
            comparisons.Side(asked["before"], asked["service"]),
            comparisons.Side(asked["after"], asked["other_service"] or asked["service"]),
            scope,
            module=asked["module"],
            **moves,
        )
    lines = Paginator(comparison.lines if comparison else [], LINES_PER_PAGE)
    context = {
        "cycle": cycle,
        "form": form,
        "comparison": comparison,
        "page": lines.get_page(request.GET.get("page")),
    }
    return render(request, "modules/assessments/compare.html", context)
