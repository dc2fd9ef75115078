"""Taking one person out of texts: their email anywhere, their full name where it is theirs."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """Who is taken out, and what stands there instead."""

    email: str
    name: str
    new_email: str
    new_name: str

    @property
    def is_name_telling(self) -> bool:
        """Whether the name is of several words, so that it can be found inside a text.

        A single word, such as "May", is taken out only where it is the whole of a text.
        """
        return len(self.name.split()) > 1


def without_person(value: Any, person: Person) -> Any:
    """The same value with the person taken out of every text in it.

    Args:
        value: A text, a number, nothing, or lists and dictionaries of such; keys stay.
        person: Who is taken out. Case does not matter; only whole words do.

    Returns:
        An equal value when nothing in it names the person.

    Source:
        Own definition.
    """
    if isinstance(value, str):
        return _in_text(value, person)
    if isinstance(value, list):
        return [without_person(one, person) for one in value]
    if isinstance(value, dict):
        return {key: without_person(one, person) for key, one in value.items()}
    return value


def _in_text(text: str, person: Person) -> str:
    if text.strip().casefold() == person.name.casefold():
        return person.new_name
    replaced = _replace(text, person.email, person.new_email)
    if not person.is_name_telling:
        return replaced
    return _replace(replaced, person.name, person.new_name)


def _replace(text: str, old: str, new: str) -> str:
    words = r"\s+".join(re.escape(word) for word in old.split())
    found = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    return found.sub(lambda _: new, text)
