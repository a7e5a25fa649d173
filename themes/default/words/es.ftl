# Textos de las páginas en español. Cada clave existe en los seis idiomas; una prueba los compara.

### En cada página

title-error = Error:
skip-to-content = Ir al contenido principal
language = Idioma
footer-nav = Ayuda y condiciones
support-email = Pedir ayuda por correo electrónico
support-page = Obtener ayuda
continue = Continuar
error-heading = Hay un problema
retry-seconds = { $count ->
    [one] Vuelva a intentarlo dentro de { $count } segundo.
   *[other] Vuelva a intentarlo dentro de { $count } segundos.
}
retry-minutes = { $count ->
    [one] Vuelva a intentarlo dentro de { $count } minuto.
   *[other] Vuelva a intentarlo dentro de { $count } minutos.
}

### Elección del organismo

choose-title = Elija su organismo
choose-lead = Allí iniciará sesión para acceder a { $service }.
choose-lead-plain = Iniciará sesión con la cuenta de su propio organismo.
choose-remembered = Usados en este dispositivo
choose-forget = ¿No es usted, o el dispositivo es compartido?
choose-forget-button = Olvidar estos organismos
choose-another = Otro organismo
choose-email = Su correo electrónico de trabajo
choose-email-hint = Solo sirve para abrir la página de inicio de sesión de su organismo.
choose-email-malformed = Escriba una dirección de correo electrónico, por ejemplo nombre@example.org.
choose-email-unknown = Ningún organismo usa aquí la dirección { $address }. Compruebe cómo está escrita o busque su organismo en la lista siguiente.
choose-or = o bien
choose-search = Buscar su organismo por el nombre
choose-search-hint = Nombre o sigla, en cualquiera de los seis idiomas
choose-search-button = Buscar
choose-list = Todos los organismos
choose-list-letter = Organismos que empiezan por { $letter }
choose-list-found = { $count ->
    [one] Se ha encontrado { $count } organismo para «{ $query }»
   *[other] Se han encontrado { $count } organismos para «{ $query }»
}
choose-list-none = No se ha encontrado ningún organismo para «{ $query }»
choose-none-hint = Pruebe con la sigla o con menos palabras.
choose-part = { $first }–{ $last } de { $total }
choose-more = Mostrar más organismos
choose-all = Mostrar todos los organismos
choose-letters = Organismos por la primera letra
choose-restricted = Solo se muestran los organismos cuyo personal puede usar este servicio.

### Inicio de sesión con nombre de usuario y contraseña

password-title = Iniciar sesión
password-lead = Use su cuenta de { $agency }.
password-lead-service = Use su cuenta de { $agency } para acceder a { $service }.
password-username = Nombre de usuario
password-password = Contraseña
password-submit = Iniciar sesión
password-other-agency = Elegir otro organismo
password-wrong = El nombre de usuario o la contraseña no son correctos. Compruébelos y vuelva a intentarlo.
password-username-missing = Escriba su nombre de usuario.
password-password-missing = Escriba su contraseña.
password-throttled = Ha habido demasiados intentos de inicio de sesión.

### Consentimiento

consent-title = ¿Compartir sus datos con { $service }?
consent-lead = Este servicio solicita a su organismo los datos siguientes.
consent-host = Se enviarán a
consent-unverified = Sin verificar
consent-unverified-note = Nadie ha confirmado quién gestiona este servicio. Continúe solo si conoce { $host } y confía en él.
consent-list = Datos que se compartirán
consent-allow = Permitir
consent-deny = No permitir
consent-note = Si no lo permite, no se comparte nada y vuelve al servicio sin haber iniciado sesión.

release-identifier = Un código que le representa
release-username = Su nombre de usuario
release-name = Su nombre completo
release-given-name = Su nombre de pila
release-family-name = Su apellido
release-email = Su dirección de correo electrónico
release-agency = Su organismo
release-affiliation = Su función en el organismo
release-groups = Los grupos a los que pertenece
release-entitlements = Los servicios que tiene derecho a usar
release-language = El idioma que prefiere
release-assurance = El grado en que su organismo ha comprobado su identidad
release-offline-access = El derecho a volver a solicitar estos datos más adelante, en su ausencia
release-other = Otros datos

### Hacia otro sitio

onward-host = Se dirige a { $host }. Seleccione «Continuar» si no sucede nada.
onward-title = Abriendo la página siguiente
onward-agency = Se dirige a { $agency }. Seleccione «Continuar» si no sucede nada.
onward-service = Está volviendo al servicio. Seleccione «Continuar» si no sucede nada.

