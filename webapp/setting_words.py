"""What each setting is for, an example, and what follows from a mistaken value: for the page, the screen and the docs.

What a value must look like is told by ``EXPECTED``; a value that cannot be read stops the start, so that ``mistaken``
is about one that can be read and is not the right one. The English of ``what`` is the registry's own ``purpose``.
"""

from collections.abc import Mapping

from webapp.setting_groups import Group, SettingWords
from webapp.setting_work_words import WORK_WORDS
from webapp.words import N_

_ADDRESS = {
    "public_url": SettingWords(
        Group.ADDRESS,
        N_(
            "La dirección que la gente escribe, como https://resuena.example.mx; hace falta para los enlaces de los "
            "correos y para las redes que regresan a la gente aquí."
        ),
        "https://resuena.example.mx",
        N_(
            "Los enlaces de los correos no abren y las redes no pueden regresar a nadie. Si la cambias, las llaves de "
            "acceso dejan de servir y hay que hacerlas otra vez."
        ),
    ),
    "https": SettingWords(
        Group.ADDRESS,
        N_("yes si la gente llega por https: así las galletas viajan solo por https."),
        "yes",
        N_(
            "Con «yes» y una página sin https nadie puede entrar. Con «no» detrás de https las galletas quedan menos "
            "protegidas; «resuena doctor» lo dice."
        ),
    ),
    "proxies": SettingWords(
        Group.ADDRESS,
        N_("Cuántos servidores intermedios (proxy) hay delante de las páginas."),
        "1",
        N_(
            "De menos: todas las visitas parecen venir del intermedio, y los intentos de entrar se frenan para todas "
            "las personas a la vez. De más: cualquiera puede fingir otra dirección."
        ),
    ),
    "host": SettingWords(
        Group.ADDRESS,
        N_("La dirección de esta máquina en la que escuchan las páginas."),
        "127.0.0.1",
        N_(
            "Con 127.0.0.1 solo se llega desde la misma máquina, que es lo que quiere un intermedio. Con 0.0.0.0 llega "
            "cualquiera, sin https."
        ),
    ),
    "port": SettingWords(
        Group.ADDRESS,
        N_("El puerto en el que escuchan las páginas."),
        "8000",
        N_("Si está ocupado, las páginas no arrancan y lo dicen."),
    ),
    "web_workers": SettingWords(
        Group.ADDRESS,
        N_("Cuántos procesos sirven las páginas."),
        "2",
        N_("Pocos: las páginas se hacen esperar. Muchos: falta memoria; cuenta unos 150 MB por proceso."),
    ),
    "locale": SettingWords(
        Group.ADDRESS,
        N_(
            "El idioma de las pantallas mientras nadie elija otro: es o en. También el de la ayuda de «resuena»."
        ),
        "es",
        N_("Solo cambia el primer idioma que se ve; cada persona elige el suyo."),
    ),
}

_DATA = {
    "data": SettingWords(
        Group.DATA,
        N_("La carpeta de la base de datos, las llaves, los materiales y los respaldos."),
        "/var/lib/resuena",
        N_(
            "Con otra carpeta, Resuena arranca vacía y sin sus llaves: las cuentas conectadas no abren. Nada se pierde "
            "mientras la carpeta anterior siga ahí."
        ),
    ),
    "database_url": SettingWords(
        Group.DATA,
        N_(
            "La base de datos; vacío es SQLite en la carpeta de los datos. PostgreSQL: "
            "postgresql://usuario@servidor/nombre."
        ),
        "postgresql:///resuena",
        N_(
            "Si no responde, nada arranca y dice a qué dirección llamó. Con otra base, Resuena arranca vacía."
        ),
    ),
    "secret_key": SettingWords(
        Group.DATA,
        N_("La llave que firma los formularios; vacío: se hace una y se guarda en la carpeta de los datos."),
        "openssl rand -hex 32",
        N_(
            "Si la cambias, los formularios abiertos y los enlaces firmados dejan de servir. Varios servidores de "
            "páginas necesitan la misma."
        ),
    ),
    "zone": SettingWords(
        Group.DATA,
        N_("La zona horaria de la Comisión."),
        "America/Mexico_City",
        N_(
            "Las horas que se escriben desde entonces se entienden en esa zona. Lo ya programado no se mueve."
        ),
    ),
}

