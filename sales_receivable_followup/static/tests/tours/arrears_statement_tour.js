/* Finance makes last month's statement, looks at the proof, issues it and asks for the PDF. */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("arrears_statement_issue", {
    steps: () => [
        { trigger: ".o_list_button_add", content: "New statement: last month is proposed", run: "click" },
        { trigger: ".o_form_view button.o_form_button_save", content: "Save", run: "click" },
        { trigger: "button[name=action_compute]:contains('Compute')", content: "Compute it from the ledger", run: "click" },
        {
            trigger: ".o_field_widget[name=account_line_ids] .o_data_row td[name=difference]:contains('0.00')",
            content: "The sum of closings equals the ledger balance",
        },
        { trigger: ".o_field_widget[name=closing]:contains('750.00')" },
        { trigger: "button[name=action_issue]", content: "Issue", run: "click" },
        { trigger: ".modal-footer .btn-primary", content: "It is for good", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Issued')" },
        { trigger: "h1 .o_field_widget[name=name]:contains('ARS/')", content: "It has its number" },
        { trigger: ".oe_stat_button:contains('Lines')", content: "See the lines", run: "click" },
        { trigger: ".o_group_header:contains('Ann')", content: "They are grouped by salesperson", run: "click" },
        { trigger: ".o_data_row td[name=customer_name]:contains('Acme')" },
    ],
});
