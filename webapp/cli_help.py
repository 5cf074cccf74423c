"""How ``resuena`` helps whoever types it: in Spanish, or in English where ``RESUENA_LOCALE`` says so.

A command's help is its docstring, the Spanish id of the catalogue, as everywhere else. Click's own headings are English
and stand in no catalogue, so its pages are written here (https://click.palletsprojects.com/en/stable/extending-click/).
"""

import os
from collections.abc import Iterator

import click

from content_calendar.settings import PREFIX
from webapp.words import N_

_USAGE, _OPTIONS, _COMMANDS = N_("Uso:"), N_("Opciones"), N_("Comandos")
_HELP = N_("Muestra esta ayuda y termina.")
_ENGLISH = "en"


def said(sentence: str) -> str:
    """Return a sentence in the language of whoever types; a wrong language is told by the command itself, not here."""
    if not sentence or os.environ.get(PREFIX + "LOCALE", "").strip() != _ENGLISH:
        return sentence
    from webapp.letters import catalogue  # noqa: PLC0415 -- whoever writes letters loads much

    return catalogue(_ENGLISH).gettext(sentence)


class _Spoken(click.Command):
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, words, prefix=f"{said(_USAGE)} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(said(self.help or ""))

    def get_short_help_str(self, limit: int = 45) -> str:
        del limit
        return said(self.help or "")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [one for param in self.get_params(ctx) if (one := param.get_help_record(ctx)) and one[1]]
        with formatter.section(said(_OPTIONS)):
            formatter.write_dl([(name, said(words)) for name, words in found])


class SpokenCommand(_Spoken):
    """A command whose help is in the language of whoever types."""


class SpokenGroup(_Spoken, click.Group):
    """The command of all commands, likewise."""

    command_class = SpokenCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then every command with the whole of its sentence."""
        super().format_options(ctx, formatter)
        with formatter.section(said(_COMMANDS)):
            formatter.write_dl([(name, said(one.help or "")) for name, one in sorted(self.commands.items())])


def sentences(group: click.Group) -> Iterator[str]:
    """Yield what a group's commands say of themselves and of their options, for the catalogue."""
    for command in (group, *group.commands.values()):
        yield command.help or ""
        yield from (param.help for param in command.params if isinstance(param, click.Option) and param.help)
