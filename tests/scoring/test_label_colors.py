import pytest

from annotate.schema import Label
from annotate.scoring.colors import NIGHT, PAPER, contrast, theme_colors


def rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x76, 0x76, 0x76), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("color", [None, "#d9480f", "#FE0", "yellow", "#ffffff", "#000", "#777777"])
@pytest.mark.parametrize("index", range(8))
def test_every_color_can_be_read_on_both_pages(color: str | None, index: int) -> None:
    colors = theme_colors(Label(name="L", color=color), index)
    assert contrast(rgb(colors.light), PAPER) >= 4.5
    assert contrast(rgb(colors.dark), NIGHT) >= 4.5


def test_a_color_that_can_be_read_stays_as_it_is() -> None:
    assert theme_colors(Label(name="L", color="#004488"), 0).light == "#004488"


@pytest.mark.parametrize(
    "color", ["red;}body{display:none", "url(//example.org)", "#12", "#12345g", "</style>", "#１２３"]
)
def test_what_is_no_color_falls_back_to_the_palette(color: str) -> None:
    assert theme_colors(Label(name="L", color=color), 1) == theme_colors(Label(name="L"), 1)
