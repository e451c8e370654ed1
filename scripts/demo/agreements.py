# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How customers settle (STL), and who answers where nothing is agreed.

    Tiancheng, Hongyuan, Baichuan   monthly; asked on day 2, approved on 3, original and copy filed and signed on 4
    Xingyun Sports                  no agreement; from day 19 on salespeople answer for such invoices: Hu Bin for 51,980
    Lanhai Trading                  in the month after: Zhao Qiang agrees verbally, the paper is due by the month's end
"""

import base64

from . import credit
from .ledger import WORKDAYS, customer
from .stage import FIRST

LEADER_OF = {"guo.feng": "zhao.qiang", "li.na": "wang.fang", "chen.jing": "wang.fang"}
MONTHLY = {
    "Tiancheng Group": ("guo.feng", ("Among the 50 largest workshop chains of China.", "全国维修连锁 50 强企业。")),
    "Hongyuan Machinery": ("li.na", ("Supplier of the city's metro.", "市地铁公司供应商。")),
    "Baichuan Supplies": ("chen.jing", ("Listed on the stock exchange.", "上市公司。")),
}
LAST_DAY = WORKDAYS + 1  # after the ordinary customers' last invoice: they have agreements older than Odoo


def set_policy(company, stage):
    company.settlement_liable_from = stage.month.workdays()[LAST_DAY - 1]


def paper(title):
    """A page with a title, as it comes out of the scanner."""
    content = b"BT /F1 18 Tf 60 760 Td (%s) Tj ET" % title.encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    body = b"%PDF-1.4\n"
    offsets = []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + trailer % (len(objects) + 1, table, len(objects) + 1, len(body))


def _agreement(env, key):
    return env["sales.settlement.agreement"].search([("partner_id", "=", customer(env, key).id)])


def _ask(stage, who, key, evidence):
    with stage.acting(who) as env:
        agreement = env["sales.settlement.agreement"].create({
            "partner_id": customer(env, key).id, "kind": "monthly", "is_famous": True,
            "famous_evidence": stage.words(*evidence),
        })
        agreement.action_request()


def _ask_all(stage):
    for key, (who, evidence) in MONTHLY.items():
        _ask(stage, who, key, evidence)


def _approve_all(stage):
    for key, (who, _evidence) in MONTHLY.items():
        with stage.acting(LEADER_OF[who]) as env:
            _agreement(env, key).action_approve(stage.words("The conditions are met.", "符合月结条件。"))


def _sign_all(stage):
    """The salesperson files his copy, finance the stamped original."""
    for key, (who, _evidence) in MONTHLY.items():
        scan = base64.b64encode(paper(f"Settlement agreement - {key}"))
        with stage.acting(who) as env:
            _agreement(env, key).write({"rep_copy": scan, "rep_copy_name": "copy.pdf"})
        with stage.acting("wu.jing") as env:
            agreement = _agreement(env, key)
            agreement.write({"original": scan, "original_name": "original.pdf", "has_stamp": True})
            agreement.action_sign()


def _without_agreement(stage):
    """The order form says before it is confirmed that Hu Bin will be liable; the invoice makes him so."""
    credit.confirm(stage, "hu.bin", credit.quote(stage, "hu.bin", "Xingyun Sports", 2))


def _by_word(stage):
    _ask(stage, "lin.xiao", "Lanhai Trading", ("Trades with 30 countries.", "与三十个国家有贸易往来。"))
    with stage.acting("zhao.qiang") as env:
        _agreement(env, "Lanhai Trading").action_verbal()
    credit.confirm(stage, "lin.xiao", credit.quote(stage, "lin.xiao", "Lanhai Trading", 2))


SCENES = {2: [_ask_all], 3: [_approve_all], 4: [_sign_all], LAST_DAY: [_without_agreement], FIRST: [_by_word]}
