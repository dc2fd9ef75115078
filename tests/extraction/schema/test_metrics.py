import pytest

from extraction.schema.metrics import METRICS, Direction, ErrorFamily, metric_of


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("auroc", "AUROC"),
        (" ROC  AUC ", "AUROC"),
        ("recall", "sensitivity"),
        ("ECE", "expected calibration error"),
    ],
)
def test_a_metric_is_found_by_any_of_its_names(name, key):
    assert metric_of(name).key == key


def test_an_unknown_name_has_no_metric():
    assert metric_of("glow") is None


def test_every_name_belongs_to_one_metric_only():
    names = [
        n.casefold()
        for m in METRICS
        for n in {m.key.casefold(), m.label.casefold(), *map(str.casefold, m.aliases)}
    ]
    assert len(names) == len(set(names))


def test_direction_and_error_family_are_stated():
    assert metric_of("log loss").direction is Direction.LOWER
    assert metric_of("AUROC").error is ErrorFamily.AREA
    assert metric_of("accuracy").error is ErrorFamily.PROPORTION
    assert metric_of("F1").error is ErrorFamily.NONE
