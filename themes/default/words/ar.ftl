# نصوص الصفحات بالعربية. كل مفتاح موجود في اللغات الست، ويقارن بينها اختبار.

### في كل صفحة

title-error = خطأ:
skip-to-content = انتقل إلى المحتوى الرئيسي
language = اللغة
footer-nav = المساعدة والسياسات
support-email = طلب المساعدة بالبريد الإلكتروني
support-page = الحصول على المساعدة
continue = متابعة
error-heading = حدثت مشكلة
retry-seconds = { $count ->
    [zero] حاول مرة أخرى الآن.
    [one] حاول مرة أخرى بعد ثانية واحدة.
    [two] حاول مرة أخرى بعد ثانيتين.
    [few] حاول مرة أخرى بعد { $count } ثوانٍ.
    [many] حاول مرة أخرى بعد { $count } ثانية.
   *[other] حاول مرة أخرى بعد { $count } ثانية.
}
retry-minutes = { $count ->
    [zero] حاول مرة أخرى الآن.
    [one] حاول مرة أخرى بعد دقيقة واحدة.
    [two] حاول مرة أخرى بعد دقيقتين.
    [few] حاول مرة أخرى بعد { $count } دقائق.
    [many] حاول مرة أخرى بعد { $count } دقيقة.
   *[other] حاول مرة أخرى بعد { $count } دقيقة.
}

### اختيار الوكالة

choose-title = اختر وكالتك
choose-lead = ستسجّل الدخول هناك لمتابعة الانتقال إلى { $service }.
choose-lead-plain = ستسجّل الدخول بحساب وكالتك.
choose-remembered = استُخدمت على هذا الجهاز
choose-forget = لست أنت، أو الجهاز مشترك؟
choose-forget-button = نسيان هذه الوكالات
choose-another = وكالة أخرى
choose-email = عنوان بريدك الإلكتروني في العمل
choose-email-hint = نستخدمه فقط لفتح صفحة تسجيل الدخول في وكالتك.
choose-email-malformed = أدخل عنوان بريد إلكتروني، مثل name@example.org.
choose-email-unknown = لا تستخدم أي وكالة هنا العنوان { $address }. تحقق من كتابته، أو ابحث عن وكالتك في القائمة أدناه.
choose-or = أو
choose-search = ابحث عن وكالتك بالاسم
choose-search-hint = الاسم أو المختصر، بأي من اللغات الست
choose-search-button = بحث
choose-list = جميع الوكالات
choose-list-letter = الوكالات التي تبدأ بحرف { $letter }
choose-list-found = { $count ->
    [zero] لا توجد وكالة تطابق «{ $query }»
    [one] وُجدت وكالة واحدة تطابق «{ $query }»
    [two] وُجدت وكالتان تطابقان «{ $query }»
    [few] وُجدت { $count } وكالات تطابق «{ $query }»
    [many] وُجدت { $count } وكالة تطابق «{ $query }»
   *[other] وُجدت { $count } وكالة تطابق «{ $query }»
}
choose-list-none = لا توجد وكالة تطابق «{ $query }»
choose-none-hint = جرّب المختصر، أو كلمات أقل.
choose-part = { $first }–{ $last } من { $total }
choose-more = عرض المزيد من الوكالات
choose-all = عرض جميع الوكالات
choose-letters = الوكالات حسب الحرف الأول
choose-restricted = لا تظهر هنا إلا الوكالات التي يحق لموظفيها استخدام هذه الخدمة.

### تسجيل الدخول باسم المستخدم وكلمة السر

password-title = تسجيل الدخول
password-lead = استخدم حسابك في { $agency }.
password-lead-service = استخدم حسابك في { $agency } لمتابعة الانتقال إلى { $service }.
password-username = اسم المستخدم
password-password = كلمة السر
password-submit = تسجيل الدخول
password-other-agency = اختيار وكالة أخرى
password-wrong = اسم المستخدم أو كلمة السر غير صحيح. تحقق منهما وحاول مرة أخرى.
password-username-missing = أدخل اسم المستخدم.
password-password-missing = أدخل كلمة السر.
password-throttled = جرت محاولات كثيرة لتسجيل الدخول.

### الموافقة

consent-title = هل تشارك بياناتك مع { $service }؟
consent-lead = تطلب هذه الخدمة من وكالتك البيانات التالية.
consent-host = تُرسل إلى
consent-unverified = غير موثّقة
consent-unverified-note = لم يؤكد أحد هوية الجهة التي تدير هذه الخدمة. لا تتابع إلا إذا كنت تعرف { $host } وتثق به.
consent-list = البيانات التي ستُشارَك
consent-allow = السماح
consent-deny = عدم السماح
consent-note = إذا لم تسمح بذلك، فلن تُشارَك أي بيانات وستعود إلى الخدمة دون تسجيل الدخول.

release-identifier = رمز يدل عليك
release-username = اسم المستخدم
release-name = اسمك الكامل
release-given-name = اسمك الأول
release-family-name = اسم عائلتك
release-email = عنوان بريدك الإلكتروني
release-agency = وكالتك
release-affiliation = صفتك في وكالتك
release-groups = المجموعات التي تنتمي إليها
release-entitlements = الخدمات التي يحق لك استخدامها
release-language = لغتك المفضلة
release-assurance = مدى تحقق وكالتك من هويتك
release-offline-access = الحق في طلب البيانات مجدداً لاحقاً في غيابك
release-other = بيانات أخرى

### الانتقال إلى موقع آخر

