"""A review of sixty records of two topics, every fourth relevant, ordered by relevance."""

import pytest

from screening.models import StageSettings
from screening.rules.consensus import Stage
from screening.selectors.rankings import memory
from screening.services.rankings.preparing import prepare_vectors
from tests import factories
from tests.screening.ranking import topics


@pytest.fixture(autouse=True)
def fresh_memory():
    """Ids come again from test to test; what a process remembers must not."""
    memory.forget()
    yield
    memory.forget()


@pytest.fixture
def records(review):
    """The records; `is_relevant` tells the topic."""
    _, texts, labels = topics.review()
    source = factories.make_source(review)
    made = []
    for text, label in zip(texts, labels, strict=True):
        title, abstract = text[:60], text[60:]
        record = factories.make_record(review, source=source, title=title, abstract=abstract)
        record.is_relevant = label
        made.append(record)
    return made


@pytest.fixture
def by_relevance(review, records):
    """The settings of the first stage, ordered by relevance, with vectors made."""
    prepare_vectors(review=review)
    settings = StageSettings.objects.get(review=review, stage=Stage.TITLE_ABSTRACT)
    settings.order = StageSettings.Order.RELEVANCE
    settings.save()
    return settings
