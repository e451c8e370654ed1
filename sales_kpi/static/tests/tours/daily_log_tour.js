import { registry } from "@web/core/registry";

const card = ".o_my_day_card[data-card='daily_log']";

registry.category("web_tour.tours").add("sales_kpi_daily_log_on_the_phone", {
    steps: () => [
        { trigger: `${card}:contains("Not written"):contains("Submit it by 23:59")` },
        {
            content: "yesterday's log is missing and costs more every day",
            trigger: `${card} .o_my_day_line:contains("Missing"):contains("5 points") .o_my_day_line_main`,
            run: "click",
        },
        { trigger: ".o_form_view [name='results'] textarea", run: "edit Forgotten yesterday" },
        { trigger: ".o_daily_log_submit", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_daily_log_submit)) [name='submitted_on']" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: `${card} .o_my_day_more`, run: "click" },
        { trigger: ".o_form_view [name='facts']:contains('Visit: Shop')" },
        { trigger: ".o_form_view [name='results'] textarea", run: "edit Shop wants a sample" },
        { trigger: ".o_daily_log_submit", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_daily_log_submit)) [name='submitted_on']" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: `${card}:contains("Submitted at")` },
    ],
});