onward-host = أنت في طريقك إلى { $host }. اختر «متابعة» إذا لم يحدث شيء.
onward-title = جارٍ فتح الصفحة التالية
onward-agency = أنت في طريقك إلى { $agency }. اختر «متابعة» إذا لم يحدث شيء.
onward-service = أنت في طريق العودة إلى الخدمة. اختر «متابعة» إذا لم يحدث شيء.

### المشاكل

blame = من يستطيع حل المشكلة
blame-you = أنت
blame-agency = وكالتك
blame-agency-named = وكالتك: { $agency }
blame-service = القائمون على الخدمة
blame-service-named = القائمون على { $service }
blame-us = نحن، ولا ذنب لك في ذلك
problem-todo = ما يمكنك فعله
problem-code = الرمز
problem-reference = الرقم المرجعي
problem-reference-hint = اذكر هذا الرقم المرجعي عند طلب المساعدة.
way-service = العودة إلى { $service }
way-service-unnamed = العودة إلى الخدمة
way-again = البدء من جديد
way-agency = اختيار وكالة أخرى
way-sign-out = متابعة تسجيل الخروج
way-home = الانتقال إلى الصفحة الرئيسية

problem-expired-title = انتهت مدة تسجيل الدخول هذا
problem-expired-happened = استغرقت وقتاً أطول من المدة المسموح بها، أو فُتحت الصفحة من علامة مرجعية.
problem-expired-todo = ابدأ من جديد من الخدمة التي تريد استخدامها.
problem-completed-title = سبق أن سجّلت الدخول
problem-completed-happened = اكتمل تسجيل الدخول هذا من قبل؛ وفُتحت الصفحة مرة أخرى، ربما بزر «رجوع».
problem-completed-todo = عُد إلى الخدمة. وإن لم تتعرف عليك، فابدأ من جديد.
problem-cookies-title = لم يرسل متصفحك ملف تعريف الارتباط الخاص بنا
problem-cookies-happened = بدأ تسجيل الدخول هذا في متصفح آخر أو نافذة أخرى، أو أن متصفحك يحظر ملفات تعريف الارتباط.
problem-cookies-todo = اسمح بملفات تعريف الارتباط لهذا الموقع، ثم ابدأ من جديد في المتصفح نفسه.
problem-declined-title = اخترت عدم المتابعة
problem-declined-happened = أُوقف تسجيل الدخول بناءً على طلبك، ولم تُشارَك أي بيانات.
problem-declined-todo = ابدأ من جديد إذا غيّرت رأيك.
problem-wrong-person-title = سجّل الدخول شخص آخر
problem-wrong-person-happened = كانت الخدمة تتوقع حساباً غير الحساب الذي سجّلت الدخول به.
problem-wrong-person-todo = ابدأ من جديد وسجّل الدخول بالحساب الذي تعرفه الخدمة.
problem-throttled-title = محاولات كثيرة جداً
problem-throttled-happened = جرت محاولات كثيرة في وقت قصير، فتوقفنا لبعض الوقت.
problem-throttled-todo = انتظر ثم حاول مرة أخرى.
problem-agency-unavailable-title = تسجيل الدخول في وكالتك غير متاح
problem-agency-unavailable-happened = تعذّر علينا الوصول إلى صفحة تسجيل الدخول في وكالتك.
problem-agency-unavailable-todo = حاول مرة أخرى بعد بضع دقائق. وإذا استمرت المشكلة، فأبلغ مكتب المساعدة في وكالتك.
problem-agency-refused-title = لم تسجّل وكالتك دخولك
problem-agency-refused-happened = أجابت وكالتك بأنها لن تسجّل دخولك إلى هذه الخدمة.
problem-agency-refused-todo = اسأل مكتب المساعدة في وكالتك، واذكر الرقم المرجعي أدناه.
problem-agency-misbehaved-title = تعذّر علينا قبول جواب وكالتك
problem-agency-misbehaved-happened = لم يكن جواب وكالتك كما ينبغي، فلم نثق به.
problem-agency-misbehaved-todo = حاول مرة أخرى. وإذا تكرر ذلك، فاذكر الرقم المرجعي أدناه لمكتب المساعدة في وكالتك.
problem-too-weak-title = يلزم تسجيل دخول أقوى
problem-too-weak-happened = تطلب هذه الخدمة إثباتاً لهويتك أقوى أو أحدث من الذي قدمته وكالتك.
problem-too-weak-todo = ابدأ من جديد، واستخدم عاملاً ثانياً إذا كانت وكالتك تتيحه. ويمكن لمكتب المساعدة فيها أن يُعدّه لك.
problem-account-disabled-title = حسابك معطّل
problem-account-disabled-happened = أنت معروف لدينا، لكن لا يمكن استخدام حسابك لتسجيل الدخول.
problem-account-disabled-todo = اسأل مكتب المساعدة في وكالتك، واذكر الرقم المرجعي أدناه.
problem-access-denied-title = لا يحق لوكالتك استخدام هذه الخدمة
problem-access-denied-happened = سجّلت الدخول، لكن هذه الخدمة غير مفتوحة لموظفي وكالتك.
problem-access-denied-todo = اطلب الإذن من القائمين على الخدمة، أو اختر وكالة أخرى إذا كنت تنتمي إلى أكثر من وكالة.
problem-service-off-title = تسجيل الدخول إلى هذه الخدمة مغلق
problem-service-off-happened = لا يستطيع أحد حالياً تسجيل الدخول إلى هذه الخدمة عن طريقنا.
problem-service-off-todo = اسأل القائمين على الخدمة عن موعد فتحها من جديد.
problem-misregistered-title = لا نعرف هذه الخدمة
problem-misregistered-happened = أرسلت الخدمة إلينا طلباً لا يطابق ما سُجّل لها، فلم نتمكن من إعادتك إليها بأمان.
problem-misregistered-todo = أبلغ القائمين على الخدمة، واذكر لهم الرمز والرقم المرجعي أدناه.
problem-not-found-title = هذه الصفحة غير موجودة
problem-not-found-happened = ربما كُتب العنوان خطأً، أو نُقلت الصفحة.
problem-not-found-todo = افتح الخدمة التي تريد استخدامها وسجّل الدخول منها.
problem-fault-title = حدث خطأ من جانبنا
problem-fault-happened = أوقف خطأ تسجيل دخولك، وقد سُجّل هذا الخطأ.
problem-fault-todo = حاول مرة أخرى. وإذا تكرر ذلك، فاذكر الرقم المرجعي أدناه لمكتب المساعدة.
problem-busy-title = نحن مشغولون جداً
problem-busy-happened = عدد من يسجّلون الدخول في هذه اللحظة أكبر مما نستطيع خدمته. لم يُفقد شيء.
problem-busy-todo = انتظر لحظة ثم حاول مرة أخرى.

