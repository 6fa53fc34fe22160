"""Tables whose rows are articles: one column holds the texts, others what is known about them."""

from collections.abc import Iterator, Mapping, Sequence

from annotate.corpus.readers.item import Found, Item, Note, SourceOptions
from annotate.corpus.readers.known import FIELDS, known_from
from annotate.corpus.readers.rows import Rows
from annotate.errors import SourceError

# What columns are commonly called; the first that a table has is taken.
_USUAL: Mapping[str, Sequence[str]] = {
    "title": ("title", "headline"),
    "outlet": ("outlet", "source"),
    "author": ("author",),
    "published": ("published", "date"),
    "url": ("url",),
    "id": ("id",),
}
_MOST_NAMED = 20


def articles_of(rows: Rows, name: str, key: str | None, options: SourceOptions, note: Note) -> Iterator[Found]:
    """Yield the rows of a table as articles; ``note`` hears of the first value that cannot be used.

    Raises:
        SourceError: The table lacks a column that was asked for, or has no rows.
    """
    columns = _columns(rows.columns, options, name)
    fields = {field: column for field, column in columns.items() if field in FIELDS}
    where = {field: f"column {column}" for field, column in fields.items()}
    number, is_noted = 0, False
    for number, row in rows.rows:
        if isinstance(row, SourceError):
            yield row
            continue
        place = f"{name}, row {number}"
        text = row.get(options.text_column)
        if not isinstance(text, str) or not text.strip():
            yield SourceError(f"{place}: no text in column '{options.text_column}'; fill it or leave the row out")
            continue
        known, refused = known_from({field: row.get(column) for field, column in fields.items()}, where)
        if refused and not is_noted:
            note(f"{place}: {refused[0]}; left unknown, here and in further rows")
            is_noted = True
        identity = ("id" in columns and row.get(columns["id"])) or known.url or number
        yield Item(place, key and f"{key}#{identity}", text, "text", known)
    if number == 0:
        raise SourceError(f"{name}: a table without rows; leave it out")


def _columns(names: Sequence[str], options: SourceOptions, name: str) -> dict[str, str]:
    """Return the column of each field that there is one for; what is named must be there, the usual ones may be."""
    wanted = [options.text_column, *options.columns.values()]
    missing = next((column for column in wanted if column not in names), None)
    if missing is not None:
        there_are = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
        hint = "; name the right one with --text-column" if missing == options.text_column else ""
        raise SourceError(f"{name}: no column '{missing}'; there are {there_are}{hint}")
    by_lower_case = {column.lower(): column for column in reversed(names) if column != options.text_column}
    usual = {
        field: next((by_lower_case[column] for column in columns if column in by_lower_case), None)
        for field, columns in _USUAL.items()
    }
    return {field: column for field, column in usual.items() if column} | dict(options.columns)
