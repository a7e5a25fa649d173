# Тексты страниц на русском языке. Каждый ключ есть во всех шести языках; их сравнивает тест.

### На каждой странице

title-error = Ошибка:
skip-to-content = Перейти к основному содержанию
language = Язык
footer-nav = Помощь и правила
support-email = Обратиться за помощью по эл. почте
support-page = Получить помощь
continue = Продолжить
error-heading = Возникла проблема
retry-seconds = { $count ->
    [one] Повторите попытку через { $count } секунду.
    [few] Повторите попытку через { $count } секунды.
    [many] Повторите попытку через { $count } секунд.
   *[other] Повторите попытку через { $count } секунды.
}
retry-minutes = { $count ->
    [one] Повторите попытку через { $count } минуту.
    [few] Повторите попытку через { $count } минуты.
    [many] Повторите попытку через { $count } минут.
   *[other] Повторите попытку через { $count } минуты.
}

### Выбор учреждения

choose-title = Выберите свое учреждение
choose-lead = Там вы войдете в систему, чтобы перейти в { $service }.
choose-lead-plain = Вы войдете с учетной записью своего учреждения.
choose-remembered = Использовались на этом устройстве
choose-forget = Это не вы или устройство общее?
choose-forget-button = Забыть эти учреждения
choose-another = Другое учреждение
choose-email = Ваш рабочий адрес электронной почты
choose-email-hint = Он нужен только для того, чтобы открыть страницу входа вашего учреждения.
choose-email-malformed = Введите адрес электронной почты, например name@example.org.
choose-email-unknown = Ни одно учреждение здесь не использует адрес { $address }. Проверьте написание или найдите свое учреждение в списке ниже.
choose-or = или
choose-search = Найдите свое учреждение по названию
choose-search-hint = Название или сокращение на любом из шести языков
choose-search-button = Найти
choose-list = Все учреждения
choose-list-letter = Учреждения на букву { $letter }
choose-list-found = { $count ->
    [one] По запросу «{ $query }» найдено { $count } учреждение
    [few] По запросу «{ $query }» найдено { $count } учреждения
    [many] По запросу «{ $query }» найдено { $count } учреждений
   *[other] По запросу «{ $query }» найдено { $count } учреждения
}
choose-list-none = По запросу «{ $query }» ничего не найдено
choose-none-hint = Введите сокращение или меньше слов.
choose-part = { $first }–{ $last } из { $total }
choose-more = Показать другие учреждения
choose-all = Показать все учреждения
choose-letters = Учреждения по первой букве
choose-restricted = Показаны только учреждения, сотрудники которых могут пользоваться этой службой.

### Вход по имени пользователя и паролю

password-title = Вход
password-lead = Войдите с учетной записью { $agency }.
password-lead-service = Войдите с учетной записью { $agency }, чтобы перейти в { $service }.
password-username = Имя пользователя
password-password = Пароль
password-submit = Войти
password-other-agency = Выбрать другое учреждение
password-wrong = Имя пользователя или пароль указаны неверно. Проверьте их и повторите попытку.
password-username-missing = Введите имя пользователя.
password-password-missing = Введите пароль.
password-throttled = Слишком много попыток входа.

### Согласие

consent-title = Передать ваши данные в { $service }?
consent-lead = Эта служба запрашивает у вашего учреждения указанные ниже данные.
consent-host = Они будут отправлены на
consent-unverified = Не проверено
consent-unverified-note = Никто не подтвердил, кому принадлежит эта служба. Продолжайте, только если вы знаете { $host } и доверяете этому сайту.
consent-list = Что будет передано
consent-allow = Разрешить
consent-deny = Не разрешать
consent-note = Если вы не разрешите, данные не будут переданы и вы вернетесь в службу без входа в систему.

