"""Markdown of the minutes: what is kept, what is refused, what a word processor leaves behind."""

import pytest

from common.markdown import clean_pasted_text, render_markdown


NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Un texte.", "<p>Un texte.</p>"),
        ("**gras** et *italique*", "<p><strong>gras</strong> et <em>italique</em></p>"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"),
        ("3. trois\n4. quatre", '<ol start="3">\n<li>trois</li>\n<li>quatre</li>\n</ol>'),
        ("> cité", "<blockquote>\n<p>cité</p>\n</blockquote>"),
        ("ligne\nligne", "<p>ligne<br>\nligne</p>"),
        (
            "[le site](https://loir-et-cher.gouv.fr)",
            '<p><a href="https://loir-et-cher.gouv.fr" rel="noopener noreferrer">le site</a></p>',
        ),
        (
            "[écrire](mailto:qualite@exemple.fr)",
            '<p><a href="mailto:qualite@exemple.fr" rel="noopener noreferrer">écrire</a></p>',
        ),
        ("", ""),
    ],
)
def test_the_subset_is_rendered(source: str, html: str) -> None:
    assert render_markdown(source) == html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](file:///etc/passwd)",
        "[x](//evil.example)",
        "![x](https://evil.example/pixel.png)",
        '<https://a.fr/"onmouseover=alert(1)>',
        "<style>*{display:none}</style>",
        "```\n<iframe src=//evil>\n```",
        "<div style='position:fixed'>x</div>",
        "&lt;script&gt;",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_hostile_html_never_becomes_an_element(source: str) -> None:
    html = render_markdown(source)
    for element in ("<script", "<img", "<style", "<iframe", "<div", "onerror=alert(1)>"):
        assert element not in html.replace("onerror=alert(1)&gt;", "")
    assert 'href="javascript' not in html.lower()
    assert 'href="data' not in html
    assert 'href="file' not in html
    assert 'href="//' not in html


def test_typed_html_stays_readable_as_text() -> None:
    assert render_markdown("Le <b>guichet</b>") == "<p>Le &lt;b&gt;guichet&lt;/b&gt;</p>"


def test_headings_take_their_place_without_a_gap() -> None:
    html = render_markdown("# Un\n\n### Trois\n\n###### Six", heading_level=5)
    assert html == "<h5>Un</h5>\n<h6>Trois</h6>\n<h6>Six</h6>"


def test_french_spaces_reach_across_marks() -> None:
    assert render_markdown("**52** % : « oui »") == (
        f"<p><strong>52</strong>{NBSP}%{NBSP}: «{NBSP}oui{NBSP}»</p>"
    )
    assert render_markdown("**Attention :** rien") == (
        f"<p><strong>Attention{NBSP}:</strong> rien</p>"
    )


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("un\r\ndeux\rtrois\x0bquatre\u2028cinq", "un\ndeux\ntrois\nquatre\ncinq"),
        ("auto-diag\u00adnostic\u200b\ufeff", "auto-diagnostic"),
        ("•\tun\n• deux\n\uf0b7 trois", "- un\n- deux\n- trois"),
        ("1)\tun\n2)\tdeux", "1. un\n2. deux"),
        (f"mot{NBSP}{NBSP}{NBSP}mot", "mot mot"),
        (f"52{NBSP}%", f"52{NBSP}%"),
        ("a\x00b\x07c\ufffed\ue123e\ud800", "abcde"),
        ("e\u0301te\u0301", "été"),
        ("un   \n\n\n\n\ndeux\n\n", "un\n\ndeux"),
        ("colonne\t\tcolonne", "colonne colonne"),
        ("🙂 « ça » — œuvre", "🙂 « ça » — œuvre"),
    ],
)
def test_pasted_text_is_cleaned_once_for_all(pasted: str, expected: str) -> None:
    assert clean_pasted_text(pasted) == expected
    assert clean_pasted_text(expected) == expected


def test_two_hundred_kilobytes_are_cleaned_and_rendered() -> None:
    pasted = "•\tLe délai : 52 % « des usagers »\r\n" * 6000
    cleaned = clean_pasted_text(pasted)
    assert cleaned.count("\n") == 5999
    assert render_markdown(cleaned).count("<li>") == 6000
