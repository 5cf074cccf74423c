"""What ``resuena`` says of itself, in both languages, and the letter that it sends on trial."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.simulators.mail_server import running
from webapp.cli import main


def asked(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(main, list(words), env=environment)


def test_every_command_is_helped_with_in_both_languages() -> None:
    assert len(main.commands) >= 14
    for name, command in main.commands.items():
        spanish, english = asked(name, "--help").output, asked(name, "--help", RESUENA_LOCALE="en").output
        assert "Uso:" in spanish
        assert "Muestra esta ayuda y termina." in spanish
        assert "Usage:" in english
        assert "Show this help and end." in english
        first = (command.help or "").split()[0]
        assert f"  {first} " in spanish
        assert f"  {first} " not in english, name


@pytest.mark.parametrize(
    ("locale", "words"),
    [("es", ("Comandos:", "Sirve las páginas.")), ("en", ("Commands:", "Serve the pages."))],
)
def test_the_list_of_commands_tells_each_whole(locale: str, words: tuple[str, ...]) -> None:
    said = asked("--help", RESUENA_LOCALE=locale).output
    assert all(one in said for one in words)
    assert "..." not in said.split("\n", 1)[1]  # click cuts a long sentence; these are whole


def test_a_role_that_does_not_exist_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    done = asked("add-person", "a@b.mx", "Ana", "--role", "jefa", RESUENA_DATA=str(tmp_path / "d"))
    assert done.exit_code == 2
    assert not (tmp_path / "d").exists()


def test_a_trial_letter_goes_out_by_the_settings_of_mail() -> None:
    with running() as server:
        done = asked("try-mail", "ana@ejemplo.mx", **server.settings())
        assert done.exit_code == 0, done.output
        assert "Salió a ana@ejemplo.mx desde resuena@ejemplo.mx" in done.output
        assert server.subjects == ["Correo de prueba de Resuena"]


def test_what_keeps_a_trial_letter_from_going_out_is_a_sentence() -> None:
    assert "RESUENA_MAIL_HOST" in asked("try-mail", "ana@ejemplo.mx").output
    nobody = {"RESUENA_MAIL_HOST": "127.0.0.1", "RESUENA_MAIL_PORT": "9", "RESUENA_MAIL_TLS": "none"}
    done = asked("try-mail", "ana@ejemplo.mx", **nobody)
    assert done.exit_code == 1
    assert "127.0.0.1:9" in done.output
    assert "Traceback" not in done.output