release-identifier = Обозначающий вас код
release-username = Ваше имя пользователя
release-name = Ваше полное имя
release-given-name = Ваше имя
release-family-name = Ваша фамилия
release-email = Ваш адрес электронной почты
release-agency = Ваше учреждение
release-affiliation = Ваша роль в учреждении
release-groups = Группы, в которых вы состоите
release-entitlements = Службы, которыми вы вправе пользоваться
release-language = Предпочитаемый вами язык
release-assurance = Степень проверки вашей личности учреждением
release-offline-access = Право повторно запрашивать данные позднее, в ваше отсутствие
release-other = Другие данные

### Переход на другой сайт

onward-host = Вы переходите на { $host }. Если ничего не происходит, нажмите «Продолжить».
onward-title = Открывается следующая страница
onward-agency = Вы переходите в { $agency }. Если ничего не происходит, нажмите «Продолжить».
onward-service = Вы возвращаетесь в службу. Если ничего не происходит, нажмите «Продолжить».

### Проблемы

blame = Кто может это исправить
blame-you = Вы
blame-agency = Ваше учреждение
blame-agency-named = Ваше учреждение: { $agency }
blame-service = Те, кто отвечает за службу
blame-service-named = Те, кто отвечает за { $service }
blame-us = Мы; вашей вины в этом нет
problem-todo = Что можно сделать
problem-code = Код
problem-reference = Номер обращения
problem-reference-hint = Сообщите этот номер, когда обратитесь за помощью.
way-service = Вернуться в { $service }
way-service-unnamed = Вернуться в службу
way-again = Начать сначала
way-agency = Выбрать другое учреждение
way-sign-out = Продолжить выход
way-home = Перейти на главную страницу

problem-expired-title = Время входа истекло
problem-expired-happened = Вход занял больше времени, чем допускается, или страница была открыта из закладок.
problem-expired-todo = Начните сначала в той службе, которой хотите воспользоваться.
problem-completed-title = Вы уже вошли в систему
problem-completed-happened = Этот вход уже был завершен; страница открыта повторно, возможно кнопкой «Назад».
problem-completed-todo = Вернитесь в службу. Если она вас не узнает, начните сначала.
problem-cookies-title = Браузер не передал наш файл cookie
problem-cookies-happened = Вход был начат в другом браузере или окне, либо ваш браузер блокирует файлы cookie.
problem-cookies-todo = Разрешите файлы cookie для этого сайта и начните сначала в том же браузере.
problem-declined-title = Вы решили не продолжать
problem-declined-happened = Вход прерван по вашему желанию, данные не переданы.
problem-declined-todo = Если передумаете, начните сначала.
problem-wrong-person-title = Вошел другой пользователь
problem-wrong-person-happened = Служба ожидала не ту учетную запись, с которой вы вошли.
problem-wrong-person-todo = Начните сначала и войдите с учетной записью, известной службе.
problem-throttled-title = Слишком много попыток
problem-throttled-happened = За короткое время было сделано слишком много попыток, поэтому мы взяли паузу.
problem-throttled-todo = Подождите и повторите попытку.
problem-agency-unavailable-title = Вход через ваше учреждение недоступен
problem-agency-unavailable-happened = Нам не удалось открыть страницу входа вашего учреждения.
problem-agency-unavailable-todo = Повторите попытку через несколько минут. Если проблема сохранится, сообщите в службу поддержки вашего учреждения.
problem-agency-refused-title = Ваше учреждение не подтвердило вход
problem-agency-refused-happened = Ваше учреждение сообщило, что не допускает вас к этой службе.
problem-agency-refused-todo = Обратитесь в службу поддержки вашего учреждения и сообщите номер, указанный ниже.
problem-agency-misbehaved-title = Мы не смогли принять ответ вашего учреждения
problem-agency-misbehaved-happened = Ответ вашего учреждения составлен не так, как должен, поэтому мы ему не доверились.
problem-agency-misbehaved-todo = Попробуйте еще раз. Если это повторится, сообщите номер, указанный ниже, в службу поддержки вашего учреждения.
problem-too-weak-title = Требуется более надежный вход
problem-too-weak-happened = Этой службе нужно более надежное или более недавнее подтверждение личности, чем то, которое дало ваше учреждение.
problem-too-weak-todo = Начните сначала и используйте второй фактор, если ваше учреждение его предлагает. Служба поддержки поможет его настроить.
problem-account-disabled-title = Ваша учетная запись отключена
problem-account-disabled-happened = Мы вас знаем, но ваша учетная запись не может использоваться для входа.
problem-account-disabled-todo = Обратитесь в службу поддержки вашего учреждения и сообщите номер, указанный ниже.
problem-access-denied-title = Ваше учреждение не может пользоваться этой службой
problem-access-denied-happened = Вы вошли в систему, но эта служба не открыта для сотрудников вашего учреждения.
problem-access-denied-todo = Запросите доступ у тех, кто отвечает за службу, или выберите другое учреждение, если вы относитесь к нескольким.
problem-service-off-title = Вход в эту службу закрыт
problem-service-off-happened = Сейчас никто не может войти в эту службу через нас.
problem-service-off-todo = Узнайте у тех, кто отвечает за службу, когда она снова откроется.
problem-misregistered-title = Эта служба нам неизвестна
problem-misregistered-happened = Служба прислала запрос, не соответствующий ее регистрации, и мы не смогли безопасно вернуть вас обратно.
problem-misregistered-todo = Сообщите тем, кто отвечает за службу, указанные ниже код и номер.
problem-not-found-title = Такой страницы нет
problem-not-found-happened = Возможно, адрес написан с ошибкой или страница перемещена.
problem-not-found-todo = Откройте нужную вам службу и войдите оттуда.
problem-fault-title = На нашей стороне произошла ошибка
problem-fault-happened = Вход прерван из-за ошибки. Она зарегистрирована.
problem-fault-todo = Повторите попытку. Если это случится снова, сообщите номер, указанный ниже, в службу поддержки.
problem-busy-title = Система перегружена
problem-busy-happened = Сейчас входит больше людей, чем мы можем обслужить. Ничего не потеряно.
problem-busy-todo = Немного подождите и повторите попытку.

