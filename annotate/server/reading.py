"""Texts and addresses that people send, to articles; a text is never taken for a path or an address."""

import re

from annotate.config import Workspace
from annotate.corpus.furniture import furniture_rules
from annotate.corpus.ingest import Reading, documents_of
from annotate.corpus.readers.addresses import PrivateAddressError
from annotate.corpus.readers.item import FetchLimits, SourceOptions
from annotate.corpus.segmentation import Document, read_article
from annotate.errors import SourceError

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
# What a page may take that somebody waits for; addresses of private networks are refused, as everywhere.
_SECONDS = 15  # with all its redirects
_FETCHING = SourceOptions(
    allow_private=False,
    limits=FetchLimits(largest=5_000_000, seconds=_SECONDS, total=_SECONDS, delay=0, longest_wait=1),
)


def is_address(text: str) -> bool:
    """Tell whether a text is an address of http or https and nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def read_text(text: str, workspace: Workspace, longest: int) -> Document:
    """Read a text into sentences; raises ``SourceError`` where it is too long, or has none."""
    if len(text) > longest:
        raise SourceError(f"the text has {len(text):,} characters, and {longest:,} are taken; send it in parts")
    settings = workspace.settings
    return _with_sentences(
        read_article(text, settings.language, furniture_rules(settings.language, settings.furniture))
    )


def read_address(address: str, workspace: Workspace, longest: int) -> Document:
    """Fetch the article at an address; of several, as in a feed, the first.

    Raises:
        SourceError: It is no address of http or https, leads to a private network, or holds no article that is short
            enough.
    """
    if not is_address(address):
        raise SourceError("an address begins with http:// or https://, and has no spaces")
    settings = workspace.settings
    reading = Reading(
        language=settings.language, near_duplicates="take", furniture=settings.furniture, sources=_FETCHING
    )
    document = next(iter(documents_of([address], reading)), None)
    if document is None:
        raise SourceError(f"{address}: holds no article")
    if isinstance(document, PrivateAddressError):  # where to is nobody's business, and how to allow it not theirs
        raise SourceError(f"{address}: not a public address, and no other is fetched here; send the text") from document
    if isinstance(document, SourceError):
        raise document
    if sum(len(sentence.text) for sentence in document.sentences) > longest:
        raise SourceError(f"{address}: the article has over {longest:,} characters, which is more than is taken")
    return _with_sentences(document)


def _with_sentences(document: Document) -> Document:
    if not document.sentences:
        raise SourceError("there is no sentence in it; send the text of an article")
    return document
