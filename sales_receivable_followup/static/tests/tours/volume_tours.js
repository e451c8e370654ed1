/* The salesperson objects to a figure on the phone; finance looks again on the desktop. */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("volume_object", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('30.000 t'):contains('5,000.00')", content: "Last month's figures", run: "click" },
        { trigger: ".o_form_view .alert-info:contains('24:00')", content: "Until when" },
        { trigger: ".o_field_widget[name=line_ids] .o_kanban_record:contains('Acme')" },
        { trigger: ".o_kanban_record button[name=action_answer]:contains('Object')", content: "Object to Acme", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit 4 t of the 28th are missing." },
        { trigger: ".modal button[name=action_apply]:contains('Object')", content: "Say so", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_kanban_record:contains('4 t of the 28th')", content: "It stands there" },
    ],
});

registry.category("web_tour.tours").add("volume_recheck", {
    steps: () => [
        { trigger: ".o_data_row:contains('Ann') td[name=display_name]", content: "The objection waits", run: "click" },
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('4 t of the 28th')" },
        { trigger: "button[name=action_answer]:contains('Check Again')", content: "Look again", run: "click" },
        { trigger: ".modal button[name=action_recompute]", content: "What the ledger says", run: "click" },
        { trigger: ".modal .o_field_widget[name=volume] input:value('30.000')" },
        { trigger: ".modal .o_field_widget[name=volume] input", content: "The right volume", run: "edit 34" },
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit Found the note." },
        { trigger: ".modal button[name=action_apply]:contains('Answer')", content: "Answer", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_data_row td[name=volume_rechecked]:contains('34.000')" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Checked again')" },
    ],
});