### Problemas

blame = Quién puede resolverlo
blame-you = Usted
blame-agency = Su organismo
blame-agency-named = Su organismo: { $agency }
blame-service = Los responsables del servicio
blame-service-named = Los responsables de { $service }
blame-us = Nosotros; no es culpa suya
problem-todo = Qué puede hacer
problem-code = Código
problem-reference = Referencia
problem-reference-hint = Indique esta referencia cuando pida ayuda.
way-service = Volver a { $service }
way-service-unnamed = Volver al servicio
way-again = Empezar de nuevo
way-agency = Elegir otro organismo
way-sign-out = Seguir cerrando la sesión
way-home = Ir a la página de inicio

problem-expired-title = Este inicio de sesión ha caducado
problem-expired-happened = Ha tardado más de lo que puede durar un inicio de sesión, o la página se abrió desde un marcador.
problem-expired-todo = Empiece de nuevo desde el servicio que desea usar.
problem-completed-title = Ya ha iniciado sesión
problem-completed-happened = Este inicio de sesión ya había terminado; la página se abrió otra vez, quizá con el botón «Atrás».
problem-completed-todo = Vuelva al servicio. Si no le reconoce, empiece de nuevo.
problem-cookies-title = Su navegador no envió nuestra cookie
problem-cookies-happened = Este inicio de sesión comenzó en otro navegador o en otra ventana, o su navegador bloquea las cookies.
problem-cookies-todo = Permita las cookies de este sitio y empiece de nuevo en el mismo navegador.
problem-declined-title = Ha decidido no continuar
problem-declined-happened = El inicio de sesión se detuvo a petición suya y no se compartió nada.
problem-declined-todo = Empiece de nuevo si cambia de opinión.
problem-wrong-person-title = Ha iniciado sesión otra persona
problem-wrong-person-happened = El servicio esperaba una cuenta distinta de la que usted ha usado.
problem-wrong-person-todo = Empiece de nuevo e inicie sesión con la cuenta que el servicio conoce.
problem-throttled-title = Demasiados intentos
problem-throttled-happened = Ha habido demasiados intentos en poco tiempo, así que hemos hecho una pausa.
problem-throttled-todo = Espere y vuelva a intentarlo.
problem-agency-unavailable-title = El inicio de sesión de su organismo no está disponible
problem-agency-unavailable-happened = No hemos podido acceder a la página de inicio de sesión de su organismo.
problem-agency-unavailable-todo = Vuelva a intentarlo dentro de unos minutos. Si el problema continúa, avise al servicio de asistencia de su organismo.
problem-agency-refused-title = Su organismo no ha iniciado su sesión
problem-agency-refused-happened = Su organismo respondió que no le dará acceso a este servicio.
problem-agency-refused-todo = Consulte al servicio de asistencia de su organismo e indique la referencia que figura más abajo.
problem-agency-misbehaved-title = No hemos podido aceptar la respuesta de su organismo
problem-agency-misbehaved-happened = La respuesta de su organismo no era como debía ser, por lo que no hemos confiado en ella.
problem-agency-misbehaved-todo = Inténtelo una vez más. Si se repite, indique al servicio de asistencia de su organismo la referencia que figura más abajo.
problem-too-weak-title = Se necesita un inicio de sesión más seguro
problem-too-weak-happened = Este servicio pide una prueba de identidad más sólida o más reciente que la que nos dio su organismo.
problem-too-weak-todo = Empiece de nuevo y use un segundo factor si su organismo lo ofrece. Su servicio de asistencia puede configurarlo.
problem-account-disabled-title = Su cuenta está desactivada
problem-account-disabled-happened = Le conocemos, pero su cuenta no puede usarse para iniciar sesión.
problem-account-disabled-todo = Consulte al servicio de asistencia de su organismo e indique la referencia que figura más abajo.
problem-access-denied-title = Su organismo no puede usar este servicio
problem-access-denied-happened = Ha iniciado sesión, pero este servicio no está abierto al personal de su organismo.
problem-access-denied-todo = Pida acceso a los responsables del servicio, o elija otro organismo si pertenece a más de uno.
problem-service-off-title = Este servicio no admite inicios de sesión
problem-service-off-happened = En este momento nadie puede acceder a este servicio por nuestro medio.
problem-service-off-todo = Pregunte a los responsables del servicio cuándo volverá a abrirse.
problem-misregistered-title = No conocemos este servicio
problem-misregistered-happened = El servicio nos envió una solicitud que no coincide con su registro, por lo que no pudimos devolverle a él de forma segura.
problem-misregistered-todo = Avise a los responsables del servicio e indique el código y la referencia que figuran más abajo.
problem-not-found-title = Esta página no existe
problem-not-found-happened = Puede que la dirección esté mal escrita o que la página se haya trasladado.
problem-not-found-todo = Abra el servicio que desea usar e inicie sesión desde allí.
problem-fault-title = Se ha producido un error por nuestra parte
problem-fault-happened = Un error interrumpió su inicio de sesión. Ha quedado registrado.
problem-fault-todo = Vuelva a intentarlo. Si se repite, indique al servicio de asistencia la referencia que figura más abajo.
problem-busy-title = Estamos muy ocupados
problem-busy-happened = En este momento intentan iniciar sesión más personas de las que podemos atender. No se ha perdido nada.
problem-busy-todo = Espere un momento y vuelva a intentarlo.

