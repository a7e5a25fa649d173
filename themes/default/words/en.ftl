# Words of the pages in English. Every key stands in all six languages; a test compares them.
# $product is the name of the broker, $service the relying party, $agency an agency's name.

### On every page

title-error = Error:
skip-to-content = Skip to the main content
language = Language
footer-nav = Help and policies
support-email = Get help by email
support-page = Get help
continue = Continue
error-heading = There is a problem
retry-seconds = { $count ->
    [one] Try again in { $count } second.
   *[other] Try again in { $count } seconds.
}
retry-minutes = { $count ->
    [one] Try again in { $count } minute.
   *[other] Try again in { $count } minutes.
}

### Choosing an agency

choose-title = Choose your agency
choose-lead = You will sign in there to continue to { $service }.
choose-lead-plain = You will sign in with your agency’s own account.
choose-remembered = Used on this device
choose-forget = Not you, or a shared device?
choose-forget-button = Forget these agencies
choose-another = Another agency
choose-email = Your work email address
choose-email-hint = It only tells us which agency’s sign-in page to open.
choose-email-malformed = Enter an email address such as name@example.org.
choose-email-unknown = No agency here uses the address { $address }. Check the spelling, or find your agency in the list below.
choose-or = or
choose-search = Find your agency by name
choose-search-hint = Name or acronym, in any of the six languages
choose-search-button = Search
choose-list = All agencies
choose-list-letter = Agencies under { $letter }
choose-list-found = { $count ->
    [one] { $count } agency found for “{ $query }”
   *[other] { $count } agencies found for “{ $query }”
}
choose-list-none = No agency found for “{ $query }”
choose-none-hint = Try the acronym, or fewer words.
choose-part = { $first }–{ $last } of { $total }
choose-more = Show more agencies
choose-all = Show all agencies
choose-letters = Agencies by first letter
choose-restricted = You see only the agencies whose staff may use this service.

### Signing in with a user name and a password

password-title = Sign in
password-lead = Use your { $agency } account.
password-lead-service = Use your { $agency } account to continue to { $service }.
password-username = User name
password-password = Password
password-submit = Sign in
password-other-agency = Choose another agency
password-wrong = The user name or the password is not correct. Check both and try again.
password-username-missing = Enter your user name.
password-password-missing = Enter your password.
password-throttled = There were too many attempts to sign in.

### Consent

consent-title = Share your details with { $service }?
consent-lead = This service asks your agency for the details below.
consent-host = They go to
consent-unverified = Unverified
consent-unverified-note = Nobody has confirmed who runs this service. Continue only if you know and trust { $host }.
consent-list = What will be shared
consent-allow = Allow
consent-deny = Do not allow
consent-note = If you do not allow it, nothing is shared and you return to the service without being signed in.

release-identifier = A code that stands for you
release-username = Your user name
release-name = Your name
release-given-name = Your given name
release-family-name = Your family name
release-email = Your email address
release-agency = Your agency
release-affiliation = Your role at your agency
release-groups = Groups you belong to
release-entitlements = Services you are entitled to use
release-language = The language you prefer
release-assurance = How well your agency has checked your identity
release-offline-access = The right to ask again later, while you are away
release-other = Other details

### On the way to another site

onward-host = You are going to { $host }. Select “Continue” if nothing happens.
onward-title = Opening the next page
onward-agency = You are going to { $agency }. Select “Continue” if nothing happens.
onward-service = You are returning to the service. Select “Continue” if nothing happens.

### Problems

blame = Who can solve this
blame-you = You can
blame-agency = Your agency can
blame-agency-named = Your agency can: { $agency }
blame-service = The people who run the service can
blame-service-named = The people who run { $service } can
blame-us = We can; it is not your fault
problem-todo = What you can do
problem-code = Code
problem-reference = Reference
problem-reference-hint = Give this reference when you ask for help.
way-service = Return to { $service }
way-service-unnamed = Return to the service
way-again = Start again
way-agency = Choose another agency
way-sign-out = Go on signing out
way-home = Go to the start page

