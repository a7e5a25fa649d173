# 页面的中文文字。每个键在六种语言中都有；由测试加以比较。

### 每个页面

title-error = 错误：
skip-to-content = 跳到主要内容
language = 语言
footer-nav = 帮助与政策
support-email = 通过电子邮件求助
support-page = 获取帮助
continue = 继续
error-heading = 出现问题
retry-seconds = { $count ->
   *[other] 请在 { $count } 秒后重试。
}
retry-minutes = { $count ->
   *[other] 请在 { $count } 分钟后重试。
}

### 选择机构

choose-title = 选择您的机构
choose-lead = 您将在该机构登录，然后继续访问{ $service }。
choose-lead-plain = 您将使用本机构的账户登录。
choose-remembered = 在此设备上用过
choose-forget = 不是您本人，或者设备是共用的？
choose-forget-button = 清除这些机构
choose-another = 其他机构
choose-email = 您的工作电子邮箱
choose-email-hint = 仅用于打开您所属机构的登录页面。
choose-email-malformed = 请输入电子邮箱地址，例如 name@example.org。
choose-email-unknown = 这里没有机构使用地址 { $address }。请检查拼写，或在下面的列表中查找您的机构。
choose-or = 或者
choose-search = 按名称查找您的机构
choose-search-hint = 六种语言中任何一种的名称或缩写
choose-search-button = 搜索
choose-list = 所有机构
choose-list-letter = 以 { $letter } 开头的机构
choose-list-found = { $count ->
   *[other] 找到 { $count } 个与“{ $query }”相符的机构
}
choose-list-none = 没有找到与“{ $query }”相符的机构
choose-none-hint = 请尝试输入缩写，或减少字词。
choose-part = 第 { $first }–{ $last } 个，共 { $total } 个
choose-more = 显示更多机构
choose-all = 显示所有机构
choose-letters = 按首字母排列的机构
choose-restricted = 这里只显示其工作人员可使用此服务的机构。

### 使用用户名和密码登录

password-title = 登录
password-lead = 请使用您的{ $agency }账户。
password-lead-service = 请使用您的{ $agency }账户，然后继续访问{ $service }。
password-username = 用户名
password-password = 密码
password-submit = 登录
password-other-agency = 选择其他机构
password-wrong = 用户名或密码不正确。请检查后重试。
password-username-missing = 请输入用户名。
password-password-missing = 请输入密码。
password-throttled = 登录尝试次数过多。

### 同意

consent-title = 与{ $service }共享您的信息？
consent-lead = 此服务向您的机构请求以下信息。
consent-host = 信息将发送至
consent-unverified = 未经核实
consent-unverified-note = 尚无人确认此服务由谁运营。只有在您了解并信任 { $host } 时才应继续。
consent-list = 将共享的信息
consent-allow = 允许
consent-deny = 不允许
consent-note = 如果您不允许，则不会共享任何信息，您将在未登录的状态下返回该服务。

release-identifier = 代表您的代码
release-username = 您的用户名
release-name = 您的姓名
release-given-name = 您的名字
release-family-name = 您的姓氏
release-email = 您的电子邮箱地址
release-agency = 您的机构
release-affiliation = 您在机构中的身份
release-groups = 您所属的群组
release-entitlements = 您有权使用的服务
release-language = 您的首选语言
release-assurance = 您的机构对您身份的核实程度
release-offline-access = 日后您不在场时再次请求信息的权利
release-other = 其他信息

### 前往其他网站

onward-host = 正在前往 { $host }。如果没有反应，请选择“继续”。
onward-title = 正在打开下一页
onward-agency = 正在前往{ $agency }。如果没有反应，请选择“继续”。
onward-service = 正在返回该服务。如果没有反应，请选择“继续”。

### 问题

blame = 谁能解决
blame-you = 您自己
blame-agency = 您的机构
blame-agency-named = 您的机构：{ $agency }
blame-service = 该服务的负责人
blame-service-named = { $service }的负责人
blame-us = 我们；这不是您的错
problem-todo = 您可以这样做
problem-code = 代码
problem-reference = 参考编号
problem-reference-hint = 求助时请提供此编号。
way-service = 返回{ $service }
way-service-unnamed = 返回该服务
way-again = 重新开始
way-agency = 选择其他机构
way-sign-out = 继续退出登录
way-home = 前往首页

