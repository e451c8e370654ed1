# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from collections import defaultdict

import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import plaintext2html

from ..engine import credit_check
from ..engine.credit_check import APPROVE, BLOCK, LEADER, LIMIT, ORDER, WARN

_logger = logging.getLogger(__name__)

BY_USER, BY_SIGNATURE, BY_PAYMENT, BY_SCHEDULE = "user", "signature", "payment", "schedule"


class SalesCreditChecked(models.AbstractModel):
    """A sale that is checked before it adds to what its customer owes: an order or an invoice (GRD-03, GRD-04).

    A person or a program gets an error with figures and approver. Who cannot be told (a customer who signs or pays, a
    scheduled action) is never refused: the sale waits for whoever may approve it.
    """

    # What raises NotImplementedError is for the order and the invoice to say.
    _name = "sales.credit.checked"
    _description = "Sale on Credit"

    #: Where it is checked when nothing else is said.
    _credit_stage = ORDER

    credit_is_waiting = fields.Boolean(
        string="Waiting for Credit Approval", compute="_compute_credit_is_waiting", compute_sudo=True,
    )
    credit_verdict = fields.Selection(
        [("ignore", "Nothing"), (WARN, "Noted"), (APPROVE, "Approval needed"), (BLOCK, "Refused")],
        compute="_compute_credit_verdict", help="What would happen if it were confirmed now.",
    )
    credit_message = fields.Text(string="Credit Check", compute="_compute_credit_verdict")

    def _compute_credit_is_waiting(self):
        for record in self:
            record.credit_is_waiting = "requested" in record.credit_request_ids.mapped("state")

    def _compute_credit_verdict(self):
        """Shown before it happens. What Odoo's own banner says about the limit is not said twice."""
        self.credit_verdict, self.credit_message = "ignore", False
        for record, (findings, facts) in self._credit_unconfirmed()._credit_findings().items():
            record.credit_verdict = credit_check.verdict(findings)
            if record.credit_verdict == APPROVE and record.sudo()._credit_approval(findings):
                record.credit_verdict = WARN
            record.credit_message = "\n".join(
                record._credit_sentence(finding, facts) for finding in findings
                if finding.kind != LIMIT or not record.partner_credit_warning
            )

    def _credit_unconfirmed(self):
        """Those on which the check is still to come."""
        raise NotImplementedError

    # ------------------------------------------------------------
    # The check
    # ------------------------------------------------------------

    def _credit_findings(self, stage=None, lock=False, totals=None):
        """``{record: (findings, facts)}``; each record counts those before it in ``self``, and every promise.

        Where the company wants nothing done about anything, nothing is looked up. A check that breaks down must not
        stop a sale: it is written to the log and to the record, which passes.

        :param totals: ``{record: a total that it does not have yet}``
        """
        stage = stage or self._credit_stage
        records = self.filtered(lambda record: not record.company_id.sudo()._order_check_policy(stage).is_idle)
        if not records:
            return {}
        try:
            with self.env.cr.savepoint():
                facts = records._credit_facts(lock=lock, stage=stage, totals=totals)
        except psycopg2.OperationalError:
            raise  # two at once: the whole transaction is repeated
        except Exception:
            _logger.exception("Credit check of %s failed; they pass unchecked", records)
            if lock:
                records._credit_log(
                    self.env._("The credit check failed and was left out; the server's log says why."))
            return {}
        result, earlier, promises = {}, defaultdict(float), defaultdict(float)
        promised = records.filtered(lambda record: record._credit_is_promised())
        for record in promised:
            promises[record._credit_debtor()] += facts[record].order
        for record in records:
            debtor, user = record._credit_debtor(), record._credit_user()
            own = facts[record].order if record in promised else 0
            known = facts[record]._replace(
                orders=facts[record].orders + promises[debtor] - own + earlier[debtor],
                authority_used=facts[record].authority_used + earlier[record.company_id, user],
            )
            company = record.company_id.sudo()
            findings = credit_check.check(known, company._order_check_policy(stage), company._arrears_today())
            if findings and record._credit_is_only_noted():
                findings = credit_check.noted(findings)
            result[record] = findings, known
            earlier[debtor] += known.order - own
            earlier[record.company_id, user] += known.order
        return result

    def _credit_is_promised(self):
        """Whether it would be owed even if it were not done now: the others judged beside it count it, before or after."""
        return False

    def _credit_is_only_noted(self):
        """Whether it is too late, or of no use, to hold it."""
        return False

    def _credit_check(self, source=BY_USER, stage=None, told=None, only_note=False):
        """Return the records that may be confirmed now; the others wait, or there is an error.

        :param source: how they are confirmed; only a user gets an error, others wait
        :param told: ``{record: where notes about it are written}``
        :param only_note: what is done cannot be undone, say a payment: write what stands against it, hold nothing
        """
        stage = stage or self._credit_stage
        waiting = self.browse()
        for record, (found, facts) in self._credit_findings(stage, lock=True).items():
            findings = credit_check.noted(found) if only_note else found
            verdict = credit_check.verdict(findings)
            approval = record.sudo()._credit_approval(findings) if verdict == APPROVE else None
            log = (told or {}).get(record, record)._credit_log
            if approval:
                log(self.env._(
                    "Confirmed with the approval of %(user)s: %(reason)s",
                    user=approval.decided_by_id.name, reason=approval.decision_reason,
                ))
            elif verdict in (APPROVE, BLOCK):
                if source == BY_USER:
                    raise UserError(record._credit_refusal(findings, facts, verdict, stage))
                record._credit_wait(findings, facts, source)
                waiting |= record
            elif findings:
                log("\n".join(record._credit_sentence(finding, facts) for finding in findings))
        return self - waiting

    def _credit_approval(self, findings, total=None):
        """The approval that covers these findings of the record as it is now, if any."""
        self.ensure_one()
        for request in self.credit_request_ids.filtered(lambda request: request.state == "approved"):
            if request.currency_id == self.currency_id and request.partner_id == self._credit_debtor() and (
                credit_check.covered(
                    request._get_kinds(), request.order_amount, findings, self.amount_total if total is None else total,
                    self.currency_id.decimal_places,
                )
            ) and self._credit_was_his_to_approve(request, findings):
                return request
        return self.env["sales.order.credit.request"]

    def _credit_was_his_to_approve(self, request, findings):
        """A team leader lets pass what is up to him when it is done, not only when he was asked: others may have come."""
        company = self.company_id.sudo()
        return (
            request.role != LEADER or not self._credit_unconfirmed()
            or credit_check.approver_role(findings, company.order_check_leader_amount) == LEADER
            or request.decided_by_id in company._order_check_directors()
        )

    def _credit_refusal(self, findings, facts, verdict, stage):
        """The error: what stands against it, and what to do about it."""
        self.ensure_one()
        told = "\n".join(f"- {self._credit_sentence(finding, facts)}" for finding in findings)
        if verdict == BLOCK:
            advice = self._credit_last_word()
        elif self.sudo().credit_is_waiting:
            request = self.sudo().credit_request_ids.filtered(lambda request: request.state == "requested")[:1]
            advice = self.env._("%(user)s has been asked to approve it.", user=request._get_approver_names())
        else:
            approvers = self.env["sales.order.credit.request"]._find_approvers(self, findings, self.env.user)
            advice = self._credit_how_to_ask(stage, approvers[:1].name or self.env._(
                "nobody, until approvers are named in the settings of Receivables,"))
        return f"{self._credit_headline(stage)}\n{told}\n\n{advice}"

    def _credit_headline(self, stage):
        """What does not happen."""
        raise NotImplementedError

    def _credit_last_word(self):
        """What to do where nobody may approve it."""
        raise NotImplementedError

    def _credit_how_to_ask(self, stage, approver):
        """How to have it approved, and by whom."""
        raise NotImplementedError

    def _credit_wait(self, findings, facts, source):
        """Hold it without an error, and put it before the approver."""
        raise NotImplementedError

    def _credit_log(self, body):
        for record in self:
            # sudo: whoever confirms, the note is the check's
            record.sudo().message_post(body=plaintext2html(body), subtype_xmlid="mail.mt_note")

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def _credit_ask(self, reason, stage=None, total=None):
        """Ask for approval, with the right that the caller has checked. Without a reason a form asks for it.

        :param total: a total that it does not have yet
        """
        self.ensure_one()
        totals = None if total is None else {self: total}
        findings, facts = self._credit_findings(stage, totals=totals).get(self, ([], None))
        verdict = credit_check.verdict(findings)
        if verdict == BLOCK:
            raise UserError(self._credit_refusal(findings, facts, BLOCK, stage or self._credit_stage))
        if verdict != APPROVE or self.sudo()._credit_approval(findings, total):
            raise UserError(self.env._("%(order)s needs no approval: confirm it.", order=self.display_name))
        Request = self.env["sales.order.credit.request"]
        if not (reason or "").strip():
            return self.env["sales.order.credit.reason"]._open(self, "request")
        if not Request._find_approvers(self, findings, self.env.user):
            raise UserError(self.env._(
                "There is nobody who may approve %(order)s besides you. Have approvers of orders named in the settings "
                "of Receivables.", order=self.display_name,
            ))
        # sudo: requests are made by this method alone, never by hand
        Request.sudo()._submit(self, findings, facts, BY_USER, reason.strip(), stage=stage, total=total)
        return True
