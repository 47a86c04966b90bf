"""Addresses of the app, under ``/actions/``."""

from action_plans.urls import actions, exchange, plan, signals


app_name = "action_plans"
urlpatterns = [
    *plan.urlpatterns,
    *signals.urlpatterns,
    *exchange.urlpatterns,
    *actions.urlpatterns,
]
