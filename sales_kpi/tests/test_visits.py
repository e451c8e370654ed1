# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import SHOP, KpiCase

EAST = (SHOP[0], SHOP[1] + 0.001)  # 101 m
FAR = (SHOP[0], SHOP[1] + 0.01)  # 1012 m


@tagged("post_install", "-at_install")
@freeze_time("2026-06-03 02:00:00")  # Wednesday 10:00 in Shanghai
class TestVisits(KpiCase):
    """Ann plans a visit to the shop, checks in there and writes down what came out of it."""

    def _check_in(self, visit, latitude=EAST[0], longitude=EAST[1], accuracy=20.0, **error):
        if error:
            return visit.action_check_in(**error)
        return visit.action_check_in(latitude=latitude, longitude=longitude, accuracy=accuracy)

    def _check_out(self, visit):
        visit.write({"note": "Wants a sample", "next_step_id": self.sample.id, "next_step_date": "2026-06-10"})
        visit.action_check_out()

    def test_check_in_near_the_customer_is_verified(self):
        """101 m away with 200 m allowed: verified, and the figures behind it are kept."""
        visit = self._visit(self.ann)

        answer = self._check_in(visit)

        self.assertEqual(answer["result"], "verified")
        self.assertIn("101 m", answer["reason"])
        self.assertRecordValues(visit, [{
            "state": "in_progress", "result": "verified", "result_reason": "within", "distance": 101,
            "allowed_radius": 200, "check_in_accuracy": 20, "fix_source": "device", "customer_kind": "new",
        }])

    def test_check_in_elsewhere_is_outside(self):
        """1012 m away, sure to 20 m: outside. Sure to 900 m only: nobody can tell."""
        self.assertEqual(self._check_in(self._visit(self.ann), *FAR)["result"], "outside")
        self.assertEqual(self._check_in(self._visit(self.bob), *FAR, accuracy=900.0)["result"], "cannot_tell")

    def test_no_place_cannot_be_told(self):
        """Denied, no fix, timeout, no device and (0, 0) are all "cannot tell", each with its own reason."""
        for error in ("denied", "no_fix", "timeout", "unsupported"):
            visit = self._visit(self.ann)
            self.assertEqual(self._check_in(visit, error=error)["result"], "cannot_tell")
            self.assertRecordValues(visit, [{"result_reason": error, "fix_source": "none", "distance": 0}])
            self._check_out(visit)
            self.assertFalse(visit.counted)
        visit = self._visit(self.ann)
        self._check_in(visit, 0.0, 0.0)
        self.assertRecordValues(visit, [{"result": "cannot_tell", "result_reason": "no_fix", "fix_source": "none"}])

    def test_customer_without_coordinates_cannot_be_told(self):
        """A contact person is where the company is; a customer without coordinates is nowhere."""
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.shop.id})
        nowhere = self.env["res.partner"].create({"name": "Nowhere"})

        self.assertEqual(self._check_in(self._visit(self.ann, buyer))["result"], "verified")
        visit = self._visit(self.bob, nowhere)
        self._check_in(visit)
        self.assertEqual(visit.result_reason, "no_target")

    def test_manager_takes_the_place_of_a_check_in_for_the_customer(self):
        """Later visits are compared with it; the verdict of the one it comes from stays."""
        nowhere = self.env["res.partner"].create({"name": "Nowhere"})
        self.sue.group_ids |= self.env.ref("base.group_partner_manager")
        visit = self._visit(self.ann, nowhere)
        self._check_in(visit)
        with self.assertRaisesRegex(UserError, "Only a manager"):
            visit.action_set_customer_place()

        visit.with_user(self.sue).action_set_customer_place()

        self.assertEqual((nowhere.partner_latitude, nowhere.partner_longitude), EAST)
        self.assertEqual(visit.result, "cannot_tell")
        self.assertEqual(self._check_in(self._visit(self.bob, nowhere))["result"], "verified")

    def test_nobody_places_his_own_customer(self):
        """A manager who visits too would verify himself from then on."""
        self.sue.group_ids |= self.env.ref("base.group_partner_manager")
        visit = self._visit(self.sue_employee)
        visit.action_check_in(latitude=EAST[0], longitude=EAST[1], accuracy=5.0)
        with self.assertRaisesRegex(UserError, "ask another manager"):
            visit.action_set_customer_place()
        self.assertEqual((self.shop.partner_latitude, self.shop.partner_longitude), SHOP)

    def test_what_is_no_place_is_refused_and_changes_nothing(self):
        visit = self._visit(self.ann)
        for latitude, longitude, accuracy in (
            (91.0, 0.0, 5.0), (0.0, 181.0, 5.0), (10.0, 10.0, -1.0), (10.0, 10.0, 1e9), (float("nan"), 1.0, 1.0),
            ("24.4", "118.0", "5"), (None, None, None), (24.4, 118.0, None), (True, 1.0, 1.0),
        ):
            with self.assertRaisesRegex(UserError, "no valid location"):
                self._check_in(visit, latitude, longitude, accuracy)
        with self.assertRaisesRegex(UserError, "unknown location error"):
            self._check_in(visit, error="verified")
        self.assertEqual(visit.state, "planned")

    def test_judged_fields_are_not_for_forms_imports_or_rpc(self):
        visits = self.env["sales.visit"]
        for user in (self.ann.user_id, self.env.ref("base.user_admin")):
            with self.assertRaisesRegex(UserError, "set by checking in"):
                visits.with_user(user).create({"partner_id": self.shop.id, "result": "verified", "state": "done"})
        self.env["ir.default"].with_user(self.ann.user_id).set("sales.visit", "check_in", "2026-06-03 01:00:00", user_id=True)
        forged = visits.with_user(self.ann.user_id).with_context(default_state="done", default_result="verified").create({
            "partner_id": self.shop.id, "planned_date": "2026-06-03",
        })
        self.assertEqual((forged.state, forged.result, forged.check_in, forged.counted), ("planned", False, False, False))
        visit = self._visit(self.ann)
        for vals in ({"state": "done"}, {"check_in": "2026-06-03 01:00:00"}, {"counted": True}, {"distance": 1}):
            with self.assertRaisesRegex(UserError, "set by checking in"):
                visit.write(vals)

    def test_a_started_visit_is_no_longer_a_plan(self):
        visit = self._visit(self.ann)
        self._check_in(visit)
        other = self.env["res.partner"].create({"name": "Other"})
        with self.assertRaisesRegex(UserError, "no longer a plan"):
            visit.partner_id = other
        with self.assertRaisesRegex(UserError, "was made and stays"):
            visit.unlink()
        with self.assertRaisesRegex(UserError, "already checked in"):
            self._check_in(visit)
        with self.assertRaisesRegex(UserError, "planned visit"):
            visit.action_cancel()
        self._check_out(visit)
        with self.assertRaisesRegex(UserError, "finished"):
            visit.note = "Better"

    def test_check_out_needs_the_result_and_the_next_step(self):
        """VIS-05: a visit without result does not count. VIS-07: the next step becomes an activity."""
        visit = self._visit(self.ann)
        with self.assertRaisesRegex(UserError, "not checked in"):
            visit.action_check_out()
        self._check_in(visit)
        visit.note = "  "
        with self.assertRaisesRegex(UserError, "Write down"):
            visit.action_check_out()
        visit.note = "Wants a sample"
        with self.assertRaisesRegex(UserError, "next step"):
            visit.action_check_out()
        with freeze_time("2026-06-03 02:45:30"):
            self._check_out(visit)

        self.assertRecordValues(visit, [{"state": "done", "counted": True, "duration_minutes": 45}])
        self.assertRecordValues(visit.activity_ids, [{
            "activity_type_id": self.sample.id, "user_id": self.ann.user_id.id,
        }])
        self.assertEqual(str(visit.activity_ids.date_deadline), "2026-06-10")

    def test_company_may_do_without_a_next_step(self):
        self.company.visit_next_step_required = False
        visit = self._visit(self.ann)
        self._check_in(visit)
        visit.note = "Nothing to do"
        visit.action_check_out()
        self.assertEqual(visit.state, "done")
        self.assertFalse(visit.activity_ids)

    def test_one_visit_at_a_time(self):
        self._check_in(self._visit(self.ann))
        second = self._visit(self.ann)
        with self.assertRaisesRegex(UserError, "still checked in at Shop"):
            self._check_in(second)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            second.sudo().write({"state": "in_progress"})
            self.env.flush_all()

    def test_forgotten_check_out_is_repaired_visibly(self):
        """VIS-05: recorded the next day, so it is kept but does not count. No check-out time is invented."""
        visit = self._visit(self.ann)
        self._check_in(visit)
        with freeze_time("2026-06-03 15:59:00"):  # 23:59 in Shanghai
            self.env["sales.visit"]._cron_repair_forgotten()
            self.assertEqual(visit.state, "in_progress")
        with freeze_time("2026-06-03 16:01:00"):
            self.env["sales.visit"]._cron_repair_forgotten()
            self.assertRecordValues(visit, [{"state": "forgotten", "check_out": False, "check_out_forgotten": True}])
            self._check_out(visit)
        self.assertRecordValues(visit, [{
            "state": "done", "check_out": False, "duration_minutes": 0, "result": "verified", "counted": False,
        }])

    def test_next_check_in_repairs_what_was_forgotten(self):
        """Nobody is kept from the next customer because of yesterday, whether or not the scheduled action ran."""
        visit = self._visit(self.ann)
        self._check_in(visit)
        with freeze_time("2026-06-04 02:00:00"):
            self._check_in(self._visit(self.ann, planned="2026-06-04"))
        self.assertEqual(visit.state, "forgotten")

    def test_check_out_after_midnight_does_not_count(self):
        visit = self._visit(self.ann)
        self._check_in(visit)
        with freeze_time("2026-06-03 16:01:00"):
            self._check_out(visit)
        self.assertRecordValues(visit, [{"state": "done", "check_out_forgotten": True, "counted": False}])

    def test_date_of_a_visit_is_where_the_salesperson_lives(self):
        """23:30 UTC on 3 June is 4 June in Shanghai and 3 June in New York."""
        calendar = self._calendar("New York", "America/New_York")
        nick = self._salesperson("nick", self.sue_team, calendar=calendar)
        nick.user_id.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        with freeze_time("2026-06-03 23:30:00"):
            for person, day in ((self.ann, "2026-06-04"), (nick, "2026-06-03")):
                visit = self._visit(person, planned="2026-06-01")
                self._check_in(visit)
                self.assertEqual(str(visit.visit_date), day)
                self.assertEqual(str(visit.planned_date), "2026-06-01")

    def test_customer_is_old_once_he_has_bought(self):
        """VIS-01: an order confirmed yesterday makes an old customer, one of today or a quotation does not."""
        def customer(state, day):
            partner = self.env["res.partner"].create({"name": f"{state} {day}"})
            order = self.env["sale.order"].create({"partner_id": partner.id, "company_id": self.company.id})
            order.write({"state": state, "date_order": f"{day} 01:00:00"})
            return partner

        for state, day, kind in (
            ("sale", "2026-06-02", "old"), ("sale", "2026-06-03", "new"), ("sent", "2026-06-01", "new"),
        ):
            visit = self._visit(self.ann, customer(state, day))
            self._check_in(visit)
            self.assertEqual(visit.customer_kind, kind, f"{state} on {day}")
            self._check_out(visit)

    def test_coordinates_are_deleted_after_their_time(self):
        """Kept 30 days: gone on the 31st, verdict and distance stay."""
        self.company.visit_retention_days = 30
        visit = self._visit(self.ann)
        self._check_in(visit)
        self._check_out(visit)
        with freeze_time("2026-07-03 01:59:00"):
            self.env["sales.visit"]._gc_coordinates()
            self.assertTrue(visit.check_in_latitude)
        with freeze_time("2026-07-03 02:01:00"):
            self.env["sales.visit"]._gc_coordinates()
        self.assertRecordValues(visit, [{
            "check_in_latitude": 0, "check_in_longitude": 0, "distance": 101, "result": "verified", "counted": True,
        }])

    def test_settings_that_make_no_sense_are_refused(self):
        for vals in ({"visit_radius": 0}, {"visit_retention_days": 0}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.company.write(vals)
                self.env.flush_all()

    def test_customer_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other Ltd"})
        stranger = self.env["res.partner"].create({"name": "Stranger", "company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "cannot be visited"):
            self._visit(self.ann, stranger.sudo())
