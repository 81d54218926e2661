"""Flask-Security's forms with the habits of ours: their errors, and what nobody can type."""

# The library's forms and those of WTForms disagree on how ``validate`` is called.
# mypy: disable-error-code="override, misc"

from typing import Any, ClassVar

from flask import abort
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    MfRecoveryCodesForm,
    MfRecoveryForm,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
    TwoFactorRescueForm,
    TwoFactorSelectForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    UnifiedSigninForm,
    UnifiedVerifyForm,
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninForm,
    WebAuthnSigninResponseForm,
    WebAuthnVerifyForm,
    hash_password,
)
from flask_security.change_email import ChangeEmailForm
from wtforms import PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from hub.exceptions import InvalidInput
from hub.i18n import _, _l
from hub.web.email_field import read_address
from hub.web.forms import GuardedForm, HubForm, single_line
from hub.web.htmx import render

MAX_PASSWORD = 200


class _Once(list[str]):
    """The library says the same of each field that is wrong; once is enough."""

    def append(self, text: str) -> None:
        if text not in self:
            super().append(text)


def _without_blanks(value: Any) -> Any:
    """Codes are shown in groups; people type them with the gaps, or without."""
    return "".join(value.split()) if isinstance(value, str) else value


class SafeForm(HubForm):
    """Passwords of any length come back as an error: hashing refuses endless ones."""

    says_length = True  # not at log-in: a second message would tell who has an account

    def validate(self, extra_validators: Any = None) -> bool:
        self.form_errors: list[str] = _Once(self.form_errors)
        endless = [
            field
            for field in self
            if isinstance(field, PasswordField) and len(str(field.data or "")) > MAX_PASSWORD
        ]
        for field in endless:
            field.data = ""
        valid = super().validate(extra_validators)
        for field in endless:
            if self.says_length:
                field.errors = [_("At most 200 characters.")]
        return valid and not endless


class AddressForm(SafeForm):
    """Asks for an address: what is none is said at its field, and nothing of any other.

    The library answers every address alike, also what is none; so the page is shown from here.
    """

    page: ClassVar[str]
    name_in_page: ClassVar[str]
    address_field: ClassVar[str] = "email"

    def validate(self, extra_validators: Any = None) -> bool:
        field = self._fields[self.address_field]
        typed = str(field.data or "")
        valid = super().validate(extra_validators)
        try:
            read_address(typed)
        except InvalidInput as error:
            field.errors = [str(error.message)]
            abort(render(self.page, None, error.status, **{self.name_in_page: self}))
        return valid


class ForgotForm(AddressForm, ForgotPasswordForm):
    page = "security/forgot_password.html"
    name_in_page = "forgot_password_form"


class ConfirmAgainForm(AddressForm, SendConfirmationForm):
    page = "security/send_confirmation.html"
    name_in_page = "send_confirmation_form"


class LogInForm(SafeForm, LoginForm):
    says_length = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""  # the page has the way out for who forgot it

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.requires_confirmation:  # the password was right: this tells nothing to others
            self.form_errors.append(
                _("Confirm your e-mail address first: open the link in the mail that we sent you.")
            )
            self.email.errors = []
        return valid


class RegisterForm(SafeForm, GuardedForm, RegisterFormV2):
    name = StringField(
        _l("Your name"),
        filters=[single_line],
        validators=[
            DataRequired(_l("Enter your name.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_submitted():
            self.stamp()


class CodeForm(SafeForm, TwoFactorVerifyCodeForm):
    def validate(self, extra_validators: Any = None) -> bool:
        self.code.data = _without_blanks(self.code.data)
        return super().validate(extra_validators)


class RecoveryCodeForm(SafeForm, MfRecoveryForm):
    def validate(self, extra_validators: Any = None) -> bool:
        typed = _without_blanks(self.code.data or "").replace("-", "").lower()
        self.code.data = "-".join(typed[i : i + 4] for i in range(0, len(typed), 4))
        return super().validate(extra_validators)


class SetUpForm(SafeForm, TwoFactorSetupForm):
    setup = StringField()  # the page has a button for each choice


class SelectForm(SafeForm, TwoFactorSelectForm):
    which = StringField()


class RescueForm(SafeForm, TwoFactorRescueForm):
    """Built by the library, shown nowhere."""

    help_setup = RadioField(choices=[])


class CodeByMailForm(AddressForm, UnifiedSigninForm):
    page = "security/us_signin.html"
    name_in_page = "us_signin_form"
    address_field = "identity"
    says_length = False
    chosen_method = StringField()

    def validate(self, extra_validators: Any = None) -> bool:
        self.user = None  # type: ignore[assignment]  # found below, or not
        self.passcode.data = _spaced_code(self.passcode.data)
        valid = super().validate(extra_validators)
        if self.submit.data and (self.user is None or not self.user.is_active):
            hash_password(str(self.passcode.data or ""))  # as long as for an account
        return valid


class AgainForm(SafeForm, UnifiedVerifyForm):
    chosen_method = StringField()

    def validate(self, extra_validators: Any = None) -> bool:
        self.passcode.data = _spaced_code(self.passcode.data)
        return super().validate(extra_validators)


def _spaced_code(value: Any) -> Any:
    """A code without its gaps; a password as it was typed."""
    tight = _without_blanks(value)
    return tight if isinstance(tight, str) and tight.isdecimal() and len(tight) == 8 else value


class NewPasskeyForm(SafeForm, WebAuthnRegisterForm):
    usage = RadioField(
        _l("What is it for?"),
        choices=[
            SelectChoice("first", _l("To log in with it alone, without a password")),
            SelectChoice("secondary", _l("As the second step, after the password")),
        ],
        default="first",
    )


class PasskeyAnswerForm(WebAuthnSigninResponseForm):
    """Not a form for people: its errors are flashed."""

    def validate(self, **kwargs: Any) -> bool:
        # The library goes on when the account is switched off.
        return super().validate(**kwargs) and not self.credential.errors


def _ours(form: type) -> type:
    return type(form.__name__, (SafeForm, form), {})


FORMS: dict[str, type] = {
    "login_form": LogInForm,
    "register_form": RegisterForm,
    "forgot_password_form": ForgotForm,
    "reset_password_form": _ours(ResetPasswordForm),
    "change_password_form": _ours(ChangePasswordForm),
    "change_email_form": _ours(ChangeEmailForm),
    "send_confirmation_form": ConfirmAgainForm,
    "two_factor_setup_form": SetUpForm,
    "two_factor_select_form": SelectForm,
    "two_factor_rescue_form": RescueForm,
    "two_factor_verify_code_form": CodeForm,
    "mf_recovery_form": RecoveryCodeForm,
    "mf_recovery_codes_form": _ours(MfRecoveryCodesForm),
    "us_signin_form": CodeByMailForm,
    "us_verify_form": AgainForm,
    "wan_register_form": NewPasskeyForm,
    "wan_register_response_form": WebAuthnRegisterResponseForm,
    "wan_signin_form": _ours(WebAuthnSigninForm),
    "wan_signin_response_form": PasskeyAnswerForm,
    "wan_delete_form": _ours(WebAuthnDeleteForm),
    "wan_verify_form": _ours(WebAuthnVerifyForm),
}