### Cierre de sesión

sign-out-title = ¿Cerrar la sesión?
sign-out-lead = Se cerrará su sesión aquí y tendrá que iniciarla de nuevo para el próximo servicio.
sign-out-lead-person = { $person }, se cerrará su sesión aquí y tendrá que iniciarla de nuevo para el próximo servicio.
sign-out-asked = { $service } nos pide que cerremos su sesión.
sign-out-confirm = Cerrar la sesión
sign-out-stay = Mantener la sesión abierta
signed-out-title = Ha cerrado la sesión
signed-out-lead = Su sesión aquí está cerrada.
signed-out-already = No tenía ninguna sesión abierta aquí.
signed-out-advice = En un dispositivo compartido, cierre todas las ventanas del navegador: puede que su sesión siga abierta en su organismo o en algún servicio.
signing-out-title = Cerrando la sesión
signing-out-lead = Su sesión aquí está cerrada. Estamos avisando a los servicios que ha utilizado.
signed-out-services = Servicios que ha utilizado
fate-out = Sesión cerrada
fate-told = Avisado del cierre
fate-waiting = A la espera de respuesta
fate-failed = No ha respondido
fate-mute = Ciérrela allí usted
signed-out-failed = No todos los servicios han respondido. Puede que su sesión siga abierta en ellos: ciérrela allí o cierre todas las ventanas del navegador.

### Página de inicio

home-title = Un solo inicio de sesión para el sistema de las Naciones Unidas
home-lead = { $product } le permite usar servicios comunes con la cuenta de su propio organismo. Su contraseña no sale de su organismo.
home-how = Cómo funciona
home-step-service = Abra el servicio que desea usar.
home-step-agency = Elija su organismo.
home-step-sign-in = Inicie sesión allí, como cada día.
home-signed-in = Ha iniciado sesión como { $person }
home-services = Servicios
home-sign-out = Cerrar la sesión

### Cartas sobre la cuenta, por correo electrónico

