"""How many alerts wait for somebody to look at them."""

from django import template

from predictions.models import Alert

register = template.Library()


@register.simple_tag
def waiting_alerts() -> int:
    return Alert.objects.waiting().count()
