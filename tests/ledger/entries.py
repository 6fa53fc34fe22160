"""Predictions made by hand."""

from datetime import date

from annotate.article import Article, Quotation, Sentence, sentence_uid
from annotate.ledger.entry import Entry, Outcome, Statement, Verdict
from annotate.ledger.horizon import find_horizon
from annotate.ledger.strength import find_strength, is_conditional

TODAY = date(2026, 11, 27)


def make_article(
    name: str = "a", published: str | None = "2017-06-11", outlet: str | None = "Harbour Times"
) -> Article:
    return Article(id=name, title="The war", outlet=outlet, author="Ann Smith", published=published, text="x")


def make_sentence(text: str, article: str = "a", start: int = 0, quotation: Quotation = "none") -> Sentence:
    end = start + len(text)
    return Sentence(
        uid=sentence_uid(article, start, end, text),
        article_id=article,
        start=start,
        end=end,
        text=text,
        paragraph=1,
        section="body",
        quotation=quotation,
    )


def make_entry(
    text: str, article: Article | None = None, outcome: Outcome | None = None, quotation: Quotation = "none"
) -> Entry:
    """Read a prediction as the ledger does, judged or not."""
    article = article or make_article()
    statement = Statement.of(make_sentence(text, article.id, quotation=quotation), article)
    verdict = Verdict(outcome=outcome, judged_by="user:1", judged_at="2026-01-01T00:00:00Z") if outcome else None
    return Entry(
        **dict(statement),
        found_by="person",
        annotator="user:1",
        horizon=find_horizon(text, statement.day),
        strength=find_strength(text),
        conditional=is_conditional(text),
        verdict=verdict,
    ).at(TODAY)