letter-factor-enrolled-subject = Se ha añadido un método de inicio de sesión a su cuenta
letter-factor-enrolled-lead = A partir de ahora, este método puede usarse para demostrar que es usted quien inicia sesión.
letter-factor-enrolled-advice = Si lo ha añadido usted, no tiene que hacer nada.
letter-factor-removed-subject = Se ha eliminado un método de inicio de sesión de su cuenta
letter-factor-removed-lead = Este método ya no puede usarse para demostrar que es usted quien inicia sesión.
letter-factor-removed-advice = Si lo ha eliminado usted, no tiene que hacer nada.
letter-factors-reset-subject = Se han eliminado todos los métodos de inicio de sesión de su cuenta
letter-factors-reset-lead = Se han eliminado de su cuenta todas las llaves de acceso, aplicaciones de autenticación, códigos de recuperación y dispositivos recordados, por decisión de un servicio de asistencia o tras un aviso de uso indebido.
letter-factors-reset-advice = Configurará un nuevo método de inicio de sesión la próxima vez que un servicio lo pida.
letter-recovery-codes-made-subject = Se han creado nuevos códigos de recuperación para su cuenta
letter-recovery-codes-made-lead = Su cuenta tiene un nuevo juego de códigos de recuperación. Los códigos anteriores ya no funcionan.
letter-recovery-codes-made-advice = Si los ha creado usted, guárdelos donde solo usted pueda encontrarlos.
letter-recovery-code-used-subject = Se ha usado un código de recuperación de su cuenta
letter-recovery-code-used-lead = Alguien ha usado uno de sus códigos de recuperación para iniciar sesión. Ese código no volverá a funcionar.
letter-recovery-code-used-advice = Si ha sido usted, no tiene que hacer nada. Cree códigos nuevos antes de usar el último.
letter-access-pass-issued-subject = Se ha expedido un pase de acceso para su cuenta
letter-access-pass-issued-lead = Un servicio de asistencia ha expedido un pase de acceso para su cuenta. Durante poco tiempo, quien lo tenga podrá configurar un nuevo método de inicio de sesión.
letter-access-pass-issued-advice = Si lo ha solicitado, úselo usted y no se lo dé a nadie. Nunca lo pedimos por correo ni por teléfono.
letter-access-pass-used-subject = Se ha usado un pase de acceso para su cuenta
letter-access-pass-used-lead = Alguien ha usado el pase de acceso que un servicio de asistencia expidió para su cuenta, y ahora puede configurar un nuevo método de inicio de sesión.
letter-access-pass-used-advice = Si ha sido usted, no tiene que hacer nada.
letter-device-remembered-subject = Se recuerda un nuevo dispositivo para su cuenta
letter-device-remembered-lead = Durante un tiempo, al iniciar sesión en este dispositivo no se pedirá un segundo método.
letter-device-remembered-advice = Si el dispositivo es solo suyo, no tiene que hacer nada. Si otras personas también lo usan, olvídelo en su cuenta.
letter-factor-locked-subject = Demasiados intentos fallidos de iniciar sesión en su cuenta
letter-factor-locked-lead = Alguien ha superado el primer paso del inicio de sesión en su cuenta y después ha fallado demasiadas veces con este método. Quedará en pausa unos minutos.
letter-factor-locked-advice = Si ha sido usted, espere e inténtelo de nuevo. Si no, es posible que alguien conozca su contraseña: cámbiela en su organismo.
letter-disputed-subject = Se ha denunciado un uso indebido de su cuenta y se ha protegido
letter-disputed-lead = Se nos ha avisado de que otra persona usaba su cuenta. Se han cerrado todas sus sesiones, se han olvidado sus dispositivos recordados y se ha avisado al personal de seguridad.
letter-disputed-advice = Cambie la contraseña en su organismo, vuelva a iniciar sesión y revise sus métodos de inicio de sesión: puede que tenga que configurar otros nuevos.
letter-session-suspicious-subject = Uso poco habitual de su cuenta
letter-session-suspicious-lead = Una misma sesión de su cuenta se ha usado desde dos redes al mismo tiempo.
letter-session-suspicious-advice = Si ha cambiado usted de red, por ejemplo de la oficina a un teléfono móvil, no tiene que hacer nada.

letter-method = Método de inicio de sesión:
letter-method-passkey = Llave de acceso
letter-method-totp = Aplicación de autenticación
letter-method-recovery-code = Código de recuperación
letter-method-device = Dispositivo recordado
letter-name = Su nombre:
letter-codes-left = Códigos restantes:
letter-time = Fecha y hora:
letter-when = { $day } de { $month ->
        [1] enero
        [2] febrero
        [3] marzo
        [4] abril
        [5] mayo
        [6] junio
        [7] julio
        [8] agosto
        [9] septiembre
        [10] octubre
        [11] noviembre
       *[other] diciembre
    } de { $year }, { $clock } UTC
letter-address = Dirección de Internet:
letter-reference = Referencia:
letter-account = Aquí encontrará sus métodos de inicio de sesión, sesiones y dispositivos:
letter-not-you = ¿No ha sido usted?
letter-not-you-report = Avísenos ahora. Así se cierran todas las sesiones de su cuenta, se olvidan sus dispositivos recordados y se avisa al personal de seguridad.
letter-not-you-reported = Si no ha sido usted quien ha dado este aviso, consulte al servicio de asistencia de su organismo e indique la referencia que figura más arriba.
letter-support = Si no puede iniciar sesión, escriba a { $support }.
letter-foot = { $product } envía esta carta siempre que cambia algo importante en su cuenta. Nunca pedimos contraseñas ni códigos por correo.
letter-doubt = Si no está seguro de que esta carta sea auténtica, no seleccione ninguno de sus enlaces: escriba usted la dirección en su navegador.

### Autoservicio: resumen

