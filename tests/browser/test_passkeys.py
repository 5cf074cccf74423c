"""Passkeys in a real browser: one is made, opens, and another's does not; all with the keys alone.

The authenticator is Chromium's own, asked for through its debugger
(https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/): the browser makes and uses a real key. A passkey
belongs to a name, so that the pages are opened at ``localhost``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from tests.browser.chromium import Seat, seated
from tests.browser.keys import reach, skip, walk
from tests.story.installation import Installation, running

_OPTIONS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Authenticator:
    """The device in which passkeys are kept."""

    debugger: CDPSession
    key: str

    def credentials(self) -> list[dict[str, Any]]:
        """Return every passkey it holds."""
        held = self.debugger.send("WebAuthn.getCredentials", {"authenticatorId": self.key})
        found: list[dict[str, Any]] = held["credentials"]
        return found

    def forget(self) -> None:
        """Lose every passkey."""
        self.debugger.send("WebAuthn.clearCredentials", {"authenticatorId": self.key})

    def keep(self, credential: dict[str, Any]) -> None:
        """Hold a passkey."""
        self.debugger.send("WebAuthn.addCredential", {"authenticatorId": self.key, "credential": credential})

    def verifies(self, *, user: bool) -> None:
        """Say whether it recognises whoever holds it."""
        asked = {"authenticatorId": self.key, "isUserVerified": user}
        self.debugger.send("WebAuthn.setUserVerified", asked)


@pytest.fixture(scope="module")
def installation(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A bare installation that asks its administrator for a second factor."""
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("passkeys")
    with running(folder, f"sqlite:///{folder}/resuena.db", RESUENA_SECOND_FACTOR="required") as found:
        yield found


@pytest.fixture(scope="module")
def seat(browser: Browser, installation: Installation) -> Iterator[Seat]:
    """The administrator's browser."""
    with seated(browser, installation.address.replace("127.0.0.1", "localhost")) as opened:
        yield opened


@pytest.fixture(scope="module")
def device(seat: Seat) -> Authenticator:
    """An authenticator within that browser."""
    debugger = seat.page.context.new_cdp_session(seat.page)
    debugger.send("WebAuthn.enable")
    made = debugger.send("WebAuthn.addVirtualAuthenticator", {"options": _OPTIONS})
    return Authenticator(debugger, made["authenticatorId"])


def show_first_factor(seat: Seat, installation: Installation) -> None:
    """Write e-mail and password at the door."""
    seat.open("/entrar")
    reach(seat.page, "Correo")
    seat.page.keyboard.type(installation.email)
    reach(seat.page, "Contraseña")
    seat.page.keyboard.type(installation.password)
    seat.page.keyboard.press("Enter")


def test_one_is_made_opens_and_another_does_not(
    seat: Seat, device: Authenticator, installation: Installation
) -> None:
    page, keys = seat.page, seat.page.keyboard
    show_first_factor(seat, installation)
    expect(page.get_by_text("Tu rol pide un segundo paso")).to_be_visible()
    assert seat.barriers() == []
    assert skip(page) + walk(page) == []
    reach(page, "Nombre de la llave de acceso")
    keys.type("mi equipo")
    reach(page, "Agregar una llave de acceso")
    keys.press("Enter")
    expect(page.get_by_text("Guarda tus códigos de recuperación")).to_be_visible()
    assert seat.barriers() == []
    (made,) = device.credentials()
    assert made["rpId"] == "localhost"
    seat.open("/mi-cuenta")
    page.get_by_role("button", name="Salir").press("Enter")

    show_first_factor(seat, installation)
    expect(page.get_by_role("heading", level=1, name="Segundo paso")).to_be_visible()
    expect(page.get_by_role("button", name="Usar mi llave de acceso")).to_be_visible()
    assert seat.barriers() == []
    assert skip(page) + walk(page) == []
    # The device does not recognise whoever holds it, or holds no passkey of this person's: nothing opens.
    device.verifies(user=False)
    reach(page, "Usar mi llave de acceso")
    keys.press("Enter")
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    device.verifies(user=True)
    device.forget()
    reach(page, "Usar mi llave de acceso")
    keys.press("Enter")
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    assert seat.open("/mi-cuenta") == 200
    assert "/entrar" in page.url

    show_first_factor(seat, installation)
    expect(page.get_by_role("heading", level=1, name="Segundo paso")).to_be_visible()
    device.keep(made)
    reach(page, "Usar mi llave de acceso")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Salir")).to_be_attached()
    assert device.credentials()[0]["signCount"] > made["signCount"]
    assert not [fault for fault in seat.faults if "422" not in fault]
