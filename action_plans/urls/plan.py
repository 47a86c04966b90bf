"""Addresses of the plan as a whole: board, calendar, reviews, documents."""

from django.urls import path

from action_plans.views import plan, plan_documents, plan_reviews


urlpatterns = [
    path("tableau/", plan.board, name="board"),
    path("<int:pk>/deplacer/", plan.board_move, name="board_move"),
    path("calendrier/", plan_reviews.calendar, name="calendar"),
    path("par-service/", plan_reviews.review, {"grouping": "service"}, name="review_by_service"),
    path("par-axe/", plan_reviews.review, {"grouping": "axe"}, name="review_by_axis"),
    path("a-surveiller/", plan_reviews.attention, name="attention"),
    path("documents/", plan_documents.plan_documents, name="plan_documents"),
    path(
        "documents/demander/",
        plan_documents.plan_document_request,
        name="plan_document_request",
    ),
]
