"""What Flask-Security says, in our words: plain, and in the languages of our catalogue."""

from flask_babel import LazyString

from hub.i18n import _l

MESSAGES: dict[str, tuple[LazyString, str]] = {
    "API_ERROR": (_l("This link or form cannot be used any more. Start again."), "error"),
    "GENERIC_AUTHN_FAILED": (_l("The address, the password or the code is wrong."), "error"),
    "GENERIC_US_SIGNIN": (
        _l("If this address has an account, a mail with a code is on its way to it."),
        "info",
    ),
    "UNAUTHENTICATED": (_l("Log in first."), "info"),
    "REAUTHENTICATION_REQUIRED": (
        _l("You logged in some time ago. Show once more that it is you."),
        "info",
    ),
    "CONFIRM_REGISTRATION": (
        _l(
            "We sent a mail to %(email)s. Open the link in it within two days; then you can log in."
        ),
        "success",
    ),
    "EMAIL_CONFIRMED": (_l("Thank you. Your e-mail address is confirmed."), "success"),
    "ALREADY_CONFIRMED": (_l("Your e-mail address was confirmed before. Log in."), "info"),
    "INVALID_CONFIRMATION_TOKEN": (
        _l("This link does not work. Have a new one sent to you."),
        "error",
    ),
    "EMAIL_ALREADY_ASSOCIATED": (_l("%(email)s has an account already."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (_l("The two passwords differ."), "error"),
    "INVALID_REDIRECT": (_l("This address leads out of the site."), "error"),
    "INVALID_RECOVERY_CODE": (_l("This recovery code is wrong or was used before."), "error"),
    "NO_RECOVERY_CODES_SETUP": (_l("You have no recovery codes yet."), "info"),
    "PASSWORD_RESET_REQUEST": (
        _l(
            "If %(email)s has an account, a mail with a link for a new password "
            "is on its way to it."
        ),
        "info",
    ),
    "PASSWORD_RESET_EXPIRED": (
        _l("This link worked for %(within)s. Have a new one sent to you."),
        "error",
    ),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _l("This link does not work. Have a new one sent to you."),
        "error",
    ),
    "CONFIRMATION_REQUEST": (
        _l("If %(email)s waits to be confirmed, a mail with a link is on its way to it."),
        "info",
    ),
    "CONFIRMATION_EXPIRED": (
        _l("This link worked for %(within)s. Have a new one sent to you."),
        "error",
    ),
    "CONFIRMATION_REQUIRED": (_l("Confirm your e-mail address first."), "error"),
    "DISABLED_ACCOUNT": (_l("This account is switched off."), "error"),
    "EMAIL_NOT_PROVIDED": (_l("Enter your e-mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (
        _l("This is not a complete e-mail address. An example: mina@example.com"),
        "error",
    ),
    "INVALID_INPUT": (_l("This cannot be used. Type it differently."), "error"),
    "INVALID_INPUT_LENGTH": (_l("At most %(length)s characters."), "error"),
    "PASSWORD_NOT_PROVIDED": (_l("Enter a password."), "error"),
    "PASSWORD_INVALID_LENGTH": (_l("At least %(length)s characters."), "error"),
    "PASSWORD_TOO_SIMPLE": (_l("This password is too simple."), "error"),
    "INVALID_PASSWORD": (_l("The password is wrong."), "error"),
    "INVALID_PASSWORD_CODE": (_l("The password or the code is wrong."), "error"),
    "FORGOT_PASSWORD": (_l("Forgot your password?"), "info"),
    "PASSWORD_RESET_NO_LOGIN": (
        _l("Your new password holds. Every device was logged out; log in with it."),
        "success",
    ),
    "PASSWORD_IS_THE_SAME": (_l("Choose another password than before."), "error"),
    "PASSWORD_CHANGE": (
        _l("Your new password holds. All other devices were logged out."),
        "success",
    ),
    "REAUTHENTICATION_SUCCESSFUL": (_l("Thank you. Go on."), "success"),
    "CODE_HAS_BEEN_SENT": (_l("A mail with a code is on its way to you."), "info"),
    "FAILED_TO_SEND_CODE": (_l("The code could not be sent. Try again later."), "error"),
    "TWO_FACTOR_INVALID_TOKEN": (
        _l("This code is wrong or too old. Take the one that the app shows now."),
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_l("You are logged in."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        _l("The authenticator app is set up. From now on, logging in takes a code from it."),
        "success",
    ),
    "TWO_FACTOR_PERMISSION_DENIED": (_l("Log in first."), "info"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_l("This is not possible here."), "error"),
    "TWO_FACTOR_DISABLED": (_l("The authenticator app is not asked for any more."), "success"),
    "TWO_FACTOR_SETUP_EXPIRED": (_l("That took longer than %(within)s. Start again."), "error"),
    "US_METHOD_NOT_AVAILABLE": (_l("This is not possible here."), "error"),
    "US_SPECIFY_IDENTITY": (_l("Enter your e-mail address."), "error"),
    "USER_DOES_NOT_EXIST": (_l("The address, the password or the code is wrong."), "error"),
    "WEBAUTHN_EXPIRED": (_l("That took longer than %(within)s. Start again."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (_l("Give the passkey a name."), "error"),
    "WEBAUTHN_NAME_INUSE": (_l("You have a passkey called “%(name)s”."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (_l("You have no passkey called “%(name)s”."), "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        _l("Use letters, figures, blanks, hyphens and underscores only."),
        "error",
    ),
    "WEBAUTHN_CREDENTIAL_DELETED": (
        _l("The passkey “%(name)s” does not work here any more."),
        "success",
    ),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (_l("The passkey “%(name)s” is ready."), "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (_l("This passkey is known here already."), "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (_l("This passkey is not known here."), "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (_l("This passkey is not known here."), "error"),
    "WEBAUTHN_NO_VERIFY": (_l("The passkey could not be checked. Try again."), "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (
        _l("This passkey is not for this step. Choose another one."),
        "error",
    ),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (_l("This passkey is not known here."), "error"),
    "CHANGE_EMAIL_EXPIRED": (_l("That took longer than %(within)s. Start again."), "error"),
    "CHANGE_EMAIL_CONFIRMED": (_l("Your new e-mail address holds."), "success"),
    "CHANGE_EMAIL_SENT": (
        _l(
            "We sent a mail to %(email)s. Open the link in it within two hours; "
            "until then the old address holds."
        ),
        "info",
    ),
}

EMAIL_SUBJECTS: dict[str, LazyString] = {
    "EMAIL_SUBJECT_REGISTER": _l("Your account at Linqiao"),
    "EMAIL_SUBJECT_CONFIRM": _l("Confirm your e-mail address"),
    "EMAIL_SUBJECT_PASSWORD_RESET": _l("A new password for Linqiao"),
    "EMAIL_SUBJECT_PASSWORD_NOTICE": _l("Your password was changed"),
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": _l("Your password was changed"),
    "US_EMAIL_SUBJECT": _l("Your code for logging in"),
    "CHANGE_EMAIL_SUBJECT": _l("Confirm your new e-mail address"),
}