account-title = Su cuenta
account-nav = Partes de su cuenta
account-nav-overview = Resumen
account-nav-security = Seguridad
account-nav-sessions = Sesiones
account-nav-releases = Datos compartidos
account-cancel = Cancelar
account-save = Guardar
account-remove = Eliminar
account-date = { $month ->
    [1] { $day } de enero de { $year }
    [2] { $day } de febrero de { $year }
    [3] { $day } de marzo de { $year }
    [4] { $day } de abril de { $year }
    [5] { $day } de mayo de { $year }
    [6] { $day } de junio de { $year }
    [7] { $day } de julio de { $year }
    [8] { $day } de agosto de { $year }
    [9] { $day } de septiembre de { $year }
    [10] { $day } de octubre de { $year }
    [11] { $day } de noviembre de { $year }
   *[12] { $day } de diciembre de { $year }
}
account-clock = { $time } UTC
account-ago-now = Ahora mismo
account-ago-minutes = { $count ->
    [one] Hace { $count } minuto
   *[other] Hace { $count } minutos
}
account-ago-hours = { $count ->
    [one] Hace { $count } hora
   *[other] Hace { $count } horas
}
account-ago-days = { $count ->
    [one] Hace { $count } día
   *[other] Hace { $count } días
}
account-added = Añadida
account-since = Desde
account-until = Hasta
account-last-used = Último uso
account-never = Nunca
account-guard-passkey = Una llave de acceso protege su inicio de sesión
account-guard-passkey-note = Nadie puede usarla desde otro lugar ni sonsacársela en una página falsa.
account-guard-app = Los códigos de una aplicación protegen su inicio de sesión
account-guard-app-note = Una llave de acceso es aún más segura: ninguna página falsa puede pedírsela.
account-guard-agency = Su organismo protege su inicio de sesión
account-guard-agency-note = Le pidió una segunda prueba. También puede añadir aquí una llave de acceso.
account-guard-bare = Su cuenta necesita más protección
account-guard-bare-note = Quien averigüe la contraseña de su organismo podría iniciar sesión en su lugar. Una llave de acceso lo impide.
account-guard-reported = Se dio aviso de un uso ajeno de esta cuenta
account-guard-reported-note = Sus llaves de acceso y códigos anteriores ya no valen. Añada ahora una nueva llave de acceso.
account-next = Qué puede hacer ahora
account-advice-passkey = Añadir una llave de acceso
account-advice-passkey-note = Inicie sesión con su huella, su rostro o el PIN de su dispositivo.
account-advice-second-passkey = Añadir una segunda llave de acceso
account-advice-second-passkey-note = Así podrá iniciar sesión aunque pierda un dispositivo.
account-advice-codes = Crear códigos de recuperación
account-advice-codes-note = Para el día en que no tenga ningún dispositivo a mano.
account-advice-few-codes = Crear nuevos códigos de recuperación
account-parts = De un vistazo
account-nothing-yet = Aún no hay nada configurado aquí
account-passkeys = { $count ->
    [one] { $count } llave de acceso
   *[other] { $count } llaves de acceso
}
account-app = Aplicación de autenticación
account-codes-count = { $count ->
    [one] { $count } código de recuperación
   *[other] { $count } códigos de recuperación
}
account-codes-left = { $count ->
    [one] Queda { $count } código
   *[other] Quedan { $count } códigos
}
account-browsers = { $count ->
    [one] { $count } navegador
   *[other] { $count } navegadores
}
account-browsers-more = Más de { $most } navegadores
account-only-here = Solo en este navegador
account-services-told = { $count ->
    [0] Ninguno hasta ahora
    [one] { $count } servicio
   *[other] { $count } servicios
}
account-identities = Inicios de sesión que abren esta cuenta
account-identities-note = A quien inicia sesión así se le reconoce aquí como usted.
account-identity-current = En uso ahora
account-not-me-hint = ¿Ve algo que usted no hizo?
account-not-me = No he sido yo

### Autoservicio: seguridad

account-security-lead = Lo que usted demuestra aquí, además de iniciar sesión en su organismo.
account-passkeys-title = Llaves de acceso
account-passkeys-note = Una llave de acceso está en su teléfono, su computadora o una llave de seguridad. Se usa con la huella, el rostro o un PIN, y no funciona en ninguna página falsa.
account-passkey-bound = No sale de su dispositivo
account-passkey-change = Cambiar nombre o eliminar
account-passkey-name = Escriba un nombre de 64 caracteres como máximo.
account-add-passkey = Añadir una llave de acceso
account-model = Modelo
account-name = Nombre
account-on = Activada
account-app-note = Una aplicación de su teléfono muestra un código de seis cifras que cambia cada 30 segundos.
account-app-replaces = Los códigos de su aplicación anterior dejarán de funcionar cuando confirme la nueva.
account-add-app = Añadir una aplicación de autenticación
account-replace-app = Sustituir la aplicación de autenticación
account-codes-title = Códigos de recuperación
account-codes-note = Cada código sustituye una sola vez a su llave de acceso o su aplicación. Guárdelos en papel o en un gestor de contraseñas.
account-codes-later = Podrá crear códigos de recuperación cuando tenga una llave de acceso o una aplicación.
account-codes-make = Crear una nueva serie
account-devices = Dispositivos recordados
account-devices-note = En ellos no se le pide ningún código hasta la fecha indicada.
account-forget = Olvidar
account-forget-all = Olvidar todos los dispositivos

