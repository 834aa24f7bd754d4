r"""Proves rows clean at the speed of the parser. Rows without proof may still be clean: they get the close look.

msgspec decodes rows into a type made from the shape of clean ones (see ``shapes``). It refuses broken syntax, bytes
that are not UTF-8, lone surrogates, NaN, numbers beyond 64 bits and anything of another shape. What it lets pass is a
key that comes twice, and there the quotation marks tell: written again from what was decoded, the rows have as many as
before, and a key that was dropped makes that fewer. The one thing that could make up for it is a quotation mark written
as ``\u0022``; rows with that get the close look.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Annotated, Any, Final, Literal

import msgspec

from osmo_checks.datasets.metadata import Shape, UnprovedError, kind_of, quotes_in
from osmo_checks.datasets.rules import LABEL, METADATA, PROMPT, SYSTEM, ColumnRule
from osmo_checks.datasets.shapes import RowShape, UntypedError, struct_of, type_of

_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, UnprovedError)
_ESCAPED_QUOTE_OR_NUL: Final = re.compile(rb"\\u00(?:22|00)")

#: In JSON without white space; it may also stand in a text.
_EMPTY_OBJECT: Final = re.compile(rb"[:,\[]\{\}")
_TEXT: Final = Annotated[str, msgspec.Meta(min_length=1)]

#: Prompts, labels and system prompts of rows, as ``Batch`` has them.
Texts = tuple[Sequence[str | None], Sequence[str | None], Sequence[str | None]]

#: Proves rows, given as they stand in the file and as lines without line ends. Returns their texts, or ``None``.
Proof = Callable[[bytes, Sequence[bytes]], Texts | None]


def never(_block: bytes, _lines: Sequence[bytes]) -> Texts | None:
    """Prove nothing, while nothing is known about the file."""
    return None


@dataclass(frozen=True)
class Asked:
    """What is asked of a file's rows beside their shape.

    ``fields`` are those of the first row, which every row has. ``metadata`` is the shape of the metadata so far, or
    ``None`` where the rules ignore it or the rows have none.
    """

    columns: Sequence[ColumnRule]
    fields: frozenset[str]
    metadata: Shape | None

    @cached_property
    def texts(self) -> dict[str, bool]:
        """The fields that have to be texts with something in them, and whether null may stand there instead."""
        pairs = ((name, rule.null is None) for rule in self.columns for name in (rule.name, rule.alias))
        return {name: may_be_null for name, may_be_null in pairs if name is not None and name in self.fields}

    def name_of(self, column: str) -> str | None:
        """Return the field that fills a column, if any."""
        names = (name for rule in self.columns if rule.name == column for name in (rule.name, rule.alias))
        return next((name for name in names if name in self.fields), None)


def typed_proof(shape: RowShape, asked: Asked) -> Proof:
    """Return the proof for rows that have a shape; ``never`` where a type cannot be made of it."""
    try:
        struct = _struct(shape, asked)
        proves_metadata = _inner_proof(shape, asked)
    except UntypedError:
        return never
    decode = msgspec.json.Decoder(struct).decode
    encode = msgspec.json.Encoder().encode
    names = dict(zip(shape.members, struct.__struct_fields__, strict=True))
    texts = [(name, attrgetter(names[name])) for name in asked.texts if not _is_constant(name, shape, asked)]
    nullable = [name for name in asked.texts if "null" in shape.members[name].kinds]
    prompt, label, system = map(asked.name_of, (PROMPT, LABEL, SYSTEM))
    constant = shape.members[system].constant if system and _is_constant(system, shape, asked) else None
    each = _quotes_in_each(shape)
    get_metadata = attrgetter(names.get(METADATA, ""))

    def proves(block: bytes, lines: Sequence[bytes]) -> Texts | None:
        try:
            rows = list(map(decode, lines))
        except _UNREADABLE:
            return None
        columns = {name: list(map(get, rows)) for name, get in texts}
        for name, column in columns.items():
            if any(map(str.isspace, filter(None, column) if name in nullable else column)):
                return None
        has_escapes = b"\\" in block
        if has_escapes and _hides_something(block):
            return None
        written = b"" if each and not has_escapes else encode(rows)
        if block.count(b'"') != (written.count(b'"') or (each or 0) * len(rows)):
            return None
        if proves_metadata and not proves_metadata(written, map(get_metadata, rows)):
            return None
        systems = columns.get(system, [constant] * len(rows)) if system else ()
        return columns[prompt] if prompt else (), columns[label] if label else (), systems

    return proves


def tree_proof(shape: RowShape, asked: Asked) -> Proof:
    """Return the proof for rows with the fields of a shape, whatever is in their objects and lists."""
    decode = msgspec.json.Decoder().decode
    names = [asked.name_of(column) for column in (PROMPT, LABEL, SYSTEM)]

    def proves(block: bytes, lines: Sequence[bytes]) -> Texts | None:
        if _hides_something(block):
            return None
        try:
            rows = list(map(decode, lines))
            quotes = sum(_quotes_in_row(row, shape, asked) for row in rows)
        except _UNREADABLE:
            return None
        if quotes != block.count(b'"'):
            return None
        prompts, labels, systems = ([row[name] for row in rows] if name else () for name in names)
        return prompts, labels, systems

    return proves


def _is_in_texts(shape: RowShape) -> bool:
    """Tell whether all metadata was JSON in texts."""
    member = shape.members[METADATA]
    return member.kinds == {"text"} and bool(member.members)


def _inner_proof(shape: RowShape, asked: Asked) -> Callable[[bytes, Iterable[Any]], bool] | None:
    """Return the proof for metadata, as rows that were written again and as values; ``None`` where there is none.

    Raises ``UntypedError``.
    """
    if asked.metadata is None:
        return None
    if not _is_in_texts(shape):
        return lambda written, _values: not _has_empty_object(written)
    decode = msgspec.json.Decoder(struct_of(shape.members[METADATA], {})).decode
    encode = msgspec.json.Encoder().encode

    def proves(_written: bytes, texts: Iterable[str]) -> bool:
        texts = list(texts)
        try:
            inner = encode(list(map(decode, texts)))
        except _UNREADABLE:
            return False
        block = "".join(texts).encode()
        return block.count(b'"') == inner.count(b'"') and not _hides_something(block) and not _has_empty_object(inner)

    return proves


def _has_empty_object(written: bytes) -> bool:
    return b"{}" in written and _EMPTY_OBJECT.search(written) is not None


def _hides_something(block: bytes) -> bool:
    """Tell whether quotation marks or NUL may be written as escapes."""
    return b"\\u00" in block and _ESCAPED_QUOTE_OR_NUL.search(block) is not None


def _struct(shape: RowShape, asked: Asked) -> Any:
    fields: dict[str, Any] = {}
    for key, member in shape.members.items():
        if key in asked.texts:
            text = Literal[member.constant] if _is_constant(key, shape, asked) else _TEXT
            fields[key] = _text_type(text, member, may_be_null=asked.texts[key])
        elif key == METADATA and asked.metadata is not None and not _is_in_texts(shape):
            fields[key] = type_of(replace(member, kinds=member.kinds - {"text"}))
        else:
            fields[key] = type_of(member)
    return struct_of(shape, fields)


def _is_constant(name: str, shape: RowShape, asked: Asked) -> bool:
    """Tell whether a field of texts had one text only, as system prompts often do: that need not be looked at again."""
    return shape.members[name].constant is not None and name not in (asked.name_of(PROMPT), asked.name_of(LABEL))


def _text_type(text: Any, shape: RowShape, *, may_be_null: bool) -> Any:
    if shape.kinds == {"text"}:
        return text
    if may_be_null and shape.kinds == {"text", "null"}:
        return text | None
    raise UntypedError


def _quotes_in_each(shape: RowShape) -> int | None:
    """Return how many quotation marks a row of a shape has without those in its texts; ``None`` where that differs."""
    kinds = [member.kinds for member in shape.members.values()]
    if any(len(kind) > 1 or kind & {"object", "array"} for kind in kinds):
        return None
    return 2 * len(kinds) + 2 * kinds.count({"text"})


def _quotes_in_row(row: Any, shape: RowShape, asked: Asked) -> int:
    if type(row) is not dict or row.keys() != shape.members.keys():
        raise UnprovedError
    for name, may_be_null in asked.texts.items():
        value = row[name]
        if not (value is None and may_be_null) and (type(value) is not str or not value or value.isspace()):
            raise UnprovedError
    return 2 * len(row) + sum(_quotes_in_field(name, value, shape, asked) for name, value in row.items())


def _quotes_in_field(name: str, value: Any, shape: RowShape, asked: Asked) -> int:
    if name == METADATA and asked.metadata is not None:
        if type(value) is not dict:
            raise UnprovedError
        return asked.metadata.quotes_in(value)
    if name not in asked.texts and kind_of(value) not in shape.members[name].kinds:
        raise UnprovedError
    return quotes_in(value)
