import io

import pytest
from django.core.management import CommandError, call_command

from screening.models import User
from tests import factories


def test_it_loads_the_demo_and_tells_the_passwords_once(db):
    User.objects.create_superuser("admin@example.org", factories.PASSWORD, name="Ada Admin")
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    printed = out.getvalue()
    assert "ssl-medical-imaging is loaded; admin@example.org leads it" in printed
    assert printed.count("password: ") == 3
    with pytest.raises(CommandError, match="only into an empty database"):
        call_command("load_demo", admin="ADMIN@example.org")


def test_without_an_account_it_says_what_to_do(db):
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("load_demo")
