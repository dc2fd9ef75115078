import pytest

from extraction.schema.metrics import metric_of
from extraction.schema.templates import template

SSL = template("ssl_classification")


def test_the_ssl_form_asks_the_study_level_questions():
    assert {field.key for field in SSL.study_fields} == {
        "strategy",
        "combined_method",
        "imaging_modality",
        "clinical_domain",
        "outcome_task",
        "ssl_framework",
        "fine_tuning",
    }


def test_the_ssl_form_asks_the_questions_of_an_experiment():
    assert [field.key for field in SSL.group("experiment").fields] == [
        "task",
        "dataset",
        "metric",
        "label_fraction",
        "ssl_framework",
        "backbone",
        "fine_tuning",
        "comparator",
        "ssl_performance",
        "supervised_performance",
        "test_cases",
        "test_positives",
        "ssl_low",
        "ssl_high",
        "supervised_low",
        "supervised_high",
        "ssl_spread",
        "supervised_spread",
        "evaluation",
        "read_method",
        "value_note",
    ]


def test_the_five_strategies_are_defined():
    terms = {term.key: term.definition for term in SSL.find("strategy").terms}
    assert list(terms) == [
        "combined",
        "contrastive",
        "generative",
        "innate relationship",
        "self-prediction",
    ]
    assert all(terms.values())


def test_the_policy_is_the_papers():
    policy = SSL.comparison.policy
    assert policy.metric_priority == ("AUROC", "accuracy", "F1", "sensitivity")
    assert policy.comparator_preference[:3] == ("same_architecture", "imagenet", "random")


@pytest.mark.parametrize(
    ("comparator", "kind"),
    [
        ("ImageNet pre-training", "imagenet"),
        ("random initialisation (frozen)", "random"),
        ("fully supervised deep learning (ResNet)", "same_architecture"),
        ("ImageNet-supervised, same architecture", "imagenet"),
        (
            "supervised end-to-end, same architecture, no pre-trained checkpoint",
            "same_architecture",
        ),
        ("weakly supervised state of the art (ImageNet features)", "imagenet"),
        ("strongly supervised (pixel labels)", "other_supervised"),
        ("other self-supervised methods", "other_ssl"),
        ("supervised MedicalNet", "other_supervised"),
    ],
)
def test_the_comparators_of_the_seed_review_are_classified(comparator, kind):
    assert SSL.comparison.policy.comparator_of(comparator).key == kind


def test_every_metric_of_the_vocabulary_is_in_the_catalogue():
    assert all(metric_of(term.key) for term in SSL.find("metric", "experiment").terms)


def test_an_unknown_template_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no form template “x”; known are ssl_classification"):
        template("x")