problem-expired-title = 此次登录已过期
problem-expired-happened = 登录时间超过了限制，或者此页面是从书签打开的。
problem-expired-todo = 请从您要使用的服务重新开始。
problem-completed-title = 您已经登录
problem-completed-happened = 此次登录此前已经完成；页面被再次打开，可能是因为使用了“后退”按钮。
problem-completed-todo = 请返回该服务。如果它不认识您，请重新开始。
problem-cookies-title = 您的浏览器没有发送我们的 Cookie
problem-cookies-happened = 此次登录是在另一个浏览器或窗口中开始的，或者您的浏览器阻止了 Cookie。
problem-cookies-todo = 请允许本网站使用 Cookie，然后在同一浏览器中重新开始。
problem-declined-title = 您选择了不继续
problem-declined-happened = 登录已按您的要求停止，没有共享任何信息。
problem-declined-todo = 如果您改变主意，请重新开始。
problem-wrong-person-title = 登录的是另一个人
problem-wrong-person-happened = 该服务期待的账户与您登录所用的账户不同。
problem-wrong-person-todo = 请重新开始，并使用该服务认识的账户登录。
problem-throttled-title = 尝试次数过多
problem-throttled-happened = 短时间内尝试次数过多，因此我们暂停了一段时间。
problem-throttled-todo = 请稍候再试。
problem-agency-unavailable-title = 您的机构目前无法登录
problem-agency-unavailable-happened = 我们无法连接到您的机构的登录页面。
problem-agency-unavailable-todo = 请过几分钟再试。如果问题持续存在，请告知您的机构的服务台。
problem-agency-refused-title = 您的机构没有让您登录
problem-agency-refused-happened = 您的机构答复说，不会让您登录此服务。
problem-agency-refused-todo = 请咨询您的机构的服务台，并提供下面的参考编号。
problem-agency-misbehaved-title = 我们无法接受您的机构的答复
problem-agency-misbehaved-happened = 您的机构的答复不符合要求，因此我们没有采信。
problem-agency-misbehaved-todo = 请再试一次。如果再次出现，请将下面的参考编号提供给您的机构的服务台。
problem-too-weak-title = 需要更安全的登录方式
problem-too-weak-happened = 此服务要求的身份证明比您的机构所提供的更可靠或更新近。
problem-too-weak-todo = 请重新开始；如果您的机构提供第二验证因素，请使用它。机构的服务台可以帮您设置。
problem-account-disabled-title = 您的账户已停用
problem-account-disabled-happened = 我们认识您，但您的账户不能用于登录。
problem-account-disabled-todo = 请咨询您的机构的服务台，并提供下面的参考编号。
problem-access-denied-title = 您的机构不能使用此服务
problem-access-denied-happened = 您已登录，但此服务不对您的机构的工作人员开放。
problem-access-denied-todo = 请向该服务的负责人申请访问权限；如果您属于多个机构，也可选择其他机构。
problem-service-off-title = 此服务暂停登录
problem-service-off-happened = 目前任何人都无法通过我们登录此服务。
problem-service-off-todo = 请向该服务的负责人询问何时恢复。
problem-misregistered-title = 我们不认识此服务
problem-misregistered-happened = 该服务发来的请求与其登记内容不符，因此我们无法安全地将您送回。
problem-misregistered-todo = 请告知该服务的负责人，并提供下面的代码和参考编号。
problem-not-found-title = 此页面不存在
problem-not-found-happened = 地址可能有误，或者页面已经移动。
problem-not-found-todo = 请打开您要使用的服务，并从那里登录。
problem-fault-title = 我们这边出现了错误
problem-fault-happened = 一个错误中断了您的登录。该错误已被记录。
problem-fault-todo = 请重试。如果再次出现，请将下面的参考编号提供给服务台。
problem-busy-title = 我们现在非常繁忙
problem-busy-happened = 目前登录的人数超过了我们的服务能力。没有任何信息丢失。
problem-busy-todo = 请稍候再试。

