"""Pages give their article and what their markup says, and nothing that they do not say."""

from pathlib import Path

import pytest

from readers.webs import PARAGRAPHS, page, read

META = """
<meta property="og:site_name" content="The Daily Planet"><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2015-05-13T10:30:00+02:00">
<link rel="canonical" href="https://daily.example/a">"""
JSON_LD = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Army Crosses River", "datePublished": "2015-05-13T10:30:00Z",
"author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "John Roe"}],
"publisher": {"@type": "Organization", "name": "The Daily Planet"}}</script>"""


def write(folder: Path, html: str, name: str = "a.html", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(html.encode(encoding))
    return path


def test_the_headline_and_the_paragraphs_are_a_line_each(tmp_path: Path) -> None:
    (text,) = read(write(tmp_path, page())).texts
    assert text.text.split("\n") == ["Army Crosses River", *PARAGRAPHS]


def test_open_graph_is_metadata(tmp_path: Path) -> None:
    (text,) = read(write(tmp_path, page(head=META))).texts
    known = text.known
    assert (known.title, known.outlet, known.author) == ("Army Crosses River", "The Daily Planet", "Jane Doe")
    assert (known.published, known.url) == ("2015-05-13", "https://daily.example/a")
    assert set(known.found_in.values()) == {"markup"}


def test_json_ld_is_metadata(tmp_path: Path) -> None:
    (text,) = read(write(tmp_path, page(head=JSON_LD))).texts
    known = text.known
    assert (known.outlet, known.author, known.published) == ("The Daily Planet", "Jane Doe, John Roe", "2015-05-13")


def test_what_a_page_does_not_say_is_unknown(tmp_path: Path) -> None:
    dated = [*PARAGRAPHS, "It had crossed the river before, on 3 March 2011, when the town held out for a year."]
    html = page(*dated).replace(" | The Daily", "")
    (text,) = read(write(tmp_path, html)).texts
    known = text.known
    assert (known.outlet, known.author, known.published, known.url) == (None, None, None, None)


def test_a_page_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    html = "\ufeff<?xml version='1.0'?>\n<!-- made by hand -->\n" + page()
    assert read(write(tmp_path, html, "a.txt")).items[0].media == "html"


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-8", "utf-16"])
def test_the_encoding_that_a_page_declares_is_used(tmp_path: Path, encoding: str) -> None:
    russian = "Армия перешла реку в понедельник, и город падёт до зимы, сказал генерал журналистам. " * 4
    html = page(russian.strip(), head=f'<meta charset="{encoding}">').replace("©", "")
    assert russian.strip() in read(write(tmp_path, html, encoding=encoding)).texts[0].text


def test_broken_markup_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    html = f"<html><head><title>T</title><body><div><p>{'<p>'.join(PARAGRAPHS)}</b></i><td></article"
    assert read(write(tmp_path, html)).texts[0].text.split("\n")[-3:] == PARAGRAPHS


@pytest.mark.parametrize(
    "html",
    [
        "<html></html>",
        "<!doctype html><body><nav><a href=/>Home</a></nav></body>",
        "<html>" + "<div>" * 3000,
        "<html>" + "\x00\x01\x02" * 50,
    ],
)
def test_a_page_without_an_article_is_one_line(tmp_path: Path, html: str) -> None:
    batch = read(path := write(tmp_path, html))
    assert [error.partition(": ")[0] for error in batch.errors] == [str(path)]


@pytest.mark.parametrize(
    "words",
    [
        [
            "We value your privacy",
            "We and our 842 partners store and access personal data, such as cookies, on your device.",
            "By clicking Accept all you consent to our use of cookies for the purposes listed below.",
        ],
        [
            "Subscribe to continue reading",
            "This article is for subscribers only. Already a subscriber? Log in to continue.",
        ],
        ["Just a moment", "Enable JavaScript and cookies to continue. Verifying you are human."],
    ],
)
def test_a_wall_is_no_article(tmp_path: Path, words: list[str]) -> None:
    batch = read(write(tmp_path, page(*words[1:], title=words[0])))
    assert len(batch.errors) == 1
    assert "consent or a subscription" in batch.errors[0]


def test_a_short_article_about_cookies_and_subscriptions_is_one(tmp_path: Path) -> None:
    about = [
        f"Regulators fined the firm on {day} for setting cookies without the consent of those with a subscription."
        for day in ("Monday", "Tuesday", "Friday")
    ]
    assert read(write(tmp_path, page(*about))).texts[0].text.split("\n")[1:] == about


def test_a_headline_that_differs_from_the_title_for_search_engines_is_the_only_one(tmp_path: Path) -> None:
    html = page(head='<meta property="og:title" content="River crossed: what we know">')
    (text,) = read(write(tmp_path, html)).texts
    assert text.text.split("\n") == ["Army Crosses River", *PARAGRAPHS]
    assert text.known.title == "River crossed: what we know"


def test_a_headline_outside_of_the_article_is_put_above_it(tmp_path: Path) -> None:
    html = page(head='<meta property="og:title" content="Army Crosses River">').replace(
        "<h1>Army Crosses River</h1>", ""
    )
    assert read(write(tmp_path, html)).texts[0].text.split("\n") == ["Army Crosses River", *PARAGRAPHS]


SHORT = [
    f"{who} said on {day} that the bridge would not be open before winter."
    for who, day in zip(
        ("The mayor", "A general", "One farmer", "The army", "A witness", "The court"),
        ("Monday", "Tuesday", "Friday", "Sunday", "Thursday", "Saturday"),
        strict=True,
    )
]
CONTAINERS = ["<article>{}</article>", '<div class="content">{}</div>', "<main>{}</main>", "{}"]


def within(container: str, *paragraphs: str) -> str:
    body = "<h1>Big news</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>Big news</title></head><body>{container.format(body)}</body></html>"


def lines(folder: Path, html: str) -> list[str]:
    (text,) = read(write(folder, html)).texts
    return text.text.split("\n")


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("n", range(1, len(SHORT) + 1))
def test_the_paragraphs_of_a_short_page_are_read_once_each_and_in_order(tmp_path: Path, container: str, n: int) -> None:
    assert lines(tmp_path, within(container, *SHORT[:n])) == ["Big news", *SHORT[:n]]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(
    "paragraphs",
    [
        [SHORT[0], "No comment.", SHORT[1], "No comment."],
        [SHORT[0], SHORT[1], SHORT[0]],
        [SHORT[0], SHORT[1], SHORT[0], SHORT[1]],
        [*SHORT[:4], "No comment.", *SHORT[4:], "No comment."],
        [SHORT[0], SHORT[0]],
        ["No comment on the bridge.", "No comment on the bridge."],
    ],
    ids=["short", "frame", "whole", "long", "nothing else", "hardly anything"],
)
def test_a_paragraph_that_a_page_repeats_is_read_as_often_as_it_stands_there(
    tmp_path: Path, container: str, paragraphs: list[str]
) -> None:
    assert lines(tmp_path, within(container, *paragraphs)) == ["Big news", *paragraphs]


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_quotation_on_a_short_page_is_read_once(tmp_path: Path, container: str) -> None:
    html = within(container, SHORT[0], "QUOTED").replace(
        "<p>QUOTED</p>", "<blockquote><p>We shall stay here.</p><p>Nobody will leave.</p></blockquote>"
    )
    assert lines(tmp_path, html) == ["Big news", SHORT[0], "We shall stay here.", "Nobody will leave."]


@pytest.mark.parametrize("container", CONTAINERS)
def test_text_outside_of_paragraphs_on_a_short_page_is_read_once(tmp_path: Path, container: str) -> None:
    html = within(container, *SHORT[:2]).replace(f"<p>{SHORT[0]}</p>", f"<div>{SHORT[0]}</div>")
    assert lines(tmp_path, html) == ["Big news", *SHORT[:2]]


@pytest.mark.parametrize("n", range(6))
def test_a_short_article_beside_other_paragraphs_is_read_once(tmp_path: Path, n: int) -> None:
    teasers = [
        f"Read on page {number} what became of the old bridge over the river and of its builders."
        for number in range(n)
    ]
    outside = "".join(f"<p>{teaser}</p>" for teaser in teasers)
    html = within("<article>{}</article>" + f"<section>{outside}</section>", *SHORT[:2])
    assert lines(tmp_path, html) == ["Big news", *SHORT[:2], *teasers]


def test_a_paragraph_that_another_holds_is_kept(tmp_path: Path) -> None:
    outside = "<div><p>The bridge is open again since noon.</p></div>"
    html = within("<article>{}</article>" + outside, "Update at one: The bridge is open again since noon.")
    assert lines(tmp_path, html)[1:] == [
        "Update at one: The bridge is open again since noon.",
        "The bridge is open again since noon.",
    ]


def test_a_paragraph_outside_of_a_short_article_is_added_to_it(tmp_path: Path) -> None:
    html = within("<article>{}</article>" + f"<div><p>{SHORT[2]}</p></div>", *SHORT[:2])
    assert lines(tmp_path, html) == ["Big news", *SHORT[:3]]
