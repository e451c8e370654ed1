import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";

/**
 * The generic card: figures, lines and a foot. Its data is described in the model sales.my.day.
 * A card of its own look is registered under its type in "sales_kpi.my_day_cards" and gets the same props;
 * it may use this one and fill its slots: "line" (below each line, scope: line) and "body" (below all lines).
 */
export class MyDayCard extends Component {
    static template = "sales_kpi.MyDayCard";
    static props = {
        card: Object,
        openAction: Function, // (action): opens it; the day is reloaded when a dialog closes
        openButton: Function, // (model, method, id): calls the method and opens the action it returns
        reload: Function,
        slots: { type: Object, optional: true },
    };

    toneClass(tone) {
        return tone ? `text-${tone}` : "";
    }
}

registry.category("sales_kpi.my_day_cards").add("default", MyDayCard);
