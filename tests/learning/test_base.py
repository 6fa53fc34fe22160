"""A base encoder is used as it is found, or refused in one line."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from transformers import (
    AutoModel,
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2Model,
    PerceiverConfig,
    PerceiverModel,
    T5Config,
)

from annotate.errors import ModelError
from annotate.learning.base import load_base
from annotate.learning.training import new_network
from annotate.models.training_record import DEFAULT_BASE, Recipe
from annotate.schema import LabelSchema


@pytest.fixture
def copy(tiny_base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_base, tmp_path / "base"))


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as refusal:
        load_base(str(folder))
    message = str(refusal.value)
    assert message.startswith(f"{folder}: ")
    assert "\n" not in message
    return message


def test_an_encoder_is_loaded_from_its_folder(tiny_base: Path) -> None:
    base = load_base(str(tiny_base))
    assert (base.name, base.max_length, base.pad_id) == (str(tiny_base), 64, 0)
    saved = AutoModel.from_pretrained(tiny_base).state_dict()
    loaded = base.encoder.state_dict()
    assert loaded.keys() == {name for name in saved if not name.startswith("pooler.")}
    assert all(torch.equal(loaded[name], saved[name]) for name in loaded)


def test_weights_of_half_precision_learn_in_full(copy: Path, schema: LabelSchema) -> None:
    AutoModel.from_pretrained(copy).half().save_pretrained(copy)
    base = load_base(str(copy))
    assert {p.dtype for p in base.encoder.parameters()} == {torch.float32}
    ids = torch.tensor([[2, 5, 3]])
    assert new_network(base, schema, Recipe())(ids, torch.ones_like(ids))[0].dtype == torch.float32


def test_the_default_encoder_is_the_one_its_authors_published() -> None:
    base = load_base(DEFAULT_BASE)
    assert (base.encoder.config.model_type, base.encoder.config.hidden_size) == ("bert", 384)
    assert base.max_length <= 512


def test_a_decoder_is_refused(copy: Path) -> None:
    GPT2Model(GPT2Config(vocab_size=99, n_positions=64, n_embd=32, n_layer=1, n_head=2)).save_pretrained(copy)
    assert "a gpt2 is not an encoder" in refused(copy)


def test_an_encoder_with_a_decoder_is_refused(copy: Path) -> None:
    T5Config(vocab_size=99, d_model=32, num_layers=1, num_heads=2).save_pretrained(copy)
    assert "a t5 is not an encoder" in refused(copy)


def test_weights_that_could_run_code_are_not_opened(copy: Path) -> None:
    (copy / "model.safetensors").unlink()
    torch.save(BertModel(BertConfig.from_pretrained(copy)).state_dict(), copy / "pytorch_model.bin")
    assert "cannot be used as a base encoder" in refused(copy)


def test_an_encoder_without_a_tokenizer_is_refused(copy: Path) -> None:
    for path in copy.glob("*token*"):
        path.unlink()
    assert "has no fast tokenizer" in refused(copy)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("content", ["{", "{}", "[]", '{"model_type": "bert", "hidden_size": "384"}'])
def test_a_broken_file_is_refused(copy: Path, name: str, content: str) -> None:
    (copy / name).write_text(content, "utf-8")
    refused(copy)


def test_an_encoder_that_reads_from_left_to_right_alone_is_refused(copy: Path) -> None:
    config = BertConfig.from_pretrained(copy)
    config.update({"is_decoder": True})
    config.save_pretrained(copy)
    assert "is not an encoder" in refused(copy)


def test_an_encoder_that_embeds_no_words_is_refused(copy: Path) -> None:
    config = PerceiverConfig(d_model=16, d_latents=16, num_latents=4, num_blocks=1, num_self_attends_per_block=1)
    PerceiverModel(config).save_pretrained(copy)
    assert "a perceiver reads no words by layers of one width" in refused(copy)


def test_where_memory_does_not_suffice_to_load_it_that_is_told(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_out(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(AutoModel, "from_pretrained", run_out)
    assert "too little memory is free" in refused(copy)


def test_a_tokenizer_of_another_encoder_is_refused(copy: Path) -> None:
    n_tokens = BertConfig.from_pretrained(copy).vocab_size
    tokenizer = json.loads((copy / "tokenizer.json").read_text("utf-8"))
    tokenizer["model"]["vocab"]["elsewhere"] = n_tokens
    (copy / "tokenizer.json").write_text(json.dumps(tokenizer), "utf-8")
    assert f"its tokenizer knows more than the {n_tokens} tokens" in refused(copy)


def test_weights_of_another_size_are_refused(copy: Path) -> None:
    config = BertConfig.from_pretrained(copy)
    config.update({"hidden_size": 16})
    config.save_pretrained(copy)
    refused(copy)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "missing")


def test_code_that_comes_with_an_encoder_is_not_run(copy: Path, tmp_path: Path) -> None:
    config = (copy / "config.json").read_text("utf-8").replace('"model_type": "bert"', '"model_type": "ours"')
    ours = '"auto_map": {"AutoConfig": "ours.Config"},'
    (copy / "config.json").write_text(config.replace("{", f"{{{ours}", 1), "utf-8")
    (copy / "ours.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')\n", "utf-8")
    refused(copy)
    assert not (tmp_path / "run").exists()


def test_weights_that_are_missing_are_not_made_up(tiny_base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "base"
    shutil.copytree(tiny_base, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}), "utf-8")
    with pytest.raises(ModelError, match="has no weights for"):
        load_base(str(folder))
