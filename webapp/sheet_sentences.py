"""The sentences of sheets that come in: of the file, of its cells, of the import; part of ``webapp/sentences.py``."""

from webapp.words import N_

SHEETS: dict[str, str] = {
    # The file
    "table_unreadable": N_(
        "No pudimos leer el archivo: está dañado o no es una hoja. Guárdalo otra vez como XLSX o CSV."
    ),
    "table_too_heavy": N_(
        "La hoja pesa demasiado por dentro. Copia solo los renglones que vas a importar a un archivo nuevo."
    ),
    "table_too_large": N_(
        "El archivo pesa más de %(megabytes)s MB. Quita imágenes y hojas que sobren, y súbelo otra vez."
    ),
    "table_kind_not_taken": N_(
        "Ese archivo no es una hoja que podamos leer. Guárdala como XLSX o CSV y súbela otra vez."
    ),
    "table_macros": N_(
        "El archivo trae macros y no lo abrimos. Guárdalo como «Libro de Excel (.xlsx)» y súbelo otra vez."
    ),
    "table_outside": N_(
        "La hoja trae valores o archivos de otro lado. Copia los renglones, pégalos «solo valores» en "
        "un archivo nuevo "
        "y súbelo."
    ),
    "table_entities": N_("La hoja trae algo que no va en una hoja. Copia los renglones a un archivo nuevo y súbelo."),
    "table_old_or_locked": N_(
        "El archivo es de un Excel antiguo o pide contraseña. Guárdalo como XLSX, sin contraseña."
    ),
    "table_rows_too_many": N_("La hoja tiene más de %(most)s renglones. Divídela y sube una parte a la vez."),
    "table_columns_too_many": N_("La hoja tiene más de %(most)s columnas. Deja solo las de la plantilla."),
    "table_sheets_too_many": N_("El archivo tiene más de %(most)s hojas. Deja solo la del calendario."),
    "sheet_without_headings": N_(
        "No encontramos los encabezados. El primer renglón debe decir Tema, Fecha, Hora, Cuentas y "
        "Texto: baja la plantilla "
        "y pega ahí tus renglones."
    ),
    "sheet_heading_repeated": N_("Hay dos columnas «%(heading)s». Deja una sola y sube la hoja otra vez."),
    "sheet_empty": N_("La hoja no tiene renglones debajo de los encabezados. Escribe al menos uno."),
    "sheet_file_missing": N_("Elige el archivo que vas a importar."),
    # The import
    "import_not_found": N_("Esa importación no existe o esperó demasiado. Sube la hoja otra vez."),
    "import_changed": N_(
        "Otro archivo tomó el lugar de esta hoja, o alguien importó lo mismo. Mira cómo quedó y sigue desde "
        "ahí."
    ),
    "import_over": N_("Esta importación ya terminó: no se puede cambiar."),
    "import_gone_on": N_(
        "Ya no se puede deshacer: de lo importado, %(count)s publicaciones ya están en revisión o aprobadas."
    ),
    "sheet_has_faults": N_("Faltan %(count)s celdas por corregir. No se importó nada."),
    # Its cells
    "sheet_formula_failed": N_("La fórmula falló (%(said)s). Escribe el valor."),
    "sheet_day_unreadable": N_("No entendemos la fecha «%(said)s». Escríbela así: 15/03/2026."),
    "sheet_day_month_first": N_(
        "No hay mes con ese número en «%(said)s». Va primero el día y luego el mes: 15/03/2026."
    ),
    "sheet_day_impossible": N_("Ese día no existe: «%(said)s». Revisa el día y el mes."),
    "sheet_day_outside": N_(
        "El %(day)s no es de este bimestre, que va del %(first)s al %(last)s. Cambia la fecha o quita el "
        "renglón."
    ),
    "sheet_day_missing": N_("Falta la fecha. Escríbela, o borra la hora para dejarla sin programar."),
    "sheet_hour_unreadable": N_("No entendemos la hora «%(said)s». Escríbela así: 09:00 o 9 am."),
    "sheet_hour_impossible": N_("Esa hora no existe: «%(said)s». Van de 00:00 a 23:59."),
    "sheet_hour_missing": N_("Falta la hora. Escríbela, o borra la fecha para dejarla sin programar."),
    "sheet_hour_skipped": N_("Ese día el reloj se adelanta y esa hora no existe. La siguiente es %(next)s."),
    "sheet_hour_taken": N_("El renglón %(row)s sale en la misma cuenta a la misma hora. Cambia una de las dos."),
    "sheet_moment_past": N_("Ese momento ya pasó. Elige uno que venga."),
    "sheet_until_before_day": N_("Termina antes de empezar (%(first)s). Cambia una de las dos fechas."),
    "sheet_until_of_post": N_("Solo un tema lleva «Hasta»; una publicación sale una vez. Borra esta fecha."),
    "sheet_zone_unknown": N_("No conocemos la zona «%(said)s». Escribe una ciudad, como Tijuana, o déjala vacía."),
    "sheet_bimester_unreadable": N_(
        "No entendemos el bimestre «%(said)s». Escribe un número del 1 al 6, o déjalo vacío."
    ),
    "sheet_bimester_other": N_("«%(said)s» es otro bimestre. Quita este renglón e impórtalo en el suyo."),
    "sheet_theme_missing": N_("Falta el tema. Escribe uno de los del bimestre, o uno nuevo."),
    "sheet_theme_alike": N_(
        "«%(said)s» se parece mucho a «%(theme)s». Escríbelo igual, o ponle un nombre más distinto."
    ),
    "sheet_theme_archived": N_("El tema «%(theme)s» está archivado. Recupéralo en el calendario o elige otro."),
    "sheet_theme_too_long": N_("El tema es demasiado largo: caben %(most)s caracteres."),
    "sheet_place_repeated": N_("El renglón %(row)s ya pone ese tema desde ese día. Quita uno de los dos."),
    "sheet_network_unknown": N_("No conocemos la red «%(said)s». Elige una de la lista de la plantilla."),
    "sheet_accounts_missing": N_("Falta decir en qué cuenta sale. Elige una de la lista de la plantilla."),
    "sheet_account_unknown": N_("La cuenta «%(said)s» no está en el directorio. Revisa cómo se escribe."),
    "sheet_account_elsewhere": N_("«%(said)s» no es una cuenta de esa red. Cambia la cuenta o la red."),
    "sheet_account_ambiguous": N_("«%(said)s» existe en varias redes. Di en cuál, por ejemplo «%(example)s»."),
    "sheet_account_repeated": N_("«%(said)s» está dos veces. Deja una."),
    "sheet_account_retired": N_("La cuenta %(account)s se dio de baja. Elige otra."),
    "sheet_account_unconnected": N_("La Comisión no publica con %(account)s. Elige una cuenta conectada."),
    "sheet_text_missing": N_("Falta el texto de la publicación."),
    "sheet_text_garbled": N_("El texto trae signos dañados. Vuelve a escribirlo."),
    "sheet_text_over": N_("El texto pasa por %(over)s de lo que cabe en %(network)s (parte %(part)s). Acórtalo."),
    "sheet_parts_too_many": N_("Un hilo tiene %(most)s partes a lo más. Quita algunas."),
    "sheet_cell_too_long": N_("Es demasiado largo: caben %(most)s caracteres y lleva %(length)s."),
    "sheet_link_without_scheme": N_("Al enlace «%(said)s» le falta el principio: https://"),
    "sheet_link_unreadable": N_("«%(said)s» no es un enlace completo. Cópialo otra vez del navegador."),
    "sheet_link_several": N_("Hay más de un enlace o sobra un espacio. Deja uno; los demás van en el texto."),
    "sheet_link_too_long": N_("El enlace es demasiado largo: caben %(most)s caracteres."),
    "sheet_tag_unreadable": N_("«%(tag)s» no funciona como etiqueta: lleva letras y números, sin signos. Corrígela."),
    "sheet_tag_only_digits": N_("«%(tag)s» no funciona como etiqueta: le falta al menos una letra."),
    "sheet_tag_repeated": N_("La etiqueta «%(tag)s» está dos veces. Deja una."),
    "sheet_tags_too_many": N_("Son demasiadas etiquetas: caben %(most)s."),
    "sheet_body_unknown": N_("«%(said)s» no está en el directorio. Escribe sus siglas o su nombre completo."),
    "sheet_body_ambiguous": N_("Hay varios organismos que responden a «%(said)s». Escribe sus siglas."),
    "sheet_body_dissolved": N_("«%(said)s» dejó de existir el %(on)s. Escribe quién responde ahora."),
    "sheet_audience_unknown": N_("No conocemos el público «%(said)s». Elige uno de la lista de la plantilla."),
    "sheet_campaign_unknown": N_("No hay campaña «%(said)s». Elige una de la lista de la plantilla."),
    "sheet_campaign_outside": N_("Ese día no dura la campaña «%(campaign)s». Cambia la fecha o quita la campaña."),
    "sheet_key_unreadable": N_("La clave está dañada. Bórrala, o copia la que trae la plantilla."),
    "sheet_key_repeated": N_("El renglón %(row)s tiene la misma clave. Borra esta: le daremos otra."),
    "sheet_row_repeated": N_("El renglón %(row)s dice lo mismo, en la misma fecha y cuenta. Quita uno de los dos."),
    "sheet_post_not_draft": N_(
        "Esta publicación ya está en revisión o aprobada, o es de las que se escriben en Resuena: "
        "cámbiala allá y deja este "
        "renglón como estaba."
    ),
    "sheet_post_changed_meanwhile": N_(
        "Alguien cambió esta publicación en Resuena después de que bajaste la hoja. Baja la hoja otra "
        "vez y escribe tu "
        "cambio ahí."
    ),
    # Live addresses
    "feed_not_found": N_("Esa dirección no existe o se retiró."),
    "feed_subject_missing": N_("Elige de qué quieres la suscripción."),
}  # fmt: skip
