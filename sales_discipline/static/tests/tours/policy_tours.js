import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("policy_accept_phone_tour", {
    steps: () => [
        {
            content: "what is to be read, and by when",
            trigger: ".o_kanban_record:contains('Attendance'):contains('Read and accept by')",
            run: "click",
        },
        { content: "the words", trigger: "[name=body]:contains('On post by 08:25')" },
        { content: "not for her", trigger: "body:not(:has(button[name=action_issue]))" },
        { trigger: ".o_policy_accept", run: "click" },
        { content: "accepted", trigger: ".o_form_view:not(:has(.o_policy_accept)) [name=my_accepted_on]" },
    ],
});

registry.category("web_tour.tours").add("policy_issue_tour", {
    steps: () => [
        { content: "a new policy", trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=name] input", run: "edit Attendance" },
        { trigger: "button[name=action_new_version]", run: "click" },
        { content: "its first version", trigger: "[name=body] .odoo-editor-editable", run: "editor On post by 08:25" },
        { content: "where the work stands", trigger: ".o_arrow_button:contains('Test and assess')", run: "click" },
        { trigger: "button[name=action_issue]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_arrow_button_current:contains('In force')" },
        { content: "who has accepted", trigger: ".o-form-buttonbox:contains('Accepted')" },
    ],
});