problem-expired-title = This sign-in has expired
problem-expired-happened = You took longer than a sign-in may last, or the page was opened from a bookmark.
problem-expired-todo = Start again from the service that you want to use.
problem-completed-title = You have already signed in
problem-completed-happened = This sign-in was finished before; the page was opened again, perhaps with the “Back” button.
problem-completed-todo = Return to the service. If it does not know you, start again.
problem-cookies-title = Your browser did not send our cookie
problem-cookies-happened = This sign-in was started in another browser or window, or your browser blocks cookies.
problem-cookies-todo = Allow cookies for this site, then start again in the same browser.
problem-declined-title = You chose not to continue
problem-declined-happened = The sign-in was stopped at your request, and nothing was shared.
problem-declined-todo = Start again if you change your mind.
problem-wrong-person-title = A different person signed in
problem-wrong-person-happened = The service expected another account than the one you signed in with.
problem-wrong-person-todo = Start again and sign in with the account that the service knows.
problem-throttled-title = Too many attempts
problem-throttled-happened = There were too many attempts in a short time, so we stopped for a while.
problem-throttled-todo = Wait, then try again.
problem-agency-unavailable-title = Your agency’s sign-in is not available
problem-agency-unavailable-happened = We could not reach the sign-in page of your agency.
problem-agency-unavailable-todo = Try again in a few minutes. If it lasts, tell your agency’s help desk.
problem-agency-refused-title = Your agency did not sign you in
problem-agency-refused-happened = Your agency answered that it will not sign you in to this service.
problem-agency-refused-todo = Ask your agency’s help desk, and give them the reference below.
problem-agency-misbehaved-title = We could not accept your agency’s answer
problem-agency-misbehaved-happened = The answer from your agency was not as it should be, so we did not trust it.
problem-agency-misbehaved-todo = Try once more. If it happens again, give your agency’s help desk the reference below.
problem-too-weak-title = A stronger sign-in is needed
problem-too-weak-happened = This service asks for a stronger or more recent proof of who you are than your agency gave us.
problem-too-weak-todo = Start again, and use a second factor if your agency offers one. Its help desk can set one up for you.
problem-account-disabled-title = Your account is switched off
problem-account-disabled-happened = You are known here, but your account may not be used to sign in.
problem-account-disabled-todo = Ask your agency’s help desk, and give them the reference below.
problem-access-denied-title = Your agency may not use this service
problem-access-denied-happened = You are signed in, but this service is not open to staff of your agency.
problem-access-denied-todo = Ask the people who run the service for access, or choose another agency if you belong to more than one.
problem-service-off-title = This service is closed for sign-in
problem-service-off-happened = Nobody can sign in to this service through us at the moment.
problem-service-off-todo = Ask the people who run the service when it will open again.
problem-misregistered-title = We do not know this service
problem-misregistered-happened = The service sent us a request that does not match what is registered for it, so we could not safely send you back.
problem-misregistered-todo = Tell the people who run the service, and give them the code and reference below.
problem-not-found-title = This page does not exist
problem-not-found-happened = The address may be misspelt, or the page has moved.
problem-not-found-todo = Open the service that you want to use and sign in from there.
problem-fault-title = Something went wrong on our side
problem-fault-happened = An error stopped your sign-in. It has been recorded.
problem-fault-todo = Try again. If it happens again, give the help desk the reference below.
problem-busy-title = We are very busy
problem-busy-happened = More people are signing in than we can serve at this moment. Nothing is lost.
problem-busy-todo = Wait a moment, then try again.

### Signing out

sign-out-title = Sign out?
sign-out-lead = You will be signed out here and need to sign in again for the next service.
sign-out-lead-person = { $person }, you will be signed out here and need to sign in again for the next service.
sign-out-asked = { $service } asks us to sign you out.
sign-out-confirm = Sign out
sign-out-stay = Stay signed in
signed-out-title = You are signed out
signed-out-lead = You are no longer signed in here.
signed-out-already = You were not signed in here.
signed-out-advice = On a shared device, close all browser windows: your agency or a service may still have you signed in.
signing-out-title = Signing you out
signing-out-lead = You are signed out here. The services that you used are being told.
signed-out-services = Services that you used
fate-out = Signed out
fate-told = Told that you signed out
fate-waiting = Waiting for an answer
fate-failed = Did not answer
fate-mute = Sign out there yourself
signed-out-failed = Not every service answered. You may still be signed in there: sign out there yourself, or close all browser windows.

### The front door

home-title = One sign-in for the United Nations system
home-lead = { $product } lets you use shared services with the account of your own agency. Your password stays with your agency.
home-how = How it works
home-step-service = Open the service that you want to use.
home-step-agency = Choose your agency.
home-step-sign-in = Sign in there, as you do every day.
home-signed-in = You are signed in as { $person }
home-services = Services
home-sign-out = Sign out

