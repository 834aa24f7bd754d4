"""What a row's fields have to be, and that all rows have the same."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from osmo_checks.datasets import codes
from osmo_checks.datasets.metadata import METADATA_PATH, MetadataTypes
from osmo_checks.datasets.places import path_at
from osmo_checks.datasets.rules import METADATA, ColumnRule, DatasetRules
from osmo_checks.datasets.scan import Flaw, Member, Node, quoted, scan
from osmo_checks.finding import Severity

#: Field names a message lists before it says "and more".
_MOST_NAMES = 5


class RowChecker:
    """Checks the rows of one file, in order; ``fields`` are the first row's, ``None`` until there was one."""

    def __init__(self, rules: DatasetRules) -> None:
        self.rules = rules
        self.columns = rules.columns
        self.fields: frozenset[str] | None = None
        self.metadata = MetadataTypes()
        self.needs_metadata = False
        self._has_metadata_keys = False
        self._empty_metadata: tuple[int, int] | None = None

    def check(self, root: Node, row: int) -> Iterator[Flaw]:
        """Yield what is wrong with the row on line ``row``."""
        if root.kind != "object":
            message = f"A row is a JSON object in curly brackets, and this is {_named(root)}: give its values names."
            yield Flaw(codes.NOT_AN_OBJECT, root.start, root.end, message)
            return
        fields = {member.key: member for member in root.members}
        reported: set[str] = set()
        is_first = self.fields is None
        if is_first:
            self._take_as_first(frozenset(fields))
        for rule in self.columns:
            member = _column(rule, fields)
            if member is None:
                if rule.missing and (is_first or self._first_has(rule)):
                    reported.add(rule.name)
                    yield _missing(rule, root, fields, rule.missing)
            else:
                yield from _bad_text(rule, member.value)
        yield from self._differing(root, fields, reported)
        yield from self._metadata(root, fields, row)

    def _take_as_first(self, fields: frozenset[str]) -> None:
        self.fields = fields
        self.needs_metadata = self.rules.metadata == "mode" and METADATA in fields
        if self.needs_metadata:
            self.columns = tuple(rule.optional() for rule in self.columns)

    def _first_has(self, rule: ColumnRule) -> bool:
        """Tell whether the first row has a column. If not, that was said there and holds for the whole file."""
        return self.fields is not None and not self.fields.isdisjoint((rule.name, rule.alias))

    def _differing(self, root: Node, fields: Mapping[str, Member], reported: set[str]) -> Iterator[Flaw]:
        first, severity = self.fields, self.rules.fields_differ
        if first is None or severity is None or fields.keys() == first:
            return
        extra = [member for key, member in fields.items() if key not in first]
        if extra:
            message = f"{_names([m.key for m in extra])} not in the first row: remove it here, or add it to every row."
            yield Flaw(codes.FIELDS_DIFFER, extra[0].start, extra[0].end, message, severity)
        lacking = sorted(first - fields.keys() - reported)
        if lacking:
            message = f"{_names(lacking)} in the first row and not here: add it, if only as null."
            yield Flaw(codes.FIELDS_DIFFER, root.start, root.start + 1, message, severity)

    def _metadata(self, root: Node, fields: Mapping[str, Member], row: int) -> Iterator[Flaw]:
        if self.rules.metadata == "ignored":
            return
        member = fields.get(METADATA)
        if member is None or _is_absent(member.value):
            if self.needs_metadata:
                where = member.value if member else replace(root, end=root.start + 1)
                message = "This row has no metadata, and the first row has: write an object with at least one key."
                yield Flaw(codes.METADATA_MISSING, where.start, where.end, message)
            return
        value, flaws = _metadata_value(member.value)
        yield from flaws
        if value is None:
            return
        if not value.members:
            self._empty_metadata = self._empty_metadata or (row, member.start)
            if self.needs_metadata:
                message = "The metadata is empty: write an object with at least one key."
                yield Flaw(codes.METADATA_MISSING, member.value.start, member.value.end, message)
            return
        self._has_metadata_keys = True
        compared = self.metadata.compare(value, row)
        yield from compared if value is member.value else (_moved(flaw, value, member.value) for flaw in compared)

    def knows(self, field: str) -> bool:
        """Tell whether there are rules for what a field holds."""
        is_column = any(field in (rule.name, rule.alias) for rule in self.columns)
        return is_column or (field == METADATA and self.rules.metadata != "ignored")

    def text_of(self, column: str, fields: Mapping[str, Member]) -> str | None:
        """Return the text that fills a column in a row, if any."""
        rule = next((rule for rule in self.columns if rule.name == column), None)
        member = _column(rule, fields) if rule else None
        return member.value.value if member and isinstance(member.value.value, str) else None

    @property
    def useless_metadata(self) -> tuple[int, int] | None:
        """Line and offset of the first metadata where no row has any key in it, so that the column cannot be stored."""
        return None if self._has_metadata_keys or self.needs_metadata else self._empty_metadata


