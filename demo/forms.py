from django import forms

from messaging.models import DeliveryState


class OutboxFilter(forms.Form):
    to = forms.CharField(label="To", required=False, max_length=254)
    state = forms.ChoiceField(label="DeliveryState", required=False, choices=[("", "Any"), *DeliveryState.choices])
