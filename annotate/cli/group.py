"""Groups of commands, whose help is whole and whose errors speak no Python."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup


class Group(TyperGroup):
    """A group of commands."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer keeps its types to itself
        """List the commands, each with the first sentence of its help, which typer would cut after one line."""
        shown = {name: command for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))}
        rows = [(name, each.get_short_help_str(sys.maxsize)) for name, each in shown.items() if not each.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Run a command; what is wrong with a value is told without the word that pydantic puts before it."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise
