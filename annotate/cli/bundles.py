"""Options that belong together, as one value: a command takes the value, and typer sees the options."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Command = Callable[..., None]


def bundled(parameter: str, kind: "type[DataclassInstance]") -> Callable[[Command], Command]:
    """Give a command the fields of a dataclass as options, and hand them over as one parameter.

    A field is declared as typer has it: its type and option in ``Annotated``, and its default.
    """

    def decorate(command: Command) -> Command:
        options = [
            inspect.Parameter(each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=each.type)
            for each in fields(kind)
        ]

        @wraps(command)
        def with_options(**given: Any) -> None:  # noqa: ANN401 - whatever the command takes
            bundle = kind(**{option.name: given.pop(option.name) for option in options})
            command(**given, **{parameter: bundle})

        taken = inspect.signature(command).parameters.values()
        own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in taken if each.name != parameter]
        # typer reads the options from these.
        with_options.__signature__ = inspect.Signature([*own, *options])  # type: ignore[attr-defined]
        with_options.__annotations__ = {each.name: each.annotation for each in [*own, *options]}
        return with_options

    return decorate
