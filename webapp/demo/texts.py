"""What the demonstration says. Examples, not announcements: dates and events are made up."""

from dataclasses import dataclass
from enum import StrEnum

from content_calendar.models.dialogue import ReplyStage


class Fate(StrEnum):
    """What became of an example by today."""

    OUT = "out"
    MISSED = "missed"
    BY_HAND = "by_hand"
    ALIKE = "alike"
    AHEAD = "ahead"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    DRAFT = "draft"


@dataclass(frozen=True)
class Example:
    """A post: the day it goes out counted from today, its hour, and what became of it."""

    days: int
    hour: int
    fate: Fate
    title: str
    text: str
    campaign: str
    theme: str
    picture: str = ""
    # How many bodies took it up, as far as their notes show.
    echoes: int = 0
    # What a thread says after its first part.
    more: tuple[str, ...] = ()
    # The link of the post that is quoted.
    quoted: str = ""


@dataclass(frozen=True)
class Heard:
    """A reply to the post of that title, so many days ago, and what became of it."""

    to: str
    handle: str
    days: int
    text: str
    stage: ReplyStage = ReplyStage.UNANSWERED
    reason: str = ""


_V, _T, _P = "vinculacionsnt", "snttips", "plandai"

EXAMPLES: tuple[Example, ...] = (
    Example(
        -19,
        10,
        Fate.OUT,
        "Cómo preguntar",
        "¿Sabías que puedes pedir información pública sin decir quién eres ni "
        "para qué la quieres? Solo escribe tu pregunta con claridad. Es tu derecho. #SNTtips",
        _T,
        "tips",
        "Una mano escribe una pregunta en una hoja con el título «Solicitud»",
        9,
    ),
    Example(
        -17,
        12,
        Fate.OUT,
        "Convocatoria de historieta",
        "Ya puedes participar en el Concurso Nacional de Historieta "
        "Infantil: dibuja qué significa para ti el derecho a saber. Habla con tu escuela y entra. #VinculaciónSNT",
        _V,
        "concursos",
        "Niñas y niños dibujan alrededor de una mesa con lápices de colores",
        12,
    ),
    Example(
        -15,
        9,
        Fate.OUT,
        "Red local instalada",
        "La red local de socialización de Nuevo León quedó instalada. Estas "
        "personas llevarán el derecho de acceso a la información a mercados, escuelas y centros de salud. INAI "
        "#PlanDAI",
        _P,
        "plandai",
        "",
        5,
    ),
    Example(
        -12,
        11,
        Fate.OUT,
        "Plazo de respuesta",
        "Una autoridad tiene 20 días hábiles para responder tu solicitud. Si "
        "no lo hace, puedes presentar una queja, y es gratis. Guarda tu folio. #SNTtips",
        _T,
        "tips",
        "Un calendario con veinte días marcados y un reloj",
        14,
    ),
    Example(
        -10,
        17,
        Fate.OUT,
        "Cine conversatorio",
        "El cine conversatorio llegó a Tlaxcala: vimos, preguntamos y "
        "platicamos sobre datos personales. La siguiente parada de la gira será Colima. #VinculaciónSNT",
        _V,
        "gira",
        "Personas sentadas frente a una pantalla en una plaza al anochecer",
        6,
    ),
    Example(
        -8,
        10,
        Fate.OUT,
        "Datos de niñas y niños",
        "Antes de publicar la foto de una niña o un niño, pregunta: ¿quién "
        "la va a ver y quién dio permiso? Sus datos también son suyos. #SNTtips",
        _T,
        "tips",
        "",
        8,
    ),
    Example(
        -5,
        13,
        Fate.OUT,
        "Foro de gobierno abierto",
        "¿Cómo se abre un gobierno? Hoy lo platicaron sociedad civil, "
        "academia y autoridades en el foro de Gobierno Abierto. Aquí lo más importante. #VinculaciónSNT",
        _V,
        "foros",
        "Cuatro personas conversan en una mesa con micrófonos",
        4,
    ),
    Example(
        -3,
        9,
        Fate.OUT,
        "Personas facilitadoras",
        "Diez personas facilitadoras terminaron su formación en "
        "Campeche. Desde hoy enseñan a otras a preguntar. Gracias. INAI #PlanDAI",
        _P,
        "plandai",
        "",
        3,
    ),
    Example(
        -1,
        12,
        Fate.OUT,
        "Contraseñas",
        "Una frase larga que recuerdes protege mejor tus datos que una palabra corta "
        "con símbolos. No la repitas en otros sitios. #SNTtips",
        _T,
        "tips",
        "Un candado hecho de palabras",
        2,
    ),
    Example(
        -4,
        11,
        Fate.OUT,
        "Solicitud en tres pasos",
        "Pedir información pública toma tres pasos. Primero: piensa qué documento tendría la respuesta, y quién "
        "lo guarda. Abrimos hilo. #SNTtips",
        _T,
        "tips",
        "Tres hojas numeradas sobre una mesa",
        3,
        (
            "Segundo: escribe qué quieres saber, de qué fechas y de qué lugar. No tienes que decir para qué.",
            "Tercero: guarda tu folio y cuenta 20 días hábiles. Si no contestan, la queja es gratis. #SNTtips",
        ),
    ),
    Example(
        -2,
        16,
        Fate.OUT,
        "Cita de la revista",
        "Así lo contó Nuevo León: una pregunta bien hecha abrió el presupuesto de su parque. #VinculaciónSNT",
        _V,
        "foros",
        quoted="https://redes.example/infonl/parque",
    ),
    Example(
        -1,
        15,
        Fate.ALIKE,
        "Contraseñas, otra vez",
        "Una frase larga que recuerdes protege mejor tus datos que una palabra corta con símbolos. "
        "No la repitas en otros lugares. #SNTtips",
        _T,
        "tips",
    ),
    Example(
        -2,
        8,
        Fate.MISSED,
        "Sesión ordinaria",
        "Hoy sesiona la Comisión de Vinculación. Síguela en vivo desde las 10:00. #VinculaciónSNT",
        _V,
        "sesiones",
    ),
    Example(
        -1,
        18,
        Fate.BY_HAND,
        "Espacio en vivo",
        "Mañana a las 18:00 platicamos en vivo sobre datos personales y escuelas. "
        "Manda tus preguntas. #VinculaciónSNT",
        _V,
        "foros",
    ),
    Example(
        1,
        10,
        Fate.AHEAD,
        "Corrige tus datos",
        "Si una institución tiene mal tu nombre o tu domicilio, puedes pedir que "
        "lo corrija. Se llama derecho de rectificación. #SNTtips",
        _T,
        "tips",
        "Una persona borra un dato y escribe otro en un formulario",
    ),
    Example(
        2,
        12,
        Fate.AHEAD,
        "Gira en Colima",
        "Este jueves la gira de cine conversatorio llega a Colima. La entrada es "
        "libre. Llega media hora antes. #VinculaciónSNT",
        _V,
        "gira",
    ),
    Example(
        4,
        9,
        Fate.AHEAD,
        "Jornadas ciudadanas",
        "Cuatro jornadas, cuatro colonias, una pregunta: ¿qué te gustaría "
        "saber de tu gobierno? INAI #PlanDAI",
        _P,
        "plandai",
    ),
    Example(
        8,
        11,
        Fate.IN_REVIEW,
        "Revista",
        "El nuevo número de la revista cuenta cómo una colonia consiguió agua con una "
        "solicitud de información. Léelo completo. #VinculaciónSNT",
        _V,
        "revistas",
    ),
    Example(
        10,
        10,
        Fate.IN_REVIEW,
        "Lengua materna",
        "Tu solicitud puede ir en tu lengua. La autoridad debe atenderla y buscar quien traduzca. #SNTtips",
        _T,
        "tips",
    ),
    Example(
        12,
        10,
        Fate.RETURNED,
        "Spot de radio",
        "Escucha los spots ganadores del concurso nacional. #VinculaciónSNT",
        _V,
        "concursos",
    ),
    Example(
        17,
        10,
        Fate.DRAFT,
        "Día contra la corrupción",
        "La corrupción se combate con preguntas. ¿Ya hiciste la tuya? #VinculaciónSNT",
        _V,
        "foros",
    ),
    Example(
        18,
        10,
        Fate.DRAFT,
        "Derechos humanos",
        "Saber es un derecho humano, y abre los demás. #SNTtips",
        _T,
        "tips",
    ),
)

