"""PolNeAR's attributions say which sentences name a source."""

from collections import Counter
from pathlib import Path

import pytest
from corpora import CLAIM, read, written

from annotate.datasets.polnear import read_polnear
from annotate.errors import SourceError

TEXT = (
    "The Harbour Plan.\n\n"
    "The council sold the harbour. The mayor said it was a bargain, and then he left.\n\n"
    "It is believed that rats moved in. Who paid? Read more here.\n"
)


class Standoff:
    """An annotation file in the making."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def stretch(self, kind: str, *parts: str) -> str:
        places = [(TEXT.index(part), TEXT.index(part) + len(part)) for part in parts]
        name = f"T{len(self.lines) + 1}"
        self.lines.append(f"{name}\t{kind} {';'.join(f'{a} {b}' for a, b in places)}\t{' '.join(parts)}")
        return name

    def event(self, **roles: str) -> "Standoff":
        kind = "Attribution" if "Source" in roles else "Attribution-no-source"
        pairs = [f"{kind}:{self.stretch(kind, roles['Cue'])}"]
        pairs += [f"{role}:{self.stretch(role, words)}" for role, words in roles.items()]
        self.lines.append(f"E{len(self.lines)}\t{' '.join(pairs)}")
        return self


def carried(folder: Path, standoff: Standoff, annotator: str = "4e07") -> dict[str, bool]:
    """Return by sentence whether it carries the label."""
    written(folder / "text" / "nyt_2016_harbour.txt", TEXT)
    lines = "".join(f"{line}\n" for line in standoff.lines)
    written(folder / "attributions" / f"nyt_2016_harbour_{annotator}.ann", lines)
    return {record.text: record.carries["Unsourced claim"] for record in read(read_polnear, folder, CLAIM)}


SOLD, SAID = "The council sold the harbour.", "The mayor said it was a bargain, and then he left."
BELIEVED, PAID, MORE = "It is believed that rats moved in.", "Who paid?", "Read more here."


def test_a_sentence_with_a_source_is_none_and_one_outside_attributions_or_without_a_source_is(tmp_path: Path) -> None:
    standoff = Standoff().event(Source="The mayor", Cue="said", Content="it was a bargain")
    found = carried(tmp_path, standoff.event(Cue="is believed", Content="rats moved in"))
    assert (found[SOLD], found[SAID], found[BELIEVED], found[MORE]) == (True, False, True, True)


def test_what_the_annotators_leave_open_is_left_out(tmp_path: Path) -> None:
    standoff = Standoff()
    standoff.stretch("Discuss", "sold")
    standoff.stretch("Discard", "Read more here.")
    standoff.lines.append("#1\tAnnotatorNotes T1\tIs this one?")
    standoff.event(Cue="believed")
    found = carried(tmp_path, standoff)
    assert not {SOLD, MORE, BELIEVED, PAID} & set(found)
    assert found[SAID] is True


def test_a_sentence_with_a_source_and_without_is_left_out(tmp_path: Path) -> None:
    standoff = Standoff().event(Source="The mayor", Cue="said", Content="it was a bargain")
    assert SAID not in carried(tmp_path, standoff.event(Cue="then", Content="he left"))


def test_sentences_outside_attributions_can_be_left_out(tmp_path: Path) -> None:
    standoff = Standoff().event(Source="The mayor", Cue="said", Content="it was a bargain")
    carried(tmp_path, standoff.event(Cue="is believed", Content="rats moved in"))
    counts: Counter[str] = Counter()
    found = list(read_polnear(tmp_path, CLAIM, counts, attributed=True))
    assert {record.text: record.carries["Unsourced claim"] for record in found} == {SAID: False, BELIEVED: True}
    assert counts == {"sentences left out that stand in no attribution": 4}


def test_a_stretch_in_several_places_and_over_sentences_counts_in_each(tmp_path: Path) -> None:
    standoff = Standoff()
    content = standoff.stretch("Content", "council sold", "it was a bargain")
    standoff.lines.append(f"E1\tAttribution:{content} Content2:{content} Source:{content}")
    found = carried(tmp_path, standoff)
    assert (found[SOLD], found[SAID], found[BELIEVED]) == (False, False, True)


def test_sentences_are_our_own_and_stand_where_they_say(tmp_path: Path) -> None:
    carried(tmp_path, Standoff())
    found = read(read_polnear, tmp_path, CLAIM)
    assert all(TEXT[record.start : record.end] == record.text for record in found)
    assert found[1].context_before == "The Harbour Plan."


def test_each_annotator_has_records_and_folders_of_compartments_are_read(tmp_path: Path) -> None:
    carried(tmp_path / "train", Standoff())
    carried(tmp_path / "train", Standoff(), "ef2d")
    counts: Counter[str] = Counter()
    found = list(read_polnear(tmp_path, CLAIM, counts))
    assert {record.annotator for record in found} == {"user:polnear-4e07", "user:polnear-ef2d"}
    assert counts["questions left out"] == 2


def test_another_text_is_refused(tmp_path: Path) -> None:
    carried(tmp_path, Standoff().event(Cue="said", Content="it was a bargain"))
    written(tmp_path / "text" / "nyt_2016_harbour.txt", TEXT.replace("\n", "\r\n"))
    with pytest.raises(SourceError, match=r"_4e07\.ann, line 1: not of this text"):
        read(read_polnear, tmp_path, CLAIM)
    (tmp_path / "text" / "nyt_2016_harbour.txt").unlink()
    with pytest.raises(SourceError, match=r"harbour\.txt: cannot be read: No such file"):
        read(read_polnear, tmp_path, CLAIM)
    with pytest.raises(SourceError, match=r"no attributions/\*\.ann in it"):
        read(read_polnear, tmp_path / "text", CLAIM)
