"""The end of a run says how many random worlds proved the rule, also when several processes shared them."""

import os
from collections import Counter

import pytest

COUNTED = ("worlds", "pairs")


class Tally:
    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()
        self.differing = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and "test_decide_and_the_database_agree" in report.nodeid:
            self.differing += report.failed
            self.sums.update({name: value for name, value in report.user_properties if name in COUNTED})

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.sums or self.differing:
            found = f"A DIFFERENCE IN {self.differing} PARTS" if self.differing else "no difference"
            seed = os.environ.get("EPJ_WORLDS_SEED", "1")
            terminalreporter.write_line(f"{self.sums['worlds']} worlds of seed {seed}, {self.sums['pairs']} pairs of person and row: {found}")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tally(), "worlds-tally")
