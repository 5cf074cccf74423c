"""Hashtags that run small words together: a screen reader spells #datosabiertos and reads #DatosAbiertos."""

import functools

from content_calendar.text_rules import without_accents

_SURELY_SEVERAL = 19
"""Letters. Hardly a Spanish word that people tag is this long ("institucionalización" is)."""

_SMALL = "a al con de del el en es la las los mi no para por que se si sin su tu un una y"
_WORDS = """
abierta abiertas abierto abiertos acceso accion acciones administracion agenda alerta alto anticorrupcion
aprende archivo archivos asi avisos banco buen buena buenas calidad campaña capacitacion ciencia ciudad
ciudadana ciudadanas ciudadania ciudadano ciudadanos comision comite comunicacion comunidad comunidades
concurso conferencia conoce conocimiento consejo consulta contra control convocatoria corrupcion cuentas
cultura curso cumbre datos defensa democracia denuncia derecho derechos dia dias difusion digital digitales
documentos educacion ejerce eleccion elecciones electoral encuentro equidad escuela espacio estado estados
estatal etica evento federal feria foro formacion futuro garante garantes genero gestion gobierno gobiernos
guia hablemos historia humanos igualdad indigena indigenas informacion informada informate informe
innovacion instituto integridad internacional internet jornada jornadas juntos justicia juventud lenguaje
lengua lenguas ley leyes libertad libro local locales maestra medios memoria mexicana mexico mes mesa mujer
mujeres municipal municipales municipio municipios nacional nacionales nacion niñas niñez niños nuevo nueva
nuestra nuestro obligaciones obra obras organismo organismos pagina panel parlamento participa participacion
participativo participativa personal personales personas plan plataforma poder politica politicas portal
practicas prensa presupuesto premio privacidad proactiva programa promocion protege proteccion publica
publicas publico publicos pueblo pueblos recursos red redes region rendicion resuelve salud secretaria
seguimos segura seguro semana seminario servicio servicios servidor servidores sesion sistema sociales
sociedad solicitud solicitudes taller tecnologia tecnologias tips todas todos tour trabajo transparencia
transparente tramites universal universidad universidades universitarias usuarios valor verdad videos
vinculacion violencia viva vivo voz
"""


@functools.cache
def _lexicon() -> dict[str, str]:
    return {without_accents(word): word for word in (_SMALL + _WORDS).split()}


def in_camel_case(tag: str) -> str | None:
    """Return how to write a tag (without its ``#``) that runs small words together, or None.

    It is the same tag with a capital for each word it is made of; an empty text when it is surely several
    words and nobody knows which. None when it has capitals already or may well be one word.
    """
    if not tag.isalpha() or tag != tag.lower():
        return None
    plain = without_accents(tag)
    if plain in _lexicon() or len(plain) != len(tag):
        return None
    words = _split(plain)
    if words is None:
        return "" if len(tag) >= _SURELY_SEVERAL else None
    cased, start = [], 0
    for word in words:
        cased.append(tag[start].upper() + tag[start + 1 : start + len(word)])
        start += len(word)
    return "".join(cased)


def _split(plain: str) -> list[str] | None:
    """Return the fewest known words that make up ``plain``, two or more and not mostly small ones."""
    lexicon, small = _lexicon(), set(_SMALL.split())
    best: list[list[str] | None] = [[], *([None] * len(plain))]
    for end in range(1, len(plain) + 1):
        for start in range(end):
            before, word = best[start], plain[start:end]
            if before is None or word not in lexicon:
                continue
            known = best[end]
            if known is None or len(before) + 1 < len(known):
                best[end] = [*before, word]
    words = best[-1]
    if words is None or len(words) == 1 or sum(word not in small for word in words) * 2 < len(words):
        return None
    return words
