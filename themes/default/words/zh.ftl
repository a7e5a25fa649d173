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
letter-disputed-lead = 我们收到举报，称有他人使用您的账户。所有会话均已结束，所有登录方式均已移除，安全人员已得到通知。
letter-disputed-advice = 请先在您的机构更改密码，然后重新登录并设置新的登录方式。
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
letter-not-you-report = 请立即举报。这将结束您账户的所有会话、移除其登录方式并通知安全人员。
letter-not-you-reported = 如果举报的不是您本人，请咨询您的机构的服务台，并提供上面的参考编号。
letter-support = 如果您无法登录，请写信至 { $support }。
letter-foot = 每当您的账户有重要变更时，{ $product } 都会发送此邮件。我们绝不会通过邮件索要密码或代码。
letter-doubt = 如果您不确定此邮件是否真实，请不要选择其中的链接：请自己在浏览器中输入地址。
