"""Every code a dataset finding can have. A code is given once and never used for anything else.

``severity`` is the usual one; where SDK generations differ, ``schemas/contracts/<generation>.toml`` decides.
"""

from dataclasses import dataclass
from typing import Final

from osmo_checks.finding import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding; ``explanation`` says what is looked for, why it is bad and how to mend it."""

    code: str
    name: str
    severity: Severity
    summary: str
    explanation: str


INVALID_JSON: Final = Code(
    "OSV101",
    "invalid-json",
    ERROR,
    "The line is not valid JSON.",
    "Every line of a JSON Lines file has to be one JSON object on its own. The platform rejects a file with a line "
    "that is not. The position is the first character that cannot be right; mend it there, or write the file with a "
    "JSON library instead of by hand.",
)
INVALID_UTF8: Final = Code(
    "OSV102",
    "invalid-utf8",
    ERROR,
    "The line has bytes that are not UTF-8.",
    "Datasets are UTF-8 text. Other bytes, usually from a file in Latin-1 or Windows-1252, stop the platform's reader. "
    "Convert the whole file, for instance with `iconv -f WINDOWS-1252 -t UTF-8 IN > OUT`.",
)
BYTE_ORDER_MARK: Final = Code(
    "OSV103",
    "byte-order-mark",
    ERROR,
    "The file starts with a byte order mark.",
    "The three bytes EF BB BF before the first row are invisible in an editor, but JSON does not allow them and every "
    "version of the platform's reader rejects the file. Save it as UTF-8 without a byte order mark.",
)
NOT_TEXT: Final = Code(
    "OSV104",
    "not-utf8-text",
    ERROR,
    "The file is not UTF-8 text at all.",
    "The first bytes say that this is UTF-16 or UTF-32 text, or a compressed or binary file under a text file's name. "
    "Nothing in it was looked at. Convert it to UTF-8, unpack it, or give it the ending of what it is.",
)
CR_LINE_ENDS: Final = Code(
    "OSV105",
    "cr-line-ends",
    ERROR,
    "Rows are separated by carriage returns alone.",
    "Some old programs end lines with CR only. Most readers then see the whole file as one line, so rows cannot be "
    "counted or found. End lines with LF (or CR LF), for instance with `tr '\\r' '\\n' < IN > OUT`.",
)
LINE_TOO_LONG: Final = Code(
    "OSV106",
    "line-too-long",
    ERROR,
    "A row is too long to be looked at.",
    "Rows are looked at whatever their length, with the middle of long texts gone over and not kept. This one is long "
    "in another way: over 150,000 values, over 2 MiB beside its long texts, metadata that is one text of over 64 KiB "
    "in a row over 512 KiB, or in CSV a record of over 1.3 million characters; mostly a file that lost its line ends. "
    "It was not looked at, so that it cannot exhaust the memory; the platform may accept it, if it is one sound row, "
    "but nothing here vouches for it. Put every row on a line of its own, and leave out what a row does not need.",
)
BLANK_LINE: Final = Code(
    "OSV107",
    "blank-line",
    WARNING,
    "A line has nothing on it.",
    "The platform skips lines without text, so nothing fails; but row numbers and line numbers then differ, which "
    "makes every later message harder to follow. Remove the line.",
)
TRUNCATED_ROW: Final = Code(
    "OSV108",
    "truncated-row",
    ERROR,
    "A row ends before its object is complete.",
    "A bracket or a quotation mark is still open where the line ends. On the last line this usually means that a copy, "
    "a download or a program was cut off, and that more rows may be missing after it. Write the file again.",
)
ROW_OVER_LINES: Final = Code(
    "OSV109",
    "row-over-lines",
    ERROR,
    "A row is spread over several lines.",
    "In JSON Lines a row is one line: the platform reads line by line and rejects each of these. Write the object "
    "without line breaks (`jq -c . IN > OUT` does it for a whole file).",
)
SEVERAL_ROWS: Final = Code(
    "OSV110",
    "several-rows-on-a-line",
    ERROR,
    "A line has more than one row.",
    "One line is one row. What follows the first object on the line is rejected by the platform; it was not looked at. "
    "Put each object on a line of its own.",
)
TOO_DEEP: Final = Code(
    "OSV111",
    "nested-too-deep",
    ERROR,
    "Brackets are nested too deep.",
    "Readers along the way give up on deep nesting, the platform's with an internal error that names no line. Five "
    "hundred levels is the most that is safe; flatten the value, or store it as text.",
)
NOT_A_NUMBER: Final = Code(
    "OSV112",
    "nan-or-infinity",
    ERROR,
    "NaN or Infinity is not JSON.",
    "Python's json module writes NaN and Infinity and reads them back, but JSON has no such values: the row cannot be "
    "sent to a rollout. Write null, or leave the field out.",
)
NUMBER_TOO_LARGE: Final = Code(
    "OSV113",
    "number-too-large",
    WARNING,
    "A number does not fit in 64 bits.",
    "Whole numbers beyond 64 bits and numbers beyond the range of a double are rounded or refused by most readers. "
    "Inside metadata the platform rejects them (OSV135). Write the number as text.",
)
LONE_SURROGATE: Final = Code(
    "OSV114",
    "lone-surrogate",
    ERROR,
    "Half of a surrogate pair stands alone.",
    "An escape such as \\ud83d is one half of a character. Alone it is no character: the text cannot be encoded as "
    "UTF-8, so a run fails when it sends the row. The text was probably cut in the middle of an emoji; cut by "
    "characters.",
)
NUL_CHARACTER: Final = Code(
    "OSV115",
    "nul-character",
    WARNING,
    "A text contains the character NUL.",
    "The escape \\u0000 is valid JSON, but databases, C programs and many tokenizers cut or refuse text that contains "
    "it. Remove it.",
)
DUPLICATE_KEY: Final = Code(
    "OSV116",
    "duplicate-key",
    WARNING,
    "An object has the same key twice.",
    "The platform accepts it and silently keeps the last value only, so one of the two is lost. Remove or rename one.",
)
JSON_ARRAY: Final = Code(
    "OSV117",
    "json-array",
    ERROR,
    "The file is one JSON array, not one object per line.",
    "The platform takes one object per line. `osmo-scaffold dataset convert IN.json OUT.jsonl` writes the array's "
    "objects as lines.",
)
BROKEN_ARCHIVE: Final = Code(
    "OSV118",
    "broken-archive",
    ERROR,
    "A compressed file cannot be unpacked to its end.",
    "It was cut off or damaged, it is not what its ending says, or it unpacks to more than 5 GiB, which is more than "
    "the platform takes and may be a bomb. All rows up to there were looked at, and the line is that of the last whole "
    "one; those after it are unknown. Write or copy the file again.",
)
ENDING_NOT_TAKEN: Final = Code(
    "OSV119",
    "ending-not-taken",
    WARNING,
    "The platform takes no files with this ending.",
    "Whether a dataset can be uploaded is decided by its name first, and compressed files and most `.json` ones are "
    "refused. All that is read here can be written as JSON Lines: `osmo-scaffold dataset convert IN OUT.jsonl`. "
    "`osmo-scaffold preflight` fails where a config names such a file.",
)
FILE_CHANGED: Final = Code(
    "OSV120",
    "file-changed",
    ERROR,
    "The file was changed while it was read.",
    "Another program wrote to the file, cut it, put another in its place or removed it. What was said of its rows may "
    "hold for what it was, for what it is, or for neither. Let that program end, and validate the file again.",
)
NOT_AN_OBJECT: Final = Code(
    "OSV121",
    "row-not-an-object",
    ERROR,
    "A row is not a JSON object.",
    'A row is an object with named fields, such as {"user_prompt": "...", "ground_truth": "..."}. Lists, texts and '
    "numbers on a line of their own are rejected.",
)
MISSING_FIELD: Final = Code(
    "OSV122",
    "missing-field",
    ERROR,
    "A row lacks a field.",
    "The fields a row needs depend on the SDK generation; names are case-sensitive. Add the field, or rename the one "
    "that holds it: `osmo-scaffold dataset convert IN OUT --map OLD=NEW`.",
)
FIELDS_DIFFER: Final = Code(
    "OSV123",
    "fields-differ",
    ERROR,
    "A row has other fields than the first row.",
    "All rows have to have the same top-level fields; SDK 0.3 rejects a file where they differ, earlier ones took it. "
    "Add the missing field to every row (null is a value) or remove the extra one.",
)
NULL_VALUE: Final = Code(
    "OSV124",
    "null-value",
    ERROR,
    "A field that is needed is null.",
    "The platform's validator does not look at values, so null passes the upload and then stops the run that reaches "
    "it. Give the field a text or remove the row.",
)
EMPTY_TEXT: Final = Code(
    "OSV125",
    "empty-text",
    ERROR,
    "A field that is needed is empty.",
    "An empty text passes the upload and is then taken as missing when a run reads the row. Give the field a text or "
    "remove the row.",
)
BLANK_TEXT: Final = Code(
    "OSV126",
    "blank-text",
    WARNING,
    "A field has white space only.",
    "It is accepted, and the model is asked nothing, or graded against nothing. Give the field a text or remove the "
    "row.",
)
NOT_TEXT_VALUE: Final = Code(
    "OSV127",
    "not-a-text",
    ERROR,
    "A field that has to be text is something else.",
    "Prompts and labels are texts. Anything else is turned into one as Python prints it: the model reads "
    "\"[{'role': 'user', ...\" or the grader compares with 'True'. Write the text you mean, in quotation marks.",
)
METADATA_MISSING: Final = Code(
    "OSV131",
    "metadata-missing",
    ERROR,
    "A row of a metadata dataset has no metadata.",
    "Once the first row has a metadata field, every row needs a JSON object there that is not empty. Add it, or remove "
    "the row.",
)
METADATA_NOT_AN_OBJECT: Final = Code(
    "OSV132",
    "metadata-not-an-object",
    ERROR,
    "Metadata is not a JSON object.",
    "Metadata is an object with named fields, written as such or as a text that holds one. The platform rejects lists, "
    'numbers and other texts. Put the value under a name: {"value": ...}.',
)
METADATA_EMPTY_OBJECT: Final = Code(
    "OSV133",
    "metadata-empty-object",
    ERROR,
    "Metadata contains an empty object.",
    "The platform stores metadata as typed columns, and {} has none, so the file is rejected. Leave that key out, "
    "use null, or give the object a key.",
)
METADATA_TYPE_DIFFERS: Final = Code(
    "OSV134",
    "metadata-type-differs",
    ERROR,
    "A metadata value has another type than in earlier rows.",
    "The platform stores metadata as typed columns: one key has one type in all rows (whole and decimal numbers count "
    "as one; null fits every type). Write the value in the type of the rows before.",
)
METADATA_NUMBER_TOO_LARGE: Final = Code(
    "OSV135",
    "metadata-number-too-large",
    ERROR,
    "A number in metadata does not fit in 64 bits.",
    "The platform stores metadata as typed columns and rejects numbers that need more than 64 bits. Write the number "
    "as text in every row.",
)
METADATA_TOO_WIDE: Final = Code(
    "OSV136",
    "metadata-too-many-keys",
    WARNING,
    "Metadata has more than ten thousand different keys.",
    "Each key is a typed column on the platform, for all rows. Keys that are really values (ids, names, dates) make "
    "such files slow or impossible to store; keys after the first ten thousand were not compared between rows. Use a "
    'list of objects: [{"id": ..., "value": ...}].',
)
NO_ROWS: Final = Code(
    "OSV141",
    "no-rows",
    ERROR,
    "The file has no rows.",
    "An empty file, or one of blank lines only, is rejected. If a program wrote it, look at why it found nothing.",
)
TOO_FEW_ROWS: Final = Code(
    "OSV142",
    "too-few-rows",
    ERROR,
    "The file has fewer rows than the platform takes.",
    "The platform rejects datasets of fewer than four rows. Add rows; for a quick try on this machine "
    "`osmo-scaffold run --limit 1` takes any number.",
)
FILE_TOO_LARGE: Final = Code(
    "OSV143",
    "file-too-large",
    ERROR,
    "The file is larger than the platform takes.",
    "The platform refuses to upload files of more than 5 GiB. Write the rows as Parquet, which takes a fraction of the "
    "space (`osmo-scaffold dataset convert IN OUT.parquet`), or train on some of them "
    "(`osmo-scaffold dataset sample IN OUT -n ROWS`).",
)
DUPLICATE_ROW: Final = Code(
    "OSV151",
    "duplicate-row",
    WARNING,
    "A row is a copy of an earlier one.",
    "Copies are trained on, or counted, more often than the other rows, and a copy that a split puts into the other "
    "file makes its score too good. Told are rows that are written the same; `osmo-scaffold dataset stats` also counts "
    "those that hold the same in another order or with other spaces. Keep the row once.",
)
CONSTANT_LABEL: Final = Code(
    "OSV152",
    "near-constant-label",
    WARNING,
    "Almost all rows have the same label.",
    "Where one label makes up 95 % of the rows or more, a model is rewarded for always saying it and has little to "
    "learn from. Add rows with other labels, or remove some of these. Files of fewer than twenty rows are let be.",
)
MIXED_TYPES: Final = Code(
    "OSV153",
    "mixed-types",
    WARNING,
    "A field has values of several types.",
    "A field that is text in one row and a number in another is accepted, and then the code that reads it works for "
    "some rows only; table formats such as Parquet cannot hold it at all. Null fits every type. Write the field in "
    "one type in all rows.",
)
LABEL_IN_PROMPT: Final = Code(
    "OSV154",
    "label-in-prompt",
    WARNING,
    "A prompt contains its label.",
    "If the answer stands in the question, copying it is rewarded. Looked for are labels of four characters or more, "
    "as words of their own; labels that many rows share, such as `true`, are let be, since prompts list the choices. "
    "Take the answer out of the prompt, unless finding it there is the task. Of the rows after line 100,000, one in "
    "sixteen is looked at, the same ones every time, and how many there are in all is not counted then.",
)
PROMPT_TOO_LONG: Final = Code(
    "OSV155",
    "prompt-too-long",
    WARNING,
    "A prompt is longer than a config of the workspace allows.",
    "`max_prompt_length` counts tokens, and this counts characters: a prompt is named only where it would be too long "
    "even at six characters a token, while English text has about four. Prompts that are not named may be too long "
    "too. Shorten the prompt, or raise the limit in the config.",
)
SHARED_ROW: Final = Code(
    "OSV156",
    "shared-with-other-file",
    WARNING,
    "Another dataset has a row with the same prompt.",
    "An evaluation on prompts that were trained on says nothing about new ones. Compared are the files named in one "
    "command, and those that training and evaluation configs of the workspace name; of rows without a prompt, the "
    "whole row. Keep each prompt in one of the files.",
)
UNEVEN_ROW: Final = Code(
    "OSV161",
    "uneven-row",
    ERROR,
    "A row has more or fewer cells than the header.",
    "Every row of a CSV file has one cell for each name in the header; the platform rejects a file where one has not. "
    "Usually a text with commas stands there without quotation marks around it.",
)
UNCLOSED_QUOTATION: Final = Code(
    "OSV162",
    "unclosed-quotation",
    ERROR,
    "A cell opens a quotation mark and does not close it.",
    "Everything up to the next quotation mark, line ends and all, is then one cell, and rows after it are read wrong. "
    "The row is taken to end with its line and was looked at no further. Close the quotation, or put a text that "
    "begins with a quotation mark in quotation marks, with its own written twice.",
)
TEXT_AFTER_QUOTATION: Final = Code(
    "OSV163",
    "text-after-quotation",
    WARNING,
    "Text follows the quotation mark that closes a cell.",
    "The platform accepts it and joins the two, without the quotation mark: the cell holds another text than was "
    "meant. A quotation mark inside a quoted cell is written twice.",
)
CELL_TOO_LONG: Final = Code(
    "OSV164",
    "cell-too-long",
    ERROR,
    "A cell has more than 131,072 characters.",
    "The platform's CSV reader stops at such a cell. Shorten the text, or write the dataset as JSON Lines or Parquet, "
    "which have no such limit.",
)
COLUMN_NAME: Final = Code(
    "OSV165",
    "column-name",
    WARNING,
    "A name in the header is empty or has white space around it.",
    "Names are taken as they stand, spaces and all, so code that asks for the name without them finds nothing. Write "
    "names without spaces after the commas, and give every column one.",
)
WRONG_SEPARATOR: Final = Code(
    "OSV166",
    "wrong-separator",
    ERROR,
    "Cells are separated by something else than commas.",
    "Spreadsheets of some countries write semicolons, and copied tables have tabs. The platform reads commas only and "
    "takes each line for one cell. JSON Lines under the ending .csv is found here too. Nothing after the header was "
    "looked at. Export the file again with commas.",
)
INVALID_PARQUET: Final = Code(
    "OSV181",
    "invalid-parquet",
    ERROR,
    "The file, or a part of it, cannot be read as Parquet.",
    "A Parquet file ends with a table of contents, so one that was cut off cannot be read at all; one that was damaged "
    "can be read up to the damage, and rows from there on were not looked at. Encrypted files cannot be read either. "
    "Write or copy the file again, and give other formats their own ending.",
)
DUPLICATE_COLUMN: Final = Code(
    "OSV182",
    "duplicate-column",
    ERROR,
    "Two columns have the same name.",
    "Readers take one of the two, and not all the same one, or refuse the file. Remove or rename a column.",
)
COLUMN_TYPE: Final = Code(
    "OSV183",
    "column-type",
    WARNING,
    "A column has a type that JSON does not have.",
    "Rows reach a rollout as JSON. Binary data, timestamps, decimals and the like have no place there: they are turned "
    "into a text as Python prints it, or stop the run. Cast the column to string, or to a list or struct of texts and "
    "numbers.",
)
SCHEMA: Final = Code(
    "OSV191",
    "against-schema",
    ERROR,
    "A value is not what the schema given with --schema asks for.",
    "`dataset validate --schema FILE` holds every row to a JSON Schema of yours, on top of all other checks. Mend the "
    "row, or the schema.",
)

CODES: Final[tuple[Code, ...]] = (
    INVALID_JSON,
    INVALID_UTF8,
    BYTE_ORDER_MARK,
    NOT_TEXT,
    CR_LINE_ENDS,
    LINE_TOO_LONG,
    BLANK_LINE,
    TRUNCATED_ROW,
    ROW_OVER_LINES,
    SEVERAL_ROWS,
    TOO_DEEP,
    NOT_A_NUMBER,
    NUMBER_TOO_LARGE,
    LONE_SURROGATE,
    NUL_CHARACTER,
    DUPLICATE_KEY,
    JSON_ARRAY,
    BROKEN_ARCHIVE,
    ENDING_NOT_TAKEN,
    FILE_CHANGED,
    NOT_AN_OBJECT,
    MISSING_FIELD,
    FIELDS_DIFFER,
    NULL_VALUE,
    EMPTY_TEXT,
    BLANK_TEXT,
    NOT_TEXT_VALUE,
    METADATA_MISSING,
    METADATA_NOT_AN_OBJECT,
    METADATA_EMPTY_OBJECT,
    METADATA_TYPE_DIFFERS,
    METADATA_NUMBER_TOO_LARGE,
    METADATA_TOO_WIDE,
    NO_ROWS,
    TOO_FEW_ROWS,
    FILE_TOO_LARGE,
    DUPLICATE_ROW,
    CONSTANT_LABEL,
    MIXED_TYPES,
    LABEL_IN_PROMPT,
    PROMPT_TOO_LONG,
    SHARED_ROW,
    UNEVEN_ROW,
    UNCLOSED_QUOTATION,
    TEXT_AFTER_QUOTATION,
    CELL_TOO_LONG,
    COLUMN_NAME,
    WRONG_SEPARATOR,
    INVALID_PARQUET,
    DUPLICATE_COLUMN,
    COLUMN_TYPE,
    SCHEMA,
)

#: Shown however many findings there are before them, as a file would seem to be known to its end without them.
SAY_WHAT_WAS_NOT_READ: Final = frozenset(
    {NOT_TEXT, CR_LINE_ENDS, LINE_TOO_LONG, JSON_ARRAY, BROKEN_ARCHIVE, FILE_CHANGED}
)
