"""A trained network in its folder: written whole or not at all, read back to the same weights."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModel

from annotate.annotation import Annotation, WordScores
from annotate.assets import asset
from annotate.corpus.store import read_records, to_lines, usual_mode, writing
from annotate.errors import ModelError, StoreError
from annotate.learning.base import Base
from annotate.learning.card import model_card, reliability
from annotate.learning.export import HeldOut, Original, export
from annotate.learning.network import Network
from annotate.models import folder as layout
from annotate.models.exports import GRAPHS
from annotate.models.folder import ModelConfig
from annotate.models.thresholds import Thresholds
from annotate.models.tokenization import load_tokenizer
from annotate.models.training_record import TrainingRecord, read_out_of_fold
from annotate.schema import LabelSchema


@dataclass(frozen=True)
class Trained:
    """A network with what was decided and measured about it, and the scores of its cross-validation."""

    base: Base
    network: Network
    thresholds: Thresholds
    record: TrainingRecord
    out_of_fold: Sequence[WordScores] = ()
    held_out: HeldOut | None = None


def save(trained: Trained, folder: Path, sentences: Sequence[Annotation]) -> None:
    """Write a trained model to a folder that does not exist; ``sentences`` are for checking its export.

    Raises:
        StoreError: It cannot be written; nothing is left behind.
    """
    base, network, context = trained.base, trained.network, trained.record.recipe.context
    config = ModelConfig(
        name=folder.name,
        base=base.title,
        max_length=base.max_length,
        pad_id=base.pad_id,
        context=context,
        thresholds=trained.thresholds,
    )
    with _new_folder(folder) as work:
        save_file({name: value.contiguous() for name, value in network.state_dict().items()}, work / layout.WEIGHTS)
        exported = export(Original(network, base, context), work, sentences, trained.held_out)
        (work / layout.EXPORT).write_text(exported.model_dump_json(indent=2) + "\n", "utf-8")
        base.tokenizer.save(str(work / layout.TOKENIZER))
        base.encoder.config.to_json_file(work / layout.ENCODER)
        (work / layout.SCHEMA).write_text(network.schema.xml, "utf-8")
        (work / layout.CONFIG).write_text(config.model_dump_json(indent=2) + "\n", "utf-8")
        (work / layout.METRICS).write_text(trained.record.model_dump_json(indent=2) + "\n", "utf-8")
        if trained.out_of_fold:
            scores = (score.model_copy(update={"model": folder.name}) for score in trained.out_of_fold)
            (work / layout.OUT_OF_FOLD).write_text("".join(to_lines(scores)), "utf-8")
        (work / layout.CARD).write_text(model_card(config, trained.record, network.schema, base.hub_id), "utf-8")
        if trained.record.measured is not None:
            (work / layout.RELIABILITY).write_text(reliability(trained.record.measured), "utf-8")


def load_network(folder: Path, expected: LabelSchema | None = None) -> tuple[Base, Network]:
    """Load a trained network for torch; raises ``ModelError`` like ``read_config`` and ``read_schema``."""
    config = layout.read_config(folder)
    schema = layout.read_schema(folder, expected)
    try:
        encoder = AutoModel.from_config(AutoConfig.from_pretrained(folder / layout.ENCODER))
        encoder.pooler = None
        network = Network(encoder, schema)
        network.load_state_dict(load_file(folder / layout.WEIGHTS))
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"{folder}: broken; train another model with `annot train`") from error
    tokenizer = load_tokenizer(folder / layout.TOKENIZER, config.max_length)
    return Base(config.base, encoder, tokenizer, config.max_length), network.eval()


def export_again(folder: Path, expected: LabelSchema | None = None) -> None:
    """Export a trained model whose folder has no export, or a damaged one.

    It is checked on the sentences of its cross-validation, else on the starter sentences.
    """
    base, network = load_network(folder, expected)
    starter = read_records(asset("seeds") / "labels.jsonl", Annotation)
    sentences = [each.sentence for each in read_out_of_fold(folder) or starter]
    with writing(folder), tempfile.TemporaryDirectory(prefix=".export.", dir=folder) as name:
        work = Path(name)
        exported = export(Original(network, base, layout.read_config(folder).context), work, sentences)
        (work / layout.EXPORT).write_text(exported.model_dump_json(indent=2) + "\n", "utf-8")
        for file in (*GRAPHS.values(), layout.EXPORT):  # in this order, for the last one says that they are complete
            (work / file).replace(folder / file)


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder beside the one asked for, and move it there when everything in it is on disk."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            yield work
            for path in work.iterdir():
                path.chmod(usual_mode(folder / path.name))
                with path.open("rb") as file:
                    os.fsync(file.fileno())
            work.chmod(usual_mode(folder, 0o777))
            work.rename(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"{folder}: cannot be written: {reason}; nothing was changed") from error
