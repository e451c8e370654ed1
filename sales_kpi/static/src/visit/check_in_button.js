import { Component, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { readLocation } from "./read_location";

const NOTIFICATION_TYPES = { verified: "success", outside: "danger", cannot_tell: "warning" };

/** Checks in at a planned visit: reads the location, lets the server judge it, shows the verdict. */
export class CheckInButton extends Component {
    static template = "sales_kpi.CheckInButton";
    static props = { visitId: Number, onCheckedIn: Function, className: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({ busy: false });
    }

    get refusals() {
        return {
            denied: _t(
                "Location is refused for this site. Allow it in the browser's settings (the lock beside the address) and try again."
            ),
            timeout: _t("No location was found in time. Try again outdoors or near a window."),
            no_fix: _t("The device could not find its location. Check that location is switched on."),
            unsupported: _t("This browser offers no location, or the connection is not secure (https)."),
        };
    }

    async onClick() {
        this.state.busy = true;
        try {
            const location = await readLocation();
            if (location.error) {
                this.askWithoutLocation(location);
            } else {
                await this.checkIn(location);
            }
        } finally {
            this.state.busy = false;
        }
    }

    askWithoutLocation(location) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Check in without a location?"),
            body: `${this.refusals[location.error]}\n\n${_t(
                "Without a location nobody can tell whether you were there, and the visit does not count for the weekly quota."
            )}`,
            confirmLabel: _t("Check in anyway"),
            confirm: () => this.checkIn(location),
            cancelLabel: _t("Not now"),
            cancel: () => {},
        });
    }

    async checkIn(location) {
        const { result, reason } = await this.orm.call("sales.visit", "action_check_in", [this.props.visitId], location);
        this.notification.add(reason, {
            title: _t("Checked in"),
            type: NOTIFICATION_TYPES[result],
        });
        await this.props.onCheckedIn();
    }
}

/** The same button in the header of a visit's form. */
export class CheckInWidget extends Component {
    static template = "sales_kpi.CheckInWidget";
    static components = { CheckInButton };
    static props = { ...standardWidgetProps };

    onCheckedIn() {
        return this.props.record.load();
    }
}

registry.category("view_widgets").add("sales_visit_check_in", { component: CheckInWidget });
