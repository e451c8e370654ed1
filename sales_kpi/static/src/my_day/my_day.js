import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { MyDayCard } from "./my_day_card";

const cardRegistry = registry.category("sales_kpi.my_day_cards");

/** The salesperson's start page: a column of cards, prepared by the server in one request. */
export class MyDay extends Component {
    static template = "sales_kpi.MyDay";
    static components = {};
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ cards: [] });
        this.reload = this.reload.bind(this);
        this.openAction = this.openAction.bind(this);
        this.openButton = this.openButton.bind(this);
        onWillStart(this.reload);
    }

    get greeting() {
        return user.name;
    }

    get today() {
        return luxon.DateTime.local().toLocaleString({ weekday: "long", day: "numeric", month: "long" });
    }

    cardComponent(card) {
        return card.error ? MyDayCard : cardRegistry.get(card.type, MyDayCard);
    }

    async reload() {
        Object.assign(this.state, await this.orm.call("sales.my.day", "get_my_day"));
    }

    openAction(action) {
        return this.action.doAction(action, { onClose: this.reload });
    }

    async openButton(model, method, id) {
        return this.openAction(await this.orm.call(model, method, [id]));
    }
}

registry.category("actions").add("sales_kpi.my_day", MyDay);
