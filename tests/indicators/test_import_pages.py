"""The pages of the imports: handed in, questions answered, decided, applied, undone; who sees what."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.enums import ImportState
from indicators.models import Measure, MeasureImport
from indicators.selectors.imports import plan_now
from indicators.services.measures import as_json
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure
from tests.indicators.examples_imports import read_file


pytestmark = pytest.mark.django_db
CREATE = reverse("indicators:import_create")
BAD = {
    "vide.csv": (b"", "Ce fichier est vide"),
    "long.csv": (b"a;b\n" + b"1;2\n" * 200_000, "200 001 lignes"),
    "loire.csv": (
        "Préfecture de la Loire;\nIndicateur;T1 2021\nTaux d’appels aboutis;95\n".encode(),
        "désigne Loire (42), et non Loir-et-Cher (41)",
    ),
    "chiffre.xls": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "protégé par un mot de passe",
    ),
}


def hand_in(cast: Cast, data: bytes, name: str = "telephone.csv", who: str = "referente") -> str:
    """Send a file and return the page that follows, with plain spaces."""
    make_indicator(label="Taux d’appels aboutis")
    sent = {"file": SimpleUploadedFile(name, data)}
    response = cast.client(who).post(CREATE, sent, follow=True)
    return str(response.content.decode()).replace("\u00a0", " ")


def post(cast: Cast, imported: MeasureImport, act: str, who: str = "referente", **data: str) -> str:
    url = reverse(f"indicators:import_{act}", args=[imported.pk])
    response = cast.client(who).post(url, data, follow=True)
    imported.refresh_from_db()
    return str(response.content.decode()).replace("\u00a0", " ")


def test_looked_at_then_applied_then_undone(cast: Cast) -> None:
    make_measure(cast.prefecture, make_indicator(label="Taux d’appels aboutis"))
    page = hand_in(cast, "Trimestre;Taux d’appels aboutis\nT4 2021;95 %\nT1 2022;91 %\n".encode())
    assert "Rien n’est encore enregistré." in page
    assert "Appliquer les 2 mesures" in page
    assert "À savoir" not in page
    assert "90 %</del>" in page
    imported = MeasureImport.objects.get()
    stale = post(cast, imported, "apply", fingerprint="celui d’une autre page")
    assert "Des mesures ont changé depuis que cet aperçu a été affiché" in stale
    assert imported.state == ImportState.PREVIEW
    mark = plan_now(imported, None).fingerprint
    assert "2 mesures sont enregistrées" in post(cast, imported, "apply", fingerprint=mark)
    assert "Annuler cet import" in post(cast, imported, "apply", fingerprint=mark)  # a second click
    assert Measure.objects.count() == 2
    assert "Cet import est déjà appliqué" in post(cast, imported, "drop")
    url = reverse("indicators:import_detail", args=[imported.pk])
    badges = ("Remplacé<", "Ajouté<")
    assert all(word in cast.client("referente").get(url).text for word in badges)
    given_back = post(cast, imported, "undo")
    assert "1 mesure remplacée est redevenue ce qu’elle était." in given_back
    (sheet,) = cast.client("referente").get(url).context["sheets"]
    assert [row.is_undone for row in sheet.rows] == [True, True]
    assert not any(word in given_back for word in badges)
    assert [as_json(measure)["value"] for measure in Measure.objects.all()] == ["0.900000"]


def test_a_doubt_and_a_question_keep_what_was_typed(cast: Cast) -> None:
    page = hand_in(
        cast, "Mois;Taux d’appels aboutis;Bidules\n01/2021;107 %;3\n02/2021;95 %;4\n".encode()
    )
    assert "1 question" in page
    assert "1 valeur à vérifier" in page
    imported = MeasureImport.objects.get()
    mark = plan_now(imported, None).fingerprint
    refused = post(
        cast, imported, "apply", fingerprint=mark, **{"doubt-0": "Rattrapage des files de décembre"}
    )
    assert "Des cellules sont à corriger ou à préciser." in refused
    assert "Rattrapage des files de décembre" in refused
    assert (imported.state, Measure.objects.count()) == (ImportState.PREVIEW, 0)
    assert "Choisissez au moins une réponse" in post(cast, imported, "answer")
    answered = post(cast, imported, "answer", **{"answer-0": "-"})
    assert "1 question" not in answered
    mark = plan_now(imported, None).fingerprint
    post(cast, imported, "apply", fingerprint=mark, **{"skip-0": "on"})
    assert [measure.cell for measure in Measure.objects.all()] == ["B3"]


def test_a_label_understood_is_corrected_and_read_again(cast: Cast) -> None:
    make_indicator("ECR-MAIL", label="Courriels répondus")
    page = hand_in(cast, "Mois;Tx d’appels aboutis au standard\n01/2021;95 %\n".encode())
    assert "Libellés rapprochés d’un indicateur (1)" in page
    imported = MeasureImport.objects.get()
    post(cast, imported, "answer", **{"label-0": "ECR-MAIL"})
    assert [row[2] for row in imported.reading["figures"]] == ["ECR-MAIL"]


def test_what_is_to_mend_is_listed_before_the_button(cast: Cast) -> None:
    page = hand_in(cast, "Mois;Taux d’appels aboutis\n01/2021;#REF!\n02/2021;95 %\n".encode())
    told = page[page.index("1 ligne à corriger ou à préciser") :]
    assert "B2 : La formule de cette cellule est en erreur (#REF!)." in told
    assert "Appliquer la mesure" in told


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_says_what_is_wrong_and_changes_nothing(cast: Cast, name: str) -> None:
    data, words = BAD[name]
    page = hand_in(cast, data, name)
    imported = MeasureImport.objects.first()
    if (
        imported is not None and imported.state == ImportState.READING
    ):  # too large to be read at once
        page = post(cast, imported, "resume")
    assert words in page
    assert Measure.objects.count() == 0


def test_a_correspondent_sees_their_own_files_only(cast: Cast) -> None:
    theirs = read_file(cast, cast.prefecture)
    text = f"Service;T1 2021\n{cast.service.name};95 %\nTotal;90 %\n".encode()
    page = hand_in(cast, text, "Taux d’appels aboutis.csv", who="correspondant")
    assert "vous importez celles de vos services seulement" in page
    mine = MeasureImport.objects.get(read_by=cast.user("correspondant"))
    listed = cast.client("correspondant").get(reverse("indicators:import_list")).content.decode()
    assert mine.file_name in listed
    assert theirs.file_name not in listed


def test_the_original_file_is_given_back(cast: Cast) -> None:
    imported = read_file(cast, cast.prefecture)
    response = cast.client("referente").get(reverse("indicators:import_file", args=[imported.pk]))
    given = b"".join(response.streaming_content)
    response.close()
    with imported.stored.file.open("rb") as file:
        assert given == file.read()
    assert 'filename="telephone.csv"' in response["Content-Disposition"]


def test_a_file_recorded_without_its_reading_shows_its_figures(cast: Cast) -> None:
    """The demonstration records its file so."""
    imported = MeasureImport.objects.create(
        prefecture=cast.prefecture, file_name="suivi.ods", state=ImportState.APPLIED
    )
    make_measure(cast.prefecture, imported=imported, sheet="Suivi", cell="D2")
    url = reverse("indicators:import_detail", args=[imported.pk])
    (sheet,) = cast.client("referente").get(url).context["sheets"]
    assert [(sheet.name, row.cell, row.new.replace("\u00a0", " ")) for row in sheet.rows] == [
        ("Suivi", "D2", "90 %")
    ]


def test_rows_are_filtered(cast: Cast) -> None:
    imported = read_file(cast, cast.prefecture)
    url = reverse("indicators:import_detail", args=[imported.pk])
    client = cast.client("referente")
    assert client.get(url, {"effect": "added"}).context["page"].paginator.count == 2
    assert client.get(url, {"effect": "changed"}).context["page"].paginator.count == 0
    assert client.get(url, {"effect": "n’importe quoi"}).context["page"].paginator.count == 2


def test_the_preview_says_that_months_come_for_an_indicator_of_quarters(cast: Cast) -> None:
    make_indicator(label="Taux d’appels aboutis")
    page = hand_in(cast, "Mois;Taux d’appels aboutis\n01/2021;95 %\n".encode())
    assert "À savoir" in page
    assert (
        "se mesure par trimestre et ce fichier le donne par mois (1 valeur, gardée ainsi)" in page
    )
