//! What stands on the pages of a relying party, in English and in Arabic.

use idp_domain::Lang;
use serde::Serialize;

/// All texts of one language.
#[derive(Serialize)]
pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) dir: &'static str,
    pub(super) demonstration: &'static str,
    pub(super) about_travel: &'static str,
    pub(super) about_library: &'static str,
    pub(super) about_payroll: &'static str,
    pub(super) how: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) sign_out: &'static str,
    pub(super) welcome: &'static str,
    pub(super) signed_in: &'static str,
    pub(super) agency: &'static str,
    pub(super) signed_in_at: &'static str,
    pub(super) untold: &'static str,
    pub(super) context: &'static str,
    pub(super) known_as: &'static str,
    pub(super) told: &'static str,
    pub(super) told_lead: &'static str,
    pub(super) claim: &'static str,
    pub(super) value: &'static str,
    pub(super) rest: &'static str,
    pub(super) elsewhere: &'static str,
    pub(super) elsewhere_signed_in: &'static str,
    pub(super) open: &'static str,
    pub(super) signed_out: &'static str,
    pub(super) signed_out_lead: &'static str,
    pub(super) failed: &'static str,
    pub(super) failed_lead: &'static str,
    pub(super) lost_lead: &'static str,
    pub(super) reason: &'static str,
}

/// The texts for a reader of `lang`.
pub(super) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Ar => &ARABIC,
        Lang::En | Lang::Es | Lang::Fr | Lang::Ru | Lang::Zh => &ENGLISH,
    }
}

const ENGLISH: Words = Words {
    lang: "en",
    dir: "ltr",
    demonstration: "Demonstration",
    about_travel: "Plan official journeys and claim what they cost.",
    about_library: "Read and share the documents of all agencies.",
    about_payroll: "See what you are paid. Whoever opens it proves two factors.",
    how: "You choose your agency, sign in there, and come back here. \
          This service never sees your password.",
    sign_in: "Sign in",
    sign_out: "Sign out",
    welcome: "Welcome",
    signed_in: "You are signed in.",
    agency: "Agency",
    signed_in_at: "Signed in at",
    untold: "not told",
    context: "How (acr)",
    known_as: "Known here as (sub)",
    told: "What this service was told",
    told_lead: "These claims came from your agency through the broker. \
                Other services are told other things.",
    claim: "Claim",
    value: "Value",
    rest: "The rest of the ID token",
    elsewhere: "Another service:",
    elsewhere_signed_in: "Now sign in to the other service. Nobody will ask for your password again:",
    open: "Open",
    signed_out: "You are signed out",
    signed_out_lead: "Your session here and at the broker has ended. \
                      A service that you opened before keeps its own session until you sign out \
                      there.",
    failed: "You could not be signed in",
    failed_lead: "The broker did not vouch for you, or could not be reached. You can try again.",
    lost_lead: "This sign-in was begun in another browser, was used already, or is too old. \
                You can begin a new one.",
    reason: "Reason",
};

const ARABIC: Words = Words {
    lang: "ar",
    dir: "rtl",
    demonstration: "عرض توضيحي",
    about_travel: "خطِّط لرحلاتك الرسمية واطلب استرداد تكاليفها.",
    about_library: "اقرأ وثائق جميع الوكالات وشاركها.",
    about_payroll: "اطّلع على راتبك. يتطلب الدخول إثبات عاملين.",
    how: "تختار وكالتك وتسجّل الدخول لديها ثم تعود إلى هنا. \
          ولا ترى هذه الخدمة كلمة مرورك أبدًا.",
    sign_in: "تسجيل الدخول",
    sign_out: "تسجيل الخروج",
    welcome: "مرحبًا",
    signed_in: "لقد سجّلت الدخول.",
    agency: "الوكالة",
    signed_in_at: "وقت تسجيل الدخول",
    untold: "غير معلوم",
    context: "الطريقة (acr)",
    known_as: "المعرّف هنا (sub)",
    told: "ما أُبلغت به هذه الخدمة",
    told_lead: "جاءت هذه البيانات من وكالتك عبر الوسيط. وتُبلَّغ الخدمات الأخرى ببيانات أخرى.",
    claim: "البيان",
    value: "القيمة",
    rest: "بقية رمز الهوية",
    elsewhere: "خدمة أخرى:",
    elsewhere_signed_in: "سجّل الدخول الآن إلى الخدمة الأخرى. لن يطلب منك أحد كلمة المرور مرة أخرى:",
    open: "فتح",
    signed_out: "لقد سجّلت الخروج",
    signed_out_lead: "انتهت جلستك هنا ولدى الوسيط. \
                      أما الخدمة التي فتحتها من قبل فتحتفظ بجلستها إلى أن تسجّل الخروج منها.",
    failed: "تعذّر تسجيل دخولك",
    failed_lead: "لم يؤكّد الوسيط هويتك أو تعذّر الوصول إليه. يمكنك المحاولة مرة أخرى.",
    lost_lead: "بدأت عملية تسجيل الدخول هذه في متصفح آخر، أو استُخدمت من قبل، أو مضى عليها وقت طويل. \
                يمكنك البدء من جديد.",
    reason: "السبب",
};