### Autoservicio: cambios

account-first-title = Confirme que es usted
account-first-lead = Para esto hace falta una prueba, de hace menos de cinco minutos, de que es usted. Preséntela ahora: después volverá aquí y no se perderá nada de lo que ha pedido.
account-first-asked = Lo que ha pedido
account-ask-add-passkey = Añadir una llave de acceso
account-ask-rename-passkey = Llamar «{ $name }» a la llave de acceso
account-ask-rename-passkey-note = Solo usted ve este nombre.
account-ask-remove-passkey = Eliminar la llave de acceso «{ $name }»
account-ask-remove-passkey-note = Ya no podrá iniciar sesión con ella. Bórrela también en su dispositivo o gestor de contraseñas: nosotros no podemos hacerlo por usted.
account-ask-add-app = Añadir una aplicación de autenticación
account-ask-remove-app = Eliminar la aplicación de autenticación
account-ask-remove-app-note = Los códigos que muestra ya no servirán aquí.
account-ask-make-codes = Crear nuevos códigos de recuperación
account-ask-make-codes-note = Los códigos que tiene ahora dejarán de funcionar. Los nuevos se muestran una sola vez.
account-ask-forget-device = Olvidar el dispositivo «{ $name }»
account-ask-forget-device-note = Allí se le volverá a pedir un código.
account-ask-forget-devices = Olvidar todos los dispositivos recordados
account-ask-forget-devices-note = En cada uno de ellos se le volverá a pedir un código.
account-ask-end-sessions = Cerrar la sesión en todos los demás sitios
account-ask-end-sessions-note = Habrá que iniciar sesión de nuevo en los demás navegadores, se avisará a los servicios usados allí y los demás dispositivos dejarán de recordarse.
account-ask-dispute = Informar de que no ha sido usted
account-done-passkey-added = La llave de acceso se ha añadido.
account-done-passkey-renamed = La llave de acceso tiene su nuevo nombre.
account-done-passkey-removed = La llave de acceso se ha eliminado.
account-done-app-added = La aplicación de autenticación se ha añadido.
account-done-app-removed = La aplicación de autenticación se ha eliminado.
account-done-device-forgotten = El dispositivo se ha olvidado.
account-done-devices-forgotten = Todos los dispositivos se han olvidado.
account-done-session-ended = La sesión de ese navegador está cerrada.
account-done-sessions-ended = Las sesiones de todos los demás navegadores están cerradas.
account-done-gone = No se ha cambiado nada: lo que pidió ya no existe.

### Autoservicio: sesiones

account-sessions-title = Dónde tiene la sesión iniciada
account-sessions-lead = Si no reconoce un navegador, cierre la sesión allí.
account-this-browser = Este navegador
account-browser-unknown = Navegador desconocido
account-others = Otros navegadores
account-network = Red
account-signed-in = Inicio
account-services = Servicios
account-shared = Dispositivo compartido
account-end-session = Cerrar la sesión allí
account-end-sessions = Cerrar todas las demás sesiones
account-live-cut = Solo se muestran los { $most } más recientes. «Cerrar todas las demás sesiones» cierra también las que no se muestran.
account-recent = Inicios de sesión recientes
account-recent-note = Los de los últimos 30 días.
account-recent-cut = Solo se muestran los { $most } más recientes de los últimos 30 días.
account-still-open = Sigue abierta

### Autoservicio: datos compartidos

account-releases-title = Qué se ha dicho de usted a los servicios
account-releases-lead = Cuando inicia sesión en un servicio, este recibe a través de nosotros algunos datos de su organismo. Esta lista los nombra y no los repite.
account-releases-none = En este tiempo no se ha dicho nada a ningún servicio.
account-releases-cut = La lista y el recibo se basan en sus { $most } inicios de sesión más recientes. No incluyen lo que se dijo a los servicios antes.
account-releases-kept = { $count ->
    [one] La lista abarca { $count } día.
   *[other] La lista abarca { $count } días.
}
account-told = Última vez
account-receipt = Descargar el recibo
account-receipt-note = La lista en un archivo JSON, para usted o para un responsable de protección de datos.

