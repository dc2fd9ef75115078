#!/usr/bin/env python3
"""The project's one door: builds its environment when needed, then runs the asked command."""

import os
import sys


def main() -> None:
    """Enter the project's environment, then hand over to the tests or to Django."""
    if sys.version_info < (3, 11):  # noqa: UP036  (the very message an older Python must reach)
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit("This app needs Python 3.11 or newer; this is Python " + found + ".")

    from reviewapp import bootstrap

    arguments = bootstrap.take_data_dir(sys.argv[1:])
    bootstrap.enter_environment(sys.argv, testing=arguments[:1] == ["test"])
    if arguments[:1] == ["test"]:
        from reviewapp.testrun import run_tests

        sys.exit(run_tests(arguments[1:]))

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    from django.core.exceptions import ImproperlyConfigured, PermissionDenied
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line([sys.argv[0], *arguments])
    except (ImproperlyConfigured, PermissionDenied) as refused:  # in words for whoever asked
        sys.exit(str(refused) or "This is not allowed.")


if __name__ == "__main__":
    main()
