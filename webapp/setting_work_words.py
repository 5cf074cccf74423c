"""What the settings of the work are for: the calendar, materials, backups, watching, other sites."""

from collections.abc import Mapping

from webapp.setting_groups import Group, SettingWords
from webapp.words import N_

_CALENDAR = {
    "lateness": SettingWords(
        Group.CALENDAR,
        N_(
            "Minutos después de su hora en los que una publicación todavía puede salir; más tarde espera a una persona."
        ),
        "30",
        N_(
            "Muy pocos: una falla breve de la red deja salidas esperando. Muchos: algo sale fuera de su momento."
        ),
    ),
    "senders": SettingWords(
        Group.CALENDAR,
        N_("Cuántas publicaciones envía a la vez un publicador."),
        "64",
        N_("Pocas: en una hora llena, unas salen después. El ritmo de cada red se respeta de todos modos."),
    ),
    "certification": SettingWords(
        Group.CALENDAR,
        N_("Días en los que vale la palabra de quien dijo que una cuenta es oficial."),
        "90",
        N_("Pocos: más recordatorios. Muchos: una cuenta perdida tarda en notarse."),
    ),
    "wire_hour": SettingWords(
        Group.CALENDAR,
        N_(
            "Hora del día de la Comisión, de 0 a 23, desde la que se avisa que nada del cable ha salido ni tiene hora."
        ),
        "16",
        N_("Solo cambia a qué hora llega ese aviso."),
    ),
    "ally_pack": SettingWords(
        Group.CALENDAR,
        N_(
            "Día (en inglés) y hora, en el reloj de la Comisión, en que se prepara el paquete de la semana para la red "
            "de facilitadores."
        ),
        "monday 09:00",
        N_("El paquete se prepara otro día u otra hora."),
    ),
    "ally_pack_by_itself": SettingWords(
        Group.CALENDAR,
        N_("yes si ese paquete se manda en cuanto está listo; si no, una persona lo mira y lo manda."),
        "no",
        N_("Con «yes», nadie lo mira antes de que llegue a la gente."),
    ),
}

_MATERIALS = {
    "video_megabytes": SettingWords(
        Group.MATERIALS,
        N_("Megabytes que puede tener un video que se sube; las redes aceptan de 40 a 512."),
        "100",
        N_(
            "Si el intermedio acepta menos, las cargas se cortan: súbele también a él (client_max_body_size en nginx)."
        ),
    ),
    "storage": SettingWords(
        Group.MATERIALS,
        N_("Dónde están los materiales: s3://cubeta o s3://cubeta/carpeta; vacío: una carpeta de los datos."),
        "s3://resuena-materiales",
        N_("Los materiales que ya había no se ven: cópialos antes de cambiarlo."),
    ),
    "storage_endpoint": SettingWords(
        Group.MATERIALS,
        N_("La dirección de un servicio compatible con S3; vacío: la de la región de la cubeta."),
        "https://objetos.example.mx",
        N_("«resuena doctor» dice que los materiales no responden."),
    ),
    "storage_region": SettingWords(
        Group.MATERIALS,
        N_("La región de la cubeta."),
        "us-east-1",
        N_("El servicio rechaza las llamadas."),
    ),
    "storage_key": SettingWords(
        Group.MATERIALS,
        N_("El nombre de la llave que abre la cubeta."),
        "resuena",
        N_("El servicio rechaza las llamadas."),
    ),
    "storage_secret": SettingWords(
        Group.MATERIALS,
        N_("La llave misma."),
        "…",
        N_("El servicio rechaza las llamadas. Aquí nunca se muestra."),
    ),
}

_BACKUPS = {
    "backup_hour": SettingWords(
        Group.BACKUPS,
        N_("Hora del día de la Comisión, de 0 a 23, a la que se hace un respaldo cada noche."),
        "3",
        N_("El respaldo se hace cuando más gente trabaja."),
    ),
    "backup_keep": SettingWords(
        Group.BACKUPS,
        N_("Cuántos respaldos se quedan: el último de tantos días, semanas y meses."),
        "7,5,6",
        N_("Pocos: un daño que se nota tarde ya no tiene respaldo sano. Muchos: el disco se llena."),
    ),
    "backup_folder": SettingWords(
        Group.BACKUPS,
        N_("La carpeta de los respaldos, mejor en otro disco; vacío: backups en la carpeta de los datos."),
        "/mnt/respaldos/resuena",
        N_("En el mismo disco, lo que dañe al disco se lleva también los respaldos."),
    ),
    "backup_storage": SettingWords(
        Group.BACKUPS,
        N_(
            "La cubeta a la que va una copia de los respaldos: s3://cubeta/carpeta, que se abre con los ajustes de los "
            "materiales; vacío: ninguna."
        ),
        "s3://resuena-respaldos",
        N_("La copia no sale y un aviso lo dice; el respaldo de esta máquina se hace igual."),
    ),
    "retention": SettingWords(
        Group.BACKUPS,
        N_(
            "Días que se quedan los datos personales, donde deban ser otros que los de docs/personal-data.md: "
            "people_left=365,notices=90."
        ),
        "people_left=365,notices=90",
        N_(
            "De menos: se borra algo que todavía hacía falta, y no vuelve. De más: se guarda de la gente sin motivo."
        ),
    ),
}

_WATCH = {
    "metrics_key": SettingWords(
        Group.WATCH,
        N_(
            "La llave con la que Prometheus lee /metricas (Authorization: Bearer LLAVE); vacío: nadie las lee."
        ),
        "openssl rand -hex 32",
        N_("Prometheus recibe 403."),
    ),
    "log": SettingWords(
        Group.WATCH,
        N_("Cómo se escribe el registro: text para personas, json con un renglón por suceso para máquinas."),
        "json",
        N_("Solo cambia la forma."),
    ),
}

_OTHERS = {
    "contact": SettingWords(
        Group.OTHERS,
        N_("La dirección o el correo que Resuena da al pedir sus canales a otros sitios."),
        "comunicacion@example.mx",
        N_("Un sitio con dudas no sabe a quién escribir, y puede bloquear la lectura."),
    ),
    "feed_allow": SettingWords(
        Group.OTHERS,
        N_("servidor:puerto, separados por comas, de los que se leen canales aunque sean privados."),
        "intranet.example.mx:443",
        N_("Lo que nombres puede leerse desde aquí aunque no sea público: nombra solo lo necesario."),
    ),
    "network_urls": SettingWords(
        Group.OTHERS,
        N_("Para pruebas: red=dirección, separadas por comas, que ocupan el lugar de las de una red."),
        "",
        N_("Lo que se publica va a esa dirección y no a la red. Déjalo vacío."),
    ),
}

WORK_WORDS: Mapping[str, SettingWords] = {**_CALENDAR, **_MATERIALS, **_BACKUPS, **_WATCH, **_OTHERS}
