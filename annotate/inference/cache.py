"""Scores of sentences that were read a while ago: articles repeat what others said, and themselves."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from annotate.annotation import Scores
from annotate.article import Sentence

_MOST = 8192  # sentences; with their scores about 2 kB each


class Cache:
    """The scores of the sentences that were asked for last, by what the model reads of them."""

    def __init__(self, key: Callable[[Sentence], object]) -> None:
        self.key = key
        self._known: OrderedDict[object, Scores] = OrderedDict()

    def unknown(self, sentences: Iterable[Sentence]) -> list[Sentence]:
        """Return the distinct sentences whose scores are not here; the others are kept for longer."""
        new: dict[object, Sentence] = {}
        for sentence in sentences:
            key = self.key(sentence)
            if key in self._known:
                self._known.move_to_end(key)
            else:
                new.setdefault(key, sentence)
        return list(new.values())

    def learn(self, scores: Iterable[Scores]) -> None:
        """Keep scores, and forget those that were not asked for the longest."""
        for each in scores:
            self._known[self.key(each)] = each
        while len(self._known) > _MOST:
            self._known.popitem(last=False)

    def of(self, sentences: Sequence[Sentence]) -> list[Scores]:
        """Return the scores of sentences that are all known, each as its own."""
        return [_as_of(self._known[self.key(sentence)], sentence) for sentence in sentences]


def _as_of(scores: Scores, sentence: Sentence) -> Scores:
    if scores.uid == sentence.uid:
        return scores
    own = sentence if type(sentence) is Sentence else sentence.sentence
    return Scores.of_checked({**scores.__dict__, **own.__dict__})
