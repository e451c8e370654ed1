# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is missing or wrong on a machine ends in one sentence that says how to mend it, and changes nothing."""

import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

# scripts/ is on the path only now
from devenv import machine, odoo_source, processes, venv  # noqa: E402
from devenv.databases import Databases, unexpected_warnings  # noqa: E402
from devenv.lint import our_failures  # noqa: E402
from devenv.postgres import Cluster  # noqa: E402
from devenv.settings import Refusal, Settings  # noqa: E402

RELEASE = "version_info = (19, 0, 0, FINAL, 0, '')\n"


@pytest.fixture
def settings(tmp_path):
    return Settings.read(ROOT, {"SALES_SUITE_CACHE": str(tmp_path / "cache")}, uid=1000)


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A PATH on which nothing is found but what a test puts there: bare("sudo", "exit 1")."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name, script):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return put


def refusal(function, *arguments):
    with pytest.raises(Refusal) as caught:
        function(*arguments)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith((".", ")."))
    return text


def put_odoo(folder, release=RELEASE):
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(release)
    return folder


class TestWhatTheCallerAsks:
    def test_cache_of_root_is_not_in_its_home(self):
        assert Settings.read(ROOT, {"HOME": "/root"}, uid=0).cache == Path("/var/cache/sales-suite")

    def test_cache_of_others_follows_the_desktop_standard(self):
        assert Settings.read(ROOT, {"HOME": "/home/li"}, uid=1000).cache == Path("/home/li/.cache/sales-suite")
        assert Settings.read(ROOT, {"XDG_CACHE_HOME": "/x", "HOME": "/h"}, uid=1000).cache == Path("/x/sales-suite")

    def test_cache_inside_the_checkout(self):
        assert "inside the checkout" in refusal(Settings.read, ROOT, {"SALES_SUITE_CACHE": str(ROOT / "cache")}, 1000)

    def test_cache_too_deep_for_a_socket(self):
        assert "shorter" in refusal(Settings.read, ROOT, {"SALES_SUITE_CACHE": "/" + "x" * 100}, 1000)

    @pytest.mark.parametrize("name", ["PGHOST", "PGPORT", "PGUSER"])
    def test_a_pg_variable_means_the_callers_server(self, name):
        assert Settings.read(ROOT, {"HOME": "/h"}, 1000).own_postgres
        assert not Settings.read(ROOT, {"HOME": "/h", name: "x"}, 1000).own_postgres

    def test_odoo_src_without_odoo(self, tmp_path):
        settings = Settings.read(ROOT, {"HOME": "/h", "ODOO_SRC": str(tmp_path)}, 1000)

        assert "holds no Odoo 19" in refusal(odoo_source.bring_odoo, settings)

    def test_odoo_src_with_another_odoo(self, tmp_path):
        put_odoo(tmp_path, "version_info = (18, 0, 0, FINAL, 0, '')\n")
        settings = Settings.read(ROOT, {"HOME": "/h", "ODOO_SRC": str(tmp_path)}, 1000)

        assert "holds no Odoo 19" in refusal(odoo_source.bring_odoo, settings)

    def test_odoo_src_needs_no_archive(self, tmp_path, bare):
        settings = Settings.read(ROOT, {"HOME": "/h", "ODOO_SRC": str(put_odoo(tmp_path / "odoo19"))}, 1000)

        odoo_source.bring_odoo(settings)


class TestMachine:
    def test_neither_root_nor_sudo(self, settings, bare):
        bare("apt-get", "exit 0")

        text = refusal(machine.install_packages, settings, ["chromium"])

        assert "apt-get install chromium" in text
        assert "no sudo" in text

    def test_sudo_that_refuses(self, settings, bare):
        bare("apt-get", "exit 0")
        bare("sudo", "exit 1")

        assert "sudo refuses it" in refusal(machine.install_packages, settings, ["chromium"])

    def test_no_apt(self, settings, bare):
        assert "no apt-get" in refusal(machine.install_packages, settings, ["chromium", "libmagic1"])

    def test_apt_that_fails_tells_its_reason(self, settings, bare):
        bare("sudo", 'shift; [ "$1" = true ] || exec "$@"')
        bare("env", 'while [ "${1#*=}" != "$1" ]; do shift; done; exec "$@"')
        bare("apt-get", 'case "$*" in *install*) echo "E: no such package"; exit 100;; esac')

        assert "E: no such package" in refusal(machine.install_packages, settings, ["chromium"])

    def test_no_disk_space(self, tmp_path, monkeypatch):
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**10, 0, 10**9))

        text = refusal(machine.require_space, tmp_path / "not" / "yet", 4)

        assert "1.0 GB free" in text
        assert "4 GB" in text

    def test_port_asked_for_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]

            assert f"Port {port} is taken" in refusal(machine.choose_port, str(port))

    def test_default_port_taken_means_the_next(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]

            assert machine.choose_port(None, first=port) > port

    @pytest.mark.parametrize("asked", ["0", "70000", "http"])
    def test_a_port_that_is_none(self, asked):
        assert "is not a port" in refusal(machine.choose_port, asked)


