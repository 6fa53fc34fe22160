import re
from base64 import b64encode
from hashlib import sha256

import pytest

from annotate.article import Article
from annotate.scoring.colors import NIGHT, PAPER
from annotate.scoring.display import title_of
from annotate.scoring.report import render_report
from scoring.scored import Page, make_schema, make_scores, make_span

SCHEMA = make_schema()
HOSTILE = "<script>alert(1)</script> \"><img src=x onerror='alert(2)'> ]]> --> </style> {{ 7*7 }} &amp; \u202etxet"
ARTICLE = Article(
    id="a", title="A title", outlet="Outlet", published="2024-01-02", url="https://example.org/", text="x"
)


URL = "https://example.org/2024/05/"


def test_the_same_scores_give_the_same_bytes() -> None:
    scored = [(ARTICLE, [make_scores("One.", {"Claim": 0.9, "Loaded term": 0.2})])]
    assert render_report(scored, SCHEMA) == render_report(scored, SCHEMA)


def test_title_source_model_and_limits_are_told() -> None:
    page = Page(render_report([(ARTICLE, [make_scores("One.", {"Claim": 0.9}, model="model:tiny")])], SCHEMA))
    assert "Outlet · 2024-01-02" in page.text
    assert "Labels suggested by tiny" in page.text
    assert "no\n    truth score" in page.text


def test_hostile_text_shows_as_text() -> None:
    article = Article(id="a", title=HOSTILE, outlet=HOSTILE, url="javascript:alert(1)", text="x")
    scores = make_scores(HOSTILE, {"Claim": 0.9, "Loaded term": 0.9}, (make_span(HOSTILE, "<img src=x"),))
    page = Page(render_report([(article, [scores])], SCHEMA))
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert ("href", "javascript:alert(1)") not in page.attributes
    assert page.text.count("<script>alert(1)</script>") >= 2
    assert "⟨U+202E⟩txet" in page.text
    assert "\u202e" not in page.text


def test_hostile_labels_and_colors_show_as_text() -> None:
    name = "&lt;/style&gt;&lt;img src=x onerror=alert(1)&gt;"
    schema = make_schema(more_choices=f'<Choice value="{name}" background="red;}}&lt;/style&gt;"/>')
    page = Page(
        render_report([(ARTICLE, [make_scores("One.", {"</style><img src=x onerror=alert(1)>": 0.9})])], schema)
    )
    assert "img" not in page.tags
    assert "</style><img src=x onerror=alert(1)>" in page.text


def test_overlapping_spans_keep_the_text_and_nest() -> None:
    text = "a dirty dog barks"
    spans = (make_span(text, "dirty dog"), make_span(text, "dog barks", "Metaphor"), make_span(text, "dog", "Metaphor"))
    schema = make_schema(more_spans='<Label value="Metaphor"/>')
    html = render_report([(None, [make_scores(text, {"Loaded term": 0.9}, spans)])], schema)
    Page(html)
    sentence = re.search(r'<span class="sentence" id="a1-s1">(.*)</span></p>', html)
    assert sentence
    assert Page(re.sub(r'<span class="tip">.*?</span>', "", sentence[1])).text == text


def test_an_added_label_has_its_filter_its_profile_and_its_tag() -> None:
    schema = make_schema(more_choices='<Choice value="Irony"/>')
    html = render_report([(ARTICLE, [make_scores("Sure.", {"Irony": 0.8})])], schema)
    assert html.count('class="tag l2"') == 1
    assert 'id="show-2"' in html
    assert "Irony</dt>" in html
    assert "probability 80%" in html


def test_what_the_model_is_unsure_of_says_so() -> None:
    scores = make_scores("One.", {"Claim": 0.55}).model_copy(update={"unsure": ("Claim",)})
    assert "probability 55%, which the model is too unsure of" in render_report([(ARTICLE, [scores])], SCHEMA)


def test_comments_are_folded_and_told_apart() -> None:
    scores = [make_scores("Ours.", {"Claim": 0.1}), make_scores("Theirs.", {"Claim": 0.9}, place=(9, 2, "comment"))]
    html = render_report([(ARTICLE, scores)], SCHEMA)
    assert "Comments by other authors (1 sentence, not counted in the profile)" in html
    assert html.index("Ours.") < html.index('<details class="comments">') < html.index("Theirs.")


def test_a_headline_that_repeats_the_title_is_shown_once_with_its_labels() -> None:
    scores = [make_scores("A title", {"Claim": 0.9}, place=(0, 1, "headline"))]
    html = render_report([(ARTICLE, scores)], SCHEMA)
    heading = re.search(r"<h2.*</h2>", html)
    assert heading
    assert 'class="tag l1"' in heading[0]
    assert "<h4" not in html


def test_several_articles_have_a_table_of_contents() -> None:
    scored = [(ARTICLE, [make_scores("One.", {})]), (None, [])]
    page = Page(render_report(scored, SCHEMA))
    assert [value for name, value in page.attributes if name == "href"][1:3] == ["#a1", "#a2"]
    assert "Untitled text" in page.text
    assert "nav" not in Page(render_report(scored[:1], SCHEMA)).tags


@pytest.mark.parametrize(
    ("source", "shown"),
    [("notes/one.txt", "one.txt"), ("a.csv, row 2", "a.csv, row 2"), ("standard input", "Untitled text a"), (URL, URL)],
)
def test_a_text_without_a_title_is_called_by_what_it_was_read_from(source: str, shown: str) -> None:
    untitled = ARTICLE.model_copy(update={"title": None, "source": source})
    assert title_of(untitled, []).startswith(shown)
    assert shown in Page(render_report([(untitled, [make_scores("One.", {})])], SCHEMA)).text


def test_no_article_is_a_page_that_says_so() -> None:
    assert "No article was scored." in Page(render_report([], SCHEMA)).text


@pytest.mark.parametrize("element", ["style", "script"])
def test_the_policy_allows_this_style_and_this_script_only(element: str) -> None:
    html = render_report([(ARTICLE, [make_scores("One.", {})])], SCHEMA)
    (content,) = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
    digest = b64encode(sha256(content.encode()).digest()).decode()
    assert f"{element}-src &#39;sha256-{digest}&#39;" in html


def test_the_colors_are_made_for_the_pages_they_stand_on() -> None:
    html = render_report([], SCHEMA)
    assert f"--paper: #{bytes(PAPER).hex()}" in html
    assert f"--panel: #{bytes(NIGHT).hex()}" in html
