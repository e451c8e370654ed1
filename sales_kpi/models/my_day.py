# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, models
from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)


class SalesMyDay(models.AbstractModel):
    """The salesperson's phone start page: a column of cards, each of them the answer of one method.

    An add-on adds a card by extending this model: it names the card in ``_get_card_sequence`` and prepares it in
    ``_card_<name>``, as plain data:

    - ``title``, ``icon`` (CSS class of an icon), ``text`` (a sentence), ``empty`` (said when there are no lines);
    - ``figures``: list of ``{label, value, tone}``, the numbers at the top;
    - ``lines``: list of ``{title, subtitle, value, tone, action}``; tapping a line runs its action;
    - ``action``: action behind ``action_label`` at the foot of the card;
    - ``type``: key of the component in the registry "sales_kpi.my_day_cards", by default the generic card.

    Values are texts in the user's language; tones are those of Bootstrap: danger, warning, success, info, muted.
    """

    _name = "sales.my.day"
    _description = "My Day"

    @api.model
    def get_my_day(self):
        """All cards of the current user, top to bottom.

        :return: ``{"cards": [{"key": str, "type": str, ...}]}``; a card that fails carries ``error`` and nothing else
        :raise AccessError: no salesperson
        """
        if not self.env.user.has_group("sales_kpi.group_kpi_user"):
            raise AccessError(self.env._("My Day is for salespeople. Ask the administrator for the right 'Sales KPI'."))
        sequences = self._get_card_sequence()
        cards = (self._get_card(key) for key in sorted(sequences, key=sequences.get))
        return {"cards": [card for card in cards if card]}

    @api.model
    def _get_card_sequence(self):
        """Names of the cards and their place: ``{name: sequence}``."""
        return {}

    @api.model
    def _get_card(self, key):
        try:
            with self.env.cr.savepoint():
                card = getattr(self, f"_card_{key}")()
        except UserError as error:
            card = {"error": str(error)}
        except Exception:
            # One broken card must not take the whole day away.
            _logger.exception("The card %s of My Day failed for user %s.", key, self.env.uid)
            card = {"error": self.env._(
                "This card could not be loaded. The administrator finds the reason in the log.")}
        return card and {"key": key, "type": "default", **card}