### 退出

sign-out-title = 要退出登录吗？
sign-out-lead = 您将在此退出登录，使用下一个服务时需要重新登录。
sign-out-lead-person = { $person }，您将在此退出登录，使用下一个服务时需要重新登录。
sign-out-asked = { $service }请求我们为您退出登录。
sign-out-confirm = 退出登录
sign-out-stay = 保持登录
signed-out-title = 您已退出登录
signed-out-lead = 您在这里已不再处于登录状态。
signed-out-already = 您此前没有在这里登录。
signed-out-advice = 如果使用的是共用设备，请关闭所有浏览器窗口：您可能在机构或某项服务中仍处于登录状态。
signing-out-title = 正在退出登录
signing-out-lead = 您已在此退出登录。我们正在通知您使用过的服务。
signed-out-services = 您使用过的服务
fate-out = 已退出登录
fate-told = 已通知退出
fate-waiting = 等待答复
fate-failed = 未答复
fate-mute = 请自行前往退出
signed-out-failed = 并非所有服务都已答复。您在其中可能仍处于登录状态：请前往这些服务退出登录，或关闭所有浏览器窗口。

### 首页

home-title = 联合国系统统一登录
home-lead = { $product } 让您用本机构的账户使用各项共享服务。您的密码只保存在您的机构。
home-how = 使用方法
home-step-service = 打开您要使用的服务。
home-step-agency = 选择您的机构。
home-step-sign-in = 像每天一样在机构登录。
home-signed-in = 您已登录：{ $person }
home-services = 服务
home-sign-out = 退出登录

### 关于账户的邮件

letter-factor-enrolled-subject = 您的账户新增了一种登录方式
letter-factor-enrolled-lead = 从现在起，可以用这种方式证明登录者是您本人。
letter-factor-enrolled-advice = 如果是您本人添加的，则无需任何操作。
letter-factor-removed-subject = 您的账户移除了一种登录方式
letter-factor-removed-lead = 不能再用这种方式证明登录者是您本人。
letter-factor-removed-advice = 如果是您本人移除的，则无需任何操作。
letter-factors-reset-subject = 您账户的所有登录方式均已移除
letter-factors-reset-lead = 由于服务台的操作或收到的举报，您账户的所有通行密钥、身份验证器应用、恢复代码和已记住的设备均已移除。
letter-factors-reset-advice = 下次有服务需要时，您将设置新的登录方式。
letter-recovery-codes-made-subject = 已为您的账户生成新的恢复代码
letter-recovery-codes-made-lead = 您的账户有了一组新的恢复代码。以前的代码不再有效。
letter-recovery-codes-made-advice = 如果是您本人生成的，请将其保存在只有您能找到的地方。
letter-recovery-code-used-subject = 您账户的一个恢复代码已被使用
letter-recovery-code-used-lead = 有人使用您的一个恢复代码登录。该代码不能再次使用。
letter-recovery-code-used-advice = 如果是您本人，则无需任何操作。请在用完最后一个代码之前生成新的代码。
letter-access-pass-issued-subject = 已为您的账户签发临时通行码
letter-access-pass-issued-lead = 服务台为您的账户签发了临时通行码。在短时间内，持有它的人可以设置新的登录方式。
letter-access-pass-issued-advice = 如果是您申请的，请自己使用，不要交给任何人。我们绝不会通过邮件或电话索要它。
letter-access-pass-used-subject = 您账户的临时通行码已被使用
letter-access-pass-used-lead = 有人使用了服务台为您的账户签发的临时通行码，现在可以设置新的登录方式。
letter-access-pass-used-advice = 如果是您本人，则无需任何操作。
letter-device-remembered-subject = 已为您的账户记住一台设备
letter-device-remembered-lead = 在一段时间内，在这台设备上登录将不再要求第二种登录方式。
letter-device-remembered-advice = 如果这台设备只有您使用，则无需任何操作。如果还有其他人使用，请在您的账户中忘记该设备。
letter-factor-locked-subject = 登录您账户的失败次数过多
letter-factor-locked-lead = 有人通过了登录您账户的第一步，随后使用这种方式失败次数过多。该方式将暂停几分钟。
letter-factor-locked-advice = 如果是您本人，请稍候再试。如果不是，可能有人知道您的密码：请在您的机构更改密码。
letter-disputed-subject = 您的账户已被举报并已采取保护措施
letter-disputed-lead = 我们收到举报，称有他人使用您的账户。其所有会话均已结束，已记住的设备均已忘记，安全人员已得到通知。
letter-disputed-advice = 请先在您的机构更改密码，然后重新登录并检查您的登录方式：可能需要设置新的方式。
letter-session-suspicious-subject = 您的账户有异常使用情况
letter-session-suspicious-lead = 您账户的同一个会话同时在两个网络中使用。
letter-session-suspicious-advice = 如果是您本人切换了网络，例如从办公室网络换到手机网络，则无需任何操作。

