"""Serializers whose fields are snake_case here and camelCase on the wire, as clients of these endpoints expect."""

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

if TYPE_CHECKING:
    Base = serializers.Serializer[Any]
else:
    Base = object


def camel_case(name: str) -> str:
    """`date_from` as `dateFrom`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


class CamelCaseMixin(Base):
    """Renames the fields of the serializer it is mixed into; `validated_data` and sources keep snake_case."""

    def get_fields(self) -> dict[str, Any]:
        return {camel_case(name): _read_from(name, field) for name, field in super().get_fields().items()}


def _read_from(name: str, field: Any) -> Any:
    """The field, told its snake_case source where its name on the wire is another."""
    if field.source is None and camel_case(name) != name:
        field.source = name
    return field
