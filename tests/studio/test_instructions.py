"""The codebook is rendered for Label Studio's page, which takes bullets and margins away."""

from annotate.studio.instructions import to_instruction


def test_html_in_the_codebook_is_shown_as_text() -> None:
    made = to_instruction('Never <script>alert("x")</script>.\n\n<b onclick="x()">Mark</b> it.\n\n<iframe src="x">')
    assert "&lt;script&gt;" in made
    assert not any(tag in made for tag in ("<script", "<b ", "<iframe"))


def test_links_that_run_code_are_not_links() -> None:
    assert "href" not in to_instruction("[mark](javascript:alert(1))")


def test_items_of_lists_get_bullets_of_text() -> None:
    made = to_instruction("- Mark insults.\n- Mark every one.\n  - Twice.\n\n1. Read.\n")
    assert made.count("• ") == made.count("<li>") == 4
    assert made.index("• ") < made.index("Mark insults.")


def test_tables_survive_with_room_between_their_cells() -> None:
    made = to_instruction("| sentence | answer |\n|---|---|\n| *It will fall.* | Prediction |\n")
    assert "<table>" in made
    assert [made.count(tag) for tag in ("<th>", "<td>", "\u2003", "</table>")] == [2, 2, 2, 1]
    assert "\u2003Prediction" in made


def test_headings_are_smaller_than_those_of_the_page() -> None:
    made = to_instruction("# Codebook\n\n## Terms\n\n### Quotes\n\n#### More\n")
    assert [f"<h{n}>" in made for n in range(1, 7)] == [False, False, True, True, True, False]
    assert made.count("<h") == made.count("</h") == 4


def test_paragraphs_are_kept_apart() -> None:
    assert "<br" in to_instruction("One.\n\nTwo.")


def test_the_same_codebook_gives_the_same_instruction() -> None:
    assert to_instruction("- a\n- b\n") == to_instruction("- a\n- b\n")
    assert to_instruction("") == ""
