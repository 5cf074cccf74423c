"""Open data of what went out: publications, who took them up, and the figures that networks gave.

A publication is in them once it is out on a network where others see it; never before, and never a rehearsal.
Its text stays where it was published: what is taken down there must not live on here.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from assets.models import Takedown, TakedownAnswer
from content_calendar.content import PostKind
from content_calendar.models.directory import Account, Body, Owner, Site, Standing
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import PublicationState
from scheduler.models import Entry, Reading, Replication, ReplicationKind, ReplicationStage
from scheduler.results.models import Result
from webapp.open_data import declaring as d
from webapp.open_data import written
from webapp.open_data.declaring import Ask, DataSet
from webapp.words import N_

_NETWORK = N_("La red social")
_ENGINE = N_("El registro de lo que Resuena publica")
_LEDGER = N_("El registro de réplicas de la Comisión")
_NO_THEME = N_("No es de ningún tema.")
_NOT_GIVEN = N_("La red no dio esta cifra: no se sabe, y no es cero.")
# A post is told by its first part; the others answer it.
_FIRST = aliased(PublicationPart, flat=True)


def is_out(ask: Ask) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on ``Publication`` and ``Account`` that anybody can see it."""
    return (
        # As text, not a bound word: only so does the index of what is out serve the query on SQLite.
        literal_column("publication.state") == literal_column(f"'{PublicationState.PUBLISHED.value}'"),
        Publication.published_at.is_not(None),
        Account.network.not_in(ask.rehearsed),
        # What was taken down there does not live on here.
        ~exists().where(Takedown.publication_id == Publication.id, Takedown.answer == TakedownAnswer.DONE),
    )


def first_out(ask: Ask) -> Any:  # noqa: ANN401 -- a subquery with its columns
    """Return of each post the moment at which anybody could first see it, as a subquery."""
    return (
        select(Publication.post_id, func.min(Publication.published_at).label("at"))
        .join(Account, Account.id == Publication.account_id)
        .where(*is_out(ask))
        .group_by(Publication.post_id)
        .subquery("first_out")
    )


def _publications(asked: Select[Any], ask: Ask) -> Select[Any]:
    return (
        asked.select_from(Publication)
        .join(Post, Post.id == Publication.post_id)
        .join(Account, Account.id == Publication.account_id)
        .join(Owner, Owner.id == Account.owner_id)
        .outerjoin(Theme, Theme.id == Post.theme_id)
        .outerjoin(_FIRST, (_FIRST.publication_id == Publication.id) & (_FIRST.n == 1))
        .where(*is_out(ask))
        .order_by(Publication.id)
    )


KINDS = {
    PostKind.POST: ("publicacion", N_("Una publicación sola.")),
    PostKind.THREAD: ("hilo", N_("Varias partes, una tras otra.")),
    PostKind.REPOST: ("repost", N_("Lo que otra cuenta publicó, compartido tal cual.")),
    PostKind.QUOTE: ("cita", N_("Lo que otra cuenta publicó, con palabras nuestras.")),
}
PUBLICATIONS = DataSet(
    slug="publicaciones",
    title=N_("Publicaciones"),
    about=N_(
        "Lo que salió por las cuentas de las instituciones del Sistema: en qué red, cuándo y con qué enlace. "
        "El texto está en su enlace, en la red donde se publicó."
    ),
    row=N_("una publicación en una cuenta"),
    fresh=N_("cada vez que sale algo"),
    key=("publicacion",),
    keywords=("publicaciones", "difusión", "redes sociales"),
    joined=_publications,
    columns=(
        d.text("publicacion", N_("Clave de la publicación en esa cuenta."), _ENGINE, Publication.ref),
        d.text("mensaje", N_("Clave del mensaje: el mismo puede salir por varias cuentas."), _ENGINE, Post.ref),
        d.text("red", N_("Red social."), _ENGINE, Account.network),
        d.text("cuenta", N_("Clave de la cuenta; se une con «cuentas-oficiales»."), _ENGINE, Account.ref),
        d.text("titular", N_("Nombre corto de quién es la cuenta."), _ENGINE, Owner.slug),
        d.word("clase", N_("Qué se publicó."), _ENGINE, KINDS, Post.kind),
        d.text("lengua", N_("Lengua del mensaje, con la clave BCP 47."), _ENGINE, Post.language),
        d.text("tema", N_("Clave del tema del calendario."), _ENGINE, Theme.ref, empty=_NO_THEME),
        d.text("tema_titulo", N_("Título del tema."), _ENGINE, Theme.title, typed=True, empty=_NO_THEME),
        *d.moment("publicada", N_("Cuándo salió."), _NETWORK, Publication.published_at),
        d.yes_no(
            "a_su_hora", N_("Si salió a la hora planeada, con el plazo que se da a cada una."), _ENGINE,
            Publication.published_at <= Publication.late_after,
        ),
        d.url(
            "enlace", N_("Dónde está; de un hilo, su primera parte."), _NETWORK,
            case((_FIRST.remote_url.startswith("http"), _FIRST.remote_url)), empty=N_("La red no da enlace."),
        ),
    ),
)  # fmt: skip