# What went out earlier in the year: days counted from today.
PAST: tuple[Example, ...] = (
    Example(-300, 10, Fate.OUT, "Protege tus datos en vacaciones", "Antes de publicar tu boleto o tu pase de abordar, tapa el código: ahí están tus datos. #SNTtips", _T, "tips"),
    Example(-255, 11, Fate.OUT, "Redes locales del año", "Estas son las redes locales que este año llevan el derecho a saber a mercados y escuelas. #PlanDAI", _P, "plandai"),
    Example(-200, 12, Fate.OUT, "Concurso de ensayo", "Jóvenes de todo el país: escriban por qué les importa saber en qué se gasta. #VinculaciónSNT", _V, "concursos"),
    Example(-140, 10, Fate.OUT, "Datos abiertos en tu colonia", "Con datos abiertos, una colonia supo cuándo pasa la basura y lo publicó para todos. #SNTtips", _T, "tips"),
    Example(-85, 9, Fate.OUT, "Derecho a saber", "Preguntar no es molestar: es un derecho. La autoridad debe contestarte por escrito. #SNTtips", _T, "tips"),
)  # fmt: skip

THEMES: tuple[tuple[str, str, str, int, int], ...] = (
    ("tips", "SNTtips: tu derecho en una frase", "#0b7a75", -22, 36),
    ("plandai", "PlanDAI: redes locales y jornadas ciudadanas", "#5b2a86", -16, 20),
    ("gira", "Gira de cine conversatorio", "#a4501c", -11, 9),
    ("concursos", "Concursos nacionales", "#1d5fa8", -20, 14),
    ("foros", "Foros y espacios en vivo", "#7a6a00", -6, 18),
    ("sesiones", "Sesiones de la Comisión", "#6b2138", -3, 1),
    ("revistas", "Revistas del Sistema", "#2f6b2f", 6, 16),
)

