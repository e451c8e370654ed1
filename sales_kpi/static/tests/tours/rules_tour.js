import { registry } from "@web/core/registry";

const newRule = (name, code, kind) => [
    { content: `a new rule: ${name}`, trigger: ".o_list_button_add", run: "click" },
    { trigger: ".o_field_widget[name=name] input", run: `edit ${name}` },
    { trigger: ".o_field_widget[name=code] input", run: `edit ${code}` },
    { trigger: ".o_field_widget[name=kind] input", run: "click" },
    { trigger: `.o_select_menu_item:contains('${kind}')`, run: "click" },
    { trigger: `.o_field_widget[name=kind] input:value(${kind})` },
    { content: "its terms", trigger: "[name=version_ids] .o_field_x2many_list_row_add a", run: "click" },
    { trigger: ".modal [name=step_ids]" },
];

const chooseRecords = (model, label, owner, date) => [
    { trigger: ".modal [name=record_model] input", run: "click" },
    { content: "which records", trigger: `.o_select_menu_item:contains(/^${model}$/)`, run: "click" },
    { content: "whose, proposed", trigger: `.modal [name=owner_field]:contains('${owner}')` },
    { content: "by which date, proposed", trigger: `.modal [name=date_field]:contains('${date}')` },
    { trigger: ".modal [name=record_label] input", run: `edit ${label}` },
];

const step = (row, first, last, kind) => [
    { content: `step ${row}`, trigger: ".modal [name=step_ids] .o_field_x2many_list_row_add a", run: "click" },
    {
        content: "it begins where the ladder ends",
        trigger: `.modal .o_data_row:nth-child(${row}).o_selected_row [name=first] input:value(${first})`,
    },
    { trigger: ".modal .o_selected_row [name=kind] input", run: "click" },
    { trigger: `.o_select_menu_item:contains('${kind}')`, run: "click" },
    { trigger: ".modal .o_selected_row [name=last] input", run: `edit ${last}` },
];

const saveTerms = (sentence) => [
    { trigger: ".modal-title", run: "click" },
    { content: "the terms in one sentence", trigger: `.modal [name=summary]:contains('${sentence}')` },
    { trigger: ".modal .o_form_button_save", run: "click" },
    { trigger: `[name=version_ids] .o_data_cell:contains('${sentence}')` },
];

const tryOnLastMonth = () => [
    { content: "what would it have meant?", trigger: "button[name=action_try_last_month]", run: "click" },
    { trigger: ".alert:contains('as if its first terms had always been in force')" },
];

const backTo = (name) => [
    { trigger: `.o_breadcrumb .breadcrumb-item a:contains('${name}'), .o_back_button a:contains('${name}')`, run: "click" },
];

const activate = () => [
    { trigger: "button[name=action_activate]", run: "click" },
    { trigger: ".modal-footer .btn-primary", run: "click" },
    { trigger: ".o_arrow_button_current:contains('Active')" },
];

registry.category("web_tour.tours").add("sales_kpi_rules_without_code", {
    steps: () => [
        { content: "no rule yet", trigger: ".o_view_nocontent:contains('Write the first rule')" },

        // late at post: warning, then 20 each time
        ...newRule("On post in time", "POST", "Late arrival"),
        { trigger: ".modal [name=on_post_by] input", run: "edit 08:25" },
        ...step(1, 1, 1, "Warning"),
        ...step(2, 2, 0, "Fine"),
        { trigger: ".modal .o_selected_row [name=amount] input", run: "edit 20" },
        ...saveTerms("Late after 08:25: warning, then 20 each time, per month"),
        ...tryOnLastMonth(),
        { content: "who", trigger: "[name=line_ids] .o_data_row:contains('Ann'):contains('15 min late')" },
        { content: "how much", trigger: "[name=line_ids] tfoot:contains('40.00')" },
        ...backTo("On post in time"),
        ...activate(),
        ...backTo("Rules"),

        // a report each Monday by 10:00
        ...newRule("Weekly report", "REPORT", "Record due by a time"),
        ...chooseRecords("Daily Log", "Weekly report", "Employee", "Date"),
        { trigger: ".modal [name=log_deadline] input", run: "edit 10:00" },
        ...step(1, 1, 0, "Warning"),
        { trigger: ".modal .o_selected_row [name=points] input", run: "edit 5" },
        ...saveTerms("Weekly report not filed by Monday 10:00: warning + 5 points, per month"),
        ...tryOnLastMonth(),
        { content: "who and what", trigger: "[name=line_ids] .o_data_row:contains('Ann'):contains('is missing')" },
        ...backTo("Weekly report"),
        ...activate(),
        ...backTo("Rules"),

        // no more than 5 leads untouched for 3 working days
        ...newRule("No lead is forgotten", "LEADS", "Record left lying"),
        ...chooseRecords("Lead", "leads untouched", "Salesperson", "Last Updated on"),
        { trigger: ".modal [name=stale_allowed] input", run: "edit 5" },
        ...step(1, 1, 0, "Warning"),
        { trigger: ".modal .o_selected_row [name=points] input", run: "edit 2" },
        ...saveTerms("More than 5 leads untouched for 3 working days: warning + 2 points, per month"),
        ...tryOnLastMonth(),
        {
            content: "who, how many, which",
            trigger: "[name=line_ids] .o_data_row:contains('Ann'):contains('6 leads untouched'):contains('Lead 1')",
        },
        ...backTo("No lead is forgotten"),
        ...activate(),
        ...backTo("Rules"),

        // a run of the first one, and back
        { trigger: ".o_data_row .o_data_cell:contains('On post in time')", run: "click" },
        { trigger: ".o_statusbar_buttons button:contains('Simulate')", run: "click" },
        { trigger: "button[name=action_simulate]", run: "click" },
        { trigger: "[name=line_ids] .o_data_row:contains('Ann')" },
        { trigger: "button[name=action_apply]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { content: "written", trigger: ".o_arrow_button_current:contains('Done')" },
        { trigger: "button[name=action_undo]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { content: "taken back", trigger: ".o_arrow_button_current:contains('Undone')" },
    ],
});