### Letters about the account, by mail

letter-factor-enrolled-subject = A sign-in method was added to your account
letter-factor-enrolled-lead = From now on, this method can be used to prove that you are the one who signs in.
letter-factor-enrolled-advice = If you added it yourself, there is nothing to do.
letter-factor-removed-subject = A sign-in method was removed from your account
letter-factor-removed-lead = This method can no longer be used to prove that you are the one who signs in.
letter-factor-removed-advice = If you removed it yourself, there is nothing to do.
letter-factors-reset-subject = All sign-in methods were removed from your account
letter-factors-reset-lead = All passkeys, authenticator apps, recovery codes and remembered devices were removed from your account, by a help desk or after a report.
letter-factors-reset-advice = You will set up a new sign-in method the next time that a service asks for one.
letter-recovery-codes-made-subject = New recovery codes were made for your account
letter-recovery-codes-made-lead = Your account has a new set of recovery codes. Earlier codes no longer work.
letter-recovery-codes-made-advice = If you made them yourself, keep them where only you can find them.
letter-recovery-code-used-subject = A recovery code was used for your account
letter-recovery-code-used-lead = Somebody used one of your recovery codes to sign in. It will not work again.
letter-recovery-code-used-advice = If that was you, there is nothing to do. Make new codes before the last one is used.
letter-access-pass-issued-subject = An access pass was issued for your account
letter-access-pass-issued-lead = A help desk issued an access pass for your account. For a short time, whoever holds it can set up a new sign-in method.
letter-access-pass-issued-advice = If you asked for it, use it yourself and give it to nobody. We never ask for it by mail or by telephone.
letter-access-pass-used-subject = An access pass was used for your account
letter-access-pass-used-lead = Somebody used the access pass that a help desk issued for your account, and may now set up a new sign-in method.
letter-access-pass-used-advice = If that was you, there is nothing to do.
letter-device-remembered-subject = A device is now remembered for your account
letter-device-remembered-lead = For some time, signing in on this device will not ask for a second sign-in method.
letter-device-remembered-advice = If the device is yours alone, there is nothing to do. If others use it too, forget it in your account.
letter-factor-locked-subject = Too many failed attempts to sign in to your account
letter-factor-locked-lead = Somebody passed the first step of signing in to your account, and then failed too often with this method. It has to rest for some minutes.
letter-factor-locked-advice = If that was you, wait and try again. If not, somebody may know your password: change it at your agency.
letter-disputed-subject = Your account was reported and has been secured
letter-disputed-lead = We were told that somebody other than you used your account. All its sessions were ended, its remembered devices were forgotten, and the security staff were told.
letter-disputed-advice = Change the password at your agency, then sign in again and look at your sign-in methods: you may have to set up new ones.
letter-session-suspicious-subject = Unusual use of your account
letter-session-suspicious-lead = One and the same session of your account was used from two networks at the same time.
letter-session-suspicious-advice = If you changed between networks yourself, such as from the office to a mobile phone, there is nothing to do.

letter-method = Sign-in method:
letter-method-passkey = Passkey
letter-method-totp = Authenticator app
letter-method-recovery-code = Recovery code
letter-method-device = Remembered device
letter-name = Its name:
letter-codes-left = Codes left:
letter-time = Time:
letter-when = { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[other] December
    } { $year }, { $clock } UTC
letter-address = Internet address:
letter-reference = Reference:
letter-account = You find your sign-in methods, sessions and devices here:
letter-not-you = Was it not you?
letter-not-you-report = Report it now. That ends all sessions of your account, forgets its remembered devices and tells the security staff.
letter-not-you-reported = If it was not you who reported this, ask your agency’s help desk, and give them the reference above.
letter-support = If you cannot sign in, write to { $support }.
letter-foot = { $product } sends this letter whenever something important about your account changes. We never ask for a password or a code by mail.
letter-doubt = If you are not sure that this letter is genuine, do not select a link in it: type the address into your browser yourself.

### Self-service: overview