### تسجيل الخروج

sign-out-title = هل تريد تسجيل الخروج؟
sign-out-lead = سيُسجَّل خروجك من هنا، وسيلزمك تسجيل الدخول من جديد للخدمة التالية.
sign-out-lead-person = { $person }، سيُسجَّل خروجك من هنا، وسيلزمك تسجيل الدخول من جديد للخدمة التالية.
sign-out-asked = تطلب منا { $service } تسجيل خروجك.
sign-out-confirm = تسجيل الخروج
sign-out-stay = البقاء في الجلسة
signed-out-title = تم تسجيل خروجك
signed-out-lead = لم تعد لك جلسة مفتوحة هنا.
signed-out-already = لم تكن لك جلسة مفتوحة هنا.
signed-out-advice = على جهاز مشترك، أغلق جميع نوافذ المتصفح: فقد تكون جلستك لا تزال مفتوحة في وكالتك أو في إحدى الخدمات.
signing-out-title = جارٍ تسجيل خروجك
signing-out-lead = تم تسجيل خروجك من هنا. يجري الآن إبلاغ الخدمات التي استخدمتها.
signed-out-services = الخدمات التي استخدمتها
fate-out = تم تسجيل الخروج
fate-told = أُبلغت بتسجيل خروجك
fate-waiting = في انتظار الرد
fate-failed = لم ترد
fate-mute = يلزم تسجيل الخروج منها مباشرة
signed-out-failed = لم ترد كل الخدمات. قد تكون جلستك لا تزال مفتوحة فيها: سجّل الخروج منها مباشرة، أو أغلق جميع نوافذ المتصفح.

### الصفحة الرئيسية

home-title = تسجيل دخول واحد لمنظومة الأمم المتحدة
home-lead = يتيح لك { $product } استخدام الخدمات المشتركة بحساب وكالتك. وتبقى كلمة السر لدى وكالتك.
home-how = كيف يعمل
home-step-service = افتح الخدمة التي تريد استخدامها.
home-step-agency = اختر وكالتك.
home-step-sign-in = سجّل الدخول فيها كما تفعل كل يوم.
home-signed-in = أنت مسجّل الدخول باسم { $person }
home-services = الخدمات
home-sign-out = تسجيل الخروج

### رسائل عن الحساب بالبريد الإلكتروني

