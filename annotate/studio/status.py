"""How far the labelling of a project is: by article and by annotator."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten

from annotate.quality.agreement.choices import ChoiceAgreement, choice_agreement
from annotate.record import Record
from annotate.schema import LabelSchema
from annotate.studio.pace import median_lead_time, per_hour
from annotate.studio.submitted import Acceptance, Submitted, Suggest
from annotate.studio.tasks import Json, is_annots


class Work(Record):
    """What one annotator did; ``n_left`` counts sentences that wait for an answer and that they have not seen."""

    annotator: str
    n_done: int
    n_skipped: int
    n_left: int


class ArticleStatus(Record):
    """How far an article is: a sentence is done when as many people answered it as it is meant for.

    ``title`` is that of the article, else the beginning of its first sentence.
    """

    id: str
    title: str
    n_sentences: int
    n_done: int
    n_left: int
    n_skipped: int
    annotators: tuple[Work, ...]


class AnnotatorStatus(Work):
    """What one annotator did in all articles; ``lead_time`` is the median in seconds.

    ``suggested`` is about answers that began with a suggestion, ``blind`` about those to sentences that were shown
    without, beside what the model would have suggested; ``None`` where no model can be asked.
    """

    name: str
    lead_time: float | None
    per_hour: float | None
    suggested: Acceptance
    blind: Acceptance | None


class Status(Record):
    """How far a project is."""

    articles: tuple[ArticleStatus, ...]
    annotators: tuple[AnnotatorStatus, ...]
    agreement: tuple[ChoiceAgreement, ...]


@dataclass(frozen=True)
class Shown:
    """A task: its data, and how many people are to answer it."""

    data: Json
    overlap: int


def status(
    tasks: Sequence[Shown], exported: Sequence[Json], schema: LabelSchema, names: Mapping[str, str], suggest: Suggest
) -> Status:
    """Sum up a project from all its tasks and the export of those that were answered; ``names`` is by annotator."""
    tasks = [task for task in tasks if is_annots(task.data)]
    submitted = Submitted(exported, schema)
    blind = submitted.blind(suggest, schema)
    in_article: dict[str, list[Shown]] = defaultdict(list)
    for task in tasks:
        in_article[task.data["article_id"]].append(task)
    return Status(
        articles=tuple(_article(mine, submitted) for mine in in_article.values()),
        annotators=tuple(
            AnnotatorStatus(
                **dict(_work(who, tasks, submitted)),
                name=names.get(who, who),
                lead_time=median_lead_time(submitted.moments[who]),
                per_hour=per_hour(submitted.moments[who]),
                suggested=submitted.suggested(who),
                blind=blind.get(who),
            )
            for who in submitted.annotators
        ),
        agreement=choice_agreement(submitted.annotations, schema),
    )


def _article(tasks: Sequence[Shown], submitted: Submitted) -> ArticleStatus:
    n_done = sum(_is_done(task, submitted) for task in tasks)
    work = (_work(who, tasks, submitted) for who in submitted.annotators)
    return ArticleStatus(
        id=tasks[0].data["article_id"],
        title=tasks[0].data.get("title") or shorten(tasks[0].data.get("sentence") or "", 60, placeholder="…"),
        n_sentences=len(tasks),
        n_done=n_done,
        n_left=len(tasks) - n_done,
        n_skipped=sum(bool(submitted.skipped.get(task.data["uid"])) for task in tasks),
        annotators=tuple(each for each in work if each.n_done or each.n_skipped),
    )


def _work(who: str, tasks: Sequence[Shown], submitted: Submitted) -> Work:
    n_done = n_skipped = n_left = 0
    for task in tasks:
        done, skipped = (who in by.get(task.data["uid"], ()) for by in (submitted.done, submitted.skipped))
        n_done += done
        n_skipped += skipped and not done
        n_left += not (done or skipped or _is_done(task, submitted))
    return Work(annotator=who, n_done=n_done, n_skipped=n_skipped, n_left=n_left)


def _is_done(task: Shown, submitted: Submitted) -> bool:
    return len(submitted.done.get(task.data["uid"], ())) >= task.overlap
