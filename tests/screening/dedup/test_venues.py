"""Venues agree with their abbreviations."""

import pytest

from screening.dedup.venues import fold_venue, is_preprint_venue, is_registry, is_same_venue


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Diabetes & Metabolism", "Diabetes and metabolism", True),
        ("Curr Opin Lipidol", "Current Opinion in Lipidology", True),
        ("JPEN", "Journal of Parenteral and Enteral Nutrition", True),
        ("PLoS ONE [Electronic Resource]", "PLoS ONE", True),
        ("Ai zheng = Chinese journal of cancer", "Aizheng", True),
        ("Stroke", "Blood", False),
        ("Stroke", "", None),
        ("NA", "Blood", None),
    ],
)
def test_abbreviations_agree_and_strangers_do_not(one, two, same):
    assert is_same_venue(fold_venue(one), fold_venue(two)) is same


def test_servers_and_registers_are_told():
    assert is_preprint_venue(fold_venue("arXiv [cs.CV]"))
    assert is_registry(fold_venue("https://clinicaltrials.gov/ct2/show"))
    assert not is_preprint_venue(fold_venue("The Lancet"))
