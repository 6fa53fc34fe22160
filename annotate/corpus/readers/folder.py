"""Folders, and the files in them that are read."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from annotate.corpus.readers.item import Note
from annotate.corpus.readers.media import ENDINGS, ending_of
from annotate.errors import SourceError
from annotate.wording import counted

_SIDE_FILE = ".toml"
_ABOUT_THE_FOLDER = "readme"


def files_of(folder: Path, note: Note) -> Iterator[Path | SourceError]:
    """Yield a folder's files and those of its folders, in order, and what cannot be read.

    Hidden files and readmes are left out. Links to folders are not followed, for they may lead back. ``note`` hears how
    many files of unknown endings were left out; side files are read with their articles.

    Raises:
        SourceError: There is nothing to read in the folder.
    """
    left_out: Counter[str] = Counter()
    is_empty = True
    for path in _walked(folder):
        if isinstance(path, Path) and path.stem.lower() == _ABOUT_THE_FOLDER:
            continue
        if isinstance(path, SourceError) or ending_of(path.name) in ENDINGS:
            is_empty = False
            yield path
        elif path.suffix.lower() != _SIDE_FILE:
            left_out[path.suffix.lower() or "no ending"] += 1
    if left_out:
        note(f"{folder}: {counted(left_out.total(), 'file')} of other kinds left out: {', '.join(sorted(left_out))}")
    if is_empty:
        raise SourceError(f"{folder}: no articles in this folder; put .txt or other articles there")


def _walked(folder: Path) -> Iterator[Path | SourceError]:
    try:
        with os.scandir(folder) as entries:
            shown = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except OSError as error:
        yield SourceError(f"{folder}: cannot be read: {error.strerror}")
        return
    for entry in shown:
        try:
            is_folder, is_file = entry.is_dir(follow_symlinks=False), entry.is_file()
        except OSError as error:  # such as a link to itself
            yield SourceError(f"{entry.path}: cannot be read: {error.strerror}")
            continue
        if is_folder:
            yield from _walked(Path(entry.path))
        elif is_file:
            yield Path(entry.path)
