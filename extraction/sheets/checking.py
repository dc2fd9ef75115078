"""Every cell of a mapped sheet against the form: values to import, and what is wrong where."""

from collections.abc import Iterator, Mapping
from typing import Any

from extraction.schema.checks import Refused, check_value
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, FieldType, Group
from extraction.schema.metrics import metric_of
from extraction.sheets.evidence import PLACES, evidence_of_basis
from extraction.sheets.grid import Grid, address
from extraction.sheets.mapping import ALL, Role, SheetMapping, Target, target_of
from extraction.sheets.reading import (
    Known,
    SheetProblem,
    SheetReading,
    SheetStudy,
    SheetValue,
    folded,
)

MAX_SHOWN, MAX_QUOTE, MAX_KEY = 300, 4000, 120
_UNIT_WORDS = {"%": "percent", "0-1": "fraction", "0–1": "fraction", "share": "fraction"}


def mapping_faults(mapping: SheetMapping, form: FormDefinition, grid: Grid) -> list[str]:
    """What is wrong with a mapping as a whole.

    Args:
        mapping: As chosen.
        form: The review's form.
        grid: The sheet.

    Returns:
        One sentence each; none for a mapping that can be used.
    """
    faults = []
    used = [one for one in mapping.columns if one]
    targets = [target for one in used if (target := target_of(one))]
    if len(mapping.columns) != len(grid.header):
        return ["The sheet has other columns than the mapping. Choose again what they mean."]
    if Role.STUDY not in used:
        faults.append("Choose the column that says which study a row is about.")
    if not any(not target.part for target in targets):
        faults.append("Choose at least one column that holds an answer.")
    if twice := sorted({one for one in used if used.count(one) > 1}):
        names = ", ".join(_words(one, form) for one in twice)
        faults.append(f"Two columns mean the same: {names}. Leave one of them out.")
    groups = sorted({target.group for target in targets if target.group})
    if len(groups) > 1:
        faults.append(
            f"The columns belong to {' and '.join(groups)}. Import one kind of rows at a time."
        )
    if any(target.field != ALL and not form.find(target.field, target.group) for target in targets):
        faults.append("The form has changed: a question is gone. Choose again what columns mean.")
    faults += _without_unit(mapping, form, targets)
    if mapping.is_making_studies and Role.TITLE not in used:
        faults.append("To make new studies, choose the column with their titles.")
    return faults


def _without_unit(
    mapping: SheetMapping, form: FormDefinition, targets: list[Target]
) -> Iterator[str]:
    """Numbers whose unit stands nowhere: it is asked for once, never guessed."""
    for target in targets:
        one = form.find(target.field, target.group)
        if target.part or one is None or not one.units:
            continue
        stated = {Target(target.field, target.group, "unit"), Target(ALL, "", "unit")}
        if not stated & set(targets) and not mapping.units.get(str(target)):
            names = " or ".join(unit.shown for unit in one.units)
            yield (
                f"In which unit is {one.label}: {names}? Choose it beside the column, or choose "
                "the column that says it."
            )


def check_sheet(
    grid: Grid, form: FormDefinition, mapping: SheetMapping, known: Known
) -> SheetReading:
    """Check every cell.

    Args:
        grid: The sheet.
        form: The review's form.
        mapping: A mapping without faults.
        known: Studies and people of the review.

    Returns:
        Studies in the order of their first rows, and every cell that cannot be imported or is
        asked about. A wrong cell never keeps the others of its row out.

    Raises:
        ValueError: The mapping has no study column.

    Source:
        Own definition.
    """
    return _Checker(grid, form, mapping, known).run()


