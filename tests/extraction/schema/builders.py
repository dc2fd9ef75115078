"""Small forms for the tests of the schema."""

from decimal import Decimal

from extraction.schema.fields import Field, FieldType, Group, Term, Unit

FRACTION = Unit("fraction", "fraction (0-1)", Decimal(-1), Decimal(1), Decimal(1))
PERCENT = Unit("percent", "percent", Decimal(-100), Decimal(100), Decimal("0.01"))


def text(key, **more):
    return Field(key, key.capitalize(), **more)


def number(key="value", **more):
    return Field(key, key.capitalize(), FieldType.NUMBER, units=(FRACTION, PERCENT), **more)


def choice(key, *terms, **more):
    return Field(
        key, key.capitalize(), FieldType.CHOICE, terms=tuple(Term(term) for term in terms), **more
    )


EXPERIMENT = Group(
    "experiment",
    "Experiments",
    (text("task"), text("fraction"), number("ssl")),
    repeating=True,
    row_keys=("task", "fraction"),
    strict_row_keys=("fraction",),
)