### Выход

sign-out-title = Выйти из системы?
sign-out-lead = Вы выйдете из системы, и для следующей службы потребуется войти снова.
sign-out-lead-person = { $person }, вы выйдете из системы, и для следующей службы потребуется войти снова.
sign-out-asked = { $service } просит завершить ваш сеанс.
sign-out-confirm = Выйти
sign-out-stay = Остаться в системе
signed-out-title = Вы вышли из системы
signed-out-lead = Ваш сеанс здесь завершен.
signed-out-already = Вы не входили в систему.
signed-out-advice = На общем устройстве закройте все окна браузера: возможно, ваш сеанс в учреждении или в одной из служб еще не завершен.
signing-out-title = Выход из служб
signing-out-lead = Вы вышли из системы. Сообщаем об этом службам, которыми вы пользовались.
signed-out-services = Службы, которыми вы пользовались
fate-out = Сеанс завершен
fate-told = Служба извещена
fate-waiting = Ожидаем ответа
fate-failed = Нет ответа
fate-mute = Выйдите там самостоятельно
signed-out-failed = Ответили не все службы. Возможно, ваш сеанс в них еще не завершен: выйдите там самостоятельно или закройте все окна браузера.

### Главная страница

home-title = Единый вход для системы Организации Объединенных Наций
home-lead = { $product } позволяет пользоваться общими службами с учетной записью вашего учреждения. Ваш пароль остается в вашем учреждении.
home-how = Как это работает
home-step-service = Откройте службу, которой хотите воспользоваться.
home-step-agency = Выберите свое учреждение.
home-step-sign-in = Войдите так, как вы делаете это каждый день.
home-signed-in = Вы вошли как { $person }
home-services = Службы
home-sign-out = Выйти

### Письма об учетной записи по электронной почте

