/* The team's leader lets an order pass on the phone, and says why. */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("order_approval", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('Buyer'):contains('10,000.00')", content: "Over the limit by 10,000" },
        { trigger: ".o_kanban_record button[name=action_approve]", content: "Let it pass", run: "click" },
        { trigger: ".modal .o_field_widget[name=findings]:contains('over by')", content: "What stands against it" },
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit Seen the bank slip" },
        { trigger: ".modal button[name=action_apply]:contains('Approve')", content: "Say so", run: "click" },
        { trigger: "body:not(:has(.modal)):not(:has(button[name=action_approve])) .o_view_nocontent, body:not(:has(.modal)) .o_kanban_record:contains('Approved')" },
    ],
});
