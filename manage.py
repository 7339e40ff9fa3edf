#!/usr/bin/env python3
import os
import sys

from lms_epj import bootstrap


def main() -> None:
    bootstrap.ensure_environment(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms_epj.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
