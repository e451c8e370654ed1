import { registry } from "@web/core/registry";

/** The device stands at (latitude, longitude), or refuses to say where. */
function fakeLocation(latitude, longitude) {
    navigator.geolocation.getCurrentPosition = (success, failure) =>
        latitude === undefined
            ? failure({ code: 1, message: "User denied Geolocation" })
            : success({ coords: { latitude, longitude, accuracy: 20 } });
}

function line(card, text) {
    return `.o_my_day_card[data-card="${card}"] .o_my_day_line:contains("${text}")`;
}

function checkOut(customer) {
    return [
        { trigger: `${line("visits", customer)} .o_sales_check_out`, run: "click" },
        { trigger: ".modal [name='note'] textarea", run: "edit Wants a sample" },
        { trigger: ".modal [name='next_step_id'] .o_select_menu_toggler", run: "click" },
        // "body": the phone's list of choices lies over the dialog, not in it.
        { trigger: "body .o_select_menu_item:contains('Send a sample')", run: "click" },
        { trigger: ".o_sales_visit_confirm", run: "click" },
        { trigger: `body:not(:has(.modal)) ${line("visits", customer)}:not(:has(.o_sales_check_out))` },
    ];
}

registry.category("web_tour.tours").add("sales_kpi_appeal_on_the_phone", {
    steps: () => [
        { trigger: `${line("standing", "Late")}:contains("Accept or appeal by") .o_my_day_line_main`, run: "click" },
        { trigger: ".o_form_view .o_statusbar_buttons .dropdown-toggle", run: "click" },
        { trigger: "button[name='action_appeal']", run: "click" },
        { trigger: ".modal textarea", run: "edit The bus broke down" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view .o_statusbar_status:contains('Appealed')" },
    ],
});

registry.category("web_tour.tours").add("sales_kpi_visits_on_the_phone", {
    steps: () => [
        {
            content: "why the location is read is said before it is read",
            trigger: ".o_my_day_card[data-card='visits']:contains('Your location is read only when')",
        },
        {
            trigger: line("visits", "Shop"),
            run: () => fakeLocation(24.4798, 118.0904),
        },
        { trigger: `${line("visits", "Shop")} .o_sales_check_in`, run: "click" },
        { trigger: ".o_notification:contains('101 m')" },
        {
            content: "nobody is at two customers",
            trigger: `${line("visits", "Shop")}:contains("Verified")`,
            run() {
                if (document.querySelector(".o_sales_check_in")) {
                    throw new Error("A second check-in is offered.");
                }
            },
        },
        ...checkOut("Shop"),
        {
            trigger: line("visits", "Market"),
            run: () => fakeLocation(24.4798, 118.0994),
        },
        { trigger: `${line("visits", "Market")} .o_sales_check_in`, run: "click" },
        { trigger: `${line("visits", "Market")}:contains("Outside")` },
        ...checkOut("Market"),
        {
            trigger: line("visits", "Kiosk"),
            run: () => fakeLocation(),
        },
        { trigger: `${line("visits", "Kiosk")} .o_sales_check_in`, run: "click" },
        { trigger: ".modal:contains('Location is refused')" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: `${line("visits", "Kiosk")}:contains("Cannot tell")` },
        { trigger: ".o_my_day_card[data-card='visits'] .o_my_day_figure:contains('1/20')" },
        { trigger: ".o_my_day_card[data-card='visits'] .o_my_day_more", run: "click" },
        { trigger: ".modal [name='partner_id']" },
    ],
});

registry.category("web_tour.tours").add("sales_kpi_manager_sees_the_quota", {
    steps: () => [
        { trigger: ".o_my_day_card[data-card='team_visits'] .o_my_day_figure:contains('1/20')" },
        { trigger: `${line("team_visits", "Ann")}:contains("19 missing"):contains("1/20") .o_my_day_line_main`, run: "click" },
        { trigger: ".o_group_header:contains('Ann')", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Shop'):contains('Verified')" },
        {
            trigger: ".o_list_view .o_data_row:contains('Market'):contains('Outside') .o_data_cell[name='partner_id']",
            run: "click",
        },
        { trigger: ".o_form_view:contains('1012 m from the customer')" },
    ],
});

registry.category("web_tour.tours").add("sales_kpi_manager_sees_the_quota_on_the_phone", {
    steps: () => [
        { trigger: `${line("team_visits", "Ann")}:contains("1/20") .o_my_day_line_main`, run: "click" },
        { trigger: ".o_kanban_view .o_kanban_record:contains('Shop'):contains('Verified')" },
    ],
});
