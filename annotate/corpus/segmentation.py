"""Articles cut into sentences: those of the headlines, of the body and of the readers' comments."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotate.article import Article, Section, Sentence, article_id, sentence_uid
from annotate.corpus.contexts import contexts
from annotate.corpus.furniture import Layout, find_furniture
from annotate.corpus.headlines import find_headlines
from annotate.corpus.metadata import metadata_origins, read_metadata
from annotate.corpus.paragraphs import Paragraph, split_lines, split_paragraphs, visible
from annotate.corpus.quotations import quotations, quoted
from annotate.corpus.rules import RuleBook, rule_book
from annotate.corpus.sentences import sentence_rules, sentence_spans, simplify
from annotate.record import Record


class Document(Record):
    """Sentences in order, and the article they stand in where it is known."""

    article: Article | None
    sentences: tuple[Sentence, ...]


class _Cuts(NamedTuple):
    """Sentences by column, which is quicker than a tuple for each."""

    starts: list[int]
    texts: list[str]
    paragraphs: list[int]
    sections: list[Section]


def read_article(text: str, language: str = "en", rules: RuleBook | None = None) -> Document:
    """Find an article's furniture, metadata and sentences.

    ``language`` is a code of ISO 639; ``rules`` are those for furniture, unless given those for the language.
    """
    paragraphs = split_paragraphs(text)
    layout = find_furniture(paragraphs, rules or rule_book(language))
    passages = list(_without_furniture(paragraphs, layout))
    headlines = find_headlines([passage for passage in passages if passage.start < layout.comments_start])
    sections = [_section(passage, headlines, layout.comments_start) for passage in passages]
    title = passages[0].text if passages and passages[0].number in headlines else None
    metadata = read_metadata(layout.metadata, title)
    article = Article(
        id=article_id(text),
        text=text,
        furniture=layout.furniture,
        found_in=metadata_origins(metadata, layout.metadata),
        **dict(metadata),
    )
    return _document(article, paragraphs, _cut(text, passages, sections, language))


def read_lines(text: str) -> Document:
    """Take each line that is not blank for a sentence of the body."""
    article = Article(id=article_id(text), text=text)
    lines = split_lines(text)
    cuts = _Cuts([p.start for p in lines], [p.text for p in lines], [p.number for p in lines], ["body"] * len(lines))
    return _document(article, lines, cuts)


def _without_furniture(paragraphs: Sequence[Paragraph], layout: Layout) -> Iterator[Paragraph]:
    """Yield what remains of the paragraphs; furniture covers a paragraph, or stands at its start."""
    furniture = deque(layout.furniture)
    for paragraph in paragraphs:
        start = paragraph.start
        while furniture and furniture[0].start < paragraph.end:
            start = furniture.popleft().end
        if start == paragraph.start:
            yield paragraph
        elif span := visible(paragraph.text, start - paragraph.start, len(paragraph.text)):
            yield paragraph._replace(start=paragraph.start + span[0], text=paragraph.text[slice(*span)])


def _section(passage: Paragraph, headlines: set[int], comments_start: int) -> Section:
    if passage.start >= comments_start:
        return "comment"
    return "headline" if passage.number in headlines else "body"


def _cut(text: str, passages: Sequence[Paragraph], sections: Sequence[Section], language: str) -> _Cuts:
    """Cut the passages, whose sections are given, into sentences."""
    rules = sentence_rules(language)
    simplified = simplify(text, rules)
    cuts = _Cuts([], [], [], [])
    for passage, section in zip(passages, sections, strict=True):
        base, body = passage.start, passage.text
        for start, end in sentence_spans(body, simplified[base : base + len(body)], rules):
            cuts.starts.append(base + start)
            cuts.texts.append(body[start:end])
            cuts.paragraphs.append(passage.number)
            cuts.sections.append(section)
    return cuts


def _document(article: Article, paragraphs: Sequence[Paragraph], cuts: _Cuts) -> Document:
    comments_at = cuts.sections.index("comment") if "comment" in cuts.sections else len(cuts.sections)
    around = contexts(cuts.texts, cuts.paragraphs, comments_at)
    ends = [start + len(text) for start, text in zip(cuts.starts, cuts.texts, strict=True)]
    standing = quotations(article.text, zip(cuts.starts, ends, strict=True), quoted(article.text, paragraphs))
    sentences = tuple(
        Sentence.of_checked(
            {
                "uid": sentence_uid(article.id, start, end, text),
                "article_id": article.id,
                "start": start,
                "end": end,
                "text": text,
                "paragraph": paragraph,
                "section": section,
                "quotation": quotation,
                "context_before": before,
                "context_after": after,
            }
        )
        for start, text, paragraph, section, end, quotation, before, after in zip(
            *cuts, ends, standing, *around, strict=True
        )
    )
    # Both are checked, and checking each sentence again would take longer than cutting it.
    return Document.model_construct(article=article, sentences=sentences)
