"""What tests of several modules share: sentences and answers made by hand, a tiny base encoder and a tiny model."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from annotate.annotation import Annotation, Answer, LabelledSpan, Origin
from annotate.article import Sentence, sentence_uid
from annotate.config import open_workspace
from annotate.corpus.store import read_records, write_records
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema

ROOT = Path(__file__).parents[1]
_LONGEST_FIRST = ("end_to_end", "workflow", "learning", "inference", "server", "cli")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest begin first, so that no process is left with one of them alone."""
    items.sort(key=lambda item: _turn(item.path.relative_to(ROOT / "tests").parts[0]))


class ByFixtures(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Hand whole modules to processes, and to one process all that share the one Label Studio."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        is_apart = "/end_to_end/" not in module or module.endswith("/test_quickstart.py")
        return module if is_apart else "end_to_end"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFixtures:
    return ByFixtures(config, log)


def _turn(folder: str) -> int:
    return _LONGEST_FIRST.index(folder) if folder in _LONGEST_FIRST else len(_LONGEST_FIRST)


@pytest.fixture(scope="session", autouse=True)
def _bare_environment() -> Iterator[None]:
    """Keep the settings of whoever runs the tests out of them."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [*os.environ]:
            if name.startswith(("ANNOT_", "LABEL_STUDIO_")):
                environment.delenv(name)
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """Give the folder that holds the package, the labeling configuration and the seeds."""
    return ROOT


@pytest.fixture(scope="session")
def schema() -> LabelSchema:
    return LabelSchema.read(ROOT / "labeling_config.xml")


@pytest.fixture(scope="session")
def sentence() -> Callable[..., Sentence]:
    """Give a function that makes a sentence of a text."""
    return _sentence


@pytest.fixture(scope="session")
def annotation() -> Callable[..., Annotation]:
    """Give a function that makes one annotator's answers to a text."""

    def make(
        text: str,
        answers: Mapping[str, Answer],
        annotator: str = "user:1",
        origin: Origin = "manual",
        article: str = "a",
    ) -> Annotation:
        sentence = _sentence(text, article=article)
        return Annotation(**dict(sentence), annotator=annotator, answers=answers, origin=origin)

    return make


@pytest.fixture(scope="session")
def span() -> Callable[..., LabelledSpan]:
    """Give a function that marks the first place of a part in a text."""

    def make(text: str, part: str, label: str = "Loaded term") -> LabelledSpan:
        start = text.index(part)
        return LabelledSpan(start=start, end=start + len(part), label=label)

    return make


def _sentence(text: str, start: int = 0, article: str = "a") -> Sentence:
    end = start + len(text)
    uid = sentence_uid(article, start, end, text)
    return Sentence(uid=uid, article_id=article, start=start, end=end, text=text, paragraph=1, section="body")


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a base encoder that knows the seeds' words and nothing else: random weights, seeded."""
    import torch
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
    from transformers.utils.logging import disable_progress_bar

    torch.set_num_threads(1)  # for networks this small, more threads only wait for each other
    disable_progress_bar()
    words = pre_tokenizers.BertPreTokenizer().pre_tokenize_str(_seed_text().lower())
    characters = sorted(set(_seed_text().lower()) - {" ", "\n"})
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, *characters, *(f"##{c}" for c in characters), *sorted({word for word, _ in words})]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    size = {"vocab_size": len(vocabulary), "hidden_size": 32, "intermediate_size": 64, "max_position_embeddings": 64}
    config = BertConfig.from_dict({**size, "num_hidden_layers": 2, "num_attention_heads": 2})
    torch.manual_seed(0)
    encoder = BertModel(config)
    folder = tmp_path_factory.mktemp("base")
    encoder.save_pretrained(folder)
    named = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **named).save_pretrained(folder)
    return folder


def _seed_text() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))


@pytest.fixture(scope="session")
def starter(schema: LabelSchema) -> list[Annotation]:
    """Give some starter labels, of all five articles."""
    return gold(read_records(ROOT / "seeds" / "labels.jsonl", Annotation), schema)[::4]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, tiny_base: Path, starter: list[Annotation]) -> Path:
    """Give a workspace with a tiny model named ``tiny`` in use, trained for a moment on some starter labels."""
    from annotate.models.training_record import Recipe
    from annotate.workflow.train import TrainOptions, train

    workspace = open_workspace(tmp_path_factory.mktemp("workspace"))
    write_records(workspace.labels_file, starter)
    recipe = Recipe(base=str(tiny_base), epochs=2, folds=2, learning_rate=1e-3, head_learning_rate=1e-2)
    train(workspace, recipe=recipe, options=TrainOptions("tiny"))
    return workspace.root