letter-factor-enrolled-subject = أُضيفت وسيلة لتسجيل الدخول إلى حسابك
letter-factor-enrolled-lead = يمكن من الآن استخدام هذه الوسيلة لإثبات أنك أنت من يسجّل الدخول.
letter-factor-enrolled-advice = إذا كنت قد أضفتها بنفسك، فلا يلزمك فعل أي شيء.
letter-factor-removed-subject = أُزيلت وسيلة لتسجيل الدخول من حسابك
letter-factor-removed-lead = لم يعد ممكناً استخدام هذه الوسيلة لإثبات أنك أنت من يسجّل الدخول.
letter-factor-removed-advice = إذا كنت قد أزلتها بنفسك، فلا يلزمك فعل أي شيء.
letter-factors-reset-subject = أُزيلت جميع وسائل تسجيل الدخول من حسابك
letter-factors-reset-lead = أُزيلت من حسابك جميع مفاتيح المرور وتطبيقات المصادقة ورموز الاسترداد والأجهزة المحفوظة، وذلك من جانب مكتب المساعدة أو بعد ورود بلاغ.
letter-factors-reset-advice = ستُعدّ وسيلة جديدة لتسجيل الدخول عندما تطلبها إحدى الخدمات في المرة القادمة.
letter-recovery-codes-made-subject = أُنشئت رموز استرداد جديدة لحسابك
letter-recovery-codes-made-lead = أصبحت لحسابك مجموعة جديدة من رموز الاسترداد. ولم تعد الرموز السابقة صالحة.
letter-recovery-codes-made-advice = إذا كنت قد أنشأتها بنفسك، فاحفظها في مكان لا يعرفه غيرك.
letter-recovery-code-used-subject = استُخدم رمز استرداد لحسابك
letter-recovery-code-used-lead = استخدم شخص أحد رموز الاسترداد الخاصة بك لتسجيل الدخول. ولن يصلح هذا الرمز مرة أخرى.
letter-recovery-code-used-advice = إذا كنت أنت من فعل ذلك، فلا يلزمك فعل أي شيء. أنشئ رموزاً جديدة قبل استخدام الرمز الأخير.
letter-access-pass-issued-subject = صدر تصريح وصول مؤقت لحسابك
letter-access-pass-issued-lead = أصدر مكتب المساعدة تصريح وصول مؤقتاً لحسابك. ولفترة قصيرة، يمكن لمن يحمله أن يُعدّ وسيلة جديدة لتسجيل الدخول.
letter-access-pass-issued-advice = إذا كنت قد طلبته، فاستخدمه بنفسك ولا تعطه لأحد. ونحن لا نطلبه أبداً بالبريد أو بالهاتف.
letter-access-pass-used-subject = استُخدم تصريح وصول مؤقت لحسابك
letter-access-pass-used-lead = استخدم شخص تصريح الوصول المؤقت الذي أصدره مكتب المساعدة لحسابك، ويمكنه الآن إعداد وسيلة جديدة لتسجيل الدخول.
letter-access-pass-used-advice = إذا كنت أنت من فعل ذلك، فلا يلزمك فعل أي شيء.
letter-device-remembered-subject = حُفظ جهاز لحسابك
letter-device-remembered-lead = لفترة من الوقت، لن يطلب تسجيل الدخول على هذا الجهاز وسيلة ثانية.
letter-device-remembered-advice = إذا كان الجهاز لك وحدك، فلا يلزمك فعل أي شيء. وإذا كان غيرك يستخدمه أيضاً، فاحذفه من حسابك.
letter-factor-locked-subject = محاولات فاشلة كثيرة لتسجيل الدخول إلى حسابك
letter-factor-locked-lead = اجتاز شخص الخطوة الأولى من تسجيل الدخول إلى حسابك، ثم أخفق مرات كثيرة بهذه الوسيلة. وقد أُوقفت لبضع دقائق.
letter-factor-locked-advice = إذا كنت أنت من فعل ذلك، فانتظر ثم حاول مرة أخرى. وإن لم تكن أنت، فقد يكون شخص ما يعرف كلمة السر: غيّرها لدى وكالتك.
letter-disputed-subject = ورد بلاغ عن حسابك وجرى تأمينه
letter-disputed-lead = ورد إلينا بلاغ بأن شخصاً غيرك استخدم حسابك. فأُنهيت جميع جلساته، وحُذفت أجهزته المحفوظة، وأُبلغ موظفو الأمن.
letter-disputed-advice = غيّر كلمة السر لدى وكالتك، ثم سجّل الدخول من جديد وراجع وسائل تسجيل الدخول: فقد يلزمك إعداد وسائل جديدة.
letter-session-suspicious-subject = استخدام غير معتاد لحسابك
letter-session-suspicious-lead = استُخدمت الجلسة نفسها من حسابك من شبكتين في الوقت ذاته.
letter-session-suspicious-advice = إذا كنت قد انتقلت بين الشبكات بنفسك، مثلاً من المكتب إلى الهاتف المحمول، فلا يلزمك فعل أي شيء.

letter-method = وسيلة تسجيل الدخول:
letter-method-passkey = مفتاح مرور
letter-method-totp = تطبيق مصادقة
letter-method-recovery-code = رمز استرداد
letter-method-device = جهاز محفوظ
letter-name = الاسم:
letter-codes-left = الرموز المتبقية:
letter-time = الوقت:
letter-when = { $day } { $month ->
        [1] كانون الثاني/يناير
        [2] شباط/فبراير
        [3] آذار/مارس
        [4] نيسان/أبريل
        [5] أيار/مايو
        [6] حزيران/يونيه
        [7] تموز/يوليه
        [8] آب/أغسطس
        [9] أيلول/سبتمبر
        [10] تشرين الأول/أكتوبر
        [11] تشرين الثاني/نوفمبر
       *[other] كانون الأول/ديسمبر
    } { $year }، الساعة { $clock } بالتوقيت العالمي المنسق
letter-address = عنوان الإنترنت:
letter-reference = الرقم المرجعي:
letter-account = تجد هنا وسائل تسجيل الدخول والجلسات والأجهزة الخاصة بك:
letter-not-you = ألست أنت من فعل ذلك؟
letter-not-you-report = أبلغ عن ذلك الآن. فهذا يُنهي جميع جلسات حسابك، ويحذف أجهزته المحفوظة، ويُعلم موظفي الأمن.
letter-not-you-reported = إذا لم تكن أنت من قدّم البلاغ، فاسأل مكتب المساعدة في وكالتك، واذكر الرقم المرجعي أعلاه.
letter-support = إذا تعذّر عليك تسجيل الدخول، فاكتب إلى { $support }.
letter-foot = يرسل { $product } هذه الرسالة كلما تغيّر شيء مهم في حسابك. ونحن لا نطلب أبداً كلمة سر أو رمزاً بالبريد.
letter-doubt = إذا لم تكن متأكداً من صحة هذه الرسالة، فلا تختر أي رابط فيها: اكتب العنوان في متصفحك بنفسك.

### الخدمة الذاتية: نظرة عامة