FORMS = {
    ReplicationKind.LINK: ("enlace", N_("Una nota o publicación propia que lleva a la nuestra.")),
    ReplicationKind.REPOST: ("repost", N_("La publicación, compartida tal cual.")),
    ReplicationKind.QUOTE: ("cita", N_("La publicación, con palabras del organismo.")),
    ReplicationKind.COPY: ("copia", N_("El mismo texto o la misma imagen.")),
    ReplicationKind.ADAPTED: ("adaptada", N_("El texto, con cambios del organismo.")),
    ReplicationKind.NOTE: ("nota", N_("Una nota propia sobre lo mismo.")),
    ReplicationKind.OFFLINE: ("fuera-de-linea", N_("En radio, periódico mural u otro medio sin enlace.")),
}
VERDICTS = {
    ReplicationStage.SEEN: ("maquina", N_("La encontró el programa, y ninguna persona ha dicho otra cosa.")),
    ReplicationStage.DECLARED: ("declarada", N_("La declaró el organismo.")),
    ReplicationStage.CONFIRMED: ("persona", N_("Una persona la miró y dijo que sí.")),
}


def _under(link: Any, address: Any) -> ColumnElement[bool]:  # noqa: ANN401 -- columns, or attributes of models
    """Return the condition that a link leads to an address or below it, and not to one that only begins alike."""
    begins = func.rtrim(func.lower(address), "/").concat("/")
    return func.substr(func.lower(link).concat("/"), 1, func.length(begins)) == begins


def _institutional() -> ColumnElement[bool]:
    """Return the condition that a link is the body's own: of a feed of its, or under an address of its."""
    account, site = aliased(Account, flat=True), aliased(Site, flat=True)
    entry = aliased(Entry, flat=True)
    return or_(
        select(entry.id).where(entry.id == Replication.entry_id, entry.feed_id.is_not(None)).exists(),
        select(account.id)
        .where(
            account.owner_id == Replication.body_id,
            account.standing == Standing.IN_FORCE,
            account.url.startswith("http"),
            _under(Replication.link, account.url),
        )
        .exists(),
        select(site.id)
        .where(site.owner_id == Replication.body_id, _under(Replication.link, site.url))
        .exists(),
    )


# A network that tells who shared a post, and not when, gives no moment: when it was found is no lag.
_OCCURRED = case((Replication.dated, Replication.occurred_at))


def _minutes(_ask: Ask) -> ColumnElement[Any]:
    return written.minutes_between(literal_column("first_out.at"), _OCCURRED)


def _replications(asked: Select[Any], ask: Ask) -> Select[Any]:
    out = first_out(ask)
    return (
        asked.select_from(Replication)
        .join(Post, Post.id == Replication.post_id)
        .join(Body, Body.id == Replication.body_id)
        .join(out, out.c.post_id == Replication.post_id)
        .where(Replication.stage.in_([stage.value for stage in VERDICTS]))
        .order_by(Replication.id)
    )


REPLICATIONS = DataSet(
    slug="replicas",
    title=N_("Réplicas"),
    about=N_(
        "Qué organismo retomó qué mensaje, en qué forma y cuánto tardó. Las que esperan que una persona decida no "
        "están. Que un par de mensaje y organismo no esté no dice que no lo haya replicado: dice que no lo hemos visto."
    ),
    row=N_("una réplica de un mensaje por un organismo"),
    fresh=N_("cada hora"),
    key=("replica",),
    keywords=("réplicas", "difusión", "organismos garantes"),
    joined=_replications,
    columns=(
        d.text("replica", N_("Clave de la réplica."), _LEDGER, Replication.ref),
        d.text("mensaje", N_("Clave del mensaje que se retomó; se une con «publicaciones»."), _LEDGER, Post.ref),
        d.text("organismo", N_("Nombre corto del organismo; se une con «organismos»."), _LEDGER, Body.slug),
        d.word("forma", N_("En qué forma lo retomó."), _LEDGER, FORMS, Replication.kind),
        d.word("veredicto", N_("Quién dice que es una réplica."), _LEDGER, VERDICTS, Replication.stage),
        d.number(
            "seguridad", N_("Qué tan seguro está el programa, de 0 a 100."), _LEDGER, Replication.score,
            unit=N_("puntos de 100"), empty=N_("No la encontró el programa."),
        ),
        *d.moment(
            "ocurrio", N_("Cuándo lo retomó."), _LEDGER, _OCCURRED, N_("La red no dice cuándo."),
        ),
        *d.moment("vista", N_("Cuándo lo vimos, o se nos dijo."), _LEDGER, Replication.seen_at),
        d.number(
            "tardanza", N_("Cuánto pasó desde que el mensaje salió por primera vez."), N_("Calculado de lo anterior"),
            _minutes, unit="min", empty=N_("No se sabe cuándo lo retomó, o el reloj de su fuente está mal."),
        ),
        d.url(
            "enlace", N_("Dónde está, cuando es un sitio o una cuenta del organismo."), _LEDGER,
            case((Replication.link.startswith("http") & _institutional(), Replication.link)),
            empty=N_("No tiene, o lleva a un lugar que no es del organismo y podría decir quién es una persona."),
        ),
    ),
)  # fmt: skip

