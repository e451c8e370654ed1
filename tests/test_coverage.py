# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""docs/coverage.md names tests that exist, and each rule once."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROWS = re.findall(r"^\| ([A-Z]{3}-\d\d) \|[^|]+\| (.+) \|$", (ROOT / "docs" / "coverage.md").read_text(), re.MULTILINE)


def test_every_rule_has_one_row_and_a_word_about_it():
    rules = [rule for rule, _proof in ROWS]
    assert len(rules) > 60
    assert sorted(set(rules)) == sorted(rules)
    assert [rule for rule, proof in ROWS if not re.search(r"`.+::.+`|[Nn]ot yet|Odoo's own|Setting|ladder", proof)] == []


def test_named_tests_exist():
    named = [re.findall(r"`(\S+?)::(\w+)`", proof) for _rule, proof in ROWS]
    missing = [
        f"{path}::{test}"
        for tests in named for path, test in tests
        if not (ROOT / path).is_file() or f"def {test}(" not in (ROOT / path).read_text()
    ]  # fmt: skip
    assert missing == []