account-title = حسابك
account-nav = أقسام حسابك
account-nav-overview = نظرة عامة
account-nav-security = الأمان
account-nav-sessions = الجلسات
account-nav-releases = البيانات المشارَكة
account-cancel = إلغاء
account-save = حفظ
account-remove = إزالة
account-date = { $month ->
    [1] { $day } كانون الثاني/يناير { $year }
    [2] { $day } شباط/فبراير { $year }
    [3] { $day } آذار/مارس { $year }
    [4] { $day } نيسان/أبريل { $year }
    [5] { $day } أيار/مايو { $year }
    [6] { $day } حزيران/يونيو { $year }
    [7] { $day } تموز/يوليو { $year }
    [8] { $day } آب/أغسطس { $year }
    [9] { $day } أيلول/سبتمبر { $year }
    [10] { $day } تشرين الأول/أكتوبر { $year }
    [11] { $day } تشرين الثاني/نوفمبر { $year }
   *[12] { $day } كانون الأول/ديسمبر { $year }
}
account-clock = { $time } UTC
account-ago-now = الآن
account-ago-minutes = { $count ->
    [zero] قبل { $count } دقيقة
    [one] قبل دقيقة واحدة
    [two] قبل دقيقتين
    [few] قبل { $count } دقائق
    [many] قبل { $count } دقيقة
   *[other] قبل { $count } دقيقة
}
account-ago-hours = { $count ->
    [zero] قبل { $count } ساعة
    [one] قبل ساعة واحدة
    [two] قبل ساعتين
    [few] قبل { $count } ساعات
    [many] قبل { $count } ساعة
   *[other] قبل { $count } ساعة
}
account-ago-days = { $count ->
    [zero] قبل { $count } يوم
    [one] قبل يوم واحد
    [two] قبل يومين
    [few] قبل { $count } أيام
    [many] قبل { $count } يوماً
   *[other] قبل { $count } يوم
}
account-added = تاريخ الإضافة
account-since = منذ
account-until = حتى
account-last-used = آخر استخدام
account-never = لم يُستخدم قط
account-guard-passkey = مفتاح مرور يحمي تسجيل دخولك
account-guard-passkey-note = لا يستطيع أحد استخدامه من مكان آخر أو استدراجك لإعطائه في صفحة مزيفة.
account-guard-app = رموز من تطبيق تحمي تسجيل دخولك
account-guard-app-note = مفتاح المرور أكثر أماناً: لا تستطيع أي صفحة مزيفة أن تطلبه منك.
account-guard-agency = وكالتك تحمي تسجيل دخولك
account-guard-agency-note = طلبت منك إثباتاً ثانياً. ويمكنك أيضاً إضافة مفتاح مرور هنا.
account-guard-bare = يحتاج حسابك إلى حماية أقوى
account-guard-bare-note = من يعرف كلمة السر الخاصة بك في وكالتك يستطيع تسجيل الدخول باسمك. ومفتاح المرور يمنع ذلك.
account-guard-reported = جرى الإبلاغ عن هذا الحساب
account-guard-reported-note = لم تعد مفاتيح المرور والرموز السابقة صالحة. أضف مفتاح مرور جديداً الآن.
account-next = ما يمكنك فعله الآن
account-advice-passkey = إضافة مفتاح مرور
account-advice-passkey-note = سجّل الدخول ببصمة إصبعك أو وجهك أو الرقم السري لجهازك.
account-advice-second-passkey = إضافة مفتاح مرور ثانٍ
account-advice-second-passkey-note = حتى تتمكن من تسجيل الدخول إذا فقدت أحد أجهزتك.
account-advice-codes = إنشاء رموز استرداد
account-advice-codes-note = لليوم الذي لا يكون فيه أي جهاز في متناولك.
account-advice-few-codes = إنشاء رموز استرداد جديدة
account-parts = لمحة سريعة
account-nothing-yet = لم يُعَدّ شيء هنا بعد
account-passkeys = { $count ->
    [zero] لا مفاتيح مرور
    [one] مفتاح مرور واحد
    [two] مفتاحا مرور
    [few] { $count } مفاتيح مرور
    [many] { $count } مفتاح مرور
   *[other] { $count } مفتاح مرور
}
account-app = تطبيق المصادقة
account-codes-count = { $count ->
    [zero] لا رموز استرداد
    [one] رمز استرداد واحد
    [two] رمزا استرداد
    [few] { $count } رموز استرداد
    [many] { $count } رمز استرداد
   *[other] { $count } رمز استرداد
}
account-codes-left = { $count ->
    [zero] لم يبق أي رمز
    [one] بقي رمز واحد
    [two] بقي رمزان
    [few] بقيت { $count } رموز
    [many] بقي { $count } رمزاً
   *[other] بقي { $count } رمز
}
account-browsers = { $count ->
    [zero] لا متصفحات
    [one] متصفح واحد
    [two] متصفحان
    [few] { $count } متصفحات
    [many] { $count } متصفحاً
   *[other] { $count } متصفح
}
account-browsers-more = أكثر من { $most } متصفح
account-only-here = في هذا المتصفح فقط
account-services-told = { $count ->
    [0] لا شيء حتى الآن
    [zero] لا شيء حتى الآن
    [one] خدمة واحدة
    [two] خدمتان
    [few] { $count } خدمات
    [many] { $count } خدمة
   *[other] { $count } خدمة
}
account-identities = عمليات تسجيل الدخول التي تفتح هذا الحساب
account-identities-note = من يسجّل الدخول بها يُعدّ هنا أنت.
account-identity-current = مستخدم الآن
account-not-me-hint = هل ترى شيئاً لم تفعله؟
account-not-me = لم أكن أنا

### الخدمة الذاتية: الأمان

