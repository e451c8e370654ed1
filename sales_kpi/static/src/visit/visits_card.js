import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { MyDayCard } from "../my_day/my_day_card";
import { CheckInButton } from "./check_in_button";

/** Today's visits: the generic card with big buttons to check in, check out and plan. */
export class VisitsCard extends Component {
    static template = "sales_kpi.VisitsCard";
    static components = { CheckInButton, MyDayCard };
    static props = MyDayCard.props;
}

registry.category("sales_kpi.my_day_cards").add("visits", VisitsCard);
