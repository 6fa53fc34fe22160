"""The codebook as annotators read it in Label Studio."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Label Studio's page takes styles, margins, bullets and borders away: space and bullets are made of text instead.
_SMALLER = {"h1": "h3", "h2": "h4", "h3": "h5"}
_BREAK_AFTER = ("p", "ul", "ol", "table")


def to_instruction(markdown: str) -> str:
    """Render Markdown as HTML for a project's instructions; HTML in it is shown as text."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = [made for token in renderer.parse(markdown) for made in _spaced(token)]
    return str(renderer.renderer.render(tokens, renderer.options, {}))


def _spaced(token: Token) -> list[Token]:
    tag, opens, closes = token.tag, token.nesting == 1, token.nesting == -1
    token.tag = _SMALLER.get(tag, tag)
    if opens and tag == "li":
        return [token, _text("• ")]
    if opens and tag == "td":
        return [token, _text("\u2003")]
    ends_block = closes and tag in _BREAK_AFTER and not token.hidden
    return [token, _break()] if ends_block else [token]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _break() -> Token:
    return Token("hardbreak", "br", 0)
