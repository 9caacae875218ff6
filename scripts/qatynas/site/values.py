"""Normalised numbers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qatynas.document import Mention, Number

UNRESOLVED = "no resolvable time"


def describe_number(number: Number) -> str:
    """The normalised fields in one line.

    >>> from qatynas.document import Number
    >>> describe_number(Number(3e9, unit="USD", modifier="at_most", target=True))  # «3 млрд АҚШ долларына дейін»
    '3,000,000,000 USD, at most, a target'
    """
    ends = [write_value(end) for end in (number.value, number.value_max) if end is not None]
    amount = " ".join(part for part in ("–".join(ends), number.unit or "") if part)
    modifier = (number.modifier or "").replace("_", " ")
    parts = (amount, number.date or "", modifier, "a target" if number.target else "")
    return ", ".join(part for part in parts if part) or UNRESOLVED


def write_value(value: float) -> str:
    """A value with its thousands parted.

    >>> write_value(1.7e9), write_value(12.5)
    ('1,700,000,000', '12.5')
    """
    return f"{int(value):,}" if value.is_integer() else f"{value:,}"


def describe_mention(mention: Mention) -> str:
    """What stands on a mention: an entity's canonical name, or a number's fields; empty for neither."""
    return describe_number(mention.number) if mention.number is not None else mention.name or ""
