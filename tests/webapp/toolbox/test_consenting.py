"""A material's consents on its page: written down with a document, withdrawn, undone, shown to nobody else."""

import io
from collections.abc import Callable

from content_calendar.db import Database
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from tests.webapp.toolbox.test_toolbox import add

ClientAs = Callable[..., Browser]
PDF = b"%PDF-1.7\n1 0 obj"


def consent(browser: Browser, ref: str, **said: str) -> str:
    """Write a consent down; return what the page then says."""
    told = {"by": "guardians", "whom": "Niña de rojo", "ends_on": "", "scopes": "networks"} | said
    answer = browser.post(
        f"/caja/{ref}/consentimientos", {**told, "consent_file": (io.BytesIO(PDF), "firma.pdf")}, follow=True
    )
    return answer.get_data(as_text=True)


def test_a_picture_of_a_minor_may_be_used_once_the_guardians_consented(
    client_as: ClientAs, database: Database
) -> None:
    browser = client_as("editor")
    ref = add(browser, people="minors")
    assert "No hay ninguno. Sin el de su madre" in words(browser.get(f"/caja/{ref}"))
    said = consent(browser, ref)
    assert "Sí, hoy se puede usar." in said
    assert "Solo para redes sociales" in said
    document = said.partition(f'href="/caja/{ref}/consentimientos/')[2].partition('"')[0]
    path = f"/caja/{ref}/consentimientos/{document}"
    answer = browser.client.get(path, buffered=True)
    assert answer.get_data() == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    after = words(browser.post(f"{path}/retirar", follow=True))
    assert "Consentimiento retirado." in after
    assert "Retiraron el consentimiento para usarlo." in after
    assert f"{path}/devolver" in browser.get(f"/caja/{ref}").get_data(as_text=True)
    assert "Sí, hoy se puede usar." in words(browser.post(f"{path}/devolver", follow=True))
    assert "nombre borrado" in words(browser.post(f"{path}/borrar-nombre", follow=True))
    assert "Niña de rojo" not in words(browser.get(f"/caja/{ref}"))
    with database.transaction() as session:
        body_id = Stage(session).body("uno").id
    liaison = client_as("liaison", body_id=body_id)
    assert liaison.client.get(path).status_code == 403
    assert liaison.post(f"{path}/retirar").status_code == 403
    shown = words(liaison.get(f"/caja/{ref}"))
    assert "Candado" in shown
    assert "Consentimientos" not in shown
    assert "Niña de rojo" not in shown


def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_kept(client_as: ClientAs) -> None:
    browser = client_as("editor")
    ref = add(browser)
    browser.get(f"/caja/{ref}")
    said = consent(browser, ref, ends_on="2020-01-01")
    assert "Ese día ya pasó" in said
    assert 'value="Niña de rojo"' in said
    assert "Di quién lo firma." in consent(browser, ref, by="nadie")
    assert "Marca para qué se puede usar" in consent(browser, ref, scopes="")
    answer = browser.post(
        f"/caja/{ref}/consentimientos",
        {"by": "person", "scopes": "print", "consent_file": (io.BytesIO(b"hola"), "a")},
    )
    assert answer.status_code == 422
    assert "Sube el documento en PDF" in words(answer)
