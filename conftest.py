# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A skipped test proves nothing, so it fails the run."""

import freezegun
import pytest

# how long a test took is told by the real clock, also where the test froze its own
freezegun.configure(extend_ignore_list=["_pytest"])
skipped = []


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        skipped.append(report.nodeid)


def pytest_collectreport(report):
    if report.skipped:
        skipped.append(report.nodeid)


def pytest_sessionfinish(session, exitstatus):
    if skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if skipped:
        terminalreporter.write_line(f"A skip fails this run: {', '.join(skipped)}", red=True)