letter-method = 登录方式：
letter-method-passkey = 通行密钥
letter-method-totp = 身份验证器应用
letter-method-recovery-code = 恢复代码
letter-method-device = 已记住的设备
letter-name = 名称：
letter-codes-left = 剩余代码数：
letter-time = 时间：
letter-when = { $year }年{ $month }月{ $day }日 { $clock }（协调世界时）
letter-address = 互联网地址：
letter-reference = 参考编号：
letter-account = 您可以在这里查看登录方式、会话和设备：
letter-not-you = 不是您本人？
letter-not-you-report = 请立即举报。这将结束您账户的所有会话、忘记已记住的设备并通知安全人员。
letter-not-you-reported = 如果举报的不是您本人，请咨询您的机构的服务台，并提供上面的参考编号。
letter-support = 如果您无法登录，请写信至 { $support }。
letter-foot = 每当您的账户有重要变更时，{ $product } 都会发送此邮件。我们绝不会通过邮件索要密码或代码。
letter-doubt = 如果您不确定此邮件是否真实，请不要选择其中的链接：请自己在浏览器中输入地址。

### 自助服务：概览

account-title = 您的账户
account-nav = 您的账户的各个部分
account-nav-overview = 概览
account-nav-security = 安全
account-nav-sessions = 登录情况
account-nav-releases = 已共享的信息
account-cancel = 取消
account-save = 保存
account-remove = 删除
account-date = { $year }年{ $month }月{ $day }日
account-clock = { $time }（UTC）
account-ago-now = 刚刚
account-ago-minutes = { $count }分钟前
account-ago-hours = { $count }小时前
account-ago-days = { $count }天前
account-added = 添加时间
account-since = 开始时间
account-until = 有效期至
account-last-used = 上次使用
account-never = 从未使用
account-guard-passkey = 您的登录受通行密钥保护
account-guard-passkey-note = 别人无法在其他地方使用它，也无法用假网页把它骗走。
account-guard-app = 您的登录受应用验证码保护
account-guard-app-note = 通行密钥更加安全：任何假网页都无法向您索取。
account-guard-agency = 您的登录受您的机构保护
account-guard-agency-note = 机构已要求您提供第二重验证。您也可以在此添加通行密钥。
account-guard-bare = 您的账户需要更强的保护
account-guard-bare-note = 知道您机构密码的人可以冒用您的身份登录。通行密钥可以防止这种情况。
account-guard-reported = 此账户曾被报告异常
account-guard-reported-note = 原有的通行密钥和验证码已失效。请立即设置新的通行密钥。
account-next = 接下来可以做什么
account-advice-passkey = 添加通行密钥
account-advice-passkey-note = 用指纹、面容或设备的 PIN 码登录。
account-advice-second-passkey = 再添加一个通行密钥
account-advice-second-passkey-note = 这样即使丢失一台设备，您仍可登录。
account-advice-codes = 生成恢复代码
account-advice-codes-note = 以备身边没有任何设备时使用。
account-advice-few-codes = 生成新的恢复代码
account-parts = 概况
account-nothing-yet = 此处尚未设置任何内容
account-passkeys = { $count }个通行密钥
account-app = 身份验证器应用
account-codes-count = { $count }个恢复代码
account-codes-left = 剩余{ $count }个代码
account-browsers = { $count }个浏览器
account-browsers-more = { $most }个以上的浏览器
account-only-here = 仅在此浏览器
account-services-told = { $count ->
    [0] 暂无
   *[other] { $count }项服务
}
account-identities = 可打开此账户的登录方式
account-identities-note = 通过这些方式登录的人在此被视为您本人。
account-identity-current = 当前使用
account-not-me-hint = 看到并非您本人所为的操作？
account-not-me = 这不是我

