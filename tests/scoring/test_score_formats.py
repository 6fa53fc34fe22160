import csv
import io
import json

import pytest

from annotate.annotation import Scores
from annotate.article import Article
from annotate.errors import ConfigError
from annotate.scoring.formats import ScoredArticles, to_csv, to_json, to_jsonl
from scoring.scored import make_schema, make_scores, make_span

SCHEMA = make_schema()
TEXT = 'The "regime", they say,\nfell.'
SCORES = make_scores(TEXT, {"Loaded term": 0.9, "Claim": 0.75}, (make_span(TEXT, "regime"),))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_json_lines_read_back_to_the_same_scores() -> None:
    other = make_scores("Two.\u2028Three.", {}, place=(40, 2, "body"))
    lines = to_jsonl([(None, [SCORES]), (None, [other])]).removesuffix("\n").split("\n")
    assert [Scores.model_validate_json(line) for line in lines] == [SCORES, other]


def test_json_holds_a_profile_an_article_and_every_sentence() -> None:
    text = to_json([(None, [SCORES]), (None, [])], SCHEMA)
    document = ScoredArticles.model_validate_json(text)
    assert document.sentences == (SCORES,)
    assert [profile.n_sentences for profile in document.profiles] == [1, 0]
    assert set(json.loads(text)) == {"profiles", "sentences"}


def test_csv_has_a_row_a_sentence_and_a_column_a_label() -> None:
    (row,) = rows(to_csv([(None, [SCORES])], SCHEMA))
    assert (row["text"], row["probability: Claim"], row["decided"]) == (TEXT, "0.75", "Loaded term; Claim")
    assert row["spans"] == "regime (Loaded term, 5-11, 0.900)"


def test_csv_says_of_each_sentence_what_is_known_of_its_article() -> None:
    (row,) = rows(to_csv([(Article(id="a", title="=Gate opens", outlet="The Post", text=TEXT), [SCORES])], SCHEMA))
    assert (row["title"], row["outlet"], row["author"]) == ("'=Gate opens", "The Post", "")


def test_csv_leaves_a_label_that_was_not_scored_empty() -> None:
    (row,) = rows(to_csv([(None, [make_scores("Words.", {"Claim": 0.0})])], SCHEMA))
    assert (row["probability: Loaded term"], row["probability: Claim"]) == ("", "0.0")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_csv_cells_are_no_formulas(start: str) -> None:
    text = f'{start}HYPERLINK("http://example.org")'
    scores = make_scores(text, {"Loaded term": 0.9}, (make_span(text, text),))
    _, cells = csv.reader(io.StringIO(to_csv([(None, [scores])], SCHEMA), newline=""))
    assert not any(cell.startswith(start) for cell in cells)
    assert f"'{text}" in cells


def test_csv_of_an_added_label_has_its_column() -> None:
    schema = make_schema(more_choices='<Choice value="=Irony, or not"/>')
    (row,) = rows(to_csv([(None, [make_scores("Sure.", {"=Irony, or not": 0.8})])], schema))
    assert (row["probability: =Irony, or not"], row["decided"]) == ("0.8", "'=Irony, or not")


def test_csv_refuses_a_label_that_would_be_lost() -> None:
    with pytest.raises(ConfigError, match="Irony"):
        to_csv([(None, [make_scores("Sure.", {"Irony": 0.8})])], SCHEMA)
