"""What a password must be, said in the reader's language."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """Django's own check in words of our own: its Chinese ones are not those of the text that this version shows."""

    def get_error_message(self) -> str:
        return ngettext(
            "This password is too short: it needs at least %(count)s character.",
            "This password is too short: it needs at least %(count)s characters.",
            self.min_length,
        ) % {"count": self.min_length}

    def get_help_text(self) -> str:
        return ngettext(
            "At least %(count)s character.",
            "At least %(count)s characters.",
            self.min_length,
        ) % {"count": self.min_length}
