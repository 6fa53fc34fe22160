"""PolNeAR (Newell et al., 2018): articles of political news with every attribution: its source, cue and content.

From https://github.com/networkdynamics/PolNeAR; no licence is stated. It marks what somebody is said to think as well
as what somebody is said to say. Nobody was asked which sentences are claims: opinions, forecasts and common knowledge
stand outside attributions too.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.corpus.segmentation import read_article
from annotate.datasets.brat import Standoff, read_standoff
from annotate.datasets.files import check_exists, read_text
from annotate.datasets.records import Annotator, Target, annotated
from annotate.errors import SourceError
from annotate.words import Place, words_of

_CLOSING = "\"'”’)] "


class _Attributions(NamedTuple):
    """Where an annotator sees attributions, by what that says of the words there."""

    sourced: list[Place]
    sourceless: list[Place]
    unclear: list[Place]
    discarded: list[Place]


def read_polnear(path: Path, target: Target, counts: Counter[str], *, attributed: bool = False) -> Iterator[Annotation]:
    """Yield the sentences of every article, with what each of its annotators makes of them.

    ``path`` is a folder with ``attributions`` and ``text``, or one that holds such folders. A sentence carries the
    label where it has no word in any attribution, or in those without a source alone; it does not where it has one in
    an attribution with a source, and none in one without. Anything else is left open: a sentence in attributions of
    both kinds, one that an annotator wanted to discuss, and a question outside attributions. With ``attributed``, so is
    every sentence outside attributions.

    Raises:
        SourceError: It is not such a folder, a text is missing, or a file is of another text.
    """
    check_exists(path)
    files = sorted(path.glob("attributions/*.ann")) or sorted(path.rglob("attributions/*.ann"))
    if not files:
        raise SourceError(f"{path}: no attributions/*.ann in it; name the corpus's folder, such as data/train")
    for file in files:
        article, _, annotator = file.stem.rpartition("_")
        text = read_text(file.parents[1] / "text" / f"{article}.txt")
        attributions = _attributions(read_standoff(file, text))
        for sentence in read_article(text).sentences:
            carries = _carries(sentence, attributions, counts, attributed=attributed)
            if carries is not None:
                yield annotated(sentence, Annotator(f"user:polnear-{annotator}"), target.sentence(carries=carries))


def _attributions(standoff: Standoff) -> _Attributions:
    found = _Attributions([], [], [], [])
    used: set[str] = set()
    for event in standoff.events:
        stretches = [stretch for _, stretch in event.roles if stretch in standoff.stretches]
        kind = found.sourced if event.has("Source") else found.sourceless
        places = kind if event.has("Content") else found.unclear
        places.extend(place for stretch in stretches for place in standoff.stretches[stretch].places)
        used.update(stretches)
    for name in standoff.stretches.keys() - used:
        stretch = standoff.stretches[name]
        (found.discarded if stretch.kind == "Discard" else found.unclear).extend(stretch.places)
    return found


def _carries(sentence: Sentence, found: _Attributions, counts: Counter[str], *, attributed: bool) -> bool | None:
    if _has_word_in(sentence, found.discarded):
        counts["sentences left out that are not the article's own"] += 1
        return None
    sourced, sourceless = _has_word_in(sentence, found.sourced), _has_word_in(sentence, found.sourceless)
    if sourced and sourceless:
        counts["sentences left out with a source and without"] += 1
        return None
    if _has_word_in(sentence, found.unclear):
        counts["sentences left out that an annotator left open"] += 1
        return None
    if not sourced and not sourceless:
        return _outside(sentence, counts, attributed=attributed)
    return not sourced


def _outside(sentence: Sentence, counts: Counter[str], *, attributed: bool) -> bool | None:
    if attributed:
        counts["sentences left out that stand in no attribution"] += 1
        return None
    if sentence.text.rstrip(_CLOSING).endswith("?"):
        counts["questions left out"] += 1
        return None
    return True


def _has_word_in(sentence: Sentence, places: Sequence[Place]) -> bool:
    near = [(start - sentence.start, end - sentence.start) for start, end in places if _overlap((start, end), sentence)]
    return any(start < last and first < end for start, end in near for first, last in words_of(sentence.text))


def _overlap(place: Place, sentence: Sentence) -> bool:
    return place[0] < sentence.end and sentence.start < place[1]
