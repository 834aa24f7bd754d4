"""The elements of a JSON array, one after the other: the text of each and its place, without the whole in memory."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from osmo_checks.datasets import codes
from osmo_checks.datasets.decoding import Decoded
from osmo_checks.datasets.shortening import LongRow, RowText, TooLongError
from osmo_checks.finding import Position

#: Characters of an element that are read as a whole; one that goes on for longer is cut there.
MAX_ELEMENT: Final = 64 * 1024 * 1024

#: Characters from which on an element may be shortened.
_LONG: Final = 512 * 1024

#: Characters before the end of what was read in which an error may come from there being no more.
_TAIL: Final = 16

#: Characters of a line's indent that are looked at.
_MOST_INDENT: Final = 1_000

_SPACE: Final = re.compile(r"[ \t\n\r]*+")
_NEXT_ROW: Final = re.compile(r"\}[ \t\n\r]*,[ \t\n\r]*(?=\{)")

#: Only finds ends; values are read elsewhere, and Python refuses numbers of thousands of digits.
_end_of = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode


@dataclass(frozen=True, slots=True)
class Element:
    """An element, or where that is not JSON, the text up to where the next one seems to begin."""

    row: RowText
    start: Position

    @property
    def text(self) -> str:
        return self.row.text

    def place(self, offset: int) -> Position:
        """Return where in the file a character of the text stands."""
        return self.row.place(offset, self.start)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong between elements."""

    code: codes.Code
    message: str
    place: Position


