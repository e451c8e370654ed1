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
        { content: "not yet to be tried", trigger: ".modal [name=trial]:contains('Once the rule is saved')" },
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

const tomorrow = (days) => luxon.DateTime.now().plus({ days }).toFormat("MM/dd/yyyy");

const tryTerms = (time, who, where = ".modal") => [
    { trigger: `${where} .o_form_sheet [name=trial] button[name=action_try_last_month]`, run: "click" },
    { content: "which terms", trigger: `[name=trial_note]:contains('Late after ${time}')` },
    ...who,
    { content: "nothing to apply", trigger: "body:not(:has(button[name=action_apply]))" },
    { trigger: ".o_breadcrumb .o_back_button a, .breadcrumb-item a:contains('Late')", run: "click" },
];

registry.category("web_tour.tours").add("discipline_trial_tour", {
    steps: () => [
        { content: "new terms of an active rule", trigger: "[name=version_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".modal [name=on_post_by] input", run: "edit 08:35" },
        { trigger: ".modal [name=step_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".modal .o_selected_row [name=kind] input", run: "click" },
        { trigger: ".o_select_menu_item:contains('Fine')", run: "click" },
        { trigger: ".modal .o_selected_row [name=amount] input", run: "edit 50" },
        { trigger: ".modal-title", run: "click" },
        { content: "they would judge tonight", trigger: ".modal [name=trial]:contains('judge as soon as they are saved')" },
        { trigger: ".modal [name=trial]:not(:has(button))" },
        { trigger: ".modal [name=valid_from] button, .modal [name=valid_from] input", run: "click" },
        { trigger: ".modal [name=valid_from] input", run: `edit ${tomorrow(5)}` },
        { trigger: ".modal-title", run: "click" },
        ...tryTerms("08:35", [{ trigger: "[name=line_ids] .o_data_row:contains('Ann'):contains('50')" }]),

        { content: "the saved line", trigger: "[name=version_ids] .o_data_cell:contains('Late after 08:35')", run: "click" },
        { trigger: ".modal [name=on_post_by] input", run: "edit 08:45" },
        ...tryTerms("08:45", [{ trigger: "p:contains('Nobody would have been found')" }]),
        { trigger: "[name=version_ids] .o_data_cell:contains('Late after 08:45')" },

        { content: "its own form", trigger: "[name=version_ids] .o_data_cell:contains('Late after 08:45')", run: "click" },
        { trigger: ".modal .o_expand_button", run: "click" },
        { trigger: "body:not(:has(.modal)) [name=on_post_by] input", run: "edit 08:36" },
        ...tryTerms("08:36", [{ trigger: "[name=line_ids] .o_data_row:contains('Ann'):contains('4 min late')" }], ""),
        { trigger: "[name=on_post_by] input:value(08:36)" },
        { trigger: ".breadcrumb-item a:not(:contains('from')):contains('Late')", run: "click" },
        { trigger: "[name=version_ids] .o_data_cell:contains('Late after 08:36')" },

        { content: "a new version of it", trigger: "button[name=action_new_version]", run: "click" },
        { trigger: ".modal [name=on_post_by] input", run: "edit 08:38" },
        ...tryTerms("08:38", [{ trigger: "[name=line_ids] .o_data_row:contains('Ann'):contains('50')" }]),
        { trigger: "[name=version_ids] .o_data_cell:contains('Late after 08:38')" },
    ],
});
