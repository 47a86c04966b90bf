"""Addresses of the app: account pages and « Administration »."""

from django.urls import path

from accounts.views import account, people, places, sessions


app_name = "accounts"
urlpatterns = [
    path("connexion/", sessions.login, name="login"),
    path("deconnexion/", sessions.logout, name="logout"),
    path("deconnexion/terminee/", sessions.signed_out, name="signed_out"),
    path("compte/", account.profile, name="profile"),
    path("compte/role/", account.switch_role, name="switch_role"),
    path("compte/prolonger/", sessions.keep_alive, name="keep_alive"),
    path("compte/mot-de-passe/", account.password_change, name="password_change"),
    path("mot-de-passe-oublie/", account.password_reset, name="password_reset"),
    path("mot-de-passe-oublie/envoye/", account.password_reset_done, name="password_reset_done"),
    path(
        "mot-de-passe-oublie/termine/",
        account.password_reset_complete,
        name="password_reset_complete",
    ),
    path(
        "mot-de-passe-oublie/<str:uidb64>/<str:token>/",
        account.password_reset_confirm,
        name="password_reset_confirm",
    ),
    path("invitation/<str:uidb64>/<str:token>/", account.invitation, name="invitation"),
    path("administration/", places.administration, name="administration"),
    path("administration/comptes/", people.user_list, name="user_list"),
    path("administration/comptes/nouveau/", people.user_create, name="user_create"),
    path("administration/comptes/<int:pk>/", people.user_edit, name="user_edit"),
    path("administration/comptes/<int:pk>/inviter/", people.user_invite, name="user_invite"),
    path("administration/comptes/<int:pk>/fermer/", people.user_close, name="user_close"),
    path("administration/comptes/<int:pk>/rouvrir/", people.user_open, name="user_open"),
    path(
        "administration/comptes/<int:pk>/roles/nouveau/",
        people.membership_create,
        name="membership_create",
    ),
    path("administration/roles/<int:pk>/", people.membership_edit, name="membership_edit"),
    path("administration/roles/<int:pk>/retirer/", people.membership_end, name="membership_end"),
    path("administration/prefectures/", places.prefecture_list, name="prefecture_list"),
    path(
        "administration/prefectures/nouvelle/", places.prefecture_create, name="prefecture_create"
    ),
    path("administration/prefectures/<slug:slug>/", places.prefecture_edit, name="prefecture_edit"),
    path(
        "administration/prefectures/<slug:slug>/services/nouveau/",
        places.service_create,
        name="service_create",
    ),
    path(
        "administration/prefectures/<slug:slug>/sites/nouveau/",
        places.site_create,
        name="site_create",
    ),
    path("administration/services/", places.service_list, name="service_list"),
    path("administration/services/<int:pk>/", places.service_edit, name="service_edit"),
    path("administration/sites/<int:pk>/", places.site_edit, name="site_edit"),
]
