"""PTC's stretches are laid onto its lines by code points."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from corpora import TERM, marked, read, written
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.datasets.ptc import read_ptc
from annotate.errors import SourceError

TEXT = "🎉 The Rats\n\nThe vile rats won.\nThey are the scum of the earth, and\nlosers!\r\n"
LOADED, CALLING = "Loaded_Language", "Name_Calling,Labeling"


def corpus(folder: Path, *rows: tuple[str, str], text: str = TEXT, article: str = "1") -> Path:
    """Write a corpus of one article, whose stretches are given by their technique and words."""
    written(folder / "train-articles" / f"article{article}.txt", text)
    places = [(technique, text.index(words), text.index(words) + len(words)) for technique, words in rows]
    lines = "".join(f"{article}\t{technique}\t{start}\t{end}\n" for technique, start, end in places)
    written(folder / "train-labels-task-flc-tc" / f"article{article}.task-flc-tc.labels", lines)
    return folder


def test_the_lines_are_the_sentences_and_the_first_is_the_headline(tmp_path: Path) -> None:
    found = read(read_ptc, corpus(tmp_path, (LOADED, "vile")), TERM)
    assert [record.text for record in found] == [line.strip() for line in TEXT.splitlines() if line]
    assert [record.section for record in found] == ["headline", "body", "body", "body"]
    assert all(TEXT[record.start : record.end] == record.text for record in found)


def test_a_stretch_is_marked_where_it_stands_and_nowhere_else(tmp_path: Path) -> None:
    found = read(read_ptc, corpus(tmp_path, (LOADED, "vile"), (CALLING, "scum")), TERM)
    assert [marked(record) for record in found] == [[], ["vile"], [], []]
    assert all(set(record.answers) == {"terms"} for record in found)


def test_further_techniques_can_be_taken_and_overlaps_are_one_span(tmp_path: Path) -> None:
    folder = corpus(tmp_path, (LOADED, "vile rats"), (CALLING, "rats won"), (CALLING, "scum"))
    found = list(read_ptc(folder, TERM, Counter(), [LOADED, CALLING]))
    assert [marked(record) for record in found] == [[], ["vile rats won"], ["scum"], []]


def test_a_stretch_over_lines_is_cut_at_their_ends(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    folder = corpus(tmp_path, (LOADED, " won.\nThey are the scum of the earth, and\nlosers!\r\n"))
    found = list(read_ptc(folder, TERM, counts))
    assert [marked(record) for record in found[1:]] == [["won."], ["They are the scum of the earth, and"], ["losers!"]]
    assert counts["parts cut at the edge of a sentence"] == 3


def test_line_ends_that_were_rewritten_are_refused_for_every_place_would_be_another(tmp_path: Path) -> None:
    folder = corpus(tmp_path, (LOADED, "vile"))
    written(tmp_path / "train-articles" / "article1.txt", TEXT.strip().replace("\n", "\r\n"))
    with pytest.raises(SourceError, match=r"article1.txt: its line ends were rewritten[^\n]+ download it again"):
        read(read_ptc, folder, TERM)


@settings(max_examples=50, deadline=None)
@given(text=st.text(st.sampled_from("ab 🎉é\r\n\u2028"), min_size=1).map("\n".__add__), data=st.data())
def test_the_code_points_that_are_marked_are_those_of_the_stretches(text: str, data: st.DataObject) -> None:
    place = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    places = [(start, end) for start, end in data.draw(st.lists(place, min_size=1)) if start < end] or [(0, len(text))]
    with TemporaryDirectory() as folder:
        written(Path(folder) / "a-articles" / "article1.txt", text)
        lines = "".join(f"1\t{LOADED}\t{start}\t{end}\n" for start, end in places)
        written(Path(folder) / "a-task-flc-tc.labels", lines)
        found = read(read_ptc, Path(folder), TERM)
    marks = [(record.start, span) for record in found for span in record.answers["terms"] if not isinstance(span, str)]
    shown = {at for at, character in enumerate(text) if not character.isspace()}
    assert shown & {base + at for base, span in marks for at in range(span.start, span.end)} == (
        shown & {at for start, end in places for at in range(start, end)}
    )


def test_labels_in_one_file_are_read_for_articles_without_any_too(tmp_path: Path) -> None:
    written(tmp_path / "dev-articles" / "article1.txt", "Rats\n\nThe rats won.\n")
    written(tmp_path / "dev-articles" / "article2.txt", "Mice\n\nThe mice lost.\n")
    written(tmp_path / "dev-task-flc-tc.labels", f"1\t{LOADED}\t10\t14\n")
    assert [marked(record) for record in read(read_ptc, tmp_path, TERM)] == [[], ["rats"], [], []]


def test_articles_without_labels_are_left_out(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    folder = corpus(tmp_path, (LOADED, "vile"))
    written(folder / "test-articles" / "article9.txt", "Mice\n")
    assert len({record.article_id for record in read_ptc(folder, TERM, counts)}) == 1
    assert counts["articles left out that come without labels"] == 1


def test_what_is_not_the_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="name the folder that holds 'train-articles'"):
        read(read_ptc, tmp_path, TERM)
    folder = corpus(tmp_path, (LOADED, "vile"))
    with pytest.raises(SourceError, match=f"no stretch has technique 'Doubt'; there are {LOADED}"):
        list(read_ptc(folder, TERM, Counter(), ["Doubt"]))
    written(folder / "train-articles" / "article1.txt", "🎉 The Rats\n")
    with pytest.raises(SourceError, match="shorter than its labels say"):
        read(read_ptc, folder, TERM)
    written(folder / "train-labels-task-flc-tc" / "article1.task-flc-tc.labels", "1\t12\t20\n")
    with pytest.raises(SourceError, match=r"labels, line 1: not an article, a technique, a start and an end"):
        read(read_ptc, folder, TERM)


def test_a_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    folder = corpus(tmp_path, (LOADED, "vile"))
    (folder / "train-articles" / "article1.txt").write_bytes("Café\n\nThe vile rats won.\n".encode("latin-1"))
    with pytest.raises(SourceError, match=r"article1\.txt: not UTF-8"):
        read(read_ptc, folder, TERM)


def test_a_mark_before_the_first_line_of_labels_is_none_of_it(tmp_path: Path) -> None:
    folder = corpus(tmp_path, (LOADED, "vile"), (CALLING, "scum"))
    (labels,) = (tmp_path / "train-labels-task-flc-tc").iterdir()
    written(labels, "\ufeff" + labels.read_text("utf-8"))
    found = read(read_ptc, folder, TERM)
    assert [marked(record) for record in found] == [[], ["vile"], [], []]


def test_stretches_of_an_article_that_is_not_there_are_counted(tmp_path: Path) -> None:
    folder = corpus(tmp_path, (LOADED, "vile"))
    (labels,) = (tmp_path / "train-labels-task-flc-tc").iterdir()
    written(labels, labels.read_text("utf-8") + f"2\t{LOADED}\t0\t3\n")
    counts: Counter[str] = Counter()
    assert [marked(record) for record in read_ptc(folder, TERM, counts)] == [[], ["vile"], [], []]
    assert counts["stretches left out whose article is not there"] == 1
