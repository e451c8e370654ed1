# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Visits and daily logs of three people of the fleet team.

Each visits a customer every working day and files the log at 17:40. What goes wrong (numbers of working days):

    Xu Peng   visits nobody on 8          one visit short of the week's quota
    Zhu Ting  is somewhere else on 14     the visit does not count: one short
    Ma Chao   files the logs of 5 and 13 in the evening; Zhu Ting that of 3: a started day late each (RPD-01)
"""

from .stage import recall

VISITORS = ("xu.peng", "zhu.ting")
REPORTERS = (*VISITORS, "ma.chao")
NO_VISIT = {("xu.peng", 8)}
ELSEWHERE = {("zhu.ting", 14)}
LATE_LOG = {("ma.chao", 5), ("ma.chao", 13), ("zhu.ting", 3)}
FAR = 0.05  # degrees, more than 4 km

OUTCOMES = (
    ("Went through next month's orders.", "核对了下月订单。"),
    ("Showed the new van; they want an offer.", "介绍新商务车，客户要求报价。"),
    ("Talked about the overdue invoice: payment promised.", "谈了逾期货款，客户答应付款。"),
)


class FieldWork:
    def __init__(self, stage, diary):
        self.stage = stage
        self.diary = diary

    def _at_work(self, people, day):
        return [who for who in people if who not in self.diary.sick(day)]

    def check_in(self, day):
        number = self.diary.number(day)
        for who in self._at_work(VISITORS, day):
            if (who, number) not in NO_VISIT:
                with self.stage.acting(who, quiet=True) as env:
                    self._check_in(env, day, FAR if (who, number) in ELSEWHERE else 0.0003)

    def _check_in(self, env, day, away):
        customers = env["res.partner"].search([("user_id", "=", env.uid), ("is_company", "=", True)], order="id")
        customer = customers[day.toordinal() % len(customers)]
        visit = env["sales.visit"].create({"partner_id": customer.id})
        visit.action_check_in(customer.partner_latitude + away, customer.partner_longitude, 12)

    def check_out(self, day):
        for who in self._at_work(VISITORS, day):
            with self.stage.acting(who, quiet=True) as env:
                visit = env["sales.visit"].search([("user_id", "=", env.uid), ("state", "=", "in_progress")])
                if visit:
                    visit.note = self._outcome(day)
                    visit.action_check_out()

    def _outcome(self, day):
        return self.stage.words(*OUTCOMES[day.day % len(OUTCOMES)])

    def file_logs(self, day, in_time):
        """Those who file before the deadline, or the others."""
        number = self.diary.number(day)
        for who in self._at_work(REPORTERS, day):
            if ((who, number) not in LATE_LOG) == in_time:
                with self.stage.acting(who, quiet=True) as env:
                    log = env["sales.daily.log"].create({
                        "employee_id": recall(env, f"employee_{who}").id, "date": day, "results": self._outcome(day),
                    })
                    log.action_submit()