### 自助服务：安全

account-security-lead = 除了在您的机构登录之外，您在此处提供的验证。
account-passkeys-title = 通行密钥
account-passkeys-note = 通行密钥保存在您的手机、电脑或安全密钥中，用指纹、面容或 PIN 码使用，在任何假网页上都不起作用。
account-passkey-bound = 不会离开其设备
account-passkey-change = 重命名或删除
account-passkey-name = 请输入不超过 64 个字符的名称。
account-add-passkey = 添加通行密钥
account-model = 型号
account-name = 名称
account-on = 已启用
account-app-note = 手机上的应用会显示一个六位数字的验证码，每 30 秒更换一次。
account-app-replaces = 确认新应用后，旧应用的验证码即告失效。
account-add-app = 添加身份验证器应用
account-replace-app = 更换身份验证器应用
account-codes-title = 恢复代码
account-codes-note = 每个代码可代替您的通行密钥或应用使用一次。请记在纸上或保存在密码管理器中。
account-codes-later = 拥有通行密钥或应用后，即可生成恢复代码。
account-codes-make = 生成一组新代码
account-devices = 已记住的设备
account-devices-note = 在所示日期之前，这些设备上不会要求您输入验证码。
account-forget = 忘记
account-forget-all = 忘记所有设备

### 自助服务：更改

account-first-title = 请确认是您本人
account-first-lead = 此操作需要您在最近五分钟内证明过身份。请现在证明，之后您会回到这里，您的请求不会丢失。
account-first-asked = 您的请求
account-ask-add-passkey = 添加通行密钥
account-ask-rename-passkey = 将通行密钥命名为“{ $name }”
account-ask-rename-passkey-note = 只有您能看到此名称。
account-ask-remove-passkey = 删除通行密钥“{ $name }”
account-ask-remove-passkey-note = 您将无法再用它登录。请同时在您的设备或密码管理器中删除它：我们无法代您操作。
account-ask-add-app = 添加身份验证器应用
account-ask-remove-app = 删除身份验证器应用
account-ask-remove-app-note = 它显示的验证码在此将不再有效。
account-ask-make-codes = 生成新的恢复代码
account-ask-make-codes-note = 您现有的代码将失效。新代码只显示一次。
account-ask-forget-device = 忘记设备“{ $name }”
account-ask-forget-device-note = 在该设备上将重新要求您输入验证码。
account-ask-forget-devices = 忘记所有已记住的设备
account-ask-forget-devices-note = 在每台设备上都将重新要求您输入验证码。
account-ask-end-sessions = 退出所有其他浏览器
account-ask-end-sessions-note = 所有其他浏览器都需要重新登录，在那里使用过的服务会收到通知，其他设备也不再被记住。
account-ask-dispute = 报告这不是您本人
account-done-passkey-added = 通行密钥已添加。
account-done-passkey-renamed = 通行密钥已改名。
account-done-passkey-removed = 通行密钥已删除。
account-done-app-added = 身份验证器应用已添加。
account-done-app-removed = 身份验证器应用已删除。
account-done-device-forgotten = 已忘记该设备。
account-done-devices-forgotten = 已忘记所有设备。
account-done-session-ended = 该浏览器已退出登录。
account-done-sessions-ended = 所有其他浏览器均已退出登录。
account-done-gone = 未作任何更改：您所请求的对象已不存在。

### 自助服务：登录情况