letter-factor-enrolled-subject = К вашей учетной записи добавлен способ входа
letter-factor-enrolled-lead = Теперь этим способом можно подтвердить, что входите именно вы.
letter-factor-enrolled-advice = Если вы добавили его сами, ничего делать не нужно.
letter-factor-removed-subject = Из вашей учетной записи удален способ входа
letter-factor-removed-lead = Этим способом больше нельзя подтвердить, что входите именно вы.
letter-factor-removed-advice = Если вы удалили его сами, ничего делать не нужно.
letter-factors-reset-subject = Из вашей учетной записи удалены все способы входа
letter-factors-reset-lead = Из вашей учетной записи удалены все ключи доступа, приложения-аутентификаторы, резервные коды и запомненные устройства: это сделала служба поддержки или поступило сообщение о чужом входе.
letter-factors-reset-advice = Вы настроите новый способ входа, когда он понадобится какой-либо службе.
letter-recovery-codes-made-subject = Для вашей учетной записи созданы новые резервные коды
letter-recovery-codes-made-lead = У вашей учетной записи новый набор резервных кодов. Прежние коды больше не действуют.
letter-recovery-codes-made-advice = Если вы создали их сами, храните их там, где их сможете найти только вы.
letter-recovery-code-used-subject = Использован резервный код вашей учетной записи
letter-recovery-code-used-lead = Кто-то вошел с помощью одного из ваших резервных кодов. Этот код больше не действует.
letter-recovery-code-used-advice = Если это были вы, ничего делать не нужно. Создайте новые коды до того, как закончатся прежние.
letter-access-pass-issued-subject = Для вашей учетной записи выдан временный пропуск
letter-access-pass-issued-lead = Служба поддержки выдала временный пропуск для вашей учетной записи. В течение короткого времени любой, у кого он есть, может настроить новый способ входа.
letter-access-pass-issued-advice = Если вы просили о нем, используйте его сами и никому не передавайте. Мы никогда не просим сообщить его по почте или по телефону.
letter-access-pass-used-subject = Использован временный пропуск вашей учетной записи
letter-access-pass-used-lead = Кто-то использовал временный пропуск, выданный службой поддержки для вашей учетной записи, и теперь может настроить новый способ входа.
letter-access-pass-used-advice = Если это были вы, ничего делать не нужно.
letter-device-remembered-subject = Для вашей учетной записи запомнено устройство
letter-device-remembered-lead = Некоторое время при входе на этом устройстве второй способ входа не потребуется.
letter-device-remembered-advice = Если этим устройством пользуетесь только вы, ничего делать не нужно. Если им пользуются и другие, удалите его в своей учетной записи.
letter-factor-locked-subject = Слишком много неудачных попыток войти в вашу учетную запись
letter-factor-locked-lead = Кто-то прошел первый шаг входа в вашу учетную запись, а затем слишком много раз ошибся с этим способом. Он приостановлен на несколько минут.
letter-factor-locked-advice = Если это были вы, подождите и повторите попытку. Если нет, возможно, кто-то знает ваш пароль: смените его в своем учреждении.
letter-disputed-subject = О вашей учетной записи поступило сообщение, она защищена
letter-disputed-lead = Нам сообщили, что вашей учетной записью пользовался кто-то другой. Все сеансы завершены, все способы входа удалены, служба безопасности извещена.
letter-disputed-advice = Смените пароль в своем учреждении, затем войдите снова и настройте новые способы входа.
letter-session-suspicious-subject = Необычное использование вашей учетной записи
letter-session-suspicious-lead = Один и тот же сеанс вашей учетной записи использовался из двух сетей одновременно.
letter-session-suspicious-advice = Если вы сами переключались между сетями, например с рабочей на мобильную, ничего делать не нужно.

letter-method = Способ входа:
letter-method-passkey = Ключ доступа
letter-method-totp = Приложение-аутентификатор
letter-method-recovery-code = Резервный код
letter-method-device = Запомненное устройство
letter-name = Название:
letter-codes-left = Осталось кодов:
letter-time = Дата и время:
letter-when = { $day } { $month ->
        [1] января
        [2] февраля
        [3] марта
        [4] апреля
        [5] мая
        [6] июня
        [7] июля
        [8] августа
        [9] сентября
        [10] октября
        [11] ноября
       *[other] декабря
    } { $year } года, { $clock } UTC
