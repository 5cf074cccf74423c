"""The sentences of the programme; part of ``webapp/sentences.py``."""

from webapp.words import N_

PROGRAMME: dict[str, str] = {
    "edition_not_found": N_("Esa edición del PlanDAI no existe."),
    "edition_name": N_("Ponle a la edición un nombre de hasta %(most)s caracteres, con letras y números."),
    "edition_taken": N_("Ya hay una edición que se llama «%(name)s»."),
    "edition_days": N_("Esa fecha va antes de que empiece la edición. Revísala."),
    "participation_not_found": N_("Ese estado no participa en esta edición."),
    "action_not_found": N_("Esta edición no tiene la acción %(position)s."),
    "done_in_future": N_("Lo hecho se anota hoy o antes: el %(on)s todavía no llega."),
    "done_day_missing": N_("Di qué día se hizo."),
    "milestone_note": N_("Son demasiadas palabras: caben %(most)s caracteres."),
    "final_report_late": N_(
        "El informe final se entrega antes de que termine el mes 12 del plan local: a más tardar el %(until)s."
    ),
    "claim_not_found": N_("Ese avance no existe o ya no está."),
    "claim_decided": N_("Alguien ya contestó o dijo algo después. Vuelve a abrir la página."),
    "claim_answer_missing": N_("Escribe qué le falta: lo va a leer el enlace."),
    "local_text": N_("Escríbelo, en %(most)s caracteres o menos."),
    "local_link": N_("Pega la dirección completa, desde https://"),
    "plan_too_long": N_("El plan local dura hasta 12 meses: a más tardar termina el %(until)s."),
    "plan_start_missing": N_("Di primero cuándo empieza."),
    "people_count": N_("Escribe un número de 0 a %(most)s, o déjalo vacío si nadie contó."),
    "people_apart": N_(
        "Escribe también cuántas personas fueron en total; mujeres y hombres no pueden sumar más."
    ),
    "activity_day": N_("Di qué día fue: hoy o antes."),
    "too_many_of_plan": N_("Aquí caben %(most)s. Quita los que ya no vayan."),
    "network_member_not_found": N_("Esa persona no está en la red local."),
    "activity_not_found": N_("Esa actividad no existe o ya no está."),
    "partial_report_not_found": N_("Ese informe no existe."),
    "partial_report_text": N_("Son demasiadas palabras: caben %(most)s caracteres."),
    "partial_report_answer": N_("Escribe qué hay que corregir."),
    "partial_report_empty": N_("Escribe qué se hizo o sube el informe: vacío no se puede entregar."),
    "partial_report_too_early": N_("Ese bimestre todavía no empieza: no hay qué informar."),
    "partial_report_decided": N_("Ese informe ya tiene respuesta. Vuelve a abrir la página."),
    "proof_missing": N_("Elige un archivo o pega un enlace."),
    "proof_title": N_("El nombre cabe en %(most)s caracteres."),
    "proof_list_link": N_(
        "Una lista de asistencia tiene datos de personas: súbela como archivo, que se guarda en privado."
    ),
    "proof_not_found": N_("Esa evidencia no existe, o no te toca verla."),
    "line_text": N_("Escríbelo, en %(most)s caracteres o menos."),
    "line_term": N_("Elige uno de los plazos del plan, o ninguno."),
    "line_number": N_("Escribe un número de 0 a %(most)s, o déjalo vacío."),
    "line_word_not_found": N_("Eso que se dijo de la línea no existe o ya no está."),
    "line_word_gone": N_("Solo se deshace lo último que tú dijiste, si nadie ha dicho nada después."),
    "line_task_not_found": N_("Esa meta o acción no existe o ya no está."),
    "indicator_not_found": N_("Ese indicador no existe."),
    "indicator_value_not_found": N_("Ese valor no existe."),
    "indicator_year": N_("Escribe el año, de %(first)s a %(last)s."),
    "indicator_number": N_("Escribe el valor con números, como 0.56, o por lo menos el lugar."),
    "indicator_rank": N_("El lugar va de 1 a %(most)s."),
    "indicator_source": N_("Di de dónde sale el dato, en %(most)s caracteres o menos."),
    "indicator_value_gone": N_("Ese valor es del documento, o ya se había quitado."),
    "story_not_found": N_("Esa historia no existe o ya no está."),
    "story_text": N_("Escríbelo, en %(most)s caracteres o menos."),
    "programme_day_unreadable": N_("Escribe la fecha como año-mes-día, o elígela en el calendario."),
    "programme_number_unreadable": N_("Escribe solo el número, con dígitos."),
}
