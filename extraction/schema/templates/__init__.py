"""Extraction forms that come with the app, kept as JSON beside this file."""

import json
from importlib import resources

from extraction.schema.codec import from_json
from extraction.schema.definition import FormDefinition

TEMPLATES = ("ssl_classification", "general_intervention", "diagnostic_accuracy", "blank")
TOOLS = ("quadas_2", "probast", "rob_2", "own_tool")


def template(key: str) -> FormDefinition:
    """Read one of the forms that come with the app.

    Args:
        key: One of `TEMPLATES` (whole forms) or `TOOLS` (risk-of-bias tools to add to a form).

    Returns:
        The checked form.

    Raises:
        ValueError: When there is no such template.

    Source:
        `ssl_classification`: extraction items and reporting rules of Huang et al. 2023,
        npj Digital Medicine 6:74, Methods; definitions in our own words. Domains of the tools:
        Whiting et al. 2011 (QUADAS-2), Wolff et al. 2019 (PROBAST), Sterne et al. 2019 (RoB 2);
        questions in our own words. The other forms: own definition.
    """
    if key not in TEMPLATES + TOOLS:
        known = ", ".join(TEMPLATES)
        raise ValueError(f"There is no form template “{key}”; known are {known}.")
    text = resources.files(__package__).joinpath(f"{key}.json").read_text(encoding="utf-8")
    return from_json(json.loads(text))