_ENTRY = {
    "second_factor": SettingWords(
        Group.ENTRY,
        N_(
            "required: quien no es enlace prueba quién es también con un código o una llave de acceso; later: solo "
            "quien ya lo preparó, para un ensayo o una demostración."
        ),
        "required",
        N_("Con «later», una contraseña robada basta para entrar a las cuentas de quien no lo preparó."),
    ),
    "review_by_mail": SettingWords(
        Group.ENTRY,
        N_(
            "no si quien revisa debe entrar: los correos no llevan entonces un enlace que decida por sí solo."
        ),
        "yes",
        N_("Con «yes», quien lea el correo de una persona que revisa puede aprobar esa versión."),
    ),
    "oidc_issuer": SettingWords(
        Group.ENTRY,
        N_(
            "La dirección del proveedor OpenID Connect de la institución (su «issuer», tal como lo escribe), si la "
            "gente puede entrar con él; vacío: no. Con https, salvo que RESUENA_FEED_ALLOW nombre su servidor:puerto."
        ),
        "https://acceso.example.mx/realms/institucion",
        N_(
            "El botón para entrar con la institución no lleva a ningún lado; las contraseñas siguen sirviendo."
        ),
    ),
    "oidc_client": SettingWords(
        Group.ENTRY,
        N_("El identificador que el proveedor le dio a Resuena."),
        "resuena",
        N_("El proveedor dice que no conoce a Resuena."),
    ),
    "oidc_secret": SettingWords(
        Group.ENTRY,
        N_(
            "El secreto que el proveedor le dio a Resuena; vacío para un cliente público, que solo PKCE protege."
        ),
        "…",
        N_("El proveedor no deja terminar la entrada; se dice al volver."),
    ),
    "oidc_label": SettingWords(
        Group.ENTRY,
        N_("Cómo le dice la gente al proveedor, para su botón: Cuenta institucional si queda vacío."),
        "Cuenta institucional",
        N_("Solo cambia lo que dice el botón."),
    ),
    "oidc_factors": SettingWords(
        Group.ENTRY,
        N_(
            "Valores de acr o amr, separados por comas, que cuentan como segundo factor; vacío: Resuena pide el suyo."
        ),
        "mfa,otp",
        N_("Uno que el proveedor da también sin segundo factor deja entrar solo con la contraseña."),
    ),
    "oidc_passwords": SettingWords(
        Group.ENTRY,
        N_(
            "Quién puede entrar todavía sin el proveedor, cuando hay uno: everybody, administrators (para el día en "
            "que no responda) o nobody."
        ),
        "administrators",
        N_("Con «nobody», si el proveedor falla no entra nadie hasta que cambies este ajuste."),
    ),
}

_MAIL = {
    "mail_host": SettingWords(
        Group.MAIL,
        N_("El servidor de correo; vacío: los avisos se quedan en las pantallas."),
        "smtp.example.mx",
        N_("Los avisos esperan y «Sistema» dice desde cuándo. Pruébalo con «resuena try-mail»."),
    ),
    "mail_port": SettingWords(
        Group.MAIL,
        N_("El puerto del servidor de correo; con tls casi siempre es 465."),
        "587",
        N_("«resuena try-mail» dice que el servidor no responde."),
    ),
    "mail_user": SettingWords(
        Group.MAIL,
        N_("El usuario en el servidor de correo; vacío si no pide ninguno."),
        "resuena@example.mx",
        N_("El servidor no deja entrar, y se dice con su nombre."),
    ),
    "mail_password": SettingWords(
        Group.MAIL,
        N_("La contraseña de ese usuario."),
        "…",
        N_("El servidor no deja entrar. Aquí nunca se muestra."),
    ),
    "mail_tls": SettingWords(
        Group.MAIL,
        N_("Cómo se llega al servidor de correo: starttls, tls o none (solo en la misma máquina)."),
        "starttls",
        N_("Con «none» el correo y su contraseña viajan a la vista de cualquiera en el camino."),
    ),
    "mail_from": SettingWords(
        Group.MAIL,
        N_("La dirección de la que salen los correos; vacío: el usuario, o resuena@servidor."),
        "resuena@example.mx",
        N_("El servidor no la acepta, o los correos llegan a la carpeta de no deseados."),
    ),
}

SETTING_WORDS: Mapping[str, SettingWords] = {**_ADDRESS, **_DATA, **_ENTRY, **_MAIL, **WORK_WORDS}