account-security-lead = ما تثبته هنا، إضافة إلى تسجيل الدخول في وكالتك.
account-passkeys-title = مفاتيح المرور
account-passkeys-note = يوجد مفتاح المرور في هاتفك أو حاسوبك أو مفتاح أمان. تستخدمه ببصمة إصبعك أو وجهك أو رقم سري، ولا يعمل في أي صفحة مزيفة.
account-passkey-bound = لا يغادر جهازه
account-passkey-change = تغيير الاسم أو الإزالة
account-passkey-name = أدخل اسماً لا يزيد على 64 حرفاً.
account-add-passkey = إضافة مفتاح مرور
account-model = الطراز
account-name = الاسم
account-on = مفعّل
account-app-note = تطبيق على هاتفك يعرض رمزاً من ستة أرقام يتغير كل 30 ثانية.
account-app-replaces = تتوقف رموز تطبيقك السابق عن العمل بمجرد تأكيد التطبيق الجديد.
account-add-app = إضافة تطبيق مصادقة
account-replace-app = استبدال تطبيق المصادقة
account-codes-title = رموز الاسترداد
account-codes-note = يعمل كل رمز مرة واحدة بدلاً من مفتاح المرور أو التطبيق. احتفظ بها على ورق أو في برنامج لإدارة كلمات السر.
account-codes-later = يمكنك إنشاء رموز استرداد متى كان لديك مفتاح مرور أو تطبيق.
account-codes-make = إنشاء مجموعة جديدة
account-devices = الأجهزة المحفوظة
account-devices-note = لا يُطلب منك رمز على هذه الأجهزة حتى التاريخ المبيّن.
account-forget = نسيان
account-forget-all = نسيان جميع الأجهزة

### الخدمة الذاتية: التغييرات

account-first-title = أكّد أنك أنت
account-first-lead = يتطلب هذا إثباتاً لهويتك لم تمضِ عليه خمس دقائق. قدّمه الآن، ثم تعود إلى هنا دون أن يضيع شيء مما طلبته.
account-first-asked = ما طلبته
account-ask-add-passkey = إضافة مفتاح مرور
account-ask-rename-passkey = تسمية مفتاح المرور «{ $name }»
account-ask-rename-passkey-note = لا يرى هذا الاسم أحد غيرك.
account-ask-remove-passkey = إزالة مفتاح المرور «{ $name }»
account-ask-remove-passkey-note = لن تستطيع تسجيل الدخول به بعد ذلك. احذفه أيضاً من جهازك أو من برنامج إدارة كلمات السر: لا نستطيع فعل ذلك نيابة عنك.
account-ask-add-app = إضافة تطبيق مصادقة
account-ask-remove-app = إزالة تطبيق المصادقة
account-ask-remove-app-note = لن تعود الرموز التي يعرضها صالحة هنا.
account-ask-make-codes = إنشاء رموز استرداد جديدة
account-ask-make-codes-note = تتوقف رموزك الحالية عن العمل. وتُعرض الرموز الجديدة مرة واحدة.
account-ask-forget-device = نسيان الجهاز «{ $name }»
account-ask-forget-device-note = سيُطلب منك رمز عليه من جديد.
account-ask-forget-devices = نسيان جميع الأجهزة المحفوظة
account-ask-forget-devices-note = سيُطلب منك رمز على كل منها من جديد.
account-ask-end-sessions = تسجيل الخروج من كل مكان آخر
account-ask-end-sessions-note = سيلزم تسجيل الدخول من جديد في جميع المتصفحات الأخرى، وتُبلَّغ الخدمات المستخدمة فيها، ولا تبقى الأجهزة الأخرى محفوظة.
account-ask-dispute = الإبلاغ بأنك لم تكن أنت
account-done-passkey-added = أُضيف مفتاح المرور.
account-done-passkey-renamed = أصبح لمفتاح المرور اسمه الجديد.
account-done-passkey-removed = أُزيل مفتاح المرور.
account-done-app-added = أُضيف تطبيق المصادقة.
account-done-app-removed = أُزيل تطبيق المصادقة.
account-done-device-forgotten = نُسي الجهاز.
account-done-devices-forgotten = نُسيت جميع الأجهزة.
account-done-session-ended = سُجّل الخروج من ذلك المتصفح.
account-done-sessions-ended = سُجّل الخروج من جميع المتصفحات الأخرى.
account-done-gone = لم يتغير شيء: ما طلبته لم يعد موجوداً.

### الخدمة الذاتية: الجلسات

account-sessions-title = أين جلساتك المفتوحة
account-sessions-lead = إذا لم تتعرف على متصفح، فسجّل الخروج منه.
account-this-browser = هذا المتصفح
account-browser-unknown = متصفح غير معروف
account-others = متصفحات أخرى
account-network = الشبكة
account-signed-in = تسجيل الدخول
account-services = الخدمات
account-shared = جهاز مشترك
account-end-session = تسجيل الخروج منه
account-end-sessions = تسجيل الخروج من كل مكان آخر
account-live-cut = لا يظهر سوى أحدث { $most }. ويُنهي «تسجيل الخروج من كل مكان آخر» ما لا يظهر هنا أيضاً.
account-recent = عمليات تسجيل الدخول الأخيرة
account-recent-note = خلال آخر 30 يوماً.
account-recent-cut = لا يظهر سوى أحدث { $most } خلال آخر 30 يوماً.
account-still-open = لا تزال مفتوحة

### الخدمة الذاتية: البيانات المشارَكة

account-releases-title = ما عرفته الخدمات عنك
account-releases-lead = عندما تسجّل الدخول إلى خدمة، تعرف من خلالنا بعض البيانات من وكالتك. تسمّي هذه القائمة تلك البيانات ولا تكررها.
account-releases-none = لم تُبلَّغ أي خدمة بشيء في هذه الفترة.
account-releases-cut = تستند القائمة والإيصال إلى أحدث { $most } من عمليات تسجيل دخولك، ولا يشملان ما أُبلغت به الخدمات قبلها.
account-releases-kept = { $count ->
    [zero] لا تشمل القائمة أي يوم.
    [one] تشمل القائمة يوماً واحداً.
    [two] تشمل القائمة يومين.
    [few] تشمل القائمة { $count } أيام.
    [many] تشمل القائمة { $count } يوماً.
   *[other] تشمل القائمة { $count } يوم.
}
account-told = آخر مرة
account-receipt = تنزيل الإيصال
account-receipt-note = القائمة في ملف JSON، لك أو لمسؤول حماية البيانات.