def _column(rule: ColumnRule, fields: Mapping[str, Member]) -> Member | None:
    """Return the member that fills a column: the alias where the column itself is not there or null."""
    member = fields.get(rule.name)
    other = fields.get(rule.alias) if rule.alias else None
    return other if other and (member is None or member.value.kind == "null") else member


def _missing(rule: ColumnRule, root: Node, fields: Mapping[str, Member], severity: Severity) -> Flaw:
    similar = next((member for key, member in fields.items() if key.strip().lower() in (rule.name, rule.alias)), None)
    if similar is None:
        holder = _holder_of_rows(rule, fields)
        what = f"{quoted(holder)} seems to hold the rows, so write that list by itself" if holder else "add it"
        message = f"The row has no {rule.name}: {what}."
        return Flaw(codes.MISSING_FIELD, root.start, root.start + 1, message, severity)
    is_spaced = similar.key != similar.key.strip()
    reason = "which has white space around it" if is_spaced else "names are case-sensitive"
    message = f"The row has no {rule.name}: rename {quoted(similar.key)}, {reason}."
    return Flaw(codes.MISSING_FIELD, similar.start, similar.end, message, severity)


def _holder_of_rows(rule: ColumnRule, fields: Mapping[str, Member]) -> str | None:
    """Return the field with a list of what lacks here, as in ``{"data": [{"user_prompt": ...}, ...]}``."""
    for key, member in fields.items():
        first = member.value.elements[0] if member.value.elements else member.value
        if member.value.kind == "array" and any(inner.key in (rule.name, rule.alias) for inner in first.members):
            return key
    return None


def _bad_text(rule: ColumnRule, value: Node) -> Iterator[Flaw]:
    name = rule.name
    if value.kind == "null":
        code, severity, message = codes.NULL_VALUE, rule.null, f"{name} is null: write a text."
    elif not isinstance(value.value, str):
        severity = rule.container if value.kind in ("object", "array") else rule.scalar
        code, message = codes.NOT_TEXT_VALUE, f"{name} is {_named(value)}: write it as text, in double quotes."
    elif not value.value:
        code, severity, message = codes.EMPTY_TEXT, rule.empty, f"{name} is empty: write a text."
    elif value.value.isspace():
        code, severity, message = codes.BLANK_TEXT, rule.blank, f"{name} is white space only: write a text."
    else:
        return
    if severity is not None:
        yield Flaw(code, value.start, value.end, message, severity)


def _is_absent(value: Node) -> bool:
    return value.kind == "null" or (isinstance(value.value, str) and not value.value.strip())


def _metadata_value(value: Node) -> tuple[Node | None, list[Flaw]]:
    """Return metadata as an object, read from its text where it is written as one, and what is wrong with it."""
    flaws: list[Flaw] = []
    read: Node | None = value
    if isinstance(value.value, str):
        inner = scan(value.value)
        read = inner.root
        flaws = [_moved(_with_place(flaw, read), read, value) for flaw in inner.flaws]
    if read is not None and read.kind != "object":
        message = f'metadata is {_named(read)}: write a JSON object, such as {{"value": ...}}.'
        return None, [*flaws, Flaw(codes.METADATA_NOT_AN_OBJECT, value.start, value.end, message)]
    return read, flaws


def _moved(flaw: Flaw, inner: Node | None, value: Node) -> Flaw:
    """Return a flaw of the metadata ``inner`` as one of ``value``, the text it is in: only a path leads into that."""
    path = _path_of(flaw, inner)
    message = f"Inside the text of metadata: {flaw.message}"
    return replace(flaw, start=value.start, end=value.end, message=message, path=path)


def _with_place(flaw: Flaw, inner: Node | None) -> Flaw:
    """Return a flaw with its place in the text of metadata in the message: the path, or a column of broken JSON."""
    where = f"column {flaw.start + 1}" if inner is None else _path_of(flaw, inner)
    return replace(flaw, message=f"at {where}: {flaw.message}")


def _path_of(flaw: Flaw, inner: Node | None) -> str:
    return METADATA_PATH if inner is None else path_at(inner, flaw.start, METADATA_PATH)


def _named(value: Node) -> str:
    names = {
        "object": "an object",
        "array": "a list",
        "text": "a text",
        "number": "a number",
        "other": "of a type JSON lacks",
    }
    return names.get(value.kind, "null" if value.kind == "null" else "true or false")


def _names(keys: list[str]) -> str:
    shown = ", ".join(quoted(key) for key in keys[:_MOST_NAMES])
    more = f" and {len(keys) - _MOST_NAMES} more" if len(keys) > _MOST_NAMES else ""
    return f"{shown}{more} {'is' if len(keys) == 1 else 'are'}"
