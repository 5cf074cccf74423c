"""The sentences of what is found in a text as one types, and of the composer; part of ``webapp/sentences.py``."""

from webapp.words import N_

COMPOSING: dict[str, str] = {
    # Problems in a text, marked as one types (content_calendar/rules.py)
    "text_empty": N_("Escribe el texto."),
    "text_too_long": N_("Sobran %(over)s: van %(length)s de %(max)s."),
    "text_too_long_with_tags": N_("Con %(tags)s sobrarían %(over)s: deja lugar para las etiquetas."),
    "forbidden_characters": N_("Hay caracteres que la red no acepta (%(characters)s). Bórralos."),
    "too_many_images": N_("Son %(count)s imágenes y la red acepta %(max)s. Quita %(over)s."),
    "pictures_not_taken": N_("La red no recibe imágenes. Quítalas, o quita la cuenta."),
    "media_missing": N_("La red no publica texto solo: añade una imagen o un video."),
    "video_missing": N_("La red publica videos: añade uno."),
    "title_too_long": N_(
        "La primera línea es el título: le sobran %(over)s caracteres de %(max)s. Acórtala o pártela."
    ),
    "too_many_tags": N_("Son %(count)s etiquetas y la red acepta %(max)s. Quita %(over)s."),
    "too_many_mentions": N_("Son %(count)s menciones y la red acepta %(max)s. Quita %(over)s."),
    "too_many_links": N_("Son %(count)s enlaces y la red acepta %(max)s. Quita %(over)s."),
    "picture_out_of_shape": N_(
        "La imagen %(number)s mide %(width)s por %(height)s: es demasiado angosta o demasiado ancha. "
        "%(network)s recibe de %(narrowest)s a %(widest)s. Recórtala en la caja."
    ),
    "picture_under_pixels": N_(
        "La imagen %(number)s mide %(width)s por %(height)s y %(network)s pide al menos %(least)s. Usa una más grande."
    ),
    "video_over_pixels": N_(
        "El video %(number)s mide %(width)s por %(height)s y %(network)s recibe hasta %(most)s puntos de ancho. "
        "Usa uno de menor resolución."
    ),
    "picture_over_area": N_(
        "La imagen %(number)s mide %(width)s por %(height)s y %(network)s recibe hasta %(most)s millones de puntos. "
        "Usa una más pequeña."
    ),
    "picture_over_pixels": N_(
        "La imagen %(number)s mide %(width)s por %(height)s y %(network)s recibe hasta %(most)s. Usa una más pequeña."
    ),
    "picture_over_size": N_(
        "La imagen %(number)s pesa %(megabytes)s MB y %(network)s recibe hasta %(most)s. Usa una más ligera."
    ),
    "alt_text_not_shown": N_(
        "Esta red no muestra el texto alternativo: quien no ve lo que va, solo tiene el texto. Di ahí lo que importa."
    ),
    "alt_text_too_long": N_("Al texto alternativo de la imagen %(number)s le sobran %(over)s caracteres."),
    "tag_missing": N_("Falta la etiqueta %(tag)s."),
    "tag_without_accent": N_("Escribe %(tag)s con su acento: %(written)s es otra etiqueta."),
    "tag_in_other_case": N_("Se escribe %(tag)s, no %(written)s."),
    "tag_in_small_letters": N_(
        "Escribe %(written)s con mayúscula en cada palabra, para que se lea bien en voz alta."
    ),
    "mention_missing": N_("Falta mencionar a %(mention)s."),
    "mention_without_account": N_("%(mention)s no tiene cuenta certificada: escribe su nombre, sin arroba."),
    "mention_of_fallen_account": N_("%(handle)s ya no es una cuenta oficial. Quita la mención."),
    "one_text_for_several": N_(
        "%(network)s toma por spam el mismo texto desde varias cuentas. Deja una y pide a las demás que la "
        "repliquen, o escribe para cada una una publicación con su propio texto."
    ),
    "starts_with_mention": N_(
        "Si empieza con una mención, algunas redes casi no lo muestran. Cambia el orden."
    ),
    "thread_of_one": N_("Un hilo tiene dos partes o más. Añade otra, o elige «Publicación»."),
    "repost_without_tags": N_("Al compartir no hay texto nuestro: las etiquetas de la campaña no se piden."),
    "too_many_videos": N_("Son %(count)s videos: deja uno solo."),
    "video_with_images": N_("Lleva un video o imágenes, no las dos cosas. Quita una de ellas."),
    "video_alt_missing": N_("Describe el video para quien no puede verlo."),
    "video_not_taken": N_(
        "%(network)s no recibe video desde aquí: publícalo a mano o quita la cuenta %(account)s."
    ),
    "post_not_taken": N_(
        "%(network)s no publica esto desde aquí: hazlo a mano o quita la cuenta %(account)s."
    ),
    "thread_not_taken": N_(
        "%(network)s no publica hilos desde aquí: hazlo a mano o quita la cuenta %(account)s."
    ),
    "repost_not_taken": N_(
        "%(network)s no deja compartir desde otra aplicación: hazlo a mano o quita la cuenta %(account)s."
    ),
    "quote_not_taken": N_(
        "%(network)s no deja citar desde otra aplicación: cítala a mano o quita la cuenta %(account)s."
    ),
    "target_missing": N_("Pega el enlace de la publicación que se comparte o se cita."),
    "target_not_a_link": N_("Pega el enlace completo de la publicación, desde https://"),
    "target_elsewhere": N_(
        "Ese enlace no es de una publicación de %(network)s: desde %(account)s solo se comparte o se cita lo de su red."
    ),
    # What a careful colleague would say (content_calendar/hints.py)
    "personal_curp": N_("Parece que hay una CURP (%(begins)s). Quítala, o di a quien revisa por qué va."),
    "personal_rfc": N_(
        "Parece que hay el RFC de una persona (%(begins)s). Quítalo, o di a quien revisa por qué va."
    ),
    "personal_phone": N_(
        "Hay un número de teléfono (%(begins)s). Si es de una persona, quítalo; si no, di por qué va."
    ),
    "personal_email": N_("Hay un correo (%(begins)s). Si es de una persona, quítalo; si no, di por qué va."),
    "personal_card": N_("Parece el número de una tarjeta (%(begins)s). Quítalo."),
    "personal_clabe": N_("Parece una CLABE de banco (%(begins)s). Quítala, o di a quien revisa por qué va."),
    "personal_folio": N_(
        "Hay un folio (%(begins)s) junto al nombre de una persona: dice quién pidió qué. Quita uno de los dos."
    ),
    "personal_data_unexplained": N_(
        "El texto puede llevar datos personales. Quítalos, o escribe por qué van en la nota para quien revisa."
    ),
    "hard_to_read": N_(
        "Se lee con esfuerzo (%(score)s de 100; desde 55 se lee bien). Usa frases y palabras más cortas."
    ),
    "sentence_too_long": N_(
        "La frase que empieza «%(begins)s…» tiene %(words)s palabras: pártela, con %(most)s ya cuesta seguirla."
    ),
    "jargon": N_("«%(written)s»: poca gente lo entiende. Prueba con: %(advice)s."),
    "not_inclusive": N_("«%(written)s» puede dejar fuera a alguien. Prueba con: %(advice)s."),
    "like_a_recent_post": N_("Dice casi lo mismo que «%(title)s», de estas semanas. Cámbiala o espera."),
    # What is kept while one types, words to reuse, and the glossary
    "sitting_too_large": N_("Es demasiado texto para guardarlo mientras escribes. Acórtalo."),
    "saved_text_not_found": N_("Ese texto guardado no existe o ya no está."),
    "saved_text_invalid": N_("Escribe el texto y un nombre que no tenga otro, de hasta %(most)s caracteres."),
    "saved_text_without_tags": N_("Un grupo de hashtags lleva al menos un hashtag, como #SNTtips."),
    "term_invalid": N_("Escribe la palabra, de hasta %(most)s caracteres."),
}