account-sessions-title = 您在哪些地方登录
account-sessions-lead = 如果您不认识某个浏览器，请将其退出登录。
account-this-browser = 此浏览器
account-browser-unknown = 未知浏览器
account-others = 其他浏览器
account-network = 网络
account-signed-in = 登录时间
account-services = 服务
account-shared = 共用设备
account-end-session = 退出该处登录
account-end-sessions = 退出所有其他登录
account-live-cut = 仅显示最新的{ $most }个。“退出所有其他登录”也会退出未显示的登录。
account-recent = 最近的登录
account-recent-note = 最近 30 天内的登录。
account-recent-cut = 仅显示最近 30 天内最新的{ $most }次登录。
account-still-open = 仍在登录

### 自助服务：已共享的信息

account-releases-title = 各项服务获知的有关您的信息
account-releases-lead = 您登录某项服务时，该服务会通过我们从您的机构获知一些信息。此列表只列出信息的名称，不重复其内容。
account-releases-none = 在此期间没有任何服务获知信息。
account-releases-cut = 此列表和凭据以您最新的{ $most }次登录为依据，不包含此前各服务获知的信息。
account-releases-kept = 此列表涵盖{ $count }天。
account-told = 最近一次
account-receipt = 下载凭据
account-receipt-note = 此列表的 JSON 文件，供您自己或数据保护官使用。

### 自助服务：这不是我

account-dispute-lead = 如果有人冒用您的身份登录，或更改了您账户中的内容，请报告。
account-dispute-what = 报告之后
account-dispute-sessions = 您将在所有地方退出登录，包括此处，您使用过的服务会收到通知。
account-dispute-factors = 您的所有通行密钥、应用、代码和已记住的设备都将失效。您下次登录时需重新设置。
account-dispute-keeps = 已记住的设备将被忘记。您的通行密钥、应用和代码会保留：如需一并删除，请先确认是您本人。
account-dispute-told = 安全团队会收到通知，您也会收到一封电子邮件。
account-dispute-agency = 如果有人可能知道您的机构密码，请同时在机构更改密码。
account-dispute-confirm = 全部退出并报告
account-disputed-title = 您的报告已收到
account-disputed-reset = 您已在所有地方退出登录，您的通行密钥、应用、代码和设备均已失效。安全团队已收到通知。
account-disputed-ended = 您已在所有地方退出登录，安全团队已收到通知。您的通行密钥、应用和代码仍然有效。
account-disputed-now = 您现在应当做什么
account-disputed-password = 在您的机构更改密码。
account-disputed-desk = 告知您机构的服务台，并提供下面的参考编号。
account-disputed-desk-reset = 请您机构的服务台重置您的通行密钥和代码，并提供下面的参考编号。
account-disputed-enrol = 重新登录并设置新的通行密钥。

### 第二重验证

factor-title = 请确认是您本人
factor-lead = { $asker }要求进行第二重验证。
factor-lead-pass = { $asker }要求进行第二重验证，而您在这里还没有设置。要进行设置，您需要机构服务台签发的临时通行码。
factor-lead-wish = { $asker }希望进行第二重验证。您可以不验证而继续，但可能无法使用其全部功能。
factor-without = 不验证，直接继续
factor-passkey-button = 使用您的通行密钥
factor-passkey-hint = 使用您的指纹、面容、屏幕锁定或安全密钥
factor-passkey-sign-in = 使用通行密钥登录
factor-passkey-cancelled = 未使用通行密钥：请求已取消或用时过长。请重试，或选择其他方式。
factor-passkey-unsupported = 此浏览器或设备不支持这项操作。请换一个试试，或选择其他方式。
factor-passkey-failed = 操作未成功。请重试，或选择其他方式。
factor-passkey-busy = 尝试次数过多。请等几分钟后再试。
factor-code = 身份验证器应用中的验证码
factor-code-hint = 六位数字；应用每 30 秒显示一个新的验证码。
factor-code-submit = 确认
factor-remember = { $count ->
   *[other] 在 { $count } 天内，不再要求在此设备上输入验证码
}
factor-remember-hint = 仅适用于没有其他人使用的设备。
factor-others = 我现在无法使用以上方式
factor-recovery = 恢复代码
factor-recovery-hint = 交给您保存的代码之一。每个代码只能使用一次。
factor-recovery-submit = 使用此恢复代码
factor-pass = 临时通行码
factor-pass-hint = 由您的机构的服务台签发，用于设置新的第二重验证。
factor-pass-submit = 使用此通行码
factor-help = 如果以上您都没有，请咨询您的机构的服务台。
factor-wrong-code = 验证码未被接受。请输入应用当前显示的验证码；每个验证码只能使用一次。
factor-wrong-recovery = 恢复代码未被接受。请检查输入，或使用另一个代码；每个代码只能使用一次。
factor-wrong-pass = 临时通行码未被接受。请检查输入，或向服务台申请新的通行码。
factor-wrong-passkey = 通行密钥未被接受。请重试，或选择其他方式。
factor-wrong-unknown-passkey = 这里不认识此通行密钥，它可能已被移除。请使用另一个，或选择其他方式。
factor-wrong-late = 用时过长。请重试。
factor-wrong-script = 通行密钥需要 JavaScript，而您的浏览器没有运行它。请启用 JavaScript，或选择其他方式。