AGES = {
    "1h": ("1 h", N_("A una hora de publicada.")),
    "24h": ("24 h", N_("A un día.")),
    "72h": ("72 h", N_("A tres días.")),
    "7d": ("7 d", N_("A siete días.")),
    "28d": ("28 d", N_("A veintiocho días.")),
}


def _results(asked: Select[Any], ask: Ask) -> Select[Any]:
    return (
        asked.select_from(Result)
        .join(Publication, Publication.id == Result.publication_id)
        .join(Account, Account.id == Publication.account_id)
        .where(*is_out(ask))
        .order_by(Result.publication_id, Result.window)
    )


_PUBLICATION = N_("Clave de la publicación; se une con «publicaciones».")
_AGE = N_("A qué edad de la publicación se leyó: todas se comparan a la misma.")
RESULTS = DataSet(
    slug="resultados",
    title=N_("Resultados"),
    about=N_(
        "Cómo se recibió cada publicación, a cinco edades fijas. Solo hay cifras donde la red las da: "
        "lo que falta está vacío, y vacío no es cero."
    ),
    row=N_("una publicación a una edad"),
    fresh=N_("cuando llega cada edad"),
    key=("publicacion", "edad"),
    keywords=("resultados", "alcance", "interacciones"),
    joined=_results,
    columns=(
        d.text("publicacion", _PUBLICATION, _ENGINE, Publication.ref),
        d.word("edad", _AGE, _ENGINE, AGES, Result.window),
        d.number("vistas", N_("Veces que se vio."), _NETWORK, Result.views, unit=N_("veces"), empty=_NOT_GIVEN),
        d.number(
            "interacciones", N_("Lo que la gente hizo con ella y todas las redes cuentan igual: me gusta, compartir, "
            "citar y responder."), _NETWORK, Result.engagements, unit=N_("veces"), empty=_NOT_GIVEN,
        ),
        d.number(
            "clics", N_("Veces que se abrió su enlace."), _NETWORK, Result.clicks, unit=N_("veces"), empty=_NOT_GIVEN
        ),
        *d.moment("leida", N_("Cuándo se leyó."), _ENGINE, Result.taken_at),
    ),
)  # fmt: skip


def _readings(asked: Select[Any], ask: Ask) -> Select[Any]:
    return (
        asked.select_from(Reading)
        .join(Publication, Publication.id == Reading.publication_id)
        .join(Account, Account.id == Publication.account_id)
        .where(*is_out(ask))
        .order_by(Reading.publication_id, Reading.window, Reading.metric)
    )


READINGS = DataSet(
    slug="mediciones",
    title=N_("Mediciones"),
    about=N_(
        "Las cifras de las redes como llegaron, una por renglón, para volver a hacer cualquier suma. "
        "Cada red cuenta a su modo: compara entre redes solo lo que «resultados» junta."
    ),
    row=N_("una cifra de una publicación a una edad"),
    fresh=N_("cuando llega cada edad"),
    key=("publicacion", "edad", "cifra"),
    keywords=("resultados", "mediciones"),
    joined=_readings,
    columns=(
        d.text("publicacion", _PUBLICATION, _ENGINE, Publication.ref),
        d.word("edad", _AGE, _ENGINE, AGES, Reading.window),
        d.text("cifra", N_("Qué se contó, con el nombre que le da el programa."), _NETWORK, Reading.metric),
        d.number("valor", N_("Cuánto."), _NETWORK, Reading.value),
        *d.moment("leida", N_("Cuándo se leyó."), _ENGINE, Reading.taken_at),
    ),
)  # fmt: skip
