"""Feeds give their entries: what they hold in full, and the pages that they link to."""

from pathlib import Path

from annotate.corpus.readers.item import SourceOptions
from readers.webs import PARAGRAPHS, Answer, Site, page, read

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Daily Planet</title><link>http://daily.example/</link>
<item><title>Army &amp;amp; River</title><link>http://daily.example/a</link><guid>id-a</guid>
<dc:creator>Jane Doe</dc:creator><pubDate>Wed, 13 May 2015 10:30:00 +0200</pubDate>
<description>In short.</description>
<content:encoded><![CDATA[<p>One <b>two</b>.</p><figure><figcaption>A picture</figcaption></figure>
<p>Three.</p>]]>
</content:encoded></item>
</channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>The Daily Planet</title><id>urn:feed</id>
<updated>2015-05-13T10:30:00Z</updated>{entries}</feed>"""
ENTRY = """<entry><id>urn:{n}</id><title>Entry {n}</title><link href="{url}"/><updated>2015-05-13T10:30:00Z</updated>
<summary>In short.</summary></entry>"""


def test_an_entry_that_is_there_in_full_is_read_from_the_feed(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS)
    batch = read(tmp_path / "feed.xml")
    assert [text.text for text in batch.texts] == ["Army & River\nOne two.\nThree."]
    assert (batch.items[0].name, batch.items[0].key) == (
        f"{tmp_path}/feed.xml, entry 1",
        f"{tmp_path}/feed.xml#id-a",
    )
    known = batch.texts[0].known
    assert (known.title, known.outlet, known.author) == ("Army & River", "The Daily Planet", "Jane Doe")
    assert (known.published, known.url) == ("2015-05-13T08:30:00+00:00", "http://daily.example/a")
    assert set(known.found_in.values()) == {"feed"}


def test_an_entry_in_short_is_fetched_and_the_page_says_more_than_the_feed(site: Site, near: SourceOptions) -> None:
    entries = "".join(ENTRY.format(n=n, url=f"{site.url}/{n}") for n in (1, 2, 3))
    site.pages |= {
        "/feed": Answer(ATOM.format(entries=entries).encode()),
        "/1": Answer(page().encode()),
        "/3": Answer(page(head='<meta property="og:site_name" content="The Morning">').encode()),
    }
    batch = read(f"{site.url}/feed", options=near)
    assert [text.text.split("\n")[1:] for text in batch.texts] == [PARAGRAPHS, PARAGRAPHS]
    assert [text.known.title for text in batch.texts] == ["Army Crosses River"] * 2
    assert [text.known.outlet for text in batch.texts] == ["The Daily Planet", "The Morning"]
    assert batch.texts[0].known.found_in["url"] == "feed"
    assert batch.texts[0].known.published is None  # when an entry was updated is not when it was published
    assert batch.errors == [
        f"{site.url}/feed, entry 2: {site.url}/2: the server answers with status 404; check the address"
    ]


def test_the_links_of_a_feed_are_guarded_too(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(ATOM.format(entries=ENTRY.format(n=1, url="http://169.254.169.254/latest")))
    (error,) = read(tmp_path / "feed.xml").errors
    assert "169.254.169.254, which is not a public address" in error


def test_an_empty_feed_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(ATOM.format(entries=""))
    assert read(tmp_path / "feed.xml").errors == [f"{tmp_path}/feed.xml: a feed without entries; leave it out"]


def test_a_feed_of_growing_entities_is_not_unfolded(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    feed = "<rss><channel><item><title>&a9;</title></item></channel></rss>"
    (tmp_path / "feed.xml").write_text(f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]>{feed}')
    batch = read(tmp_path / "feed.xml")
    assert len(batch.errors) == 1
    assert len(batch.errors[0]) < 1000
