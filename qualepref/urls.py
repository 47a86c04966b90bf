"""Every address of the application. Prefixes are doors that do not move (see README)."""

from django.urls import include, path

from qualepref import views


urlpatterns = [
    path("", views.home, name="home"),
    path("sante/", views.health, name="health"),
    path("", include("accounts.urls")),
    path("modules/", include("modules.urls")),
    path("indicateurs/", include("indicators.urls")),
    path("actions/", include("action_plans.urls")),
    path("comites/", include("meetings.urls")),
    path("documents/", include("reports.urls")),
    path("", include("common.urls")),
]
handler400 = "common.views.bad_request"
handler403 = "common.views.forbidden"
handler404 = "common.views.not_found"
handler500 = "common.views.server_error"