### 设置第二重验证

enrol-title = 设置第二重验证
enrol-lead = { $asker }要求进行第二重验证，而您在这里还没有设置。设置大约需要一分钟。
enrol-lead-optional = { $asker }建议设置第二重验证。这样，即使有人知道您的密码，也无法冒用您的身份登录。
enrol-lead-passkey = { $asker }要求使用通行密钥，而您在这里还没有。您的设备会要求您使用指纹、面容或屏幕锁定。
enrol-advised = 推荐
enrol-choice-passkey = 通行密钥
enrol-choice-passkey-hint = 使用您的指纹、面容或屏幕锁定登录，无需输入任何内容。
enrol-choice-app = 身份验证器应用
enrol-choice-app-hint = 手机上的应用每 30 秒显示一个新的六位验证码。
enrol-later = 暂不设置
enrol-passkey-title = 创建通行密钥
enrol-passkey-lead = 您的设备会要求您使用指纹、面容或屏幕锁定。这些信息绝不会离开您的设备。
enrol-passkey-name = 通行密钥的名称
enrol-passkey-name-hint = 方便您以后区分自己的通行密钥。
enrol-passkey-submit = 创建通行密钥
enrol-passkey-misnamed = 请输入较短的单行名称。
enrol-passkey-refused = 通行密钥未被接受。请重试，或选择其他方式。
enrol-passkey-not-allowed = 您的机构不接受此类通行密钥。请使用另一台设备或另一个安全密钥。
enrol-passkey-known = 此设备上已有您账户的通行密钥。
enrol-passkey-elsewhere = 如果这不是您自己的设备，请在浏览器询问通行密钥的保存位置时，选择您自己的手机或安全密钥。
enrol-passkey-instead = 改为创建通行密钥
enrol-app-instead = 改用身份验证器应用
enrol-app-title = 设置身份验证器应用
enrol-app-install = 打开手机上的身份验证器应用。如果没有，请从手机的应用商店获取。
enrol-app-scan = 用该应用扫描此二维码。
enrol-app-add = 在该应用中添加账户。
enrol-app-here = 在此设备上打开应用
enrol-app-qr = 用于身份验证器应用的二维码
enrol-app-typed = 我无法扫描
enrol-app-typed-hint = 请在应用中输入此密钥，空格可以省略。
enrol-app-code = 输入应用当前显示的六位验证码。
enrol-app-submit = 确认
enrol-app-wrong = 验证码未被接受。请输入应用当前显示的验证码，并检查手机时间是否准确。

codes-title = 请保存您的恢复代码
codes-lead = 如果您丢失了手机或通行密钥，可以用恢复代码登录。每个代码只能使用一次。
codes-list = 您的恢复代码
codes-copy = 选中列表即可一次复制所有代码。
codes-advice = 这些代码不会再次显示。请打印或抄写下来，并保存在别人找不到的地方。
codes-kept = 我已保存代码

### 共用电脑

shared-ask = 这是共用电脑吗？
shared-yes = 关闭浏览器时让我退出登录
shared-on = 这是共用电脑：关闭浏览器时您将退出登录，也不会记住您的机构。
shared-off = 这不是共用电脑
shared-label = 这是共用电脑
shared-hint = 关闭浏览器时，您将退出登录。