### Autoservicio: no he sido yo

account-dispute-lead = Infórmenos si otra persona inició sesión en su lugar o cambió algo en su cuenta.
account-dispute-what = Qué ocurrirá
account-dispute-sessions = Se cerrarán todas sus sesiones, también esta, y se avisará a los servicios que usó.
account-dispute-factors = Sus llaves de acceso, aplicaciones, códigos y dispositivos recordados dejarán de funcionar. Configurará otros nuevos la próxima vez que inicie sesión.
account-dispute-keeps = Los dispositivos recordados se olvidarán. Sus llaves de acceso, aplicaciones y códigos se conservarán: para que también se eliminen, confirme primero que es usted.
account-dispute-told = Se avisará al equipo de seguridad y usted recibirá un correo electrónico.
account-dispute-agency = Si alguien puede conocer la contraseña de su organismo, cámbiela también allí.
account-dispute-confirm = Cerrar todo e informar
account-disputed-title = Hemos recibido su aviso
account-disputed-reset = Todas sus sesiones están cerradas, y sus llaves de acceso, aplicaciones, códigos y dispositivos ya no valen. El equipo de seguridad está avisado.
account-disputed-ended = Todas sus sesiones están cerradas y el equipo de seguridad está avisado. Sus llaves de acceso, aplicaciones y códigos siguen valiendo.
account-disputed-now = Qué debe hacer ahora
account-disputed-password = Cambie su contraseña en su organismo.
account-disputed-desk = Avise al servicio de asistencia de su organismo e indique la referencia que figura más abajo.
account-disputed-desk-reset = Pida al servicio de asistencia de su organismo que restablezca sus llaves de acceso y códigos, e indique la referencia que figura más abajo.
account-disputed-enrol = Inicie sesión de nuevo y añada una nueva llave de acceso.

### Segunda verificación

factor-title = Confirme que es usted
factor-lead = { $asker } pide una segunda verificación.
factor-lead-pass = { $asker } pide una segunda verificación, y usted todavía no tiene ninguna aquí. Para configurarla necesita un pase de acceso del servicio de asistencia de su organismo.
factor-lead-wish = { $asker } desea una segunda verificación. Puede continuar sin ella, pero quizá no pueda hacerlo todo allí.
factor-without = Continuar sin esta verificación
factor-passkey-button = Usar su llave de acceso
factor-passkey-hint = Con su huella digital, su rostro, el bloqueo de pantalla o una llave de seguridad
factor-passkey-sign-in = Iniciar sesión con una llave de acceso
factor-passkey-cancelled = No se ha usado ninguna llave de acceso: la solicitud se canceló o tardó demasiado. Vuelva a intentarlo o elija otro medio.
factor-passkey-unsupported = Este navegador o dispositivo no lo permite. Pruebe con otro o elija otro medio.
factor-passkey-failed = No ha funcionado. Vuelva a intentarlo o elija otro medio.
factor-passkey-busy = Ha habido demasiados intentos. Espere unos minutos y vuelva a intentarlo.
factor-code = Código de su aplicación de autenticación
factor-code-hint = Seis cifras; la aplicación muestra un código nuevo cada 30 segundos.
factor-code-submit = Confirmar
factor-remember = { $count ->
    [one] No pedir ningún código en este dispositivo durante { $count } día
   *[other] No pedir ningún código en este dispositivo durante { $count } días
}
factor-remember-hint = Solo si nadie más usa este dispositivo.
factor-others = Ahora no puedo usarlo
factor-recovery = Código de recuperación
factor-recovery-hint = Uno de los códigos que se le dieron para guardar. Cada uno sirve una sola vez.
factor-recovery-submit = Usar este código de recuperación
factor-pass = Pase de acceso
factor-pass-hint = Lo da el servicio de asistencia de su organismo y sirve para configurar una nueva verificación.
factor-pass-submit = Usar este pase de acceso
factor-help = Si no tiene nada de esto, consulte al servicio de asistencia de su organismo.
factor-wrong-code = El código no se ha aceptado. Escriba el código que la aplicación muestra ahora; cada código sirve una sola vez.
factor-wrong-recovery = El código de recuperación no se ha aceptado. Compruebe lo que ha escrito o use otro; cada código sirve una sola vez.
factor-wrong-pass = El pase de acceso no se ha aceptado. Compruebe lo que ha escrito o pida uno nuevo al servicio de asistencia.
factor-wrong-passkey = La llave de acceso no se ha aceptado. Vuelva a intentarlo o elija otro medio.
factor-wrong-unknown-passkey = Esta llave de acceso no se conoce aquí; puede que se haya eliminado. Use otra o elija otro medio.
factor-wrong-late = Ha tardado demasiado. Vuelva a intentarlo.
factor-wrong-script = Una llave de acceso necesita JavaScript, que su navegador no ha ejecutado. Actívelo o elija otro medio.

