"""Datos abiertos: the catalogue, each set's dictionary, and the files at addresses that stay."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from flask import Response, make_response, render_template, request, send_file, url_for

from webapp.kept import kept_page
from webapp.open_data import dictionary
from webapp.open_data.catalogue import PUBLISHER, catalogue
from webapp.open_data.declaring import KINDS, VERSION, DataSet
from webapp.open_data.doors import DataSetMissingError, ask, blueprint, open_set, open_sets, shelf, snapshot
from webapp.open_data.snapshots import FORMS, FRESH, File, Snapshot, sums
from webapp.session import public
from webapp.toolbox.packing import address_of

_SECONDS = int(FRESH.total_seconds())


def address(endpoint: str, **values: Any) -> str:  # noqa: ANN401 -- what url_for takes
    """Return the whole address of one of our pages."""
    return address_of(url_for(endpoint, **values))


def _held() -> Mapping[str, tuple[DataSet, Snapshot]]:
    return {one.slug: (one, snapshot(one)) for one in open_sets()}


@blueprint.get("/datos")
@public
def catalogue_page() -> Response:
    """Show what each set holds, how fresh it is, how many rows it has, and where it is."""
    held = _held()
    return kept_page(
        lambda: render_template(
            "open_data/catalogue.html",
            held=held.values(),
            forms=FORMS,
            data_version=VERSION,
            publisher=PUBLISHER,
            licence_name=dictionary.LICENCE_NAME,
            licence_url=dictionary.LICENCE_URL,
            minutes=_SECONDS // 60,
            demo=ask().demo,
            cut_off_at=min((one.as_of for _, one in held.values()), default=None),
        )
    )


@blueprint.get("/datos/catalogo.jsonld")
@public
def catalogue_file() -> Response:
    """Return the same for machines, as DCAT."""
    return _json(catalogue(_held(), address), "application/ld+json")


@blueprint.get(f"/datos/{VERSION}/<slug>")
@public
def dictionary_page(slug: str) -> Response:
    """Show a set: what each of its columns says, and where its files are."""
    data_set = open_set(slug)
    held = snapshot(data_set)
    return kept_page(
        lambda: render_template(
            "open_data/dictionary.html",
            data_set=data_set,
            held=held,
            forms=FORMS,
            kinds=KINDS,
            licence_name=dictionary.LICENCE_NAME,
            licence_url=dictionary.LICENCE_URL,
            demo=ask().demo,
            cut_off_at=held.as_of,
        )
    )


@blueprint.get(f"/datos/{VERSION}/<slug>/diccionario.json")
@public
def dictionary_file(slug: str) -> Response:
    """Return the same for machines, as a Data Resource with its Table Schema."""
    return _json(dictionary.resource(open_set(slug)), "application/json")


@blueprint.get(f"/datos/{VERSION}/<slug>.<form>")
@public
def data_file(slug: str, form: str) -> Response:
    """Return a set in one of its forms; whole, a part of it, or that it has not changed."""
    if form not in FORMS:
        raise DataSetMissingError(slug=slug)
    data_set = open_set(slug)
    file = snapshot(data_set).files[form]
    answer = send_file(
        shelf().path(file),
        mimetype=FORMS[form],
        as_attachment=form == "csv",
        download_name=f"{slug}.{form}",
        conditional=True,
        etag=file.sha256,
        last_modified=datetime.fromisoformat(file.changed_at),
        max_age=_SECONDS,
    )
    return _told(answer, data_set, file)


def _told(answer: Response, data_set: DataSet, file: File) -> Response:
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    described = url_for("open_data.dictionary_file", slug=data_set.slug)
    answer.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    answer.headers["Link"] = f'<{described}>; rel="describedby", <{dictionary.LICENCE_URL}>; rel="license"'
    return _open(answer)


@blueprint.get(f"/datos/{VERSION}/sumas.sha256")
@public
def sums_file() -> Response:
    """Return the hash of every file, as ``sha256sum --check`` reads it."""
    said = sums(
        [(one.files[form].sha256, f"{slug}.{form}") for slug, (_, one) in _held().items() for form in FORMS]
    )
    return _cached(make_response(said), "text/plain")


def _json(value: object, media_type: str) -> Response:
    return _cached(make_response(orjson.dumps(value, option=orjson.OPT_INDENT_2)), media_type)


def _cached(answer: Response, media_type: str) -> Response:
    answer.mimetype = media_type
    answer.cache_control.public = True
    answer.cache_control.max_age = _SECONDS
    answer.add_etag()
    answer.make_conditional(request)
    return _open(answer)


def _open(answer: Response) -> Response:
    # Open data: any page may read it from a browser.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Repr-Digest, Link, Last-Modified"
    return answer
