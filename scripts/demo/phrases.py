# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the summary says, in English and in Chinese."""

PHRASES = {
    "title": ("{month:%B %Y} at {company}", "{company} {month.year}年{month.month}月"),
    "day": ("{day:%d %b}", "{day.month}月{day.day}日"),
    # lateness
    "late_title": ("LATE. {rule}", "迟到。{rule}"),
    "late_head": (
        "Who|Late|Warnings|Fines|{currency}|What became of it",
        "人员|迟到|警告|罚款|{currency}|结果",
    ),
    "total": ("Total", "合计"),
    "granted": ("{day} appeal granted: {note}", "{day} 申诉成立：{note}"),
    "rejected": ("{day} appeal rejected: {note}", "{day} 申诉驳回：{note}"),
    "withdrawn": ("{day} withdrawn, was on leave", "{day} 撤回（已请假）"),
    "moved_on": ("{day} undecided at the closing, moved on", "{day} 结账时未决，转入下月"),
    "open": ("{day} still open", "{day} 尚未处理"),
    "silent": ("{number} not answered in time", "{number} 次未答复"),
    "closed": (
        "  The month is closed by {who}; fines of {amount} {currency} are posted.",
        "  本月已由{who}结账，入账罚款 {amount} {currency}。",
    ),
    "not_closed": ("  The month is not closed yet.", "  本月尚未结账。"),
    # daily log, visits
    "log_title": ("DAILY LOG. {rule}", "工作日志。{rule}"),
    "log_head": ("Who|Filed|Late or missing|Points", "人员|已交|迟交或缺交|扣分"),
    "visit_title": ("VISITS. {rule}", "客户拜访。{rule}"),
    "visit_head": (
        "Who|Visits|Verified|Outside|Cannot tell|Missing|Points",
        "人员|拜访|已核实|超出范围|无法判断|缺少|扣分",
    ),
    # arrears
    "not_issued": ("ARREARS. The statement has not been issued.", "欠款。对账单尚未签发。"),
    "arrears_title": (
        "ARREARS at {day}: {closing} {currency}, of which overdue {overdue}",
        "截至 {day} 应收欠款：{closing} {currency}，其中逾期 {overdue}",
    ),
    "issued": (
        "  Statement {name}, issued on {day} for {mails} people; the mails wait in Odoo, the demo sends none.",
        "  对账单 {name}，{day} 签发给 {mails} 人；邮件留在 Odoo，演示不外发。",
    ),
    "not_mailed": (
        "  {number} copies could not be mailed: {error}",
        "  {number} 份未能发送：{error}",
    ),
    "movement_head": (
        "Last statement|Earlier months|Sales|Credit notes|Receipts|Other|Closing",
        "上期期末|以前月份变动|本月销售|贷项|收款|其他|期末",
    ),
    "salesperson_head": (
        "Salesperson|Customers|Owed|Not due|1-30 days|31-60|61-90|over 90",
        "销售员|客户数|欠款|未到期|1-30天|31-60|61-90|90天以上",
    ),
    "oldest": ("  Oldest debts", "  最旧欠款"),
    "oldest_head": ("Customer|Salesperson|31-60 days|61-90|over 90", "客户|销售员|31-60天|61-90|90天以上"),
    "proof": (
        "  Proof, account {code}: sum of closings {closing} {sign} ledger balance {balance}, difference {difference}",
        "  平衡验证，科目 {code}：期末合计 {closing} {sign} 总账余额 {balance}，差额 {difference}",
    ),
    # commission
    "commission_title": ("COMMISSION. {plan}", "提成。{plan}"),
    "commission_head": (
        "Salesperson|Receipts|Net received|Commission|Statement",
        "销售员|回款笔数|不含税回款|提成|对账",
    ),
    # where else to look
    "sights_title": (
        "ALSO TO SEE, as whom and where (all passwords are demo)", "其他内容：以谁的身份、在哪里查看（密码均为 demo）",
    ),
    "sights_head": ("Login|Menu|What", "登录名|菜单|内容"),
    "order_approved": (
        "{order} {customer}: over the limit by {excess}, approved by {who}: {why}",
        "{order} {customer}：超额度 {excess}，{who}已批准：{why}",
    ),
    "order_requested": (
        "{order} {customer}: over the limit by {excess}, waits for approval", "{order} {customer}：超额度 {excess}，待审批",
    ),
    "order_refused": ("{order} {customer}: refused, overdue for too long", "{order} {customer}：逾期过久，不予确认"),
    "grade_policy": ("Grades in force: {grades}", "现行信用等级：{grades}"),
    "grade_proposals": ("{number} grades proposed, with reasons", "{number} 条等级建议待审，附理由"),
    "extra_approved": ("Extra limit in force: {extra}", "临时额度已生效：{extra}"),
    "extra_proposed": ("Extra limit to decide: {extra}", "临时额度待审批：{extra}"),
    "key_account": (
        "Key account {customer}: {kind}, card filled in by {percent} %", "大客户{customer}：{kind}，资料完整度 {percent}%",
    ),
    "agreement_signed": ("Monthly settlement, signed: {customers}", "已签月结协议：{customers}"),
    "agreement_verbal": ("Agreed by word: {customer}, to be signed by {day}", "口头同意：{customer}，须在 {day} 前签署"),
    "liability": (
        "{who} answers for {invoice}, {customer}: no agreement, {amount} open",
        "{who}对 {invoice}（{customer}）负连带责任：无协议，未收 {amount}",
    ),
    "delivery_notes": ("Deliveries in the sales ledger: {counts}", "送货单入账：{counts}"),
    "volume_checks": ("Volume and collections checked: {counts}", "销量与回款核对：{counts}"),
    "policy": ("{policy}: accepted by {read} of {asked}", "{policy}：{asked} 人中 {read} 人已确认"),
    "deputy": ("Deputy: {deputy}", "代理人：{deputy}"),
    "merit": ("A merit proposed for {who}, to decide", "为{who}申报的奖励，待裁决"),
    "letter": ("{who} has acknowledged a warning letter", "{who}已签收警告通知单"),
}


# Commission statements by state.
STATES = {
    "open": ("open", "未发送"),
    "to_check": ("sent, to be checked", "待本人核对"),
    "disputed": ("disputed", "有异议"),
    "checked": ("checked", "已核对"),
    "closed": ("closed", "已结账"),
}


def say(words, phrase, **values):
    return words(*PHRASES[phrase]).format(**values)
