import subprocess
import sys

import pytest
from django.utils.module_loading import import_string

from analytics.urls import heavy_views

LOADED = """
import sys, django
django.setup()
import reviewapp.urls
print(*({"pandas", "plotly", "scipy", "numpy", "openpyxl", "sklearn"} & sys.modules.keys()))
"""


def test_the_first_page_does_not_wait_for_the_heavy_packages():
    told = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.split() == []


@pytest.mark.parametrize("name", heavy_views)
def test_each_view_left_for_later_is_there(name):
    assert callable(import_string(name))