letter-address = Интернет-адрес:
letter-reference = Номер обращения:
letter-account = Ваши способы входа, сеансы и устройства находятся здесь:
letter-not-you = Это были не вы?
letter-not-you-report = Сообщите об этом сейчас. Все сеансы вашей учетной записи будут завершены, ее способы входа удалены, а служба безопасности извещена.
letter-not-you-reported = Если сообщили не вы, обратитесь в службу поддержки вашего учреждения и назовите номер, указанный выше.
letter-support = Если вы не можете войти, напишите по адресу { $support }.
letter-foot = { $product } отправляет такое письмо при каждом важном изменении вашей учетной записи. Мы никогда не просим сообщить пароль или код по почте.
letter-doubt = Если вы не уверены в подлинности этого письма, не переходите по ссылкам в нем: введите адрес в браузере сами.

### Личный раздел: обзор

account-title = Ваша учетная запись
account-nav = Разделы вашей учетной записи
account-nav-overview = Обзор
account-nav-security = Безопасность
account-nav-sessions = Сеансы
account-nav-releases = Переданные данные
account-cancel = Отмена
account-save = Сохранить
account-remove = Удалить
account-date = { $month ->
    [1] { $day } января { $year } г.
    [2] { $day } февраля { $year } г.
    [3] { $day } марта { $year } г.
    [4] { $day } апреля { $year } г.
    [5] { $day } мая { $year } г.
    [6] { $day } июня { $year } г.
    [7] { $day } июля { $year } г.
    [8] { $day } августа { $year } г.
    [9] { $day } сентября { $year } г.
    [10] { $day } октября { $year } г.
    [11] { $day } ноября { $year } г.
   *[12] { $day } декабря { $year } г.
}
account-clock = { $time } UTC
account-ago-now = Только что
account-ago-minutes = { $count ->
    [one] { $count } минуту назад
    [few] { $count } минуты назад
    [many] { $count } минут назад
   *[other] { $count } минуты назад
}
account-ago-hours = { $count ->
    [one] { $count } час назад
    [few] { $count } часа назад
    [many] { $count } часов назад
   *[other] { $count } часа назад
}
account-ago-days = { $count ->
    [one] { $count } день назад
    [few] { $count } дня назад
    [many] { $count } дней назад
   *[other] { $count } дня назад
}
account-added = Добавлен
account-since = С какого времени
account-until = До
account-last-used = Использован
account-never = Ни разу
account-guard-passkey = Ваш вход защищен ключом доступа
account-guard-passkey-note = Никто не сможет использовать его из другого места или выманить у вас на поддельной странице.
account-guard-app = Ваш вход защищен кодами из приложения
account-guard-app-note = Ключ доступа еще надежнее: никакая поддельная страница не сможет его запросить.
account-guard-agency = Ваш вход защищает ваше учреждение
account-guard-agency-note = Оно запросило второе подтверждение. Вы можете добавить ключ доступа и здесь.
account-guard-bare = Вашей учетной записи нужна более надежная защита
account-guard-bare-note = Тот, кто узнает ваш пароль в учреждении, сможет войти вместо вас. Ключ доступа этого не допустит.
account-guard-reported = По этой учетной записи поступило сообщение о чужом входе
account-guard-reported-note = Прежние ключи доступа и коды больше не действуют. Добавьте новый ключ доступа сейчас.
account-next = Что можно сделать
account-advice-passkey = Добавить ключ доступа
account-advice-passkey-note = Входите с помощью отпечатка пальца, лица или PIN-кода устройства.
account-advice-second-passkey = Добавить второй ключ доступа
account-advice-second-passkey-note = Тогда вы сможете войти, даже если потеряете одно из устройств.
account-advice-codes = Создать резервные коды
account-advice-codes-note = На случай, если под рукой не окажется ни одного устройства.
account-advice-few-codes = Создать новые резервные коды
account-parts = Коротко
account-nothing-yet = Здесь пока ничего не настроено
account-passkeys = { $count ->
    [one] { $count } ключ доступа
    [few] { $count } ключа доступа
    [many] { $count } ключей доступа
   *[other] { $count } ключа доступа
}
account-app = Приложение для кодов
account-codes-count = { $count ->
    [one] { $count } резервный код
    [few] { $count } резервных кода
    [many] { $count } резервных кодов
   *[other] { $count } резервного кода
}
account-codes-left = { $count ->
    [one] Остался { $count } код
    [few] Осталось { $count } кода
    [many] Осталось { $count } кодов
   *[other] Осталось { $count } кода
}
account-browsers = { $count ->
    [one] { $count } браузер
    [few] { $count } браузера
    [many] { $count } браузеров
   *[other] { $count } браузера
}
account-only-here = Только в этом браузере
account-services-told = { $count ->
    [0] Пока никому
    [one] { $count } служба
    [few] { $count } службы
    [many] { $count } служб
   *[other] { $count } службы
}
account-identities = Входы, которые открывают эту учетную запись
account-identities-note = Тот, кто входит таким способом, считается здесь вами.
account-identity-current = Сейчас
account-not-me-hint = Видите то, чего вы не делали?
account-not-me = Это был не я

