"""What the pages of the calendars take."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.models import Calendar

LARGEST = 256 * 1024  # bytes; a year's notice has some thirty lines


class Notice(forms.Form):
    """A notice as a file, or as the text that a preview has shown: for which calendar."""

    calendar = forms.ModelChoiceField(
        Calendar.objects.all(), to_field_name="code", label=_("working calendar"), empty_label=None
    )
    file = forms.FileField(
        label=_("the year's notice"),
        required=False,
        help_text=_("CSV with the columns date, works, name, source: every day off and every make-up day of the year."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(required=False, strip=False, max_length=LARGEST, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        file = given.get("file")
        if file and file.size > LARGEST:
            self.add_error("file", _("A notice is %(most)s kB at most.") % {"most": LARGEST // 1024})
        elif not file and not given.get("text") and "file" not in self.errors:
            self.add_error("file", _("Choose the file of the notice."))
        return given

    @property
    def content(self) -> bytes:
        """The notice itself. Only of a valid form."""
        file = self.cleaned_data["file"]
        content: bytes = file.read() if file else self.cleaned_data["text"].encode()
        return content