### الخدمة الذاتية: لم أكن أنا

account-dispute-lead = أبلغنا إذا سجّل شخص آخر الدخول باسمك أو غيّر شيئاً في حسابك.
account-dispute-what = ما يحدث بعد ذلك
account-dispute-sessions = يُسجَّل خروجك من كل مكان، ومن هنا أيضاً، وتُبلَّغ الخدمات التي استخدمتها.
account-dispute-factors = تتوقف جميع مفاتيح المرور والتطبيقات والرموز والأجهزة المحفوظة عن العمل. وتُعِدّ غيرها عند تسجيل دخولك التالي.
account-dispute-keeps = تُنسى الأجهزة المحفوظة. وتبقى مفاتيح المرور والتطبيقات والرموز: لإزالتها أيضاً، أكّد أولاً أنك أنت.
account-dispute-told = يُبلَّغ فريق الأمن، وتصلك رسالة بالبريد الإلكتروني.
account-dispute-agency = إذا كان أحد قد يعرف كلمة السر الخاصة بك في وكالتك، فغيّرها هناك أيضاً.
account-dispute-confirm = تسجيل الخروج من كل مكان والإبلاغ
account-disputed-title = وصل بلاغك
account-disputed-reset = سُجّل خروجك من كل مكان، ولم تعد مفاتيح المرور والتطبيقات والرموز والأجهزة صالحة. وأُبلغ فريق الأمن.
account-disputed-ended = سُجّل خروجك من كل مكان، وأُبلغ فريق الأمن. ولا تزال مفاتيح المرور والتطبيقات والرموز صالحة.
account-disputed-now = ما ينبغي أن تفعله الآن
account-disputed-password = غيّر كلمة السر في وكالتك.
account-disputed-desk = أبلغ مكتب المساعدة في وكالتك، واذكر الرقم المرجعي أدناه.
account-disputed-desk-reset = اطلب من مكتب المساعدة في وكالتك إعادة ضبط مفاتيح المرور والرموز، واذكر الرقم المرجعي أدناه.
account-disputed-enrol = سجّل الدخول من جديد وأضف مفتاح مرور جديداً.

### إثبات ثانٍ

factor-title = أكّد أنك أنت
factor-lead = يلزم إثبات ثانٍ بطلب من { $asker }.
factor-lead-pass = يلزم إثبات ثانٍ بطلب من { $asker }، وليس لديك أي إثبات ثانٍ هنا بعد. ولإعداده تحتاج إلى تصريح وصول مؤقت من مكتب المساعدة في وكالتك.
factor-lead-wish = يُستحسن إثبات ثانٍ بطلب من { $asker }. ويمكنك المتابعة من دونه، لكن قد لا يكون كل شيء هناك متاحاً لك عندئذٍ.
factor-without = المتابعة من دونه
factor-passkey-button = استخدام مفتاح المرور
factor-passkey-hint = ببصمة إصبعك أو وجهك أو قفل الشاشة أو مفتاح أمان
factor-passkey-sign-in = تسجيل الدخول بمفتاح مرور
factor-passkey-cancelled = لم يُستخدم أي مفتاح مرور: أُلغي الطلب أو استغرق وقتاً طويلاً. حاول مرة أخرى أو اختر طريقة أخرى.
factor-passkey-unsupported = هذا المتصفح أو الجهاز لا يتيح ذلك. جرّب غيره أو اختر طريقة أخرى.
factor-passkey-failed = لم ينجح ذلك. حاول مرة أخرى أو اختر طريقة أخرى.
factor-passkey-busy = جرت محاولات كثيرة. انتظر بضع دقائق ثم حاول مرة أخرى.
factor-code = رمز من تطبيق المصادقة
factor-code-hint = ستة أرقام؛ يعرض التطبيق رمزاً جديداً كل 30 ثانية.
factor-code-submit = تأكيد
factor-remember = { $count ->
    [zero] لا تطلب رمزاً على هذا الجهاز
    [one] لا تطلب رمزاً على هذا الجهاز لمدة يوم واحد
    [two] لا تطلب رمزاً على هذا الجهاز لمدة يومين
    [few] لا تطلب رمزاً على هذا الجهاز لمدة { $count } أيام
    [many] لا تطلب رمزاً على هذا الجهاز لمدة { $count } يوماً
   *[other] لا تطلب رمزاً على هذا الجهاز لمدة { $count } يوم
}
factor-remember-hint = فقط إذا لم يكن أحد غيرك يستخدم هذا الجهاز.
factor-others = لا أستطيع استخدام ذلك الآن
factor-recovery = رمز استرداد
factor-recovery-hint = أحد الرموز التي أُعطيت لك لحفظها. ويصلح كل رمز مرة واحدة.
factor-recovery-submit = استخدام رمز الاسترداد هذا
factor-pass = تصريح وصول مؤقت
factor-pass-hint = يصدره مكتب المساعدة في وكالتك، وبه تُعدّ إثباتاً ثانياً جديداً.
factor-pass-submit = استخدام هذا التصريح
factor-help = إذا لم يكن لديك أي من ذلك، فاسأل مكتب المساعدة في وكالتك.
factor-wrong-code = لم يُقبل الرمز. أدخل الرمز الذي يعرضه التطبيق الآن؛ فكل رمز يصلح مرة واحدة.
factor-wrong-recovery = لم يُقبل رمز الاسترداد. تحقق مما كتبته أو استخدم رمزاً آخر؛ فكل رمز يصلح مرة واحدة.
factor-wrong-pass = لم يُقبل تصريح الوصول المؤقت. تحقق مما كتبته أو اطلب تصريحاً جديداً من مكتب المساعدة.
factor-wrong-passkey = لم يُقبل مفتاح المرور. حاول مرة أخرى أو اختر طريقة أخرى.
factor-wrong-unknown-passkey = مفتاح المرور هذا غير معروف هنا، وربما أُزيل. استخدم مفتاحاً آخر أو اختر طريقة أخرى.
factor-wrong-late = استغرق ذلك وقتاً طويلاً. حاول مرة أخرى.
factor-wrong-script = يحتاج مفتاح المرور إلى JavaScript، ولم يشغّله متصفحك. فعّله أو اختر طريقة أخرى.