account-title = Your account
account-nav = Parts of your account
account-nav-overview = Overview
account-nav-security = Security
account-nav-sessions = Sign-ins
account-nav-releases = Shared details
account-cancel = Cancel
account-save = Save
account-remove = Remove
account-date = { $month ->
    [1] { $day } January { $year }
    [2] { $day } February { $year }
    [3] { $day } March { $year }
    [4] { $day } April { $year }
    [5] { $day } May { $year }
    [6] { $day } June { $year }
    [7] { $day } July { $year }
    [8] { $day } August { $year }
    [9] { $day } September { $year }
    [10] { $day } October { $year }
    [11] { $day } November { $year }
   *[12] { $day } December { $year }
}
account-clock = { $time } UTC
account-ago-now = Just now
account-ago-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
account-ago-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
account-ago-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
account-added = Added
account-since = Since
account-until = Until
account-last-used = Last used
account-never = Never
account-guard-passkey = A passkey protects your sign-in
account-guard-passkey-note = Nobody can use it from elsewhere, or coax it out of you on a false page.
account-guard-app = Codes from an app protect your sign-in
account-guard-app-note = A passkey is safer still: no false page can ask you for it.
account-guard-agency = Your agency protects your sign-in
account-guard-agency-note = It asked you for a second proof. You can add a passkey here as well.
account-guard-bare = Your account needs more protection
account-guard-bare-note = Somebody who learns your agency password could sign in as you. A passkey prevents that.
account-guard-reported = This account was reported
account-guard-reported-note = Its old passkeys and codes no longer count. Set up a new passkey now.
account-next = What you can do next
account-advice-passkey = Add a passkey
account-advice-passkey-note = Sign in with your fingerprint, your face or the PIN of your device.
account-advice-second-passkey = Add a second passkey
account-advice-second-passkey-note = You can then still sign in if you lose a device.
account-advice-codes = Make recovery codes
account-advice-codes-note = For the day on which you have no device at hand.
account-advice-few-codes = Make new recovery codes
account-parts = At a glance
account-nothing-yet = Nothing is set up here yet
account-passkeys = { $count ->
    [one] { $count } passkey
   *[other] { $count } passkeys
}
account-app = Authenticator app
account-codes-count = { $count ->
    [one] { $count } recovery code
   *[other] { $count } recovery codes
}
account-codes-left = { $count ->
    [one] { $count } code left
   *[other] { $count } codes left
}
account-browsers = { $count ->
    [one] { $count } browser
   *[other] { $count } browsers
}
account-browsers-more = More than { $most } browsers
account-only-here = Only in this browser
account-services-told = { $count ->
    [0] None so far
    [one] { $count } service
   *[other] { $count } services
}
account-identities = Sign-ins that open this account
account-identities-note = Whoever signs in there is taken for you here.
account-identity-current = Used now
account-not-me-hint = Do you see something that you did not do?
account-not-me = This was not me

### Self-service: security

account-security-lead = What you prove here, besides signing in at your agency.
account-passkeys-title = Passkeys
account-passkeys-note = A passkey lives in your phone, your computer or a security key. You use it with your fingerprint, your face or a PIN, and it works on no false page.
account-passkey-bound = Stays in its device
account-passkey-change = Rename or remove
account-passkey-name = Enter a name of at most 64 characters.
account-add-passkey = Add a passkey
account-model = Model
account-name = Name
account-on = On
account-app-note = An app on your phone shows a code of six digits that changes every 30 seconds.
account-app-replaces = The codes of your old app stop working once you have confirmed the new one.
account-add-app = Add an authenticator app
account-replace-app = Replace the authenticator app
account-codes-title = Recovery codes
account-codes-note = Each code works once in place of your passkey or app. Keep them on paper or in a password manager.
account-codes-later = You can make recovery codes once you have a passkey or an app.
account-codes-make = Make a new set
account-devices = Remembered devices
account-devices-note = On these you are not asked for a code until the date shown.
account-forget = Forget
account-forget-all = Forget all devices

### Self-service: changes

