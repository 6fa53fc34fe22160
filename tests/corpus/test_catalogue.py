"""An article is named once, wherever its text is found and however its source is edited."""

from pathlib import Path

import pytest

from annotate.corpus.catalogue import Catalogue
from annotate.corpus.identity import Identity
from annotate.errors import StoreError

FIRST = Identity(article="1" * 16, digest="1" * 16, sentences=b"first")
EDITED = Identity(article="1" * 16, digest="2" * 16, sentences=b"edited")


def test_a_source_is_known_again_after_closing(tmp_path: Path) -> None:
    with Catalogue(tmp_path / "articles.db") as catalogue:
        catalogue.note("/a.txt", FIRST)
    with Catalogue(tmp_path / "articles.db") as catalogue:
        assert catalogue.of_source("/a.txt") == FIRST
        assert catalogue.of_source("/b.txt") is None


def test_an_edited_articles_text_found_elsewhere_is_that_article() -> None:
    with Catalogue() as catalogue:
        catalogue.note("/a.txt", EDITED)
        assert catalogue.instead(Identity("2" * 16, "2" * 16, b""), "/moved.txt") == EDITED


def test_the_past_text_of_another_article_is_an_article_of_its_own() -> None:
    with Catalogue() as catalogue:
        catalogue.note("/a.txt", EDITED)
        own = catalogue.instead(FIRST, "/b.txt")
        assert own is not None
        assert own.article not in (FIRST.article, EDITED.digest)
        catalogue.note("/b.txt", own)
        assert catalogue.instead(own, "/b.txt") is None


def test_the_same_text_in_two_places_is_one_article() -> None:
    with Catalogue() as catalogue:
        catalogue.note("/a.txt", FIRST)
        assert catalogue.instead(FIRST, "/copy.txt") is None


def test_a_catalogue_that_may_only_be_read_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    with Catalogue(path, writable=False) as catalogue:
        catalogue.note("/a.txt", FIRST)
    assert not path.exists()
    with Catalogue(path) as catalogue:
        catalogue.note("/a.txt", FIRST)
    with Catalogue(path, writable=False) as catalogue:
        assert catalogue.of_source("/a.txt") == FIRST


def test_another_command_can_write_while_an_article_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    with Catalogue(path) as slow:
        slow.note("/a.txt", FIRST)
        with Catalogue(path) as other:
            other.note("/b.txt", FIRST)
        slow.note("/a.txt", EDITED)
        assert slow.of_source("/b.txt") == FIRST
        edited = slow.of_source("/a.txt")
        assert edited is not None
        assert edited.digest == EDITED.digest


def test_another_file_in_its_place_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    path.write_text("no database at all, but a text that is long enough to be one")
    with pytest.raises(StoreError, match="not a catalogue of articles"):
        Catalogue(path)