### إعداد إثبات ثانٍ

enrol-title = أعدّ إثباتاً ثانياً
enrol-lead = يلزم إثبات ثانٍ بطلب من { $asker }، وليس لديك أي إثبات ثانٍ هنا بعد. ويستغرق إعداده دقيقة تقريباً.
enrol-lead-optional = يُنصح بإعداد إثبات ثانٍ، بتوصية من { $asker }. وبه لا يستطيع أحد تسجيل الدخول باسمك بكلمة السر وحدها.
enrol-lead-passkey = يلزم مفتاح مرور بطلب من { $asker }، وليس لديك أي مفتاح هنا بعد. سيطلب جهازك بصمة إصبعك أو وجهك أو قفل الشاشة.
enrol-advised = موصى به
enrol-choice-passkey = مفتاح مرور
enrol-choice-passkey-hint = سجّل الدخول ببصمة إصبعك أو وجهك أو قفل الشاشة، من دون كتابة أي شيء.
enrol-choice-app = تطبيق مصادقة
enrol-choice-app-hint = يعرض تطبيق على هاتفك رمزاً جديداً من ستة أرقام كل 30 ثانية.
enrol-later = ليس الآن
enrol-passkey-title = أنشئ مفتاح مرور
enrol-passkey-lead = سيطلب جهازك بصمة إصبعك أو وجهك أو قفل الشاشة. ولا تغادر هذه البيانات جهازك أبداً.
enrol-passkey-name = اسم مفتاح المرور
enrol-passkey-name-hint = لكي تميّز بين مفاتيح المرور لاحقاً.
enrol-passkey-submit = إنشاء مفتاح المرور
enrol-passkey-misnamed = أدخل اسماً أقصر من سطر واحد.
enrol-passkey-refused = لم يُقبل مفتاح المرور. حاول مرة أخرى أو اختر طريقة أخرى.
enrol-passkey-not-allowed = لا تقبل وكالتك مفاتيح المرور من هذا النوع. استخدم جهازاً آخر أو مفتاح أمان آخر.
enrol-passkey-known = على هذا الجهاز مفتاح مرور لحسابك من قبل.
enrol-passkey-elsewhere = إذا لم يكن هذا الجهاز لك، فاختر هاتفك أو مفتاح أمان عندما يسألك المتصفح أين يُحفظ مفتاح المرور.
enrol-passkey-instead = إنشاء مفتاح مرور بدلاً من ذلك
enrol-app-instead = استخدام تطبيق مصادقة بدلاً من ذلك
enrol-app-title = أعدّ تطبيق المصادقة
enrol-app-install = افتح تطبيق مصادقة على هاتفك. وإذا لم يكن لديك تطبيق، فنزّله من متجر التطبيقات.
enrol-app-scan = امسح رمز الاستجابة السريعة (QR) هذا بالتطبيق.
enrol-app-add = أضف حساباً في التطبيق.
enrol-app-here = فتح التطبيق على هذا الجهاز
enrol-app-qr = رمز الاستجابة السريعة (QR) لتطبيق المصادقة
enrol-app-typed = لا أستطيع مسحه
enrol-app-typed-hint = اكتب هذا المفتاح في التطبيق. ويمكنك ترك المسافات.
enrol-app-code = أدخل الرمز المكوّن من ستة أرقام الذي يعرضه التطبيق الآن.
enrol-app-submit = تأكيد
enrol-app-wrong = لم يُقبل الرمز. أدخل الرمز الذي يعرضه التطبيق الآن، وتحقق من صحة ساعة هاتفك.

codes-title = احفظ رموز الاسترداد
codes-lead = إذا فقدت هاتفك أو مفتاح المرور، يمكنك الدخول بأحد الرموز. ويصلح كل رمز مرة واحدة.
codes-list = رموز الاسترداد الخاصة بك
codes-copy = حدّد القائمة لنسخ جميع الرموز دفعة واحدة.
codes-advice = لن تظهر هذه الرموز مرة أخرى. اطبعها أو دوّنها، واحفظها في مكان لا يجدها فيه غيرك.
codes-kept = حفظتُ الرموز

### أجهزة الحاسوب المشتركة

shared-ask = هل هذا حاسوب مشترك؟
shared-yes = تسجيل خروجي عند إغلاق المتصفح
shared-on = هذا حاسوب مشترك: سيُسجَّل خروجك عند إغلاق المتصفح، ولن تُحفظ وكالتك.
shared-off = ليس مشتركاً
shared-label = هذا حاسوب مشترك
shared-hint = سيُسجَّل خروجك عند إغلاق المتصفح.
