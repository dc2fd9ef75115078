import pytest

from screening.importers.links import clean_url, looks_like_url, make_link, role_of


@pytest.mark.parametrize(
    ("url", "label", "column", "role"),
    [
        ("https://arxiv.org/abs/1", "", "Paper", "preprint"),
        ("https://x.example", "Preprint", "Paper", "preprint"),
        ("https://proceedings.mlr.press/v1/x.pdf", "Preprint", "Paper", "official"),
        ("https://x.example", "Official", "", "official"),
        ("https://x.example", "Link", "Paper link", "official"),
        ("https://github.com/a/b", "", "Paper", "code"),
        ("https://x.example", "pytorch", "", "code"),
        ("https://x.example", "Link", "Code link", "code"),
        ("https://x.example", "", "preprint server", "preprint"),
        ("https://x.example", "", "Notes", "other"),
        ("http://[broken", "", "", "other"),
    ],
)
def test_the_role_of_a_link(url: str, label: str, column: str, role: str) -> None:
    assert str(role_of(url, label=label, column=column)) == role


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("https://a.example/x?utm_source=1", "https://a.example/x"),
        ("https://a.example/x?id=1", "https://a.example/x?id=1"),
        ("<https://github.com/a/TS-SSL.>", "https://github.com/a/TS-SSL"),
        ("./local.pdf", "./local.pdf"),
        ("http://[broken?utm_source=1", "http://[broken?utm_source=1"),
    ],
)
def test_addresses_are_cleaned(raw: str, clean: str) -> None:
    link = make_link(raw)
    assert (clean_url(raw), link.url, link.raw) == (clean, clean, raw)


def test_what_looks_like_an_address() -> None:
    assert looks_like_url("www.x.example")
    assert not looks_like_url("see there")
