# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Files of a policy pack: CSV named after their models, read from a folder or a zip, in an order that can be loaded."""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath

MAX_FILES = 50
MAX_BYTES = 2_000_000


class PackError(Exception):
    """A pack that cannot be read: where, and why as one of the keys below plus what it is about.

    bad_zip, path, not_csv, too_big, empty, encoding, no_id, width, id_missing, id_twice, circle
    """

    def __init__(self, reason, file="", line=None, column=None, about=""):
        super().__init__(f"{reason}: {file}:{line}:{column} {about}")
        self.reason, self.file, self.line, self.column, self.about = reason, file, line, column, about


@dataclass(frozen=True)
class Row:
    """One line of a file: {column: cell}."""

    line: int
    cells: dict

    @property
    def id(self):
        return self.cells["id"]


@dataclass(frozen=True)
class Table:
    """One file. ``model`` is its name up to the first dash, as Odoo reads data files."""

    file: str
    columns: tuple
    rows: tuple

    @property
    def model(self):
        return self.file.removesuffix(".csv").split("-")[0]

    def references(self, row):
        """Cells of a row that name other rows of the pack (not records of Odoo's, which have a dot): [(column, id)]."""
        return [
            (column, name.strip())
            for column, cell in row.cells.items()
            if column.endswith("/id")
            for name in cell.split(",")
            if name.strip() and "." not in name
        ]


@dataclass(frozen=True)
class Pack:
    tables: tuple
    digest: str = field(default="")


def read_folder(folder):
    """Pack of a folder of CSV files.

    :param folder: pathlib.Path
    :raise PackError: a file that cannot be read
    """
    return read_files({path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()})


def read_zip(content):
    """Pack of an uploaded zip: CSV files at the top or in one folder; nothing is ever unpacked to disk.

    :param bytes content:
    :raise PackError: no zip, a name that leaves its folder, a file that is no CSV, more than MAX_BYTES unpacked
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_BYTES:
            raise PackError("too_big", about=f"{MAX_FILES} / {MAX_BYTES // 1000} kB")
        contents = {}
        for member in members:
            path = PurePosixPath(member.filename)
            if path.is_absolute() or ".." in path.parts or "\\" in member.filename or len(path.parts) > 2:
                raise PackError("path", file=member.filename)
            if path.name in contents:
                raise PackError("path", file=member.filename)
            with archive.open(member) as stream:
                # the size in the header may lie
                contents[path.name] = stream.read(MAX_BYTES + 1)
            if sum(map(len, contents.values())) > MAX_BYTES:
                raise PackError("too_big", about=f"{MAX_FILES} / {MAX_BYTES // 1000} kB")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise PackError("bad_zip", about=str(error)) from error
    return read_files(contents)


def read_files(contents):
    """Pack of files, in an order in which each row comes after those it names.

    :param contents: {file name: bytes}

    >>> pack = read_files({
    ...     "b.step.csv": b"id,rule_id/id\\ns1,r1\\n", "a.rule.csv": b"id,name\\nr1,Late\\n",
    ... })
    >>> [(table.model, table.rows[0].cells) for table in pack.tables]
    [('a.rule', {'id': 'r1', 'name': 'Late'}), ('b.step', {'id': 's1', 'rule_id/id': 'r1'})]
    >>> read_files({"a.rule.csv": b"id,name\\nr1\\n"})
    Traceback (most recent call last):
    ...
    sales_discipline.engine.pack_files.PackError: width: a.rule.csv:2:None 1/2
    """
    if not contents:
        raise PackError("empty")
    tables = [read_table(name, contents[name]) for name in sorted(contents)]
    seen = {}
    for table in tables:
        for row in table.rows:
            if row.id in seen:
                raise PackError("id_twice", table.file, row.line, "id", row.id)
            seen[row.id] = table.file
    digest = sha256(b"".join(name.encode() + contents[name] for name in sorted(contents))).hexdigest()
    return Pack(tuple(_in_order(tables, seen)), digest)


def read_table(name, content):
    """One file as a Table; empty lines are left out, cells are stripped."""
    if not name.endswith(".csv"):
        raise PackError("not_csv", name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackError("encoding", name, content[: error.start].count(b"\n") + 1) from error
    reader = csv.reader(io.StringIO(text, newline=""))
    columns, rows, line = (), [], 1
    for raw in reader:
        start, line = line, reader.line_num + 1
        cells = [cell.strip() for cell in raw]
        if not any(cells):
            continue
        if not columns:
            columns = tuple(column.replace(":id", "/id") for column in cells)
            if "id" not in columns or len(set(columns)) < len(columns) or "" in columns:
                raise PackError("no_id", name, start)
            continue
        if len(cells) != len(columns):
            raise PackError("width", name, start, about=f"{len(cells)}/{len(columns)}")
        row = Row(start, dict(zip(columns, cells, strict=True)))
        if not row.id or "." in row.id:
            raise PackError("id_missing", name, start, "id", row.id)
        rows.append(row)
    if not columns:
        raise PackError("no_id", name, 1)
    return Table(name, columns, tuple(rows))


def _in_order(tables, file_of):
    waiting, placed = list(tables), []
    while waiting:
        here = {table.file for table in waiting}
        ready = [
            table for table in waiting
            if not {
                file_of.get(name) for row in table.rows for _column, name in table.references(row)
            } & (here - {table.file})
        ]
        if not ready:
            raise PackError("circle", waiting[0].file)
        placed += ready
        waiting = [table for table in waiting if table not in ready]
    return placed
