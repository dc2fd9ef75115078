"""Doors of the API, one file an area; they are asked by `tests/test_api_doors.py`."""

import importlib
import pkgutil

from tests.doors.door import Door

_AREAS = [
    importlib.import_module(f"{__name__}.{area.name}") for area in pkgutil.iter_modules(__path__)
]
API_DOORS: list[Door] = [door for area in _AREAS for door in area.DOORS]