class Elements:
    """The elements of the array that ``stream`` holds, and the faults between them, in order.

    With ``shortens``, long ones come without the middle of their long texts. ``is_cut`` once one has no end.
    Rows are read on after a bracket that should not be there.
    """

    def __init__(self, stream: BinaryIO, *, shortens: bool = False) -> None:
        self.decoded = Decoded(stream)
        self._shortens = shortens
        self._long: LongRow | None = None
        self._text = ""
        self._at = 0
        self._place = Position(1, 1)
        self._next_row = _NEXT_ROW
        self._is_at_end = False
        self._comma: Position | None = None
        self._is_after_row = False
        self._holds_objects: bool | None = None
        self._opened = 0
        self._is_closed = False
        self.is_cut = False

    def __iter__(self) -> Iterator[Element | Fault]:
        self._peek()
        self._take(1)
        while not self._is_closed and (char := self._peek()):
            if char == ",":
                yield from self._take_comma()
            elif char == "]":
                yield from self._take_closing()
            elif char == "[" and self._holds_objects and self._is_stray_opening():
                yield self._take_opening()
            else:
                try:
                    yield from self._take_row(char)
                except TooLongError as error:
                    message = f"{error} What comes after it was not looked at either."
                    yield Fault(codes.LINE_TOO_LONG, message, self._place)
                    return
        if not self._is_closed and not self.is_cut:
            message = "The file ends here and its array has no closing ]: write the file again."
            yield Fault(codes.TRUNCATED_ROW, message, self._place)

    def _take_comma(self) -> Iterator[Fault]:
        if not self._is_after_row:
            yield Fault(codes.INVALID_JSON, "A row is missing before this comma: remove it.", self._place)
        self._comma, self._is_after_row = self._place, False
        self._take(1)

    def _take_row(self, char: str) -> Iterator[Element | Fault]:
        if self._is_after_row:
            yield Fault(codes.INVALID_JSON, "A comma is missing before this row: add it.", self._place)
        if self._holds_objects is None:
            self._holds_objects = char == "{"
            self._learn_layout()
        yield self._element()
        self._comma, self._is_after_row = None, True

    def _take_opening(self) -> Fault:
        """Take a bracket that would put a row, and those that follow, in a list of their own."""
        message = "A [ stands before this row: remove it, and the ] that goes with it if there is one."
        fault = Fault(codes.INVALID_JSON, message, self._place)
        self._take(1)
        self._opened += 1
        return fault

    def _is_stray_opening(self) -> bool:
        """Tell whether the bracket at hand puts rows in a list that does not end, or not soon, or with the file."""
        if self._char_from(1) != "{":
            return False
        while True:
            try:
                _, end = _end_of(self._text, self._at)
            except RecursionError:
                return False
            except json.JSONDecodeError as error:
                size = len(self._text) - self._at
                if size >= _LONG or not self._may_go_on(error):
                    return True
                self._read(2 * size)
            else:
                return not self._char_from(end - self._at)

    def _take_closing(self) -> Iterator[Fault]:
        """Take a bracket that closes the array, unless rows follow it."""
        if self._comma:
            yield Fault(codes.INVALID_JSON, "A comma stands before ]: remove it.", self._comma)
        place = self._place
        self._take(1)
        self._comma, self._is_after_row = None, True
        follows = self._peek()
        if follows and self._opened:
            self._opened -= 1
        elif follows == "[":
            yield Fault(codes.INVALID_JSON, "Another array begins here: write all rows into one.", self._place)
            self._take(1)
            self._is_after_row = False
        elif follows == "{" or (follows == "," and self._char_from(1)):
            yield Fault(codes.INVALID_JSON, "This ] closes the array and rows follow it: remove it.", place)
        else:
            self._is_closed = True
            if follows:
                message = "Something stands after the closing ] of the array and was not looked at: remove it."
                yield Fault(codes.INVALID_JSON, message, self._place)

    def _element(self) -> Element:
        while True:
            try:
                _, end = _end_of(self._text, self._at)
            except RecursionError:
                return self._broken(self._at)
            except json.JSONDecodeError as error:
                if self._may_go_on(error):
                    self._read_on()
                    continue
                return self._broken(error.pos)
            if end < len(self._text) or self._is_at_end:
                return self._taken(end)
            self._read(1)

    def _read_on(self, place: int = 0) -> int:
        """Read more of an element, as much again; of a long one that is shortened, a piece.

        Returns where a ``place`` in the element is then, which shortening may move.
        """
        size = len(self._text) - self._at
        if self._shortens and self._long is None and size >= _LONG:
            self._long = LongRow()
            before, after = self._text[self._at :][:place], self._text[self._at :][place:]
            kept = [self._long.feed(text) for text in (before, after) if text]
            self._text, self._at = "".join(kept), 0
            place = len(kept[0]) if before else 0
        self._read(1 if self._long else 2 * size)
        return place

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Tell whether an element is only broken because it goes on beyond what was read."""
        if self._is_at_end or len(self._text) - self._at >= MAX_ELEMENT:
            return False
        return error.pos >= len(self._text) - _TAIL or error.msg.startswith("Unterminated")

    def _broken(self, at: int) -> Element:
        """Take what is no JSON at ``at``, up to where the next row seems to begin."""
        offset = at - self._at
        while not (found := self._next_row.search(self._text, self._at + offset)) and not self._is_at_end:
            if len(self._text) - self._at >= MAX_ELEMENT:
                break
            offset = self._read_on(offset)
        taken = self._text[self._at : found.end() if found else len(self._text)].rstrip()
        if taken.endswith("," if found else "]"):
            taken = taken[:-1].rstrip()
        elif not found:
            self.is_cut = True
        return self._taken(self._at + len(taken))

    def _taken(self, end: int) -> Element:
        text = self._text[self._at : end]
        element = Element(self._long.row(text) if self._long else RowText(text), self._place)
        after = self._long.after(element.row) if self._long else None
        if after is not None:
            self._text = self._text[:end] + after
        self._long = None
        self._place, self._at = element.place(len(text)), end
        return element

    def _learn_layout(self) -> None:
        """Remember how rows are indented, where each begins a line."""
        before = self._text[self._at - self._place.column + 1 : self._at]
        if self._place.row > 1 and not before.strip(" \t"):
            self._next_row = re.compile(rf"[\r\n]{before}(?=\{{)")

    def _peek(self) -> str:
        """Go to the next character that is no white space and return it; an empty text at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._take(space.end() - self._at if space else 0)
            if self._at < len(self._text):
                return self._text[self._at]
            if self._is_at_end:
                return ""
            self._read(1)

    def _char_from(self, offset: int) -> str:
        """Return the first character that is no white space ``offset`` or more from here; an empty text at the end."""
        while True:
            space = _SPACE.match(self._text, self._at + offset)
            at = space.end() if space else self._at + offset
            if at < len(self._text):
                return self._text[at]
            if self._is_at_end:
                return ""
            self._read(1)

    def _take(self, size: int) -> None:
        self._place = _moved(self._place, self._text[self._at : self._at + size])
        self._at += size

    def _read(self, size: int) -> None:
        """Read ``size`` characters more, and to the end of a piece, and forget lines before the place reached."""
        line = 0 if self._long else max(self._text.rfind("\n", 0, self._at) + 1, self._at - _MOST_INDENT)
        pieces = [self._text[line:]]
        self._at -= line
        while size > 0 and not self._is_at_end:
            piece = self.decoded.read()
            size -= len(piece)
            self._is_at_end = not piece
            pieces.append(self._long.feed(piece) if self._long else piece)
        self._text = "".join(pieces)


def _moved(place: Position, text: str) -> Position:
    """Return the place after ``text``, which starts at ``place``."""
    rows = text.count("\n")
    if not rows:
        return Position(place.row, place.column + len(text))
    return Position(place.row + rows, len(text) - text.rfind("\n"))
