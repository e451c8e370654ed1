# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from .common import CLERK, DisciplineCase


class HandoverCase(DisciplineCase):
    """June: Ann and Bob late three times each (warning, 20, 20), Zoe twice; closed on 6 July. All have accepted."""

    def setUp(self):
        super().setUp()
        self.clara = self._salesperson("clara", self.sue_team)
        self.clara.user_id.group_ids |= self.env.ref(CLERK)
        for employee, days in ((self.ann, (1, 2, 3)), (self.bob, (1, 2, 3)), (self.zoe, (1, 2)), (self.clara, (1, 2))):
            for day in days:
                self._punch(employee, f"2026-06-{day:02} 08:40")
        self._run()
        self._entries()._answer("accepted", "confirmed")

    def _sheets(self, month="2026-06"):
        """{employee: sheet} of a month that is closed now."""
        return {sheet.employee_id: sheet for sheet in self._close(month).sheet_ids}

    def _receive(self, sheet, amount, user=None, **how):
        receipt_id = sheet.with_user(user or self.carl).record_receipt(amount, **how)
        return self.env["sales.discipline.fine.receipt"].browse(receipt_id)