### Личный раздел: безопасность

account-security-lead = То, что вы подтверждаете здесь, помимо входа в своем учреждении.
account-passkeys-title = Ключи доступа
account-passkeys-note = Ключ доступа хранится в телефоне, компьютере или аппаратном ключе. Он работает по отпечатку пальца, лицу или PIN-коду и не действует на поддельных страницах.
account-passkey-bound = Не покидает устройство
account-passkey-change = Переименовать или удалить
account-passkey-name = Введите имя не длиннее 64 знаков.
account-add-passkey = Добавить ключ доступа
account-model = Модель
account-name = Имя
account-on = Включено
account-app-note = Приложение на телефоне показывает код из шести цифр, который меняется каждые 30 секунд.
account-app-replaces = Коды прежнего приложения перестанут действовать, как только вы подтвердите новое.
account-add-app = Добавить приложение для кодов
account-replace-app = Заменить приложение для кодов
account-codes-title = Резервные коды
account-codes-note = Каждый код один раз заменяет ключ доступа или приложение. Храните их на бумаге или в менеджере паролей.
account-codes-later = Создать резервные коды можно, когда у вас есть ключ доступа или приложение.
account-codes-make = Создать коды
account-devices = Запомненные устройства
account-devices-note = На них код не запрашивается до указанной даты.
account-forget = Забыть
account-forget-all = Забыть все устройства

### Личный раздел: изменения

account-first-title = Подтвердите, что это вы
account-first-lead = Вы подтверждали свою личность более пяти минут назад. Сделайте это еще раз: затем вы вернетесь сюда, и ваш запрос не пропадет.
account-first-asked = Ваш запрос
account-ask-add-passkey = Добавить ключ доступа
account-ask-rename-passkey = Назвать ключ доступа «{ $name }»
account-ask-rename-passkey-note = Это имя видите только вы.
account-ask-remove-passkey = Удалить ключ доступа «{ $name }»
account-ask-remove-passkey-note = Войти с его помощью больше не получится. Удалите его и на устройстве или в менеджере паролей: мы не можем сделать это за вас.
account-ask-add-app = Добавить приложение для кодов
account-ask-remove-app = Удалить приложение для кодов
account-ask-remove-app-note = Коды, которые оно показывает, здесь больше не подойдут.
account-ask-make-codes = Создать новые резервные коды
account-ask-make-codes-note = Нынешние коды перестанут действовать. Новые будут показаны один раз.
account-ask-forget-device = Забыть устройство «{ $name }»
account-ask-forget-device-note = На нем снова потребуется код.
account-ask-forget-devices = Забыть все запомненные устройства
account-ask-forget-devices-note = На каждом из них снова потребуется код.
account-ask-end-sessions = Выйти во всех остальных браузерах
account-ask-end-sessions-note = Во всех остальных браузерах нужно будет войти заново, а службы, открытые там, будут извещены.
account-ask-dispute = Сообщить, что это были не вы
account-done-passkey-added = Ключ доступа добавлен.
account-done-passkey-renamed = У ключа доступа новое имя.
account-done-passkey-removed = Ключ доступа удален.
account-done-app-added = Приложение для кодов добавлено.
account-done-app-removed = Приложение для кодов удалено.
account-done-device-forgotten = Устройство забыто.
account-done-devices-forgotten = Все устройства забыты.
account-done-session-ended = Сеанс в том браузере завершен.
account-done-sessions-ended = Сеансы во всех остальных браузерах завершены.
account-done-gone = Ничего не изменено: того, о чем вы просили, больше нет.

