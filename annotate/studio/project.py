"""The project that a push goes to: found or made, and asking what the labeling configuration asks."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from secrets import token_hex

from annotate.errors import ConfigError, StudioError
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.patience import Patience
from annotate.studio.tasks import Json
from annotate.wording import counted


def open_project(
    studio: Studio, title: str, schema: LabelSchema, instruction: str, progress: Progress = silent
) -> Project:
    """Return the project of that title, made where there is none, with the schema's labeling configuration.

    Raises:
        StudioError: The project is somebody else's, or answers would be lost by changing its configuration.
    """
    return open_page(
        studio, title, Page(schema.xml, instruction, partial(_refuse_loss, studio, schema=schema)), progress
    )


@dataclass(frozen=True)
class Page:
    """What a project is to show: its labeling configuration, and its instructions as HTML.

    ``refuse_loss`` raises ``StudioError`` for a project whose answers the configuration has no place for.
    """

    config: str
    instruction: str
    refuse_loss: Callable[[Project], None]


def open_page(studio: Studio, title: str, page: Page, progress: Progress = silent) -> Project:
    """Return the project of that title, made where there is none, with a page; raises what ``refuse_loss`` raises."""
    project = studio.find_project(title)
    is_same = project is not None and project.config.strip() == page.config.strip()
    if project is not None and is_same and project.instruction == page.instruction:
        return project
    opening, patience = _Opening(studio, title, page), Patience(progress)
    opened = patience(opening.once)
    patience(partial(opening.give_way_to, opened))
    return opened


@dataclass(frozen=True)
class _Opening:
    """A project in the making, by a mark that tells it from one that somebody else makes at the same moment."""

    studio: Studio
    title: str
    page: Page
    mark: str = field(default_factory=lambda: f"made by annot ({token_hex(8)})")

    def once(self) -> Project:
        project = self.studio.find_project(self.title)
        if project is None:
            made = self.studio.create_project(self.title, self.page.config, self.page.instruction, self.mark)
            return self.studio.find_project(self.title) or made
        if project.config.strip() != self.page.config.strip():
            self.page.refuse_loss(project)
            self.studio.set_config(project, self.page.config)
        if project.instruction != self.page.instruction:
            self.studio.set_instruction(project, self.page.instruction)
        return replace(project, config=self.page.config, instruction=self.page.instruction)

    def give_way_to(self, opened: Project) -> None:
        """Rename what was made here, also by a request that seemed to fail, where an older project is used.

        It is empty, and could be deleted. But while a server deletes a project, it counts no annotation that anybody
        submits; where it deletes two at once, it counts none until it is started again (Label Studio 1.23.2).
        """
        made = [number for number in self.studio.project_ids(self.title, self.mark) if number != opened.id]
        for number in made:
            self.studio.rename_project(number, f"{self.title[:40]} (unused)")


def check_project(studio: Studio, project: Project, schema: LabelSchema) -> None:
    """Raise ``StudioError`` where the project cannot be made to ask what the schema asks."""
    if project.config.strip() != schema.xml.strip():
        _refuse_loss(studio, project, schema)


def refuse_other_questions(project: Project, schema: LabelSchema) -> None:
    """Raise ``ConfigError`` when the project asks other questions than the schema."""
    try:
        is_same = LabelSchema.parse(project.config).asks_the_same_as(schema)
    except ConfigError:
        is_same = False
    if not is_same:
        raise ConfigError(
            f"project '{project.title}' asks other questions than the labeling configuration; run `annot push`"
        )


def _refuse_loss(studio: Studio, project: Project, schema: LabelSchema) -> None:
    """Raise ``StudioError`` when there are answers that the schema has no place for, saying how many of which."""
    try:
        LabelSchema.parse(project.config)
    except ConfigError as error:
        if studio.counts(project).n_tasks == 0:
            return
        raise StudioError(f"project '{project.title}' is not annot's; choose another with --project") from error
    lost = losses(studio.export(project), schema)
    if lost:
        named = ", ".join(f"{name} ({number})" for name, number in sorted(lost.items()))
        raise StudioError(
            f"project '{project.title}': {counted(lost.total(), 'answer')} would be lost: {named}; put back what"
            " labeling_config.xml lacks, or choose another project with --project"
        )


def losses(tasks: Iterable[Json], schema: LabelSchema) -> Counter[str]:
    """Count the answers among exported tasks that the schema has no place for, by question and label."""
    lost: Counter[str] = Counter()
    for task in tasks:
        for submitted in task["annotations"]:
            for item in submitted["result"]:
                if item.get("type") in ("labels", "choices"):
                    lost.update(_lost(item, schema))
    return lost


def _lost(item: Json, schema: LabelSchema) -> list[str]:
    question = schema.question(item["from_name"])
    given = item["value"][item["type"]]
    kept: set[str | None] = set()
    if question is not None and (question.kind == "spans") == (item["type"] == "labels"):
        kept = {*question.names, question.none}
    if question is not None and question.kind == "single choice" and len(given) > 1:
        return [f"several labels in '{item['from_name']}'"]
    return [f"'{label}' in '{item['from_name']}'" for label in given if label not in kept]