account-first-title = Confirm that it is you
account-first-lead = This needs a proof that it is you, no older than five minutes. Give it now, and you come back here; nothing that you asked for is lost.
account-first-asked = What you asked for
account-ask-add-passkey = Add a passkey
account-ask-rename-passkey = Call the passkey “{ $name }”
account-ask-rename-passkey-note = Only you see this name.
account-ask-remove-passkey = Remove the passkey “{ $name }”
account-ask-remove-passkey-note = You can no longer sign in with it. Delete it in your device or password manager too: we cannot do that for you.
account-ask-add-app = Add an authenticator app
account-ask-remove-app = Remove the authenticator app
account-ask-remove-app-note = The codes that it shows no longer work here.
account-ask-make-codes = Make new recovery codes
account-ask-make-codes-note = The codes that you have now stop working. The new ones are shown once.
account-ask-forget-device = Forget the device “{ $name }”
account-ask-forget-device-note = You will be asked for a code there again.
account-ask-forget-devices = Forget all remembered devices
account-ask-forget-devices-note = You will be asked for a code on each of them again.
account-ask-end-sessions = Sign out everywhere else
account-ask-end-sessions-note = All other browsers have to sign in again, the services used there are told, and other devices are no longer remembered.
account-ask-dispute = Report that this was not you
account-done-passkey-added = The passkey was added.
account-done-passkey-renamed = The passkey has its new name.
account-done-passkey-removed = The passkey was removed.
account-done-app-added = The authenticator app was added.
account-done-app-removed = The authenticator app was removed.
account-done-device-forgotten = The device was forgotten.
account-done-devices-forgotten = All devices were forgotten.
account-done-session-ended = That browser was signed out.
account-done-sessions-ended = All other browsers were signed out.
account-done-gone = Nothing was changed: what you asked for is no longer there.

### Self-service: sign-ins

account-sessions-title = Where you are signed in
account-sessions-lead = If you do not recognise a browser, sign out there.
account-this-browser = This browser
account-browser-unknown = Unknown browser
account-others = Other browsers
account-network = Network
account-signed-in = Signed in
account-services = Services
account-shared = Shared device
account-end-session = Sign out there
account-end-sessions = Sign out everywhere else
account-live-cut = Only the newest { $most } are shown. “Sign out everywhere else” ends the others too.
account-recent = Recent sign-ins
account-recent-note = Those of the last 30 days.
account-recent-cut = Only the newest { $most } of the last 30 days are shown.
account-still-open = Still signed in

### Self-service: releases

account-releases-title = What services were told about you
account-releases-lead = When you sign in to a service, it learns some details from your agency through us. This list names them and does not repeat them.
account-releases-none = No service was told anything in this time.
account-releases-cut = The list and the receipt rest on your newest { $most } sign-ins. What services were told before those is not in them.
account-releases-kept = { $count ->
    [one] The list goes back { $count } day.
   *[other] The list goes back { $count } days.
}
account-told = Last told
account-receipt = Download the receipt
account-receipt-note = The list as a JSON file, for yourself or for a data protection officer.

### Self-service: this was not me

account-dispute-lead = Report it if somebody else signed in as you, or changed something in your account.
account-dispute-what = What happens then
account-dispute-sessions = You are signed out everywhere, here too, and the services that you used are told.
account-dispute-factors = All your passkeys, apps, codes and remembered devices stop working. You set up new ones when you next sign in.
account-dispute-keeps = Remembered devices are forgotten. Your passkeys, apps and codes stay: to have them removed too, confirm first that it is you.
account-dispute-told = The security team is told, and you get an email about it.
account-dispute-agency = If somebody may know your agency password, change it at your agency as well.
account-dispute-confirm = Sign out everywhere and report
account-disputed-title = Your report has arrived
account-disputed-reset = You are signed out everywhere, and your passkeys, apps, codes and devices no longer count. The security team has been told.
account-disputed-ended = You are signed out everywhere, and the security team has been told. Your passkeys, apps and codes still count.
account-disputed-now = What you should do now
account-disputed-password = Change your password at your agency.
account-disputed-desk = Tell your agency’s help desk, with the reference below.
account-disputed-desk-reset = Ask your agency’s help desk to reset your passkeys and codes, with the reference below.
account-disputed-enrol = Sign in again and set up a new passkey.

### A second proof

