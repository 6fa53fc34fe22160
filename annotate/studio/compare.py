"""What a push finds: how the sentences to be pushed differ from the tasks that are there."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from annotate.article import Article, Sentence
from annotate.studio.draw import is_drawn
from annotate.studio.entities import Task
from annotate.studio.tasks import BLIND, OF_THE_ARTICLE, Json, to_task

Sentences = tuple[Article | None, Sequence[Sentence]]  # with the article they are of, where it is known


@dataclass(frozen=True)
class Wanted:
    """The sentences of a push by uid, each with its article where that is known.

    ``left_out`` are uids of sentences that are in the articles and not to be pushed. ``overlap`` is the share of the
    sentences that are for two people, ``blind`` the share of new ones that are to be labelled without pre-annotation.
    """

    sentences: dict[str, tuple[Sentence, Article | None]]
    left_out: frozenset[str] = frozenset()
    overlap: float = 0
    blind: float = 0

    @property
    def articles(self) -> set[str]:
        """The ids of the articles that are pushed."""
        return {sentence.article_id for sentence, _ in self.sentences.values()}

    def data(self, uid: str) -> Json:
        """Return the data of a new task."""
        data = to_task(*self.sentences[uid])
        return data | {BLIND: True} if is_drawn(uid, "blind", self.blind) else data


@dataclass(frozen=True, slots=True)
class Place:
    """The task in which a sentence lies."""

    task: int
    uid: str


@dataclass
class Difference:
    """What a push has to do.

    ``new`` are uids, ``edited`` the new data by task, ``gone`` tasks of sentences that left their article, ``doubled``
    the tasks of each sentence that has several, and ``to_widen`` tasks to be for two people, each with whether two have
    answered.
    """

    new: list[str] = field(default_factory=list)
    n_unchanged: int = 0
    edited: dict[int, Json] = field(default_factory=dict)
    gone: list[Place] = field(default_factory=list)
    doubled: list[list[Place]] = field(default_factory=list)
    to_widen: dict[int, bool] = field(default_factory=dict)
    n_there: int = 0

    @property
    def summary(self) -> str:
        """What differs, in a line."""
        counts = (len(self.new), self.n_unchanged, len(self.edited), len(self.gone))
        return "{} new, {} unchanged, {} edited, {} gone".format(*counts)


def compare(push: Wanted, there: Iterable[Task]) -> Difference:
    """Find what is new, edited, gone or doubled among the tasks of a project."""
    found = Difference()
    articles, seen, edited = push.articles, dict[str, list[Place]](), set[str]()
    for task in there:
        found.n_there += 1
        uid = task.data.get("uid")
        if not isinstance(uid, str):
            continue
        place = Place(task.id, uid)
        seen.setdefault(uid, []).append(place)
        if uid not in push.sentences:
            if task.data.get("article_id") in articles and uid not in push.left_out:
                found.gone.append(place)
            continue
        sentence, article = push.sentences[uid]
        shown = _known(to_task(sentence, article), article)
        if any(task.data.get(name) != value for name, value in shown.items()):
            found.edited[task.id] = task.data | shown
            edited.add(uid)
        if task.overlap < 2 and is_drawn(uid, "overlap", push.overlap):  # noqa: PLR2004 - two people
            found.to_widen[task.id] = task.n_submitted >= 2  # noqa: PLR2004
    found.new = [uid for uid in push.sentences if uid not in seen]
    found.n_unchanged = len(push.sentences) - len(found.new) - len(edited)
    found.doubled = [places for places in seen.values() if len(places) > 1]
    return found


def surplus(places: Iterable[Place], touched: Set[int], untouched: Set[int]) -> set[int]:
    """Return which tasks of one sentence to delete, so that what people touched stays, or else the oldest.

    Tasks that are in neither set have gone meanwhile.
    """
    tasks = {place.task for place in places}
    unused = tasks & untouched
    return unused if tasks & touched or not unused else unused - {min(unused)}


def _known(data: Json, article: Article | None) -> Json:
    """Leave out what only the article tells, where that is not known."""
    return data if article else {name: value for name, value in data.items() if name not in OF_THE_ARTICLE}
