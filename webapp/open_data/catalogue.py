"""The catalogue of open data for machines: DCAT 3 (W3C, 2024) as JSON-LD, with what DCAT-AP 3.0.1 asks for.

Mexico binds nobody here to a profile of its own (the federal guidelines of 2025 reach the federal administration
alone); with these fields its national portal can read the catalogue.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from webapp.open_data.declaring import VERSION, DataSet
from webapp.open_data.dictionary import LICENCE_URL
from webapp.open_data.snapshots import FORMS, File, Snapshot
from webapp.words import N_

PUBLISHER = N_(
    "Comisión de Vinculación, Promoción, Difusión y Comunicación Social del Sistema Nacional de Transparencia"
)
_SPANISH = {"@id": "http://publications.europa.eu/resource/authority/language/SPA"}
_CONTINUAL = {"@id": "http://publications.europa.eu/resource/authority/frequency/UPDATE_CONT"}
_MEXICO = {"@id": "http://publications.europa.eu/resource/authority/country/MEX"}
_PUBLIC = {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"}
_GOVERNMENT = {"@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE"}
_TYPES = "https://www.iana.org/assignments/media-types/"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Address = Callable[..., str]


def catalogue(held: Mapping[str, tuple[DataSet, Snapshot]], address: Address) -> dict[str, Any]:
    """Return the catalogue of these sets; ``address`` gives the whole address of one of our pages."""
    home = address("open_data.catalogue_page")
    changed = [snapshot.changed_at for _, snapshot in held.values()]
    return {
        "@context": _CONTEXT,
        "@id": f"{home}#catalogo",
        "@type": "dcat:Catalog",
        "dct:title": _said("Datos abiertos de la difusión del Sistema Nacional de Transparencia"),
        "dct:description": _said(
            "Qué se dijo, quién lo dijo, con qué se cumplió y hasta dónde resonó, sin datos personales."
        ),
        "dct:publisher": _publisher(address),
        "dct:language": _SPANISH,
        "dct:license": {"@id": LICENCE_URL},
        "dct:spatial": _MEXICO,
        "foaf:homepage": {"@id": home},
        **({"dct:modified": _moment(max(changed))} if changed else {}),
        "dcat:dataset": [_data_set(data_set, snapshot, address) for data_set, snapshot in held.values()],
    }


def _publisher(address: Address) -> dict[str, Any]:
    return {
        "@id": f"{address('public.portal')}#comision",
        "@type": "foaf:Agent",
        "foaf:name": _said(PUBLISHER),
        "foaf:homepage": {"@id": address("public.portal")},
    }


def _data_set(data_set: DataSet, snapshot: Snapshot, address: Address) -> dict[str, Any]:
    page = address("open_data.dictionary_page", slug=data_set.slug)
    return {
        "@id": f"{page}#conjunto",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{VERSION}/{data_set.slug}",
        "dct:title": _said(data_set.title),
        "dct:description": _said(data_set.about),
        "dcat:keyword": [_said(word) for word in data_set.keywords],
        "dcat:theme": _GOVERNMENT,
        "dcat:version": VERSION,
        "dct:publisher": {"@id": f"{address('public.portal')}#comision"},
        "dct:language": _SPANISH,
        "dct:license": {"@id": LICENCE_URL},
        "dct:accessRights": _PUBLIC,
        "dct:spatial": _MEXICO,
        "dct:accrualPeriodicity": _CONTINUAL,
        "dct:modified": _moment(snapshot.changed_at),
        "dct:conformsTo": {"@id": address("open_data.dictionary_file", slug=data_set.slug)},
        # A page, not a mailbox: no address of a person stands in open data.
        "dcat:contactPoint": {
            "@type": "vcard:Organization",
            "vcard:fn": PUBLISHER,
            "vcard:hasURL": {"@id": address("public.portal")},
        },
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [_distribution(data_set, form, snapshot.files[form], address) for form in FORMS],
    }


def _distribution(data_set: DataSet, form: str, file: File, address: Address) -> dict[str, Any]:
    here = address("open_data.data_file", slug=data_set.slug, form=form)
    return {
        "@id": here,
        "@type": "dcat:Distribution",
        "dct:title": _said(f"{data_set.title} ({form.upper()})"),
        "dcat:accessURL": {"@id": here},
        "dcat:downloadURL": {"@id": here},
        "dcat:mediaType": {"@id": f"{_TYPES}{FORMS[form]}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size)},
        "dct:license": {"@id": LICENCE_URL},
        "dct:modified": _moment(datetime.fromisoformat(file.changed_at)),
        "dct:conformsTo": {"@id": address("open_data.dictionary_file", slug=data_set.slug)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
        },
    }


def _said(text: str) -> dict[str, str]:
    return {"@language": "es", "@value": text}


def _moment(at: datetime) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": at.isoformat(timespec="seconds")}