class TestOdooPackage:
    def test_the_cache_suffices_when_the_archive_is_gone(self, settings, bare):
        put_odoo(odoo_source.odoo_folder(settings))

        odoo_source.bring_odoo(settings)

    def test_gone_from_the_archive_and_not_in_the_cache(self, settings, bare):
        bare("dpkg-deb", "exit 0")
        bare(
            "apt-get",
            'case "$*" in *indextargets*) echo http://mirror/debian;; *" download "*) echo "E: none"; exit 100;; esac',
        )

        text = refusal(odoo_source.bring_odoo, settings)

        assert "no longer gives odoo-19" in text
        assert "ODOO_SRC" in text
        assert not (settings.cache / "root").exists()

    def test_archive_unreachable_and_not_in_the_cache(self, settings, bare):
        bare("dpkg-deb", "exit 0")
        bare(
            "apt-get",
            'case "$*" in *indextargets*) echo http://mirror/debian;; *) echo; echo "Err:1 http://mirror";; esac',
        )

        assert "cannot be read" in refusal(odoo_source.bring_odoo, settings)

    def test_no_debian_archive_among_the_sources(self, settings, bare):
        bare("dpkg-deb", "exit 0")
        bare("sudo", 'shift; [ "$1" = true ] || exec "$@"')
        bare("env", 'while [ "${1#*=}" != "$1" ]; do shift; done; exec "$@"')
        bare("apt-get", "exit 0")

        assert "not among this machine's apt sources" in refusal(odoo_source.bring_odoo, settings)

    def test_an_interrupted_download_is_no_download(self, settings, bare):
        """What came only in part never gets the name of the whole, so that the next call fetches it again."""
        bare("dpkg-deb", "exit 0")
        bare(
            "apt-get",
            "case \"$*\" in *indextargets*) echo http://mirror/debian;; "
            "*\" download \"*) echo half > odoo-19_1.deb.part; exit 100;; esac",
        )

        refusal(odoo_source.bring_odoo, settings)
        assert list((settings.cache / "debs").iterdir()) == []

        bare(
            "apt-get",
            'case "$*" in *indextargets*) echo http://mirror;; *" download "*) echo whole > odoo-19_1.deb;; esac',
        )
        refusal(odoo_source.bring_odoo, settings)  # the fake package holds no Odoo

        assert (settings.cache / "debs" / "odoo-19_1.deb").read_text() == "whole\n"

    def test_a_damaged_package_is_removed(self, settings, bare):
        debs = settings.cache / "debs"
        debs.mkdir(parents=True)
        for name in (odoo_source.ODOO_PACKAGE, *odoo_source.ASSETS):
            (debs / f"{name}_1.deb").write_text("half")
        bare("dpkg-deb", "exit 2")

        text = refusal(odoo_source.bring_odoo, settings)

        assert "damaged" in text
        assert len(list(debs.iterdir())) == len(odoo_source.ASSETS)
        assert not (settings.cache / "root").exists()


class TestOldPython:
    def test_the_refusal_is_one_sentence(self, tmp_path):
        """No supported Python on the machine: the entry script still starts and says so."""
        code = (
            "import sys, runpy; sys.version_info = (3, 9, 2, 'final', 0); "
            "import subprocess; subprocess.check_output = lambda *a, **k: b'3.9'; "
            f"sys.argv = ['dev', 'demo']; runpy.run_path({str(ROOT / 'scripts' / 'dev')!r}, run_name='__main__')"
        )
        environ = {name: value for name, value in os.environ.items() if name != "SALES_SUITE_PYTHON"}

        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environ)

        assert done.returncode == 1
        assert done.stderr == (
            "Odoo 19 needs Python 3.11 or 3.12 or 3.13 and this machine only has 3.9: install one of them "
            "(Debian 12 and 13 bring it as python3) and run this again.\n"
        )

    def test_the_entry_script_uses_no_word_an_old_python_does_not_know(self):
        code = (ROOT / "scripts" / "dev").read_text()

        compile(code, "dev", "exec")
        assert not any(word in code for word in ("f'", 'f"', ":=", "match ", "async ", "nonlocal "))


