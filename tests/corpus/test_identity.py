"""An edited article keeps the uids of its unchanged sentences."""

from hypothesis import given
from hypothesis import strategies as st

from annotate.article import article_id
from annotate.corpus.identity import Identity, identity_of, keep_identity
from annotate.corpus.segmentation import Document, read_lines

LINES = st.lists(st.sampled_from(["He left.", "She stayed.", "It rained.", "They won."]), min_size=1, max_size=8)


def read(lines: list[str], before: Identity | None = None) -> tuple[Document, Identity]:
    text = "\n".join(lines)
    document = read_lines(text)
    if before is not None:
        document = keep_identity(document, before)
    return document, identity_of(document, article_id(text))


def uids(document: Document) -> dict[str, str]:
    return {sentence.text: sentence.uid for sentence in document.sentences}


def test_an_edited_sentence_gets_a_new_uid_and_the_others_keep_theirs() -> None:
    first, before = read(["He left.", "She stayed.", "It rained."])
    second, _ = read(["He left.", "She stayed at home.", "It rained."], before)
    kept = {text for text, uid in uids(second).items() if uid in uids(first).values()}
    assert kept == {"He left.", "It rained."}
    assert second.sentences[0].article_id == first.sentences[0].article_id


def test_a_moved_sentence_keeps_its_uid() -> None:
    first, before = read(["He left.", "She stayed.", "It rained."])
    second, _ = read(["It rained.", "He left.", "She stayed."], before)
    assert uids(second) == uids(first)


def test_a_sentence_where_a_moved_one_stood_has_a_uid_of_its_own() -> None:
    _, before = read(["They won.", "He left.", "She stayed."])
    second, _ = read(["It's won.", "He left.", "They won.", "She stayed.", "He left."], before)
    assert len({sentence.uid for sentence in second.sentences}) == len(second.sentences)


@given(versions=st.lists(LINES, min_size=2, max_size=5))
def test_uids_last_over_any_number_of_edits(versions: list[list[str]]) -> None:
    before: Identity | None = None
    known: list[tuple[str, str]] = []
    for lines in versions:
        document, before = read(lines, before)
        new = [(sentence.text, sentence.uid) for sentence in document.sentences]
        assert len({uid for _, uid in new}) == len(new)
        for text in {text for text, _ in known}:
            old_uids = {uid for t, uid in known if t == text}
            kept = [uid for t, uid in new if t == text and uid in old_uids]
            assert len(kept) == min(len(old_uids), sum(t == text for t, _ in new))
        known = new
