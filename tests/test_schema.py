"""The questions come from the labeling configuration alone, and what cannot be asked is refused with one message."""

from pathlib import Path

import pytest

from annotate.errors import ConfigError
from annotate.schema import LabelSchema

TEXT = '<Text name="t" value="$sentence"/>'
CHOICE = '<Choices name="c" toName="t"><Choice value="A"/></Choices>'
BOMB = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><View>&lol2;</View>'


def parse(*tags: str) -> LabelSchema:
    return LabelSchema.parse(f"<View>{''.join(tags)}</View>")


def choices(*values: str, more: str = "") -> str:
    return f'<Choices name="c" toName="t" {more}>{"".join(f"<Choice {value}/>" for value in values)}</Choices>'


def test_the_repositorys_questions_are_read_in_document_order(schema: LabelSchema) -> None:
    assert schema.text_name == "sentence"
    assert schema.outline() == {
        "terms": ("spans", ("Loaded term",), None),
        "claims": ("multiple choice", ("Unsourced claim", "Prediction"), "None of these"),
    }


def test_labels_keep_color_and_hint(schema: LabelSchema) -> None:
    loaded, claim, _ = schema.labels
    assert (loaded.name, loaded.color, claim.color) == ("Loaded term", "#d9480f", None)
    assert claim.hint == "States a fact with no source the reader could check"


@pytest.mark.parametrize("more", ["", 'choice="single"', 'choice="single-radio"'])
def test_choices_take_one_label_unless_they_say_multiple(more: str) -> None:
    (question,) = parse(TEXT, choices('value="A"', 'value="B"', more=more)).questions
    assert (question.kind, question.must_choose) == ("single choice", True)


@pytest.mark.parametrize("more", ["", 'choice="single"', 'choice="multiple"'])
def test_one_choice_alone_excludes_no_other(more: str) -> None:
    (question,) = parse(TEXT, choices('value="A"', more=more)).questions
    assert (question.kind, question.must_choose) == ("multiple choice", False)


def test_a_choice_beside_none_is_one_of_two_answers() -> None:
    (question,) = parse(TEXT, choices('value="A"', 'value="None"')).questions
    assert (question.kind, question.must_choose) == ("single choice", False)


@pytest.mark.parametrize("value", ["None", "none of these", "NONE apply"])
def test_a_choice_that_begins_with_none_is_no_label(value: str) -> None:
    (question,) = parse(TEXT, choices('value="A"', f'value="{value}"')).questions
    assert (question.names, question.none) == (("A",), value)


def test_a_choice_can_be_marked_as_none_or_as_a_label() -> None:
    (question,) = parse(TEXT, choices('value="None too soon" none="false"', 'value="Neither" none="true"')).questions
    assert (question.names, question.none) == (("None too soon",), "Neither")


def test_a_word_that_only_begins_like_none_is_a_label() -> None:
    assert parse(TEXT, choices('value="Nonesuch"')).questions[0].none is None


@pytest.mark.parametrize("xml", ["Label these", "<View>", BOMB])
def test_what_is_no_safe_xml_is_refused_in_one_line(xml: str) -> None:
    with pytest.raises(ConfigError, match=r"^not a labeling configuration: [^\n]+$"):
        LabelSchema.parse(xml)


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ([CHOICE], "one <Text .* is needed"),
        (['<Text name="t" value="$title"/>', CHOICE], "one <Text .* is needed"),
        (['<Text value="$sentence"/>', CHOICE], "one <Text .* is needed"),
        ([TEXT, CHOICE, CHOICE], "two tags are named 'c'"),
        ([TEXT, choices('value="A"', 'value="A"')], "the label 'A' stands twice"),
        ([TEXT, '<Header value="$author"/>', CHOICE], r"<Header> shows \$author.*they have \$article_id"),
        ([TEXT, CHOICE, '<Rating name="r" toName="t"/>'], "<Rating> cannot be learned"),
        ([TEXT, choices('value="A" alias="a"')], "'A' has an alias"),
        ([TEXT, choices('value="A"', more='perRegion="true"')], "asks about a region"),
        ([TEXT, CHOICE.replace("</Choices>", choices('value="B"') + "</Choices>")], "has another question in it"),
        ([TEXT, CHOICE.replace('toName="t"', 'toName="x"')], 'must have toName="t"'),
        ([TEXT, CHOICE.replace('name="c"', "")], "a <Choices> has no name"),
        ([TEXT, choices('hint="A"')], "a <Choice> of 'c' has no value"),
        ([TEXT], "no question"),
        ([TEXT, choices('value="None"')], "no question"),
        ([TEXT, CHOICE, '<Labels name="l" toName="t"/>'], "question 'l' has no label"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(tags: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as refused:
        parse(*tags)
    assert "\n" not in str(refused.value)


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", "utf-8")
    with pytest.raises(ConfigError, match="not a labeling configuration"):
        LabelSchema.parse(f'<!DOCTYPE v [<!ENTITY x SYSTEM "{secret.as_uri()}">]><View>{TEXT}{CHOICE}&x;</View>')


def test_another_look_asks_the_same_and_another_label_does_not(schema: LabelSchema) -> None:
    recolored = LabelSchema.parse(schema.xml.replace("#d9480f", "#123456"))
    renamed = LabelSchema.parse(schema.xml.replace('"Prediction"', '"Forecast"'))
    assert schema.asks_the_same_as(recolored)
    assert not schema.asks_the_same_as(renamed)


@pytest.mark.parametrize("content", [None, b"\xff\xfe<", b"<View/>"])
def test_a_refused_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "labeling_config.xml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=f"^{path}: "):
        LabelSchema.read(path)
