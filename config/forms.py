"""How every form field looks, wherever a form renders itself."""

from django.forms.renderers import TemplatesSetting


class TouchlineFormRenderer(TemplatesSetting):
    """Fields from `templates/forms/`, so that one place decides on labels, help and errors."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
