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
letter-disputed-lead = ورد إلينا بلاغ بأن شخصاً غيرك استخدم حسابك. فأُنهيت جميع الجلسات، وأُزيلت جميع وسائل تسجيل الدخول، وأُبلغ موظفو الأمن.
letter-disputed-advice = غيّر كلمة السر لدى وكالتك، ثم سجّل الدخول من جديد لإعداد وسائل جديدة.
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
letter-not-you-report = أبلغ عن ذلك الآن. فهذا يُنهي جميع جلسات حسابك، ويزيل وسائل تسجيل الدخول منه، ويُعلم موظفي الأمن.
letter-not-you-reported = إذا لم تكن أنت من قدّم البلاغ، فاسأل مكتب المساعدة في وكالتك، واذكر الرقم المرجعي أعلاه.
letter-support = إذا تعذّر عليك تسجيل الدخول، فاكتب إلى { $support }.
letter-foot = يرسل { $product } هذه الرسالة كلما تغيّر شيء مهم في حسابك. ونحن لا نطلب أبداً كلمة سر أو رمزاً بالبريد.
letter-doubt = إذا لم تكن متأكداً من صحة هذه الرسالة، فلا تختر أي رابط فيها: اكتب العنوان في متصفحك بنفسك.
