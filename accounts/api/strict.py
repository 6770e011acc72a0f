"""Input in which nothing is ignored: a misspelt field must not start the wrong work in silence."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

if TYPE_CHECKING:
    Base = serializers.Serializer[Any]
else:
    Base = object


class KnownFieldsMixin(Base):
    """Makes the serializer it is mixed into refuse fields that it does not have, by name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := [str(name) for name in data if name not in self.fields]):
            words = f"There is no such field: there are {', '.join(self.fields)}."
            raise serializers.ValidationError({name: [words] for name in unknown})
        return super().to_internal_value(data)
