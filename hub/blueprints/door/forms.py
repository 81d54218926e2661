"""The form that invites a helper."""

from hub.web.email_field import OptionalEmail
from hub.web.forms import HubForm


class HelperForm(OptionalEmail, HubForm):
    """Perhaps the address of whoever is invited."""
