# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The add-ons' .pot files and their zh_CN translations. Runs in the virtual environment."""

import tempfile
from pathlib import Path

import polib

from .databases import odoo_command
from .processes import run

LANGUAGE = "zh_CN"


def update(context, database):
    """Write what differs; returns one line for each translation that is still to be done."""
    left = []
    for addon, fresh in _export(context, database):
        folder = context.settings.root / addon / "i18n"
        folder.mkdir(exist_ok=True)
        pot, po = folder / f"{addon}.pot", folder / f"{LANGUAGE}.po"
        if not _same(pot, fresh):
            fresh.save(pot)
        if not po.exists():
            empty = polib.POFile()
            empty.metadata = {**fresh.metadata, "Language": LANGUAGE}
            empty.save(po)
        translation = polib.pofile(str(po), wrapwidth=78)
        before = str(translation)
        translation.merge(fresh)
        for entry in translation.obsolete_entries():
            translation.remove(entry)
        translation.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        if str(translation) != before:
            translation.save(po)
        left += _unfinished(po)
    return left


def check(context, database):
    """One line for each fault: a .pot that is not current, a translation that is missing or unsure."""
    faults = []
    for addon, fresh in _export(context, database):
        folder = context.settings.root / addon / "i18n"
        if not _same(folder / f"{addon}.pot", fresh):
            faults.append(f"{addon}/i18n/{addon}.pot is not current: run 'scripts/dev i18n'.")
        faults += _missing(folder / f"{LANGUAGE}.po", fresh) + _unfinished(folder / f"{LANGUAGE}.po")
    return faults


def _export(context, database):
    """(add-on, its terms as Odoo exports them) for each add-on."""
    with tempfile.TemporaryDirectory() as folder:
        for addon in context.settings.addons():
            target = Path(folder, f"{addon}.pot")
            run(
                [*odoo_command(context.settings), "i18n", "export", "-d", database, "-o", target, addon],
                context.settings.logs / "i18n.log",
                f"The terms of {addon} cannot be exported",
                env=context.environ,
            )
            yield addon, polib.pofile(str(target), wrapwidth=78) if target.exists() else polib.POFile()


def _terms(catalogue):
    return {
        (entry.msgctxt, entry.msgid): (entry.comment, sorted(entry.occurrences))
        for entry in catalogue
        if not entry.obsolete
    }


def _same(path, fresh):
    """Whether a catalogue has these terms; its dates do not count."""
    return path.exists() and _terms(polib.pofile(str(path))) == _terms(fresh)


def _missing(path, fresh):
    present = _terms(polib.pofile(str(path))) if path.exists() else {}
    return [f"{_short(path)} lacks '{msgid}'." for context, msgid in _terms(fresh) if (context, msgid) not in present]


def _unfinished(path):
    if not path.exists():
        return []
    unsure = [entry for entry in polib.pofile(str(path)) if not entry.obsolete and (entry.fuzzy or not entry.msgstr)]
    return [f"{_short(path)}:{entry.linenum} '{entry.msgid}' has no sure translation." for entry in unsure]


def _short(path):
    return "/".join(path.parts[-3:])
