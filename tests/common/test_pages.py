"""Footer duties, error pages, catalogue: open to everybody, and saying what they must."""

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from common.enums import Tone
from common.templatetags.components import BADGES, badge, page_numbers
from common.views import csrf_failure
from tests.cast import Cast


FOOTER = ("legal", "privacy", "accessibility", "sitemap")


@pytest.mark.parametrize("name", FOOTER)
def test_footer_pages_are_open_and_linked_from_each_other(name: str, client: Client) -> None:
    html = client.get(reverse(f"common:{name}")).content.decode()
    assert html.count("<h1") == 1
    for other in FOOTER:
        assert f'href="{reverse(f"common:{other}")}"' in html


@pytest.mark.parametrize("name", FOOTER)
def test_footer_pages_carry_the_brand_of_the_reader(name: str, cast: Cast) -> None:
    html = cast.client("referente").get(reverse(f"common:{name}")).content.decode()
    assert "Préfet<br>" in html
    assert "de Loir-et-Cher" in html
    assert "Se déconnecter" in html


def test_what_only_the_prefecture_knows_is_not_invented(client: Client, settings) -> None:
    address = reverse("common:legal")
    assert client.get(address).content.decode().count("à compléter par la préfecture") == 5
    settings.PUBLISHER = dict.fromkeys(settings.PUBLISHER, "Préfecture de Loir-et-Cher")
    html = client.get(address).content.decode()
    assert "à compléter" not in html
    assert "Préfecture de Loir-et-Cher" in html


def test_accessibility_says_what_was_not_checked_and_the_way_to_complain(client: Client) -> None:
    html = client.get(reverse("common:accessibility")).content.decode()
    assert "non conforme" in html
    assert "aucun audit de conformité en cours de validité" in html
    assert "Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07" in html


def test_sitemap_shows_what_the_reader_may_open(cast: Cast) -> None:
    address = reverse("common:sitemap")
    assert reverse("accounts:administration") in cast.client("admin").get(address).content.decode()
    anonymous = cast.client("anonymous").get(address).content.decode()
    assert reverse("accounts:administration") not in anonymous
    assert reverse("accounts:login") in anonymous


def test_unknown_address_is_answered_in_french(cast: Cast) -> None:
    for who in ("anonymous", "agent"):
        response = cast.client(who).get("/nulle-part/")
        assert response.status_code == 404
        assert "Page non trouvée" in response.content.decode()


def test_refused_page_says_under_which_role(cast: Cast) -> None:
    response = cast.client("agent").get(reverse("accounts:administration"))
    assert response.status_code == 403
    assert "Vous agissez en tant que «\u00a0Agent\u00a0»" in response.content.decode()


def test_forged_or_late_form_is_refused_in_french(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("accounts:login"), {"username": "x"})
    assert response.status_code == 403
    assert "Votre envoi n’a pas été accepté" in response.content.decode()
    assert csrf_failure(RequestFactory().get("/")).status_code == 403


def test_a_form_too_heavy_is_refused_in_french(cast: Cast, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = cast.client("agent")
    response = client.post(reverse("accounts:switch_role"), {"membership": "x" * 2000})
    assert response.status_code == 413
    assert "Votre envoi est trop volumineux" in response.content.decode()


def test_a_host_that_is_not_ours_is_refused_in_french() -> None:
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Cette demande n’a pas été comprise" in response.content.decode()


def test_error_page_needs_no_context() -> None:
    html = render_to_string("500.html")
    assert "Le service a rencontré une erreur" in html


def test_catalogue_shows_every_tone_and_errors(client: Client) -> None:
    address = reverse("common:catalogue")
    html = client.get(address).content.decode()
    assert all(tone.label in html for tone in Tone)
    assert "erreurs à corriger" not in html
    response = client.post(address, {"email": "pas un courriel"})
    assert response.status_code == 200
    html = response.content.decode()
    assert "11 erreurs à corriger" in html
    assert 'value="pas un courriel"' in html


@pytest.mark.parametrize("tone", Tone)
def test_badge_has_word_icon_and_colour(tone: Tone) -> None:
    html = badge("<état>", tone)
    assert "&lt;état&gt;" in html
    classes = BADGES[tone].split()
    drawn_by_dsfr = {"fr-badge--info", "fr-badge--warning", "fr-badge--error", "fr-badge--success"}
    has_own_icon = any(name.startswith("fr-icon-") for name in classes)
    assert has_own_icon or drawn_by_dsfr & set(classes)


def test_badge_refuses_an_unknown_tone() -> None:
    with pytest.raises(ValueError, match="orange"):
        badge("état", "orange")


def test_page_numbers_leave_out_what_is_far() -> None:
    pages = Paginator(range(200), 10)
    assert page_numbers(pages.page(10)) == [1, None, 9, 10, 11, None, 20]
    assert page_numbers(Paginator(range(15), 10).page(1)) == [1, 2]


def test_pagination_keeps_the_filters(rf: RequestFactory) -> None:
    context = {"page": Paginator(range(30), 10).page(2)}
    html = render_to_string(
        "components/pagination.html", context, request=rf.get("/?etat=clos&page=2")
    )
    assert 'href="?etat=clos&amp;page=3"' in html
    assert 'href="?etat=clos&amp;page=1"' in html


def test_frame_warns_before_the_session_ends(cast: Cast, settings) -> None:
    address = reverse("common:legal")
    html = cast.client("agent").get(address).content.decode()
    assert f'data-session-seconds="{settings.SESSION_COOKIE_AGE}"' in html
    assert f'data-keep-alive-url="{reverse("accounts:keep_alive")}"' in html
    assert "data-session-seconds" not in cast.client("anonymous").get(address).content.decode()


def test_answers_forbid_inline_code(client: Client) -> None:
    policy = client.get(reverse("common:legal"))["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
