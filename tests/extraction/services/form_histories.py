"""Random changes of a small form, for laws that hold after any of them."""

import random
from dataclasses import replace

from extraction.schema import editing
from extraction.schema.changes import source_problems
from extraction.schema.definition import FormSketch, problems_of
from extraction.schema.fields import Field, FieldType, Group, Term
from tests.extraction.schema.builders import choice, number, text

WORDS = ("ape", "bee", "cat", "dog")
START = FormSketch(
    "start",
    "Start",
    (
        Group(
            "study",
            "Study",
            (
                text("alpha"),
                text("beta"),
                choice("kind", *WORDS),
                Field("kinds", "Kinds", FieldType.CHOICES, terms=tuple(map(Term, WORDS))),
                Field("done", "Done", FieldType.YES_NO),
            ),
        ),
        Group("arm", "Arms", (text("name"), number("size"), choice("role", *WORDS)), True),
    ),
)


class Changer:
    """Makes random changes of a sketch; `done` names them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (a reproducible test)
        self.done: list[str] = []
        self.fresh = 0

    def changed(self, base: FormSketch) -> FormSketch:
        """A version after `base`: one to four random changes, free of contradictions."""
        sketch = editing.without_history(base)
        for _ in range(self.random.randint(1, 4)):
            name = self.random.choice(
                ["rename", "merge", "split", "drop", "retype", "words", "add", "require", "swap"]
            )
            group = self.random.choice(sketch.groups)
            known = {one.key for one in base.group(group.key).fields}
            fields = [one for one in group.fields if not one.was and one.key in known]
            if not fields:
                continue
            tried = getattr(self, f"_{name}")(sketch, group, fields)
            if tried is not None and not problems_of(tried) and not source_problems(base, tried):
                sketch = tried
                self.done.append(name)
        return sketch

    def _key(self) -> str:
        self.fresh += 1
        return f"fresh_{self.fresh}"

    def _rename(self, sketch, group, fields):
        one = self.random.choice(fields)
        new = replace(one, key=self._key(), was=(one.key,))
        return editing.with_field(sketch, group.key, new, one.key)

    def _swap(self, sketch, group, fields):
        if len(fields) < 2:
            return None
        one, two = self.random.sample(fields, 2)
        changed = editing.with_field(sketch, group.key, replace(one, was=(two.key,)), one.key)
        return editing.with_field(changed, group.key, replace(two, was=(one.key,)), two.key)

    def _merge(self, sketch, group, fields):
        if len(fields) < 2:
            return None
        one, two = self.random.sample(fields, 2)
        changed = editing.without_field(sketch, group.key, two.key)
        kind = self.random.choice([one, text("x")])
        key = self.random.choice([one.key, self._key()])
        new = replace(kind, key=key, label="Merged", was=(one.key, two.key))
        return editing.with_field(changed, group.key, new, one.key)

    def _split(self, sketch, group, fields):
        one = self.random.choice(fields)
        half = len(one.terms) // 2
        first = replace(one, key=self._key(), terms=one.terms[:half], was=(one.key,))
        second = replace(one, key=self._key(), terms=one.terms[half:-1], was=(one.key,), cut_at=" ")
        changed = editing.with_field(sketch, group.key, first, one.key)
        return editing.with_field(changed, group.key, second)

    def _drop(self, sketch, group, fields):
        return editing.without_field(sketch, group.key, self.random.choice(fields).key)

    def _retype(self, sketch, group, fields):
        one = self.random.choice(fields)
        other = self.random.choice(
            [text("x"), number("x"), choice("x", *WORDS[:2]), Field("x", "X", FieldType.YES_NO)]
        )
        new = replace(other, key=one.key, label=one.label)
        return editing.with_field(sketch, group.key, new, one.key)

    def _words(self, sketch, group, fields):
        known = [one for one in fields if len(one.terms) > 2]
        if not known:
            return None
        one = self.random.choice(known)
        first, second, *rest = self.random.sample(one.terms, len(one.terms))
        new = self.random.choice(
            [
                (replace(first, key=self._key(), was=(first.key,)), second, *rest),
                (replace(first, was=(first.key, second.key)), *rest),
                (second, *rest),
                (
                    Term(self._key(), was=(first.key,)),
                    Term(self._key(), was=(first.key,)),
                    second,
                    *rest,
                ),
            ]
        )
        changed = replace(one, terms=new, allow_other=self.random.random() < 0.2)
        return editing.with_field(sketch, group.key, changed, one.key)

    def _add(self, sketch, group, _fields):
        new = replace(text(self._key()), required=self.random.random() < 0.5)
        return editing.with_field(sketch, group.key, new)

    def _require(self, sketch, group, fields):
        one = self.random.choice(fields)
        return editing.with_field(sketch, group.key, replace(one, required=True), one.key)
