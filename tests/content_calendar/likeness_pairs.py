"""Pairs of texts as commissions write them, told apart by a person: would a reader call them the same post?"""

BASE = "Tu derecho a saber no caduca: pide información pública a cualquier autoridad, sin decir para qué."
LONG = (
    "La Plataforma Nacional de Transparencia te permite pedir información a más de ocho mil instituciones. "
    "Entra, crea tu cuenta y escribe tu solicitud: tienen veinte días hábiles para responderte."
)

ALIKE = [
    (BASE, BASE),
    (BASE, BASE.upper()),
    (BASE, BASE.replace("información", "informacion").replace("é", "e")),
    (BASE, f"{BASE} https://plataformadetransparencia.org.mx/solicitudes?de=33"),
    (BASE, f"{BASE} #DerechoASaber #Transparencia #SNT"),
    (f"{BASE} #DerechoASaber #SNT", f"{BASE} #SNT #DerechoASaber"),
    (BASE, f"📢 {BASE} 👉 @INFOCDMX"),
    (BASE, BASE.replace(":", " —").replace(",", "").replace(".", "!!!")),
    (BASE, f"En Jalisco, {BASE[0].lower()}{BASE[1:]}"),
    (f"En Colima, {BASE}", f"En Tamaulipas, {BASE}"),
    (BASE, BASE.replace("cualquier autoridad", "toda autoridad")),
    (BASE, BASE.replace("sin decir para qué", "sin explicar para qué")),
    (LONG, LONG.replace("más de ocho mil", "8,000")),
    (LONG, f"{LONG} Es gratis."),
    (LONG, LONG.replace("Entra, crea tu cuenta y escribe", "Ingresa, abre una cuenta y redacta")),
    ("Conoce tus derechos hoy", "¡Conoce tus derechos, hoy! 🔎"),
    ("#DatosAbiertos #Transparencia", "#Transparencia #DatosAbiertos"),
    (
        "Este jueves, foro sobre datos personales en Puebla a las 10:00 h. Entrada libre.",
        "Este jueves, foro sobre datos personales en Puebla a las 10:00 horas. ¡Entrada libre!",
    ),
    # The same sentences in another order, one more sentence, one less.
    (LONG, ". ".join(LONG.rstrip(".").split(". ")[::-1]) + "."),
    (BASE, f"{BASE} En el INAIP te acompañamos."),
    (LONG, f"¡Buen lunes! {LONG} Te esperamos en nuestras oficinas."),
    (
        "Hoy inicia el concurso de cuento «Los secretos que guarda mi archivo». Manda el tuyo antes del 30 de junio.",
        "¡Hoy inicia el concurso de cuento Los secretos que guarda mi archivo! Envía el tuyo antes del 30 de junio.",
    ),
    (
        "Foro en Oaxaca: datos personales y redes sociales. Lunes 12, 10:00 h, auditorio del Congreso.",
        "Foro en Toluca: datos personales y redes sociales. Martes 13, 12:00 h, auditorio del Congreso.",
    ),
    (
        "La #transparencia es de todas las personas: úsala.",
        "La transparencia es de todas las personas: ¡úsala!",
    ),
]

DIFFERENT = [
    (BASE, LONG),
    (BASE, "Proteger tus datos personales empieza por leer el aviso de privacidad antes de firmar."),
    (
        BASE,
        "¿Sabías que puedes pedir información pública sin explicar tus motivos? La ley te respalda desde 2002.",
    ),
    (
        "Este jueves, foro sobre datos personales en Puebla a las 10:00 h. Entrada libre.",
        "El viernes presentamos en Mérida la guía de archivos municipales; hay cupo para 80 personas.",
    ),
    (
        "Semana de la transparencia, día 1: qué es una obligación de transparencia y dónde se publica.",
        "Semana de la transparencia, día 2: cómo presentar una queja cuando no te responden a tiempo.",
    ),
    (
        "Conoce el directorio de servidores públicos de tu municipio en la Plataforma Nacional.",
        "Conoce el presupuesto de tu municipio y en qué se gasta: está en la Plataforma Nacional.",
    ),
    ("Conoce tus derechos", "Ejerce tus derechos de acceso"),
    ("#DatosAbiertos #Transparencia", "#Privacidad #Archivos"),
    (
        "En Jalisco, el ITEI resolvió 320 recursos de revisión durante el primer semestre del año.",
        "En Nuevo León abrimos la convocatoria para el concurso infantil de dibujo sobre privacidad.",
    ),
    (
        "Aviso: mañana no habrá atención en ventanilla por mantenimiento. Escríbenos por correo.",
        "Aviso: abrimos los sábados de julio para atender solicitudes de datos personales en persona.",
    ),
    (
        "Pide tu expediente clínico: es tu derecho y el hospital tiene 20 días para entregarlo.",
        "Corrige tus datos en el padrón: es tu derecho y la oficina tiene 20 días para hacerlo.",
    ),
    (
        "Las niñas y los niños también tienen derecho a la privacidad. Cuida lo que publicas de ellos.",
        "Las personas mayores también piden información: te enseñamos paso a paso cada martes.",
    ),
    # One mould, two things to say.
    (
        "Semana de la transparencia, día 3: aprende a leer el presupuesto de tu estado con nuestra guía.",
        "Semana de la transparencia, día 4: aprende a pedir tu historia laboral con nuestra guía.",
    ),
    (
        "¿Sabías que la ley obliga a publicar el sueldo de cada servidora y servidor público? Búscalo aquí.",
        "¿Sabías que la ley obliga a publicar los contratos de cada obra pública? Búscalos aquí.",
    ),
    (
        "Hoy se conmemora el Día Internacional de los Archivos: sin archivos no hay memoria.",
        "Hoy se conmemora el Día Internacional de Protección de Datos: tu vida privada es tuya.",
    ),
    (
        "Mañana a las 11:00 h, sesión del Consejo Nacional. Síguela en vivo.",
        "Mañana a las 17:00 h, taller de gobierno abierto para docentes. Regístrate.",
    ),
    ("", ""),
    ("https://snt.org.mx/a", "https://snt.org.mx/b"),
]