class _Checker:
    def __init__(
        self, grid: Grid, form: FormDefinition, mapping: SheetMapping, known: Known
    ) -> None:
        self.grid, self.form, self.mapping, self.known = grid, form, mapping, known
        column = mapping.column_of(Role.STUDY)
        if column is None:
            raise ValueError("The mapping has no study column.")
        self.study_column = column
        self.targets = {
            target: number
            for number, one in enumerate(mapping.columns)
            if (target := target_of(one)) is not None
        }
        self.group = next((one.group for one in self.targets if one.group), "")
        self.levels = [("", form.study_fields)]
        if group := form.group(self.group) if self.group else None:
            self.levels.append((self.group, _in_order(group)))
        self.studies: dict[tuple[str, int | None], SheetStudy] = {}
        self.problems: list[SheetProblem] = []
        self.said: set[tuple[str, str]] = set()
        self.cells: tuple[str, ...] = ()

    def run(self) -> SheetReading:
        for cells, number in zip(self.grid.rows, self.grid.numbers, strict=True):
            study = self._study(cells, number)
            if study is not None:
                self._row(study, cells, number)
        return SheetReading(list(self.studies.values()), self.problems)

    def _say(self, number: int, column: int, message: str, *, is_question: bool = False) -> None:
        place = address(column, number)
        if (place, message) in self.said:
            return
        self.said.add((place, message))
        text = self.cells[column][:MAX_SHOWN]
        name = self.grid.header[column]
        self.problems.append(SheetProblem(place, name, text, message, is_question))

    def _study(self, cells: tuple[str, ...], number: int) -> SheetStudy | None:
        self.cells = cells
        key = cells[self.study_column]
        person = self._person(cells, number)
        if not key:
            self._say(number, self.study_column, "The row names no study. Fill the cell.")
            return None
        if person == 0:
            return None
        place = (folded(key), person)
        if place not in self.studies:
            made = self._new(key, person, cells, number)
            if made is None:
                return None
            self.studies[place] = made
        return self.studies[place]

    def _new(
        self, key: str, person: int | None, cells: tuple[str, ...], number: int
    ) -> SheetStudy | None:
        found = self.known.studies.get(folded(key), 0)
        if found is None:
            message = f"Two studies here are “{key}”. Give them different labels first."
            self._say(number, self.study_column, message)
            return None
        if found:
            title = self.known.titles.get(found, "")
            return SheetStudy(
                key, person, found, title=title, address=address(self.study_column, number)
            )
        if not self.mapping.is_making_studies:
            message = f"No study here is “{key}”. Correct it, or choose to make new studies."
            self._say(number, self.study_column, message)
            return None
        title = self._text(cells, Role.TITLE)
        if not title:
            self._say(number, self.study_column, f"The new study “{key}” has no title. Fill it in.")
            return None
        return SheetStudy(
            key=key,
            person=person,
            study_id=None,
            title=title,
            first_author=self._text(cells, Role.FIRST_AUTHOR)[:200],
            year=self._year(cells, number),
            address=address(self.study_column, number),
        )

    def _year(self, cells: tuple[str, ...], number: int) -> int | None:
        column = self.mapping.column_of(Role.YEAR)
        if column is None or not cells[column]:
            return None
        text = cells[column]
        if text.isascii() and text.isdigit() and 1800 <= int(text) <= 2200:  # noqa: PLR2004
            return int(text)
        self._say(number, column, f"“{text}” is no year. Write it as 2021.")
        return None

    def _person(self, cells: tuple[str, ...], number: int) -> int | None:
        """Whose values: None for the chosen person, 0 for nobody known."""
        column = self.mapping.column_of(Role.PERSON)
        if column is None or not cells[column]:
            return None
        found = self.known.people.get(folded(cells[column]))
        if found is None:
            message = (
                f"Nobody in this review is “{cells[column]}”. Write a member's name or e-mail, or "
                "leave the column out; the row is not imported."
            )
            self._say(number, column, message)
            return 0
        return found

    def _text(self, cells: tuple[str, ...], role: Role) -> str:
        column = self.mapping.column_of(role)
        return "" if column is None else cells[column]

    def _row(self, study: SheetStudy, cells: tuple[str, ...], number: int) -> None:
        for group, fields in self.levels:
            key = self._row_key(study, cells, number) if group else ""
            answers: dict[str, str] = {}
            found = False
            for one in fields:
                column = self.targets.get(Target(one.key, group))
                if column is None or not cells[column]:
                    continue
                found = True
                value = self._value(study, (one, group, key), (cells, number, column), answers)
                if value is not None:
                    answers[one.key] = str(value.value)
                    self._keep(study, value, number, column)
            if group and found and (group, key) not in {(g, k) for g, k, _ in study.rows}:
                has_own_key = self.mapping.column_of(Role.ROW) is not None
                study.rows.append((group, key, has_own_key))

    def _row_key(self, study: SheetStudy, cells: tuple[str, ...], number: int) -> str:
        column = self.mapping.column_of(Role.ROW)
        if column is None:
            return f"row {number}"
        if not cells[column]:
            message = "The row has no key; it is taken as a row of its own."
            self._say(number, column, message, is_question=True)
            return f"row {number}"
        return cells[column][:MAX_KEY]

    def _value(
        self,
        study: SheetStudy,
        what: tuple[Field, str, str],
        where: tuple[tuple[str, ...], int, int],
        answers: Mapping[str, str],
    ) -> SheetValue | None:
        (one, group, key), (cells, number, column) = what, where
        unit = self._unit(one, group, cells, number)
        if unit is None:
            return None
        metric = metric_of(answers.get(one.metric_field, "")) if one.metric_field else None
        text = cells[column]
        checked = check_value(one, text, unit, metric)
        if isinstance(checked, Refused):
            self._say(number, column, checked.message)
            return None
        for question in checked.questions:
            self._say(number, column, question, is_question=True)
        value = list(checked.value) if isinstance(checked.value, tuple) else checked.value
        evidence = self._evidence(study, Target(one.key, group), cells, number)
        return SheetValue(
            one.key, group, key, value, checked.unit, evidence, address(column, number), text
        )

    def _unit(self, one: Field, group: str, cells: tuple[str, ...], number: int) -> str | None:
        """The unit's key; None when a cell names an unknown one."""
        if one.type is not FieldType.NUMBER or not one.units:
            return ""
        column = self._part(Target(one.key, group), "unit")
        if column is None or not cells[column]:
            return self.mapping.units.get(str(Target(one.key, group)), "")
        word = folded(cells[column])
        for unit in one.units:
            if word in {folded(unit.key), folded(unit.label)} or _UNIT_WORDS.get(word) == unit.key:
                return unit.key
        names = " or ".join(unit.shown for unit in one.units)
        self._say(number, column, f"“{cells[column]}” is no unit of {one.label}. Write {names}.")
        return None

    def _part(self, target: Target, part: str) -> int | None:
        own = self.targets.get(Target(target.field, target.group, part))
        return own if own is not None else self.targets.get(Target(ALL, "", part))

    def _evidence(
        self, study: SheetStudy, target: Target, cells: tuple[str, ...], number: int
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        basis = self._part(target, "basis")
        if basis is not None and cells[basis]:
            found |= evidence_of_basis(cells[basis], study.title)
        for part in ("quote", "source_url", "note"):
            column = self._part(target, part)
            if column is not None and cells[column]:
                found[part] = cells[column][:MAX_QUOTE]
        self._place(target, cells, number, found)
        self._page(target, cells, number, found)
        return {name: value for name, value in found.items() if value}

    def _place(
        self, target: Target, cells: tuple[str, ...], number: int, found: dict[str, Any]
    ) -> None:
        column = self._part(target, "location")
        if column is None or not cells[column]:
            return
        word = folded(cells[column])
        if word in PLACES:
            found["location"] = word
            return
        message = f"“{cells[column]}” is no place. Write {', '.join(PLACES)}."
        self._say(number, column, message)

    def _page(
        self, target: Target, cells: tuple[str, ...], number: int, found: dict[str, Any]
    ) -> None:
        column = self._part(target, "page")
        if column is None or not cells[column]:
            return
        word = cells[column].casefold().removeprefix("p.").removeprefix("page").strip()
        if word.isascii() and word.isdigit() and 0 < int(word) < 100_000:  # noqa: PLR2004
            found["page"] = int(word)
            return
        self._say(number, column, f"“{cells[column]}” is no page. Write its number.")

    def _keep(self, study: SheetStudy, value: SheetValue, number: int, column: int) -> None:
        place = (value.group, value.row, value.field)
        first = study.values.setdefault(place, value)
        if (first.value, first.unit) != (value.value, value.unit):
            message = f"{first.address} says “{first.text}” of the same; that one is taken."
            self._say(number, column, message)


def _in_order(group: Group) -> tuple[Field, ...]:
    """A number after the field that names its metric."""
    numbers = [one for one in group.fields if one.type is FieldType.NUMBER]
    return (*(one for one in group.fields if one not in numbers), *numbers)


def _words(text: str, form: FormDefinition) -> str:
    target = target_of(text)
    if target is None:
        return text
    found = form.find(target.field, target.group)
    return f"{found.label if found else target.field} {target.part}".strip()
