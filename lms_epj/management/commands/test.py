import subprocess
import sys
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lms_epj.embedded.find import NotFoundError
from lms_epj.embedded.postgres import PostgresError
from lms_epj.embedded.testing import free_slot, prepare_template, start_services, test_environment

ALONE = ("-n", "--numprocesses", "--pdb", "--trace", "-s", "--capture=no", "--co", "--collect-only", "-h", "--help")


class Command(BaseCommand):
    help = "The whole suite on servers of its own. Every argument goes to pytest; without -n two processes run it."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            sys.exit(self.run_pytest(argv[2:]))
        except (CommandError, NotFoundError, PostgresError) as error:
            sys.exit(f"The suite cannot run: {error}")
        except KeyboardInterrupt:
            sys.exit(130)

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(self.run_pytest(list(args)))

    def run_pytest(self, arguments: list[str]) -> int:
        if find_spec("pytest") is None:
            raise CommandError("pytest is not in this environment; install requirements-test.txt.")
        with free_slot(settings.EPJ_VAR_DIR) as folder:
            services = start_services(folder)
            try:
                env = test_environment(services, settings.BASE_DIR)
                env["EPJ_TEST_TEMPLATE"] = prepare_template(env, settings.BASE_DIR)
                parallel = [] if runs_alone(arguments) else ["-n", "2"]
                return subprocess.run([sys.executable, "-m", "pytest", *parallel, *arguments], env=env, cwd=settings.BASE_DIR, check=False).returncode
            finally:
                services.stop()


def runs_alone(arguments: list[str]) -> bool:
    """Whether one process shall run it: pytest was told how many, wants the terminal, or a single test is named."""
    return any(argument.startswith(ALONE) or "::" in argument or argument == "no:xdist" for argument in arguments)