class TestDatabases:
    """Against a database server that is not there, or that answers what a test says."""

    def databases(self, settings, monkeypatch, *rows):
        databases = Databases(settings, {})
        answers = iter(rows)

        class Cursor:
            # a stand-in for a cursor, a line a method
            __enter__ = lambda self: self  # noqa: E731
            __exit__ = lambda self, *arguments: None  # noqa: E731
            execute = lambda self, *arguments: None  # noqa: E731
            fetchone = lambda self: next(answers)  # noqa: E731

        monkeypatch.setattr(databases, "_cursor", lambda *arguments: Cursor())
        return databases

    def test_a_foreign_database_of_that_name(self, settings, monkeypatch):
        databases = self.databases(settings, monkeypatch, ("the accountant's",), (None,))

        assert "not one of this script's" in refusal(databases.drop, "demo")
        assert "not one of this script's" in refusal(databases.mark, "demo")

    def test_a_server_that_does_not_answer(self, settings, tmp_path):
        databases = Databases(settings, {"PGHOST": str(tmp_path), "PGUSER": "odoo"})

        assert "cannot be reached" in refusal(databases.check_server)

    def test_the_role_postgres(self, settings, monkeypatch):
        assert "PGUSER" in refusal(self.databases(settings, monkeypatch, ("postgres", True)).check_server)

    def test_a_role_that_may_not_create_databases(self, settings, monkeypatch):
        assert "CREATEDB" in refusal(self.databases(settings, monkeypatch, ("li", False)).check_server)


class TestProcesses:
    def test_the_cause_is_taken_from_the_log(self, tmp_path):
        log = tmp_path / "log"
        log.write_text("Reading lists\nE: Unable to locate package odoo-19\nDone.\n")

        assert processes.last_words(log) == "E: Unable to locate package odoo-19"

    def test_nothing_outlives_a_call(self, tmp_path):
        """A grandchild that lost its parent ends too."""
        note = tmp_path / "pid"
        script = f"(setsid sh -c 'echo $$ > {note}; exec sleep 60' &) ; sleep 0.5"

        processes.call(["sh", "-c", script])

        assert not Path("/proc", note.read_text().strip()).exists()

    def test_a_second_call_is_told_that_the_lock_is_held(self, tmp_path):
        with processes.locked(tmp_path / "lock") as first, processes.locked(tmp_path / "lock") as second:
            assert first
            assert second is None


class TestPrivateServer:
    def test_root_needs_a_folder_that_the_server_account_can_enter(self, tmp_path, monkeypatch):
        settings = Settings.read(ROOT, {"SALES_SUITE_CACHE": str(tmp_path / "cache")}, uid=0)
        cluster = Cluster(settings)
        cluster.folder.mkdir(parents=True)
        monkeypatch.setattr(cluster, "_as_server", lambda *words: ["false"])

        assert "cannot enter" in refusal(cluster._check_reachable)


def test_the_pdf_printer_is_optional(settings, bare, monkeypatch, capsys):
    monkeypatch.setattr(venv, "venv_python", lambda settings: "/bin/false")

    venv.bring_printer(settings)

    assert "reports as web pages" in capsys.readouterr().out
    assert not venv.printer_folder(settings).exists()


def test_a_printer_that_does_not_run_is_not_used(settings, tmp_path, monkeypatch):
    """A bare machine lacks the libraries that wkhtmltopdf is linked to: it is there and prints nothing."""
    program = tmp_path / "wkhtmltopdf"
    program.write_text("#!/bin/sh\necho 'error while loading shared libraries' >&2\nexit 127\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(machine, "_has_library", lambda name: False)

    assert not venv._has_patched_printer()
    assert {"libxrender1", "libxext6", "libfontconfig1"} <= set(machine.missing_packages(settings, False, False))


class TestLogs:
    def test_a_warning_is_shown_once_and_a_missing_network_not_at_all(self):
        log = (
            "2026-03-02 08:00:00,001 7 INFO db odoo.modules.loading: loading\n"
            "2026-03-02 08:00:00,002 7 WARNING db py.warnings: not searchable\n  File x\n"
            "2026-03-02 08:00:00,003 7 WARNING db py.warnings: not searchable\n"
            "2026-03-02 08:00:00,004 7 WARNING ? odoo.addons.iap.tools: no network\n"
        )

        assert unexpected_warnings(log) == ["py.warnings: not searchable"]

    def test_faults_of_other_peoples_addons_are_not_ours(self):
        start = "2026-03-02 08:00:00,001 7 ERROR db odoo.addons.test_lint.tests.x: FAIL: "
        foreign = f"{start}base_tier_validation\n"
        mixed = f"{start}sales_kpi and base_tier_validation\n"

        found = our_failures(foreign + mixed, ["sales_kpi"], ["base_tier_validation"])
        assert found == [mixed]
        assert our_failures(f"{start}TestIndex\nsales.visit.plan_id\n", ["sales_kpi"], ["base_tier_validation"])
