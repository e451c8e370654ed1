/* A salesperson writes down on the phone until when his customer will pay. */
import { registry } from "@web/core/registry";

const field = (name) => `.o_form_view .o_field_widget[name=${name}]`;

registry.category("web_tour.tours").add("payment_promise_taken", {
    steps: () => [
        { trigger: ".o_nocontent_help:contains('No customer has promised to pay')" },
        { trigger: ".o-kanban-button-new, .o_list_button_add", content: "A promise", run: "click" },
        { trigger: `${field("partner_id")} input`, content: "Of whom?", run: "click" },
        { trigger: ".modal .o_kanban_record:contains('Boya School')", content: "Of an own customer", run: "click" },
        { trigger: `body:not(:has(.modal)) ${field("item_ids")} .o_kanban_record:contains('600.00') .o_boolean_toggle`, run: "click" },
        { trigger: `${field("amount")} input:value('600.00')`, content: "The amount follows" },
        { trigger: `${field("reason")} input`, run: "edit Waits for a payment of his own" },
        { trigger: `${field("promised_on")} input, ${field("promised_on")} button`, run: "click" },
        { trigger: `${field("promised_on")} input`, run: "edit 12/31/2099" },
        { trigger: ".o_form_button_save", content: "Save", run: "click" },
        { trigger: ".o_form_view .alert-info:contains('600.00 by 12/31/2099')", content: "It stands" },
        { trigger: "button[name=action_withdraw]", content: "He may withdraw it today" },
    ],
});