# How bodies took the posts up in their own notes; ``{text}`` is the post's, ``{first}`` its first sentence.
ECHOES: tuple[str, ...] = (
    "{text}",
    "Compartimos: {text}",
    "RT {text}",
    "{first}",
    "En nuestro estado también. {first} Ven a platicarlo con nosotras el viernes en el módulo de atención.",
    "{first} Lo contamos con ejemplos de nuestros municipios en la nota completa: qué pidieron las personas y qué les contestaron.",
)
OTHER_NOTES: tuple[str, ...] = (
    "El pleno del instituto resolvió 34 recursos de revisión en su sesión de esta semana.",
    "Convocatoria para el diplomado en archivos y gestión documental, abierta hasta fin de mes.",
    "Informe mensual de solicitudes: la mayoría se respondió dentro del plazo.",
)
ANSWERS: tuple[str, ...] = (
    "Tenemos tres testimonios de personas que consiguieron información sobre su pensión. Adjuntamos el resumen.",
    "Proponemos una cápsula sobre solicitudes en lengua náhuatl con la radio comunitaria.",
    "Sumamos la fecha de nuestra jornada en el mercado municipal y dos fotografías con permiso.",
)

REPLIES: tuple[Heard, ...] = (
    Heard(
        "Cómo preguntar",
        "lupita_pregunta",
        18,
        "¿Y puedo preguntar aunque sea menor de edad?",
        ReplyStage.ANSWERED,
    ),
    Heard(
        "Plazo de respuesta",
        "vecinosdelparque",
        11,
        "Ya pasaron 25 días y no contestan. ¿Dónde presento la queja?",
        ReplyStage.ANSWERED,
    ),
    Heard(
        "Plazo de respuesta",
        "ofertas_hoy",
        10,
        "GANA DINERO DESDE CASA, entra a mi perfil",
        ReplyStage.DISMISSED,
        "Es publicidad",
    ),
    Heard(
        "Datos de niñas y niños",
        "maestra.rosa",
        4,
        "En mi escuela suben fotos al grupo sin preguntar.\n¿Qué les digo?",
    ),
    Heard("Contraseñas", "profe_tonio", 0, "¿Sirve una frase en náhuatl?"),
)

# Notes of the wire: whose, how many hours old, what they say and where.
WIRE_NOTES: tuple[tuple[str, int, str, str, str], ...] = (
    ("infonl", 2, "Jornadas ciudadanas del PlanDAI llegan a los mercados de Monterrey", "https://infonl.example/notas/jornadas?utm_source=boletin&utm_medium=rss", "Personas facilitadoras explican cómo preguntar y qué hacer si no contestan."),
    ("infocdmx", 4, "Hoy platicamos sobre datos personales y escuelas. ¿Qué quieres saber?", "https://social.example/@infocdmx/115000000000000001", "Una conversación en vivo a las 18 horas, con maestras y maestros."),
    ("ichitaip", 6, "Abren la convocatoria del concurso de historieta infantil en Chihuahua", "https://ichitaip.example/notas/historieta", "Dibuja qué es para ti el derecho a saber. Hay tiempo hasta fin de mes."),
    ("cgaytp", 8, "La Comisión de Gobierno Abierto convoca a su mesa de cocreación", "https://cgaytp.example/notas/mesa", "La mesa es abierta y se transmite en vivo."),
    ("coordinacion-norte", 20, "La Región Norte comparte su agenda de capacitación", "https://norte.example/notas/agenda", "Talleres en cinco estados, todos gratuitos."),
)  # fmt: skip
# What was replicated on the last working days, by posts of notes; before that, by hand.
RELAYED: tuple[str, ...] = (
    "Entregan reconocimientos a las mejores preguntas del año",
    "El cine conversatorio de la gira reunió a cien estudiantes",
    "Cómo pedir información en tu lengua: una guía breve",
)
