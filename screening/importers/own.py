"""What this app's own exports carry beside a format's fields, and how it is read back exactly.

A format cannot hold everything: RIS has no tag for a PubMed id, BibTeX no line breaks. An export
writes the usual fields for other programs and, where reading them back would differ, one note
`reviewapp: {JSON}` with the exact values. Here the note is applied and taken away again.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any
from urllib.parse import unquote

from screening.importers.parsed import Link, LinkRole, ParsedRecord
from screening.importers.prior import Prior, prior_from

MARK = "reviewapp:"
#: A column of a table, a field of BibTeX and the custom variable of CSL-JSON with this name.
NAME = "reviewapp"
#: Columns our tables add to the fields of a record; no part of the record when read back.
COLUMNS = (
    "record_id",
    "found_in",
    "duplicate_of",
    "title_abstract_status",
    "title_abstract_reason",
    "title_abstract_verdicts",
    "title_abstract_answers",
    "title_abstract_criteria",
    "full_text_status",
    "full_text_reason",
    "full_text_verdicts",
    "full_text_answers",
    "full_text_criteria",
    "team_tags",
    "team_notes",
    "included",
)
#: Tags of notes in which the mark may stand: RIS, PubMed.
_NOTES = ("C8", "GN")
_LISTS = frozenset({"authors", "keywords"})
_NOT_OURS = frozenset({"raw_text", "position", "prior", "extra"})
#: Every field that an export keeps.
FIELDS = tuple(one.name for one in fields(ParsedRecord) if one.name not in _NOT_OURS)


def restored(record: ParsedRecord) -> ParsedRecord:
    """Give a record its exact values back when it comes from one of our exports.

    Args:
        record: A record as its format's reader gave it.

    Returns:
        The record with the note's values and without the note; any other record, and one whose
        note is damaged, unchanged.

    Source: own definition (docs/exports.md).
    """
    for place, note in _notes(record.extra):
        patch = _decoded(note)
        values = None if patch is None else _values(patch)
        if patch is not None and values is not None:
            extra = _extra(record.extra, place, patch.get("extra", {}))
            values |= _broken(record, patch)
            return replace(record, extra=extra, prior=_prior(patch) or record.prior, **values)
    return record


def _notes(extra: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for name in _NOTES:
        for value in extra.get(name, ()):
            if value.startswith(MARK):
                yield name, value.removeprefix(MARK)
    for value in extra.get(NAME, ()):
        yield NAME, value
    for value in extra.get("custom", ()):
        if NAME in value:
            yield "custom", value


def _decoded(note: str) -> dict[str, Any] | None:
    text = note.strip()
    try:
        patch = json.loads(text if text.startswith("{") else unquote(text))
        json.dumps(patch, ensure_ascii=False).encode()  # half a surrogate pair is no letter
    except (ValueError, RecursionError):
        return None
    if isinstance(patch, dict) and isinstance(patch.get(NAME), dict):
        patch = patch[NAME]
    return patch if isinstance(patch, dict) else None


def _values(patch: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields named by the note, each of its own kind; None when one is not."""
    given = patch.get("set", {})
    if not isinstance(given, dict) or not set(given) <= set(FIELDS):
        return None
    try:
        return {name: _value(name, value) for name, value in given.items()}
    except (TypeError, ValueError):
        return None


def _value(name: str, value: object) -> object:
    if name in _LISTS:
        return tuple(_texts(value))
    if name == "urls":
        return tuple(_link(one) for one in value) if isinstance(value, list) else _refused(value)
    if name == "year":
        return value if value is None or type(value) is int else _refused(value)
    return value if isinstance(value, str) else _refused(value)


def _refused(value: object) -> object:
    raise TypeError(f"{value!r} is no value of this field")


def _link(value: object) -> Link:
    if not isinstance(value, dict) or set(value) != {"url", "role", "label", "raw"}:
        raise TypeError(f"{value!r} is no link")
    _texts(list(value.values()))
    return Link(value["url"], LinkRole(value["role"]), value["label"], value["raw"])


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"{value!r} is no list of texts")
    return value


def _broken(record: ParsedRecord, patch: Mapping[str, Any]) -> dict[str, str]:
    """Texts whose blanks at the named places are line breaks."""
    given = patch.get("breaks", {})
    texts: dict[str, str] = {}
    for name in given if isinstance(given, dict) else ():
        text = getattr(record, name, None) if name in FIELDS else None
        places = given[name]
        if isinstance(text, str) and isinstance(places, list):
            letters = list(text)
            for at in places:
                if type(at) is int and 0 <= at < len(letters) and letters[at] == " ":
                    letters[at] = "\n"
            texts[name] = "".join(letters)
    return texts


def _extra(
    extra: Mapping[str, tuple[str, ...]], place: str, changes: object
) -> dict[str, tuple[str, ...]]:
    left = {name: values for name, values in extra.items() if place != NAME or name not in COLUMNS}
    left[place] = tuple(value for value in left[place] if not _is_note(place, value))
    if isinstance(changes, dict):
        for name, values in changes.items():
            if isinstance(values, list) and all(isinstance(one, str) for one in values):
                left[name] = tuple(values)
            elif values is None:
                left.pop(name, None)
    return {name: values for name, values in left.items() if values}


def _is_note(place: str, value: str) -> bool:
    return place not in _NOTES or value.startswith(MARK)


def _prior(patch: Mapping[str, Any]) -> Prior | None:
    given = patch.get("prior")
    return prior_from(given) if isinstance(given, dict) else None