### Configuración de una segunda verificación

enrol-title = Configure una segunda verificación
enrol-lead = { $asker } pide una segunda verificación, y usted todavía no tiene ninguna aquí. Configurarla lleva alrededor de un minuto.
enrol-lead-optional = { $asker } recomienda una segunda verificación. Con ella, nadie podrá iniciar sesión en su nombre solo con su contraseña.
enrol-lead-passkey = { $asker } pide una llave de acceso, y usted todavía no tiene ninguna aquí. Su dispositivo le pedirá la huella digital, el rostro o el bloqueo de pantalla.
enrol-advised = Recomendado
enrol-choice-passkey = Llave de acceso
enrol-choice-passkey-hint = Inicie sesión con su huella digital, su rostro o el bloqueo de pantalla. No hay nada que escribir.
enrol-choice-app = Aplicación de autenticación
enrol-choice-app-hint = Una aplicación de su teléfono muestra un código nuevo de seis cifras cada 30 segundos.
enrol-later = Ahora no
enrol-passkey-title = Cree una llave de acceso
enrol-passkey-lead = Su dispositivo le pedirá la huella digital, el rostro o el bloqueo de pantalla. Estos datos nunca salen de su dispositivo.
enrol-passkey-name = Nombre de la llave de acceso
enrol-passkey-name-hint = Para que más adelante pueda distinguir sus llaves de acceso.
enrol-passkey-submit = Crear la llave de acceso
enrol-passkey-misnamed = Escriba un nombre más corto, de una sola línea.
enrol-passkey-refused = La llave de acceso no se ha aceptado. Vuelva a intentarlo o elija otro medio.
enrol-passkey-not-allowed = Su organismo no acepta llaves de acceso de este tipo. Use otro dispositivo u otra llave de seguridad.
enrol-passkey-known = Este dispositivo ya tiene una llave de acceso para su cuenta.
enrol-passkey-elsewhere = Si este dispositivo no es suyo, elija su propio teléfono o una llave de seguridad cuando el navegador pregunte dónde guardar la llave de acceso.
enrol-passkey-instead = Crear una llave de acceso en su lugar
enrol-app-instead = Usar una aplicación de autenticación en su lugar
enrol-app-title = Configure su aplicación de autenticación
enrol-app-install = Abra una aplicación de autenticación en su teléfono. Si no tiene ninguna, descárguela de la tienda de aplicaciones.
enrol-app-scan = Escanee este código QR con la aplicación.
enrol-app-add = Añada una cuenta en la aplicación.
enrol-app-here = Abrir la aplicación en este dispositivo
enrol-app-qr = Código QR para la aplicación de autenticación
enrol-app-typed = No puedo escanearlo
enrol-app-typed-hint = Escriba esta clave en la aplicación. Puede omitir los espacios.
enrol-app-code = Escriba el código de seis cifras que la aplicación muestra ahora.
enrol-app-submit = Confirmar
enrol-app-wrong = El código no se ha aceptado. Escriba el código que la aplicación muestra ahora y compruebe que la hora de su teléfono es correcta.

codes-title = Guarde sus códigos de recuperación
codes-lead = Si pierde el teléfono o la llave de acceso, un código le permitirá entrar. Cada uno sirve una sola vez.
codes-list = Sus códigos de recuperación
codes-copy = Seleccione la lista para copiar todos los códigos a la vez.
codes-advice = Estos códigos no se volverán a mostrar. Imprímalos o anótelos, y guárdelos donde nadie más los encuentre.
codes-kept = He guardado mis códigos

### Equipos compartidos

shared-ask = ¿Es un equipo compartido?
shared-yes = Cerrar mi sesión al cerrar el navegador
shared-on = Equipo compartido: su sesión se cerrará al cerrar el navegador, y no se recordará su organismo.
shared-off = No es compartido
shared-label = Este equipo es compartido
shared-hint = Su sesión se cerrará al cerrar el navegador.
