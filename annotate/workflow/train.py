"""`annot train`: labels to a model."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.config import Workspace
from annotate.corpus.ingest import unheard
from annotate.corpus.readers.item import Note
from annotate.corpus.store import to_lines, writing
from annotate.errors import AnnotError, TrainingError
from annotate.models.exports import read_export
from annotate.models.folder import EXPORT, is_folder, is_model_name
from annotate.models.training_record import Recipe, TrainingRecord
from annotate.progress import Progress, silent
from annotate.quality.adjudication import adjudicated
from annotate.quality.gold import Gold
from annotate.schema import LabelSchema
from annotate.wording import counted
from annotate.words import folded
from annotate.workflow.labels import read_labels
from annotate.workflow.learnable import (
    check_learnable,
    note_on_repetitions,
    notes_on_labels,
    notes_on_learning,
    starter_labels,
    without_known,
)
from annotate.workflow.learned import fingerprints, mark_learned
from annotate.workflow.leftovers import remove_unfinished
from annotate.workflow.locks import alone
from annotate.workflow.model import chosen_model, named_instead, use_model
from annotate.workflow.rivalry import Rivalry, rivalry
from annotate.workflow.test_set import read_test_set
from annotate.workflow.training_data import described


@dataclass(frozen=True)
class TrainOptions:
    """What is to become of a training.

    ``warmup`` are files of labels to learn from first, such as a large corpus of machine's labels. ``resume`` goes on
    with a training of the same labels and settings that was interrupted. ``use`` takes the new model into use even if
    it is worse than the one that is. ``with_test`` learns from the workspace's test set too, which is otherwise kept
    out. ``note`` hears what a person should know of the labels before any time is spent on them, and of a training that
    is stopped.
    """

    name: str | None = None
    warmup: Sequence[Path] = ()
    resume: bool = False
    use: bool = False
    with_test: bool = False
    note: Note = unheard


@dataclass(frozen=True)
class TrainResult:
    """The trained model and how it came to be.

    ``rivalry`` sets it against the one that was in use, where there are sentences that neither has learned from.
    ``notes`` are what a person should know of the labels, in lines. ``instead`` is the model that the settings name in
    the place of this one.
    """

    name: str
    folder: Path
    record: TrainingRecord
    in_use: bool
    rivalry: Rivalry | None
    notes: tuple[str, ...] = ()
    instead: str | None = None


def train(
    workspace: Workspace,
    labels: Sequence[Path] = (),
    recipe: Recipe | None = None,
    options: TrainOptions | None = None,
    progress: Progress = silent,
) -> TrainResult:
    """Train a model on label files, else on the workspace's, and use it unless the one in use is better.

    Raises:
        TrainingError: There are no labels, nothing can be learned from them, or there is nothing to resume.
        ModelError: The base encoder cannot be used, or a model of that name is there.
        StoreError: The model cannot be written; no half model is left behind.
    """
    options = options or TrainOptions()
    _check_name(options.name)
    remove_unfinished(workspace)
    learns_pulled = not labels or workspace.labels_file.resolve() in {path.resolve() for path in labels}
    with alone(workspace, "training", wait=False):
        seen = fingerprints(workspace) if learns_pulled else None
        result = _train(workspace, labels, recipe or default_recipe(workspace), options, progress)
        if seen is not None:
            mark_learned(seen, workspace)
        return result


def _train(
    workspace: Workspace, labels: Sequence[Path], recipe: Recipe, options: TrainOptions, progress: Progress
) -> TrainResult:
    schema = LabelSchema.read(workspace.schema_file)
    folder = _new_folder(workspace.models, options.name)
    test = {} if options.with_test else read_test_set(workspace)
    annotations, kept_out = _apart_from_test(read_labels(workspace, labels, schema), test, workspace.test_file)
    labelled = adjudicated(annotations, schema)
    check_learnable(labelled, schema)
    known = [*labelled, *test.values()]
    to_warm_up = read_labels(workspace, options.warmup, schema) if options.warmup else []
    warmup = _warmup(to_warm_up, options.warmup, known, schema)
    starter = starter_labels(schema, known) if workspace.settings.starter and not warmup else []
    data = described((annotations, to_warm_up), labelled, warmup, starter, schema)
    _check_writable(workspace.models)
    chosen_model(workspace)  # where no model can have that name, that is told before time is spent
    kept = _kept(workspace, (labelled, warmup, starter), (schema, recipe), resume=options.resume)
    notes = [*note_on_repetitions(annotations), *notes_on_labels(labelled, schema), *kept_out]
    for line in notes:
        options.note(line)
    progress("Loading the base encoder")
    # Only here, for torch takes seconds to load, and labels that are no good are told before.
    from annotate.learning.checkpoint import save
    from annotate.learning.learn import Material, learn

    material = Material(labelled, data, annotations, warmup, starter, kept, options.resume)
    with _telling_how_to_go_on(kept, options.note):
        trained = learn(material, schema, recipe, progress)
    progress("Saving")
    save(trained, folder, labelled)
    rmtree(kept, ignore_errors=True)
    notes += [*notes_on_learning(trained.record), *note_on_export(folder)]
    compared, not_compared = _compared(workspace, folder, labelled, progress)
    notes += not_compared
    if options.use or compared is None or not compared.is_worse:
        use_model(workspace, folder.name)
    in_use, instead = chosen_model(workspace) == folder, named_instead(workspace, folder.name)
    return TrainResult(folder.name, folder, trained.record, in_use, compared, tuple(notes), instead)


def _apart_from_test(
    given: Sequence[Annotation], test: Mapping[str, Sentence], file: Path
) -> tuple[list[Annotation], list[str]]:
    """Return the labels of what is not of the test set, which ``file`` names, and a note if any others were given."""
    tested = {folded(sentence.text) for sentence in test.values()}
    annotations = [each for each in given if each.uid not in test and folded(each.text) not in tested]
    if not annotations and given:
        raise TrainingError(f"{file}: every labelled sentence is of the test set; label others, or use --with-test")
    n_kept_out = len({each.uid for each in given} - {each.uid for each in annotations})
    kept_out = f"{counted(n_kept_out, 'sentence')} of the test set kept out: {file}"
    return annotations, [kept_out] if n_kept_out else []


@contextmanager
def _telling_how_to_go_on(kept: Path, note: Note) -> Iterator[None]:
    """Tell whoever stops what is done inside that something was kept in a folder."""
    try:
        yield
    except KeyboardInterrupt:
        if any(kept.glob("*.safetensors")):
            note("stopped: the same command with --resume goes on from what was reached; without, it begins anew")
        raise


def _compared(
    workspace: Workspace, folder: Path, labelled: Sequence[Annotation], progress: Progress
) -> tuple[Rivalry | None, list[str]]:
    """Compare a new model with the one in use, or note why it cannot be; what is trained is not lost for that."""
    rival = chosen_model(workspace)  # which somebody may have changed since the training began
    if rival is None:
        return None, []
    why = "nothing was held out that it has not learned from"
    try:
        compared = rivalry(workspace, folder, rival, labelled, progress)
    except AnnotError as error:
        compared, why = None, str(error)
    return compared, [f"not compared with '{rival.name}': {why}"] if compared is None else []


def note_on_export(folder: Path) -> Iterator[str]:
    """Yield which part of a model is not in 8 bits, in a line, where there is one."""
    exported = read_export(folder)
    if exported.in_full:
        kept = f"{len(exported.in_full)} of {counted(exported.n_layers, 'layer')}"
        yield f"{kept} kept in full precision, for 8 bits would cost a held-out figure too much: {folder / EXPORT}"


def default_recipe(workspace: Workspace) -> Recipe:
    """Return the recipe that the settings ask for."""
    base = workspace.settings.base
    return Recipe() if base is None else Recipe(base=base)


def _warmup(
    given: Sequence[Annotation], paths: Sequence[Path], known: Sequence[Annotation | Sentence], schema: LabelSchema
) -> list[Gold]:
    """Return the labels to warm up on, without those of articles that are to be learned from or measured on."""
    warmup = without_known(adjudicated(given, schema), known)
    if paths and not warmup:
        raise TrainingError(
            f"{', '.join(map(str, paths))}: every sentence in it is among the labels or the test set too"
        )
    return warmup


def _kept(
    workspace: Workspace, given: Sequence[Sequence[Annotation]], how: tuple[LabelSchema, Recipe], *, resume: bool
) -> Path:
    """Return the folder for what a training reaches: one for these labels, in this order, these questions and recipe.

    Raises:
        TrainingError: Nothing is there to be resumed.
    """
    schema, recipe = how
    labels = (line for stage in given for line in (*to_lines(stage), "\n"))
    made_with = (f"{package} {version(package)}" for package in ("annotate", "torch", "transformers", "tokenizers"))
    parts = (repr(schema.outline()), recipe.model_dump_json(), *made_with, *_state_of(Path(recipe.base)), *labels)
    digest = sha256("".join(parts).encode()).hexdigest()[:16]
    folder = workspace.state / "training" / digest
    if resume and not folder.is_dir():
        raise TrainingError(
            f"{workspace.root}: no interrupted training of these labels with these settings, encoder and versions; "
            "leave --resume out"
        )
    return folder


def _state_of(folder: Path) -> Iterator[str]:
    """Yield what tells an encoder in a folder from another that takes its place; nothing of one that is in none."""
    for path in sorted(folder.glob("*")) if is_folder(folder) else ():
        if path.is_file():
            found = path.stat()
            yield f"{path.name} {found.st_size} {found.st_mtime_ns}"


def _check_writable(folder: Path) -> None:
    """Raise ``StoreError`` where nothing can be written into a folder, or into that in which it is to be."""
    with writing(folder):
        TemporaryDirectory(dir=next(each for each in (folder, *folder.parents) if os.path.lexists(each))).cleanup()


def _check_name(name: str | None) -> None:
    if name is not None and not is_model_name(name):
        raise TrainingError(f"{name!r}: not a model's name; use letters, digits, '.', '_' and '-'")


def _new_folder(models: Path, name: str | None) -> Path:
    """Return the folder of a model to be: of that name, else of the next number that is free."""
    if name is None:
        return next(folder for number in count(1) if not (folder := models / f"v{number}").exists())
    if (models / name).exists():
        raise TrainingError(f"{models / name}: there is such a model; choose another name, or delete the folder")
    return models / name
