# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the demo company sells, and to whom."""

from .people import FLEET, SALESPEOPLE, SHOWROOM

# key: (English, Chinese, price in CNY); services, which nobody delivers
PRODUCTS = {
    "sedan": ("Sedan A6", "A6 轿车", 128000),
    "van": ("Van V8", "V8 商务车", 186000),
    "truck": ("Light Truck T3", "T3 轻卡", 98000),
    "service": ("Service Package", "保养套餐", 2400),
    "tyres": ("Set of Tyres", "轮胎套装", 3600),
    "parts": ("Box of Parts", "配件箱", 860),
    "paint": ("Paint and Body Work", "钣金喷漆", 5200),
    "film": ("Window Film", "车膜", 1800),
}

# What is carried to the customer with a delivery note.
GOODS = {"lift": ("Vehicle Lift", "举升机", 23000)}

# (English, Chinese, payment term); customers of the showroom, then of the fleet team. The salespeople take turns.
CUSTOMERS = {
    SHOWROOM: [
        ("Shunda Taxi", "顺达出租汽车", 30), ("Kaida Logistics", "凯达物流", 30),
        ("Yongxin Decoration", "永鑫装饰", 30), ("Hongtai Foods", "宏泰食品", 30),
        ("Jiahe Travel", "嘉禾旅行社", 30), ("Tianyi Catering", "天一餐饮", 0),
        ("Ruixiang Garments", "瑞祥服饰", 30), ("Boya School", "博雅学校", 60),
        ("Huimin Clinic", "惠民诊所", 30), ("Lvyuan Landscaping", "绿源园林", 30),
        ("Mingda Printing", "明达印刷", 30), ("Xinmao Flowers", "新茂花卉", 0),
        ("Fengyuan Farm", "丰源农场", 60), ("Ganquan Water", "甘泉饮用水", 30),
        ("Anju Property", "安居物业", 30), ("Dongfang Hotel", "东方大酒店", 30),
        ("Qiming Driving School", "启明驾校", 30), ("Wanli Courier", "万里快递", 30),
        ("Zhengda Law Office", "正大律师事务所", 30), ("Jinxiu Wedding", "锦绣婚庆", 0),
    ],
    FLEET: [
        ("Beifang Car Rental", "北方租车", 60), ("Jiangnan Bus", "江南客运", 60),
        ("Haitong Cold Chain", "海通冷链", 60), ("Zhongxing Construction", "中兴建设", 60),
        ("Yuanda Pharmacy", "远达医药", 30), ("Pacific Trading", "太平洋商贸", 30),
        ("Silk Road Freight", "丝路货运", 60), ("Tianshan Tours", "天山旅游", 30),
        ("Huaxia Cement", "华夏水泥", 60), ("Xinda Steel", "信达钢铁", 60),
        ("Guangming Dairy Cart", "光明乳业配送", 30), ("Lantian Cleaning", "蓝天保洁", 30),
        ("Hengfeng Textiles", "恒丰纺织", 60), ("Sanjiang Aquatic", "三江水产", 30),
        ("Changhong Express", "长虹速运", 30), ("Feiyu Car Sharing", "飞羽共享汽车", 30),
        ("Golden Gate Imports", "金门进出口", 30), ("Bright Harbor Trading", "明港贸易", 30),
        ("Yinhe Security", "银河安保", 30), ("Hexie Nursing Home", "和谐养老院", 60),
    ],
}
# Those whose credit is looked at, each with a salesperson of its own (credit.py, agreements.py, deliveries.py).
ON_CREDIT = {
    "Tiancheng Group": ("天成集团", "guo.feng"),
    "Hongyuan Machinery": ("宏远机械", "li.na"),
    "Baichuan Supplies": ("百川物资", "chen.jing"),
    "Jinpeng Tools": ("金鹏工具", "liu.yang"),
    "Xingyun Sports": ("星云体育", "hu.bin"),
    "Lanhai Trading": ("蓝海商贸", "lin.xiao"),
}
# Those who buy in US dollars.
DOLLAR = ("Pacific Trading", "Golden Gate Imports", "Bright Harbor Trading")


def create_products(env, company, words):
    """``{key: product}``"""
    everything = PRODUCTS | GOODS
    products = env["product.product"].create([
        {
            "name": words(english, chinese),
            "type": "consu" if key in GOODS else "service",
            "list_price": price,
            "company_id": company.id,
            "taxes_id": [(6, 0, company.account_sale_tax_id.ids)],
            "invoice_policy": "order",
        }
        for key, (english, chinese, price) in everything.items()
    ])
    return dict(zip(everything, products, strict=True))


def create_customers(env, company, users, words):
    """``{English name: customer}``; created in the order of the list."""
    terms = {days: _payment_term(env, company, days, words) for days in (0, 30, 60)}
    rows = [
        (english, chinese, days, members[number % len(members)])
        for team, customers in CUSTOMERS.items()
        for members in [[person for person in SALESPEOPLE if person.team == team]]
        for number, (english, chinese, days) in enumerate(customers)
    ]
    people = {person.key: person for person in SALESPEOPLE}
    rows += [(english, chinese, 30, people[who]) for english, (chinese, who) in ON_CREDIT.items()]
    partners = env["res.partner"].with_company(company).create([
        {
            "name": words(f"{chinese} {english}", chinese),
            "is_company": True,
            "company_id": company.id,
            "lang": words.language,
            "user_id": users[person.key].id,
            "property_payment_term_id": terms[days].id,
            "phone": f"+86 571 6600 {3001 + number}",
            "email": f"office{number + 1}@customer.example",
            # around Hangzhou
            "partner_latitude": 30.2 + number % 8 * 0.02,
            "partner_longitude": 120.1 + number // 8 * 0.03,
            "country_id": env.ref("base.cn").id,
            "customer_rank": 1,
        }
        for number, (english, chinese, days, person) in enumerate(rows)
    ])
    return {row[0]: partner for row, partner in zip(rows, partners, strict=True)}


def _payment_term(env, company, days, words):
    return env["account.payment.term"].create({
        "name": words(f"{days} days", f"{days} 天") if days else words("Cash", "现结"),
        "company_id": company.id,
        "line_ids": [(0, 0, {"value": "percent", "value_amount": 100, "nb_days": days})],
    })
