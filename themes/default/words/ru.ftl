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
