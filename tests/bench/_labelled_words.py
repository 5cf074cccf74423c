"""The words of the labelled set that were written for it: how posts begin and end, and how others say the same."""

LEADS = (
    "Conoce {theme}.",
    "Hoy te contamos de {theme} y por qué te sirve en {state}.",
    "¿Ya sabes de qué trata {theme}? Te lo explicamos en un minuto.",
    "Llega a {state}: {theme}.",
    "{body} y la Comisión de Vinculación te presentan {theme}.",
    "Esta semana hablamos de {theme}.",
    "En {state} seguimos con {theme}: participan escuelas, mercados y centros de salud.",
    "Tu derecho a saber también es esto: {theme}.",
    "Ya está disponible lo nuevo de {theme}, con ejemplos de {state}.",
    "Preguntar cambia las cosas. Así empezó en {state} {theme}.",
    "Aparta la fecha para {theme}.",
    "Con {theme} tu voz cuenta en las decisiones de {state}.",
    "Lo que aprendimos este año de {theme}, en palabras sencillas.",
    "Gracias a quienes hacen posible {theme} en {state}.",
    "Tres cosas que conviene saber de {theme}.",
    "Desde {state} compartimos {theme} con todo el país.",
    "Hay una buena noticia para {state}: {theme}.",
    "Mira cómo {body} lleva a las colonias {theme}.",
)
CALLS = (
    "Pregunta en tu instituto, es gratis y no necesitas abogado.",
    "Comparte este mensaje con quien lo necesite.",
    "Acércate al módulo de atención de tu organismo garante y te acompañamos.",
    "Cuéntanos tu experiencia en los comentarios.",
    "Si tienes dudas, escríbenos y te respondemos.",
    "Descarga los materiales en la caja de herramientas y úsalos en tu comunidad.",
    "Síguenos para conocer las siguientes fechas.",
    "Ejerce tu derecho: tu pregunta ayuda a más personas.",
    "Invita a tu escuela, a tu colectivo y a tu familia.",
    "Consulta las bases completas en la página del Sistema Nacional de Transparencia.",
    "Queremos escucharte: manda tu propuesta antes del viernes.",
    "Guarda este mensaje para cuando hagas tu solicitud.",
    "Tus datos son tuyos: cuídalos y enseña a otras personas a cuidarlos.",
    "Pide que te expliquen la respuesta si no la entiendes.",
)
# One event, as the post announces it and as another body tells it in words of its own: the same facts, no message of
# the other's.
EVENTS = (
    "Te invitamos a {theme}. Será el {day} de {month} a las {hour} horas en {place}, {state}. La entrada es libre.",
    "Falta poco: el {day} de {month}, a las {hour} horas, empieza en {place} de {state} {theme}. Aparta tu lugar.",
    "{state} recibe el {day} de {month} {theme}. Nos vemos en {place} a las {hour} horas, con transmisión en vivo.",
    "Este {day} de {month} la cita es en {place}, {state}, a las {hour} horas, para {theme}. Lleva tus preguntas.",
)
EVENTS_OF_OTHERS = (
    (
        "Personal de {body} asistió en {place} a la jornada del {day} de {month}: se habló de {theme} ante "
        "autoridades, estudiantes y prensa local."
    ),
    (
        "{body} informa que su titular participará como ponente en {theme}, que se desarrolla en {place} durante el "
        "{day} de {month}."
    ),
    (
        "Con asistencia de vecinas y vecinos de {state}, concluyó ayer la actividad sobre {theme} que tuvo como sede "
        "{place}."
    ),
    (
        "Boletín: el pleno de {body} aprobó sumarse a {theme}, prevista el {day} de {month}, y comisionó a dos "
        "personas de su área de vinculación."
    ),
)
PLACES = (
    "el auditorio municipal", "la biblioteca central", "la plaza principal", "la universidad autónoma",
    "el congreso del estado", "el museo regional", "la casa de la cultura", "el mercado de abastos",
)  # fmt: skip
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "septiembre", "octubre", "noviembre")
TAGS = (
    "#PlanDAI",
    "#VinculaciónSNT",
    "#SNTtips",
    "#TransparenciaProactiva",
    "#DatosAbiertos",
    "#GobiernoAbierto",
)
MORE_TAGS = (
    "#Transparencia",
    "#DerechoASaber",
    "#México",
    "#Participa",
    "#DatosPersonales",
    "#RendiciónDeCuentas",
)
HANDLES = ("snt_mexico", "VinculacionSNT", "comision_vpd", "infonl", "itei_jal", "TransparenciaMX")
BEFORE_A_COPY = (
    "", "", "Compartimos: ", "Te puede interesar: ", "📣 ", "Del Sistema Nacional de Transparencia: ",
    "Retomamos este mensaje de la Comisión de Vinculación.\n",
)  # fmt: skip
BEFORE_A_QUOTE = (
    "Como dijo la Comisión de Vinculación: «{text}»",
    "El Sistema Nacional de Transparencia publicó lo siguiente: “{text}”",
    "En sus redes se lee: {text}",
    "Recordamos el mensaje de esta semana. {text}",
)
# What people change a word for when they pass a text on.
INSTEAD = {
    "conoce": "descubre", "hoy": "esta semana", "cuéntanos": "platícanos", "comparte": "difunde", "invita": "convoca",
    "pregunta": "consulta", "gratis": "gratuito", "mensaje": "aviso", "personas": "gente", "ayuda": "apoya",
    "necesitas": "requieres", "también": "además", "compartimos": "difundimos", "escribe": "anota", "elige": "escoge",
    "revisa": "verifica", "puedes": "podrás", "organismo": "instituto", "organismos": "institutos", "todavía": "aún",
    "aquí": "acá", "antes": "previamente", "ahora": "desde hoy", "nuevo": "más reciente", "nueva": "más reciente",
    "publicación": "entrada", "día": "fecha", "texto": "mensaje", "cuando": "al momento en que", "porque": "ya que",
    "si": "en caso de que", "solo": "únicamente", "cuenta": "perfil", "enlace": "vínculo", "página": "sitio",
    "derecho": "garantía", "empezó": "inició", "empieza": "inicia", "llega": "arriba", "sigue": "continúa",
    "fecha": "cita", "escuela": "plantel", "familia": "hogar", "comunidad": "colonia", "dudas": "preguntas",
    "respondemos": "contestamos", "acércate": "ven", "descarga": "baja", "materiales": "recursos", "sepas": "conozcas",
    "sabes": "conoces", "conviene": "hay que", "sencillas": "claras", "lleva": "acerca", "participan": "intervienen",
    "disponible": "listo", "ejemplos": "casos", "explicamos": "contamos", "colonias": "barrios", "país": "México",
}  # fmt: skip
