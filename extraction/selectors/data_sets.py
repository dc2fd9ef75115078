"""Which studies use which data sets, and which depend on each other by that."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import Exists, Max, OuterRef, QuerySet

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    DataSet,
    ExtractedValue,
    Extraction,
    Study,
)
from extraction.schema.data_sets import named_in
from extraction.schema.definition import FormDefinition
from extraction.selectors.forms import current_form, definition_of
from screening.models import Review

USUAL_KEY = "dataset"


@dataclass(slots=True)
class DataSetUse:
    """One data set with the studies that use it."""

    data_set: DataSet
    studies: list[Study] = field(default_factory=list)

    @property
    def is_shared(self) -> bool:
        """Whether studies depend on each other by it."""
        return len(self.studies) > 1


@dataclass(frozen=True, slots=True)
class DataSetList:
    """The vocabulary in use, and the words in use that it does not know."""

    uses: list[DataSetUse]
    unknown: list[tuple[str, int]]  # words and number of studies

    @property
    def shared(self) -> int:
        """How many data sets are used by several studies."""
        return sum(one.is_shared for one in self.uses)


def data_set_list(review: Review) -> DataSetList:
    """Every data set with its studies, and unknown words, in a constant number of statements.

    Read are settled values, else imported ones, as tables and figures take them.
    """
    known = list(DataSet.objects.filter(review=review, retired_at__isnull=True))
    vocabulary = {one.name: one.other_names for one in known}
    studies = Study.objects.standing().filter(review=review).in_bulk()
    users: dict[str, set[int]] = defaultdict(set)
    unknown: dict[str, set[int]] = defaultdict(set)
    for study, text in _texts(review):
        named = named_in(text, vocabulary)
        for name in named:
            users[name].add(study)
        if not named:
            unknown[text].add(study)
    uses = [DataSetUse(one, _in_order(studies, users[one.name])) for one in known]
    uses.sort(key=lambda one: (-len(one.studies), one.data_set.name.casefold()))
    words = [(text, len(found & set(studies))) for text, found in unknown.items()]
    words = [one for one in words if one[1]]
    return DataSetList(uses, sorted(words, key=lambda one: (-one[1], one[0].casefold())))


def shared_with(study: Study) -> list[DataSetUse]:
    """The data sets of one study with the other studies that use them."""
    found = data_set_list(study.review).uses
    mine = [one for one in found if study in one.studies]
    return [
        DataSetUse(one.data_set, [other for other in one.studies if other != study]) for one in mine
    ]


def data_set_field(form: FormDefinition) -> tuple[str, str] | None:
    """Group and key of the field that names the data set: `dataset` in a repeating group."""
    for group in form.repeating_groups:
        if group.field(USUAL_KEY) is not None:
            return group.key, USUAL_KEY
    return None


def _in_order(studies: dict[int, Study], chosen: set[int]) -> list[Study]:
    found = [studies[pk] for pk in chosen if pk in studies]
    return sorted(found, key=lambda one: (one.first_author.casefold(), one.year or 0, one.pk))


def _texts(review: Review) -> list[tuple[int, str]]:
    """Study and words, each once."""
    form = current_form(review)
    place = data_set_field(definition_of(form)) if form else None
    if place is None:
        return []
    settled = _settled(review, *place).values_list("reconciliation__study", "value")
    imported = _imported(review, *place).values_list("extraction__study", "value")
    pairs = {
        (study, " ".join(str(value).split()))
        for study, value in chain(settled.order_by(), imported.order_by())
    }
    return sorted(pairs)


def _settled(review: Review, group: str, key: str) -> QuerySet[ConsensusValue]:
    return ConsensusValue.objects.current().filter(
        reconciliation__study__review=review,
        field=key,
        value__isnull=False,
        row__group=group,
        row__retired_at__isnull=True,
        row__is_left_out=False,
    )


def _imported(review: Review, group: str, key: str) -> QuerySet[ExtractedValue]:
    newest = Extraction.objects.filter(study__review=review, origin=Extraction.Origin.IMPORT)
    newest_ids = newest.order_by().values("study").annotate(last=Max("pk")).values("last")
    standing = ConsensusRow.objects.standing().filter(
        reconciliation__study=OuterRef("extraction__study"), group=group, is_left_out=False
    )
    return ExtractedValue.objects.current().filter(
        ~Exists(standing),
        extraction__in=newest_ids,
        field=key,
        value__isnull=False,
        row__group=group,
        row__removed_at__isnull=True,
    )
