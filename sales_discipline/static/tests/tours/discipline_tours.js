import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("discipline_rule_tour", {
    steps: () => [
        { content: "a new rule", trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=name] input", run: "edit On post in time" },
        { trigger: ".o_field_widget[name=code] input", run: "edit POST" },
        { trigger: ".o_field_widget[name=kind] input", run: "click" },
        { trigger: ".o_select_menu_item:contains('Late arrival')", run: "click" },
        { trigger: ".o_field_widget[name=kind] input:value(Late arrival)" },
        { content: "its terms", trigger: "[name=version_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".modal [name=on_post_by] input", run: "edit 08:25" },
        { content: "first step", trigger: ".modal [name=step_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".modal .o_selected_row [name=kind] input", run: "click" },
        { content: "a kind is chosen, never given", trigger: ".o_select_menu_item:contains('Warning')", run: "click" },
        { trigger: ".modal .o_selected_row [name=last] input", run: "edit 1" },
        { content: "second step", trigger: ".modal [name=step_ids] .o_field_x2many_list_row_add a", run: "click" },
        {
            content: "it begins where the ladder ends",
            trigger: ".modal .o_data_row:nth-child(2).o_selected_row [name=first] input:value(2)",
        },
        { trigger: ".modal .o_selected_row [name=kind] input", run: "click" },
        { trigger: ".o_select_menu_item:contains('Fine')", run: "click" },
        { trigger: ".modal .o_selected_row [name=amount] input", run: "edit 20" },
        { trigger: ".modal-title", run: "click" },
        { content: "the terms in one sentence", trigger: ".modal [name=summary]:contains('warning, then 20 each time')" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "[name=version_ids] .o_data_cell:contains('Late after 08:25: warning, then 20 each time, per month')" },
        { content: "what would it have meant?", trigger: ".o_statusbar_buttons button:contains('Simulate')", run: "click" },
        { trigger: "button[name=action_simulate]", run: "click" },
        { content: "who", trigger: "[name=line_ids] .o_data_row:contains('Ann'):contains('Propose')" },
        { trigger: ".o_breadcrumb .o_back_button a, .breadcrumb-item a:contains('On post in time')", run: "click" },
        { trigger: "button[name=action_activate]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_arrow_button_current:contains('Active')" },
    ],
});

registry.category("web_tour.tours").add("discipline_decision_tour", {
    steps: () => [
        { content: "the appeal", trigger: ".o_data_row:contains('Ann') .o_data_cell[name=evidence_note]", run: "click" },
        { content: "what the person says", trigger: "[name=answer_note]:contains('The bus broke down')" },
        { trigger: "button[name=action_waive]", run: "click" },
        { trigger: ".modal [name=note] textarea", run: "edit Seen the driver's note" },
        { trigger: ".modal-footer button[name=action_apply]:contains('Waive')", run: "click" },
        { trigger: ".o_arrow_button_current:contains('Waived')" },
        { content: "decided, so no longer offered", trigger: "body:not(:has(button[name=action_waive]))" },
    ],
});
