# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo 19 itself: the caller's own copy, or Debian's package unpacked in the cache and never installed."""

import re
import shutil
import subprocess

from .machine import require_space, update_package_lists
from .processes import progress, run
from .settings import Refusal, digest

# Odoo's package links into these; only trixie's versions leave no link dangling, whatever the machine's release.
ASSETS_SUITE = "trixie"
ASSETS = (
    *("libjs-jquery", "libjs-jquery-form", "libjs-underscore", "fonts-font-awesome"),
    *("fonts-inconsolata", "fonts-montserrat", "fonts-ocr-b", "fonts-roboto-unhinted"),
)
ODOO_SUITE, ODOO_PACKAGE = "unstable", "odoo-19"
DIST = "usr/lib/python3/dist-packages"


def odoo_folder(settings):
    """The folder to import `odoo` from; it need not exist yet."""
    return settings.odoo_src or settings.cache / "root" / DIST


def is_odoo_19(folder):
    release = folder / "odoo" / "release.py"
    return release.is_file() and bool(re.search(r"^version_info = \(19,", release.read_text(), re.MULTILINE))


def odoo_key(settings):
    """Changes whenever another Odoo is used."""
    folder = odoo_folder(settings)
    head = (
        subprocess.run(["git", "-C", folder, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
        if (folder / ".git").exists() and shutil.which("git")
        else None
    )
    packages = (
        sorted(path.name for path in (settings.cache / "debs").glob("odoo*.deb")) if not settings.odoo_src else ""
    )
    return digest(folder, (folder / "odoo" / "release.py").read_text(), packages, head.stdout if head else "")


def check_odoo_src(settings):
    if settings.odoo_src and not is_odoo_19(settings.odoo_src):
        raise Refusal(
            f"ODOO_SRC={settings.odoo_src} holds no Odoo 19: give the folder that holds odoo/release.py of an Odoo 19, "
            "a git checkout or the folder of the installed package."
        )


def bring_odoo(settings):
    """Download and unpack Odoo unless ODOO_SRC or the cache has it."""
    check_odoo_src(settings)
    if settings.odoo_src or is_odoo_19(odoo_folder(settings)):
        return
    require_space(settings.cache, 4)
    debs = settings.cache / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    archive = Archive(settings)
    if not any(debs.glob(f"{ODOO_PACKAGE}_*.deb")):
        with progress("Odoo 19 from Debian's archive, about 130 MB"):
            archive.download(ODOO_SUITE, [ODOO_PACKAGE], debs)
    missing = [package for package in ASSETS if not any(debs.glob(f"{package}_*.deb"))]
    if missing:
        with progress("its fonts and scripts"):
            archive.download(ASSETS_SUITE, missing, debs)
    with progress("unpacking"):
        _unpack(settings, debs)
    shutil.rmtree(settings.cache / "apt", ignore_errors=True)


class Archive:
    """Debian's archive seen through private lists: the system's own sources stay as they are."""

    def __init__(self, settings):
        self.settings = settings
        self._mirror = None

    @property
    def mirror(self):
        if self._mirror is None:
            if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
                raise Refusal("This machine has no apt-get to bring Odoo with: set ODOO_SRC to a checkout of Odoo 19.")
            self._mirror = _mirror()
            if not self._mirror:  # nothing is known before the machine's first update
                update_package_lists(self.settings)
                self._mirror = _mirror()
            if not self._mirror:
                raise Refusal(
                    "Debian's archive is not among this machine's apt sources: set ODOO_SRC to a checkout of Odoo 19."
                )
        return self._mirror

    def download(self, suite, packages, target):
        """Put the packages' files into ``target``, each only when complete."""
        folder = self.settings.cache / "apt" / suite
        part = folder / "download"
        for each in ("lists/partial", "archives/partial", "download"):
            (folder / each).mkdir(parents=True, exist_ok=True)
        (folder / "sources.list").write_text(f"deb {self.mirror} {suite} main\n")
        options = {
            "Dir::Etc::SourceList": folder / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Etc::Preferences": "/dev/null",
            "Dir::Etc::PreferencesParts": "/dev/null",
            "Dir::State::Lists": folder / "lists",
            "Dir::Cache": folder,
            "Acquire::Languages": "none",
            "Acquire::Check-Valid-Until": "false",  # a mirror that stands still for some days
        }
        if self.settings.is_root:
            options["APT::Sandbox::User"] = "root"
        apt = ["apt-get", "-q", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]
        mend = (
            f"check the network and run this again, or set ODOO_SRC to a checkout of Odoo 19, or put {ODOO_PACKAGE}'s "
            f"package file into {target}"
        )
        log = self.settings.logs / f"apt-{suite}.log"
        run([*apt, "update"], log, f"Debian's archive cannot be read: {mend}")
        # apt-get update exits 0 when a list could not be fetched
        if "\nE: " in log.read_text() or "\nErr:" in log.read_text():
            raise Refusal(f"Debian's archive cannot be read: {mend} (what apt-get said is in {log}).")
        run(
            [*apt, "download", *packages],
            self.settings.logs / f"apt-{suite}-download.log",
            f"Debian's archive no longer gives {' '.join(packages)}: {mend}",
            cwd=part,
        )
        for deb in part.glob("*.deb"):
            deb.replace(target / deb.name)


def _mirror():
    form = ["--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian", "Label: Debian"]
    found = subprocess.run(
        ["apt-get", "indextargets", *form], capture_output=True, text=True, check=False
    ).stdout.split()
    return min(found, default=None)


def _unpack(settings, debs):
    part = settings.cache / "root.part"
    shutil.rmtree(part, ignore_errors=True)
    for deb in sorted(debs.glob("*.deb")):
        try:
            run(
                ["dpkg-deb", "-x", deb, part],
                settings.logs / "unpack.log",
                f"{deb} is damaged: it is removed now, run this again",
            )
        except Refusal:
            deb.unlink()
            shutil.rmtree(part, ignore_errors=True)
            raise
    dist = part / DIST
    dangling = [path for path in dist.rglob("*") if path.is_symlink() and not path.exists()]
    if dangling or not is_odoo_19(dist):
        shutil.rmtree(part, ignore_errors=True)
        raise Refusal(
            f"Odoo's package and its assets do not fit together ({len(dangling)} dangling links): "
            f"remove {debs} and run this again, or set ODOO_SRC to a checkout of Odoo 19."
        )
    _mend(dist)
    shutil.rmtree(settings.cache / "root", ignore_errors=True)
    part.replace(settings.cache / "root")


def _mend(dist):
    """Debian leaves one script out, without which every page of the web client logs an error."""
    script = dist / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.touch()
    # The package names its Python dependencies as Debian does; pip knows them by other names.
    for info in dist.glob("odoo-*.egg-info/PKG-INFO"):
        text = re.sub(r"(?m)^Requires-Dist: psycopg2\b", "Requires-Dist: psycopg2-binary", info.read_text())
        text = re.sub(r"(?m)^Requires-Dist: PyPDF2\b.*", "Requires-Dist: pypdf", text)
        info.write_text(re.sub(r"(?m)^Requires-Dist: ofxparse.*\n", "", text))
