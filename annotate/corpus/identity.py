"""Which sentences of an edited article are the ones it had before: those keep their uids, and so their labels."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence, Set
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import NamedTuple

from annotate.article import Sentence, sentence_uid
from annotate.corpus.segmentation import Document

_SHARE_KEPT = 1 / 3  # an article whose edit leaves fewer of its sentences is another article
_SIZE = 8  # bytes of a uid, and of the digest of a sentence's words


class Identity(NamedTuple):
    """An article's id, the digest of its text, and its sentences: each one's digest and uid, of 8 bytes each."""

    article: str
    digest: str
    sentences: bytes


def identity_of(document: Document, digest: str) -> Identity:
    """Return what tells the document's article and sentences again when it is read after an edit."""
    marks = (_mark(sentence.text) + bytes.fromhex(sentence.uid) for sentence in document.sentences)
    article = document.article.id if document.article else digest
    return Identity(article, digest, b"".join(marks))


def added(sentences: bytes, *older: bytes) -> bytes:
    """Return sentences and, behind them, those that they were known by before, each once."""
    size = 2 * _SIZE
    pairs = (packed[at : at + size] for packed in (sentences, *older) for at in range(0, len(packed), size))
    return b"".join(dict.fromkeys(pairs))


def is_edited(document: Document, before: Identity) -> bool:
    """Tell whether a document is an article that was edited: no other one has a third of its sentences.

    A source can be given another article, as a table's row is when one is put in above it.
    """
    old = {mark for mark, _ in _marks_and_uids(before.sentences)}
    n_kept = sum(_mark(sentence.text) in old for sentence in document.sentences)
    return n_kept >= max(1, min(len(old), len(document.sentences)) * _SHARE_KEPT)


def keep_identity(document: Document, before: Identity) -> Document:
    """Return the document under the article id it had before, and its unchanged sentences under their uids.

    A sentence is unchanged when its words are, wherever it stands in the article.
    """
    kept = _kept_uids([_mark(sentence.text) for sentence in document.sentences], before.sentences)
    taken = set(kept.values())
    sentences = []
    for at, sentence in enumerate(document.sentences):
        own = sentence.model_copy(update={"article_id": before.article})
        uid = kept[at] if at in kept else _untaken(own, taken)
        sentences.append(own.model_copy(update={"uid": uid}))
    article = document.article.model_copy(update={"id": before.article}) if document.article else None
    return Document(article=article, sentences=tuple(sentences))


def _untaken(sentence: Sentence, taken: Set[str]) -> str:
    """Return a new sentence's uid; one that stands where its words stood before they moved must have another."""
    uid = sentence.own_uid
    while uid in taken:
        uid = sentence_uid(uid, sentence.start, sentence.end, sentence.text)
    return uid


def _kept_uids(marks: Sequence[bytes], before: bytes) -> dict[int, str]:
    """Return the uids that sentences had before, by place: those in the old order first, then those that moved."""
    old = list(_marks_and_uids(before))
    pairs = list(_in_old_order([mark for mark, _ in old], marks))
    uids = {new: old[index][1] for index, new in pairs}
    moved: dict[bytes, deque[str]] = defaultdict(deque)
    in_order = {index for index, _ in pairs}
    for index, (mark, uid) in enumerate(old):
        if index not in in_order:
            moved[mark].append(uid)
    for at, mark in enumerate(marks):
        if at not in uids and moved[mark]:
            uids[at] = moved[mark].popleft()
    return uids


def _in_old_order(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        yield from ((block.a + step, block.b + step) for step in range(block.size))


def _marks_and_uids(packed: bytes) -> Iterator[tuple[bytes, str]]:
    for at in range(0, len(packed), 2 * _SIZE):
        yield packed[at : at + _SIZE], packed[at + _SIZE : at + 2 * _SIZE].hex()


def _mark(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()
