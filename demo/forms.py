from django import forms

from messaging.models import State


class OutboxFilter(forms.Form):
    to = forms.CharField(label="To", required=False, max_length=254)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *State.choices])
