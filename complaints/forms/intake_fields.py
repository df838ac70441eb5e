"""Fields of the intake form. They take what people type and paste, and lose nothing of it.

No field carries a `maxlength`: a browser would cut what is pasted, in silence. Too long is an error with the text kept.
"""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.personal_data import normal_identity, normal_phone

NUL_MESSAGE = gettext_lazy("This text holds a character that cannot be stored (NUL). Paste it again as plain text.")
MASK = "**"
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200  # outside of these a moment cannot even be compared in every time zone
TEN_THOUSAND = Decimal(10_000)

# Full-width letters, digits and signs, and the ideographic space. Everything else stays: a rare character is a name.
_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?(万)?", re.ASCII)
_PHONE = re.compile(r"\+?[0-9 ()./-]+", re.ASCII)
_IDENTITY = re.compile(r"(?=.*[0-9])[A-Z0-9]{6,30}", re.ASCII)
FEWEST_PHONE_DIGITS, MOST_PHONE_DIGITS = 3, 15


def narrow(text: str) -> str:
    """Full-width signs made narrow: `５０，０００` is `50,000`."""
    return text.translate(_NARROW)


class Text(forms.CharField):
    """A text of `most` characters at most (None: any length), outer white space removed, line breaks as `\\n`."""

    def __init__(self, label: Any, most: int | None, **options: Any) -> None:
        super().__init__(label=label, **{"required": False} | options)
        self.validators = [refuse_nul]
        if most:
            message = gettext_lazy("At most %(limit_value)d characters; there are %(show_value)d.")
            self.validators.append(MaxLengthValidator(most, message))

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class NarrowText(Text):
    """A text of letters and digits, such as a number: full-width ones are made narrow."""

    def to_python(self, value: Any) -> str:
        return narrow(super().to_python(value)).strip()


class Moment(forms.DateTimeField):
    """A moment typed in local time; one with an offset (`…T16:40+09:00`) is that moment, wherever it was written."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(narrow(value) if isinstance(value, str) else value)
        except (ValueError, OverflowError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if moment is not None and not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What the browser's own field can show: local time without an offset."""
        try:
            moment = self.to_python(data)
        except ValidationError:
            return data
        return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") if moment else data


class Amount(NarrowText):
    """An amount of money as people write it: `50,000.00`, `５０，０００`, `¥50000元`, `5万`. Cleans to a Decimal or None."""

    def clean(self, value: Any) -> Any:
        text = re.sub(r"[\s¥￥]|(?:元|圆|CNY|RMB)$", "", super().clean(value), flags=re.IGNORECASE)
        if not text:
            return None
        found = _AMOUNT.fullmatch(text)
        if not found:
            raise ValidationError(_("Write the amount in figures, such as 50,000.00."), code="invalid")
        try:
            amount = Decimal(found[1].replace(",", "") + (found[2] or "")) * (TEN_THOUSAND if found[3] else 1)
            amount = amount.quantize(Decimal("0.01"))
        except InvalidOperation:
            amount = Decimal("Infinity")
        if amount >= Decimal(10) ** 12:
            raise ValidationError(_("This amount is larger than any that can be claimed."), code="invalid")
        return amount


def refuse_nul(text: str) -> None:
    if "\0" in text:
        raise ValidationError(NUL_MESSAGE, code="nul")


def tidy_phone(text: str) -> str:
    """A phone number as it is kept: narrow, and without spaces where it is a number and nothing more."""
    plain = narrow(text).strip()
    return normal_phone(plain) if _PHONE.fullmatch(plain) else plain


def is_phone(text: str) -> bool:
    """Whether a text can be rung up: 3 to 15 digits, with an extension in words perhaps."""
    digits = re.sub(r"\D", "", normal_phone(text))
    return len(digits) >= FEWEST_PHONE_DIGITS and (
        len(digits) <= MOST_PHONE_DIGITS or not _PHONE.fullmatch(narrow(text))
    )


def is_identity(text: str) -> bool:
    """Whether a text is the number of a document rather than of a phone: letters in it, or too long to be rung up."""
    plain = normal_identity(text)
    has_letter = bool(re.search(r"[A-Z]", plain))
    return bool(_IDENTITY.fullmatch(plain)) and (has_letter or len(plain) > MOST_PHONE_DIGITS)
