"""Windows cover every word of a sentence, whatever its tokenizer was saved to do."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from annotate.article import Sentence
from annotate.errors import ModelError
from annotate.models.tokenization import Window, load_tokenizer, of_one_length, padded, stacked, to_windows, windowing
from annotate.words import words_of

LONG = " ".join(f"“word{number}”, 🐀 won’t" for number in range(40))


@pytest.fixture(scope="module")
def file(tiny_base: Path) -> Path:
    return tiny_base / "tokenizer.json"


def window(length: int) -> Window:
    return Window(0, tuple(range(1, length + 1)), (None,) * length)


def test_the_windows_of_a_long_sentence_fit_and_cover_every_word(file: Path, sentence: Callable[..., Sentence]) -> None:
    windows = to_windows(load_tokenizer(file, 16), [sentence(LONG)])
    assert len(windows) > 2
    assert max(len(part.ids) for part in windows) == 16
    assert {word for part in windows for word in part.words if word} == set(words_of(LONG))


def test_neighbouring_windows_share_tokens(file: Path, sentence: Callable[..., Sentence]) -> None:
    windows = to_windows(load_tokenizer(file, 16), [sentence(LONG)])
    for left, right in pairwise(windows):
        assert left.ids[-5:-1] == right.ids[1:5]


def test_each_token_knows_the_word_it_is_of(file: Path, sentence: Callable[..., Sentence]) -> None:
    text = "A 🐀 won’t, fall!"
    tokenizer = load_tokenizer(file, 64)
    (found,) = to_windows(tokenizer, [sentence(text)])
    words = [None if place is None else text[slice(*place)] for place in found.words]
    assert list(dict.fromkeys(words)) == [None, "A", "won’t", "fall"]
    assert words[0] is words[-1] is None
    marks = [tokenizer.token_to_id(","), tokenizer.token_to_id("!")]
    assert [word for word, number in zip(words, found.ids, strict=True) if number in marks] == [None, None]


def test_a_token_that_begins_with_a_space_is_of_the_word_after_it(sentence: Callable[..., Sentence]) -> None:
    tokenizer = Tokenizer(models.WordLevel({"ĠThe": 0, "Ġend": 1, "Ġ.": 2}, unk_token="ĠThe"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True, trim_offsets=False)
    (found,) = to_windows(tokenizer, [sentence("The end .")])
    assert found.words == ((0, 3), (4, 7), None)


@pytest.mark.parametrize("before", ["", "He said so.", "He said, and said, and said. " * 30])
def test_the_sentence_before_follows_every_window_and_is_no_word_of_it(
    file: Path, sentence: Callable[..., Sentence], before: str
) -> None:
    tokenizer = load_tokenizer(file, 32)
    mine = sentence(LONG).model_copy(update={"context_before": before})
    windows = to_windows(tokenizer, [mine], context=True)
    assert {word for part in windows for word in part.words if word} == set(words_of(LONG))
    assert max(len(part.ids) for part in windows) <= 32
    end = tokenizer.encode(before.strip()[-5:], add_special_tokens=False).ids[-2:]
    assert all(list(part.ids[-1 - len(end) : -1]) == end for part in windows if end)
    assert (windows == to_windows(tokenizer, [mine])) is (not before)


def test_of_a_context_in_a_script_of_several_tokens_a_character_the_end_is_read(
    sentence: Callable[..., Sentence],
) -> None:
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer = Tokenizer(models.BPE({character: number for number, character in enumerate(sorted(alphabet))}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    mine = sentence("War.").model_copy(update={"context_before": "雨" * 500 + "。完"})
    (found,) = to_windows(windowing(tokenizer, 64), [mine], context=True)
    assert len(found.ids) <= 4 + 64 // 4 + 2  # what is left of a character that is cut counts as the whole
    end = tokenizer.encode("雨。完", add_special_tokens=False).ids
    assert list(found.ids)[-len(end) :] == end


def test_each_window_knows_its_sentence(file: Path, sentence: Callable[..., Sentence]) -> None:
    windows = to_windows(load_tokenizer(file, 16), [sentence("One."), sentence(LONG), sentence("Two.")])
    assert [windows[0].sentence, {part.sentence for part in windows[1:-1]}, windows[-1].sentence] == [0, {1}, 2]


def test_a_tokenizer_saved_with_padding_and_truncation_is_overridden(
    file: Path, tmp_path: Path, sentence: Callable[..., Sentence]
) -> None:
    saved = Tokenizer.from_file(str(file))
    saved.enable_padding(length=50)
    saved.enable_truncation(5)
    saved.save(str(tmp_path / "tokenizer.json"))
    sentences = [sentence("A rat."), sentence(LONG)]
    assert to_windows(load_tokenizer(tmp_path / "tokenizer.json", 24), sentences) == to_windows(
        load_tokenizer(file, 24), sentences
    )


@pytest.mark.parametrize("content", [None, "{}", "not JSON"])
def test_what_is_no_tokenizer_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(ModelError, match=f"^{path}: not a tokenizer: "):
        load_tokenizer(path, 16)


def test_shorter_windows_are_padded_and_masked() -> None:
    ids, mask = padded([window(3), window(1)], pad=9)
    assert ids.tolist() == [[1, 2, 3], [1, 9, 9]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert ids.dtype == mask.dtype == np.int64


def test_groups_hold_every_window_once_and_are_of_one_length() -> None:
    lengths = [5, 1, 4, 2, 3, 1, 5, 5, 1]
    windows = [window(length) for length in lengths]
    groups = of_one_length(windows, most=10)
    assert sorted(index for group in groups for index in group) == list(range(9))
    assert [[lengths[index] for index in group] for group in groups] == [[1, 1, 1], [2], [3], [4], [5, 5], [5]]
    assert stacked([windows[index] for index in groups[0]]).tolist() == [[1], [1], [1]]
    assert of_one_length([], most=10) == []


def test_a_window_longer_than_a_batch_is_a_group_of_its_own() -> None:
    assert of_one_length([window(30), window(30)], most=10) == [[0], [1]]
