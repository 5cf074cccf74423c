"""The sentences of the tool-box's files, captions, collections and uploads; part of ``webapp/sentences.py``."""

from webapp.words import N_

TOOLBOX: dict[str, str] = {
    "batch_people_not_said": N_("Di primero a quién muestran los archivos."),
    "upload_missing": N_("Esa subida ya no está: empieza otra vez."),
    "upload_offset": N_("Ese pedazo no va ahí: el archivo va en %(held)s bytes."),
    "upload_size": N_("El archivo está vacío o pesa más de %(megabytes)s MB."),
    "too_many_uploads": N_("Tienes demasiados archivos a medias (%(limit)s). Termina esos primero."),
    "collection_missing": N_("Esa colección no existe o ya no está."),
    "collection_name": N_("Ponle a la colección un nombre que no tenga otra, de hasta %(limit)s caracteres."),
    "day_unreadable": N_("Elige el día en el calendario, o deja la fecha vacía."),
    "captions_missing": N_(
        "Le faltan subtítulos: quien no oye no podría seguirlo. Agrégalos en la página del video."
    ),
    "captions_too_large": N_(
        "Los subtítulos pesan más de %(megabytes)s MB o son demasiados. Revisa el archivo."
    ),
    "captions_unreadable": N_(
        "No pudimos leer esos subtítulos. Guárdalos como SRT o VTT, con hora de inicio y de fin en cada uno."
    ),
    "video_over_size": N_(
        "El video %(number)s pesa %(megabytes)s MB y %(network)s recibe hasta %(most)s. Usa una versión más ligera."
    ),
    "video_over_time": N_(
        "El video %(number)s dura %(seconds)s segundos y %(network)s recibe hasta %(most)s. Recórtalo."
    ),
    "video_under_time": N_("El video %(number)s dura menos de lo que %(network)s recibe. Usa uno más largo."),
    "video_out_of_shape": N_(
        "El video %(number)s mide %(width)s por %(height)s: es demasiado angosto o demasiado ancho. "
        "%(network)s recibe de %(narrowest)s a %(widest)s. Recórtalo."
    ),
    "captions_not_of_video": N_("Solo un video lleva subtítulos."),
    "rooms_busy": N_("Se están abriendo muchos archivos. Espera un momento y sube el tuyo otra vez."),
    "document_too_large": N_(
        "El archivo pesa más de %(megabytes)s MB. Guárdalo más ligero y súbelo otra vez."
    ),
    "file_refused": N_("Ese archivo no se puede usar. Guárdalo otra vez y súbelo de nuevo."),
    "text_missing": N_("Escribe el texto para copiar."),
    "text_too_long_to_copy": N_(
        "El texto es demasiado largo: caben %(limit)s caracteres y lleva %(length)s."
    ),
    "svg_active": N_("El SVG trae programas o entidades dentro. Expórtalo como SVG simple, o súbelo en PNG."),
    "svg_text": N_("El SVG trae texto sin convertir. Convierte las letras a trazos y expórtalo otra vez."),
    "svg_outside": N_(
        "El SVG llama a archivos de fuera. Incrusta sus imágenes en PNG o JPEG y expórtalo otra vez."
    ),
    "svg_heavy": N_("El dibujo es demasiado complicado. Simplifícalo o súbelo en PNG."),
    "svg_unreadable": N_("El SVG está dañado o incompleto. Expórtalo otra vez y súbelo."),
    "pdf_active": N_(
        "El PDF hace cosas por sí solo (programas, formularios o videos). Usa «Imprimir a PDF» y sube ese."
    ),
    "pdf_holds_files": N_(
        "El PDF lleva otros archivos dentro. Quítalos o usa «Imprimir a PDF», y súbelo otra vez."
    ),
    "pdf_locked": N_("El PDF pide contraseña. Guárdalo sin ella y súbelo otra vez."),
    "pdf_heavy": N_("El PDF es demasiado grande para revisarlo. Divídelo en partes y súbelas."),
    "pdf_unreadable": N_("El PDF está dañado o incompleto. Guárdalo otra vez y súbelo."),
    "audio_kind_not_taken": N_("Ese audio no se puede usar. Guárdalo en MP3, M4A, WAV u Opus."),
    "audio_unreadable": N_("El audio está dañado o incompleto. Guárdalo otra vez y súbelo."),
    "audio_too_long": N_("El audio dura más de tres horas. Divídelo en partes y súbelas."),
}