factor-title = Confirm that it is you
factor-lead = { $asker } asks for a second proof.
factor-lead-pass = { $asker } asks for a second proof, and you have none here yet. To set one up, you need an access pass from your agency’s help desk.
factor-lead-wish = { $asker } would like a second proof. You can continue without it, but may then not be able to do everything there.
factor-without = Continue without it
factor-passkey-button = Use your passkey
factor-passkey-hint = With your fingerprint, your face, your screen lock or a security key
factor-passkey-sign-in = Sign in with a passkey
factor-passkey-cancelled = No passkey was used: the request was cancelled, or it took too long. Try again, or choose another way.
factor-passkey-unsupported = This browser or device cannot do this. Try another one, or choose another way.
factor-passkey-failed = That did not work. Try again, or choose another way.
factor-passkey-busy = There were too many attempts. Wait a few minutes, then try again.
factor-code = Code from your authenticator app
factor-code-hint = Six digits; the app shows a new code every 30 seconds.
factor-code-submit = Confirm
factor-remember = { $count ->
    [one] Do not ask for a code on this device for { $count } day
   *[other] Do not ask for a code on this device for { $count } days
}
factor-remember-hint = Only if nobody else uses this device.
factor-others = I cannot use this now
factor-recovery = Recovery code
factor-recovery-hint = One of the codes that you were given to keep. Each works once.
factor-recovery-submit = Use this recovery code
factor-pass = Access pass
factor-pass-hint = Your agency’s help desk gives it out. With it you set up a new second proof.
factor-pass-submit = Use this access pass
factor-help = If you have none of these, ask your agency’s help desk.
factor-wrong-code = The code was not accepted. Enter the code that the app shows now; each code works once.
factor-wrong-recovery = The recovery code was not accepted. Check what you typed, or use another one; each code works once.
factor-wrong-pass = The access pass was not accepted. Check what you typed, or ask the help desk for a new one.
factor-wrong-passkey = The passkey was not accepted. Try again, or choose another way.
factor-wrong-unknown-passkey = This passkey is not known here; it may have been removed. Use another one, or choose another way.
factor-wrong-late = That took too long. Try again.
factor-wrong-script = A passkey needs JavaScript, which your browser did not run. Switch it on, or choose another way.

### Setting up a second proof

enrol-title = Set up a second proof
enrol-lead = { $asker } asks for a second proof, and you have none here yet. Setting one up takes about a minute.
enrol-lead-optional = { $asker } recommends a second proof. With it, nobody can sign in as you with your password alone.
enrol-lead-passkey = { $asker } asks for a passkey, and you have none here yet. Your device will ask for your fingerprint, your face or your screen lock.
enrol-advised = Recommended
enrol-choice-passkey = Passkey
enrol-choice-passkey-hint = Sign in with your fingerprint, your face or your screen lock. There is nothing to type.
enrol-choice-app = Authenticator app
enrol-choice-app-hint = An app on your phone shows a new six-digit code every 30 seconds.
enrol-later = Not now
enrol-passkey-title = Create a passkey
enrol-passkey-lead = Your device will ask for your fingerprint, your face or your screen lock. These never leave your device.
enrol-passkey-name = Name of the passkey
enrol-passkey-name-hint = So that you can tell your passkeys apart later.
enrol-passkey-submit = Create the passkey
enrol-passkey-misnamed = Enter a shorter name of a single line.
enrol-passkey-refused = The passkey was not accepted. Try again, or choose another way.
enrol-passkey-not-allowed = Your agency does not accept passkeys of this kind. Use another device or security key.
enrol-passkey-known = This device already has a passkey for your account.
enrol-passkey-elsewhere = If this device is not yours, choose your own phone or a security key when the browser asks where to keep the passkey.
enrol-passkey-instead = Create a passkey instead
enrol-app-instead = Use an authenticator app instead
enrol-app-title = Set up your authenticator app
enrol-app-install = Open an authenticator app on your phone. If you have none, get one from your phone’s app store.
enrol-app-scan = Scan this QR code with the app.
enrol-app-add = Add an account to the app.
enrol-app-here = Open the app on this device
enrol-app-qr = QR code for the authenticator app
enrol-app-typed = I cannot scan it
enrol-app-typed-hint = Type this key into the app. You may leave out the spaces.
enrol-app-code = Enter the six-digit code that the app now shows.
enrol-app-submit = Confirm
enrol-app-wrong = The code was not accepted. Enter the code that the app shows now, and check that your phone’s clock is right.

codes-title = Keep your recovery codes
codes-lead = If your phone or passkey is lost, a code lets you in. Each works once.
codes-list = Your recovery codes
codes-copy = Select the list to copy all codes at once.
codes-advice = These codes are not shown again. Print them or write them down, and keep them where nobody else finds them.
codes-kept = I have kept my codes

### Shared computers

shared-ask = Is this a shared computer?
shared-yes = Sign me out when the browser is closed
shared-on = This is a shared computer: you will be signed out when the browser is closed, and your agency will not be remembered.
shared-off = It is not shared
shared-label = This is a shared computer
shared-hint = You will be signed out when the browser is closed.
