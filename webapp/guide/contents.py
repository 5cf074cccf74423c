"""What the guide holds, in the order in which one meets it; each page's screens, roles and text are in its file."""

from collections.abc import Mapping

from webapp.words import N_

CONTENTS: Mapping[str, tuple[str, ...]] = {
    N_("Para empezar"): ("entrar", "hoy"),
    N_("Planear"): ("planear", "aportes", "aporte", "eventos", "hoja"),
    N_("Publicar"): (
        "escribir", "revisar", "salidas", "duda", "conectar", "versiones", "series", "campanas", "erratas",
    ),
    N_("Materiales"): ("caja", "descargar", "consentimiento"),
    N_("Réplicas"): ("replicar", "revisar-replicas", "cable", "barrido", "aliados"),
    N_("Resultados e informes"): ("resultados", "informe"),
    N_("Programa"): ("plandai", "asistencia", "lineas"),
    N_("Directorio"): ("directorio", "certificar", "oficial", "vedas"),
    N_("Administración"): ("personas", "sistema", "respaldo", "llaves", "portal"),
}  # fmt: skip
