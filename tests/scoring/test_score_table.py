import io
from collections.abc import Sequence

from rich.console import Console

from annotate.article import Article
from annotate.schema import LabelSchema
from annotate.scoring.profile import Scored
from annotate.scoring.table import to_table
from scoring.scored import make_schema, make_scores, make_span

SCHEMA = make_schema()


def shown(scored: Sequence[Scored], schema: LabelSchema = SCHEMA) -> str:
    file = io.StringIO()
    Console(file=file, width=140, color_system=None).print(to_table(scored, schema))
    return file.getvalue()


def test_spans_are_bracketed_and_labels_named_without_colour() -> None:
    text = "The regime fell."
    table = shown([(None, [make_scores(text, {"Loaded term": 0.9, "Claim": 0.1}, (make_span(text, "regime"),))])])
    assert "The [regime] fell." in table
    assert "Loaded term 90%" in table
    assert "1 of 1" in table


def test_sentences_that_carry_nothing_are_only_counted() -> None:
    scores = [make_scores("Plain.", {"Claim": 0.1}), make_scores("Bold.", {"Claim": 0.9}, place=(10, 1, "body"))]
    table = shown([(None, scores)])
    assert "Plain." not in table
    assert "Nothing found in 1 of 2 sentences." in table


def test_comments_are_only_counted() -> None:
    table = shown([(None, [make_scores("Theirs.", {"Claim": 0.9}, place=(0, 1, "comment"))])])
    assert "Theirs." not in table
    assert "No sentence was scored. Left out: 1 sentence of readers' comments." in table


def test_markup_and_control_characters_show_as_text() -> None:
    text = "[bold]x[/bold] :smile: \x1b[31mred \u202etxet"
    article = Article(id="a", title="[link=http://example.org]T", text=text)
    table = shown([(article, [make_scores(text, {"Claim": 0.9})])])
    assert "[bold]x[/bold] :smile: ⟨U+001B⟩[31mred ⟨U+202E⟩txet" in table
    assert "[link=http://example.org]T" in table


def test_overlapping_spans_of_two_labels_name_their_label() -> None:
    text = "a dirty dog bark"
    spans = (make_span(text, "dirty dog"), make_span(text, "dog bark", "Metaphor"))
    schema = make_schema(more_spans='<Label value="Metaphor"/>')
    table = shown([(None, [make_scores(text, {}, spans)])], schema)
    assert "a [dirty  (Loaded term)][dog (Loaded term, Metaphor)][ bark (Metaphor)]" in table
