"""RSS and Atom feeds, entry by entry."""

import time
from collections.abc import Iterator
from io import BytesIO

import feedparser
from feedparser.util import FeedParserDict

from annotate.corpus.readers.fetch import Fetch
from annotate.corpus.readers.item import Found, Item
from annotate.corpus.readers.known import Known, known_from
from annotate.corpus.readers.lines import lines_of
from annotate.corpus.readers.media import article_media
from annotate.errors import SourceError


def entries_of(data: bytes, name: str, key: str | None, fetch: Fetch) -> Iterator[Found]:
    """Yield the entries of a feed; where it holds no more than a summary, the page it links to is fetched.

    Raises:
        SourceError: The feed has no entry.
    """
    # Bytes alone might be taken for a path, and addresses in the texts do not matter.
    feed = feedparser.parse(BytesIO(data), resolve_relative_uris=False)
    if not feed.entries:
        raise SourceError(f"{name}: a feed without entries; leave it out")
    outlet = feed.feed.get("title")
    for number, entry in enumerate(feed.entries, start=1):
        told = _told(entry, outlet)
        identity = entry.get("id") or told.url or str(number)
        item = Item(f"{name}, entry {number}", key and f"{key}#{identity}", _content(entry), "text", told)
        yield item if item.content else _fetched(item, fetch)


def _fetched(item: Item, fetch: Fetch) -> Found:
    if item.known.url is None:
        return SourceError(f"{item.name}: neither an article nor a link to one; leave the feed out")
    try:
        page = fetch(item.known.url)
        media = article_media(page.data, page.address)
    except SourceError as error:
        return SourceError(f"{item.name}: {error}")
    # The page says of itself better what a feed says in short.
    return Item(item.name, item.key, page.data, media, fallback=item.known, charset=page.charset)


def _content(entry: FeedParserDict) -> str:
    """Return the full article, headline first, or nothing."""
    article = "\n".join(lines_of(part.value) for part in entry.get("content", ()))
    title = lines_of(entry.get("title", ""))
    return f"{title}\n{article}" if title and article else article


def _told(entry: FeedParserDict, outlet: str | None) -> Known:
    source = entry.get("source", {}).get("title")  # in a feed that gathers those of others
    published = entry.get("published_parsed")
    values = {
        "title": lines_of(entry.get("title", "")),
        "outlet": lines_of(source or outlet or ""),
        "author": entry.get("author"),
        "published": published and time.strftime("%Y-%m-%dT%H:%M:%S+00:00", published),
        "url": entry.get("link"),
    }
    return known_from(values, "feed").known