### Личный раздел: сеансы

account-sessions-title = Где вы сейчас вошли
account-sessions-lead = Если браузер вам незнаком, завершите сеанс в нем.
account-this-browser = Этот браузер
account-browser-unknown = Неизвестный браузер
account-others = Другие браузеры
account-network = Сеть
account-signed-in = Вход
account-services = Службы
account-shared = Общее устройство
account-end-session = Завершить сеанс
account-end-sessions = Завершить все остальные сеансы
account-recent = Недавние входы
account-recent-note = За последние 30 дней.
account-still-open = Сеанс открыт

### Личный раздел: переданные данные

account-releases-title = Что о вас сообщили службам
account-releases-lead = Когда вы входите в службу, она получает через нас некоторые данные от вашего учреждения. В этом списке они названы, но не повторены.
account-releases-none = За это время службам ничего не сообщалось.
account-releases-kept = { $count ->
    [one] Список охватывает { $count } день.
    [few] Список охватывает { $count } дня.
    [many] Список охватывает { $count } дней.
   *[other] Список охватывает { $count } дня.
}
account-told = Последний раз
account-receipt = Скачать квитанцию
account-receipt-note = Список в виде файла JSON: для вас или для специалиста по защите данных.

### Личный раздел: это был не я

account-dispute-lead = Сообщите нам, если кто-то другой вошел от вашего имени или изменил что-либо в вашей учетной записи.
account-dispute-what = Что произойдет
account-dispute-sessions = Все ваши сеансы будут завершены, включая этот, а службы, которыми вы пользовались, будут извещены.
account-dispute-factors = Все ваши ключи доступа, приложения, коды и запомненные устройства перестанут действовать. При следующем входе вы настроите новые.
account-dispute-keeps = Запомненные устройства будут забыты. Ключи доступа, приложения и коды останутся: чтобы удалить и их, сначала подтвердите, что это вы.
account-dispute-told = Служба безопасности будет извещена, а вы получите письмо.
account-dispute-agency = Если кто-то может знать ваш пароль в учреждении, смените его и там.
account-dispute-confirm = Выйти везде и сообщить
account-disputed-title = Ваше сообщение получено
account-disputed-reset = Все ваши сеансы завершены, а ключи доступа, приложения, коды и устройства больше не действуют. Служба безопасности извещена.
account-disputed-ended = Все ваши сеансы завершены, и служба безопасности извещена. Ваши ключи доступа, приложения и коды по-прежнему действуют.
account-disputed-now = Что вам следует сделать
account-disputed-password = Смените пароль в своем учреждении.
account-disputed-desk = Обратитесь в службу поддержки учреждения и сообщите номер, указанный ниже.
account-disputed-desk-reset = Попросите службу поддержки учреждения сбросить ваши ключи доступа и коды и сообщите номер, указанный ниже.
account-disputed-enrol = Войдите снова и добавьте новый ключ доступа.
