# Textes des pages en français. Chaque clé existe dans les six langues ; un test les compare.

### Sur chaque page

title-error = Erreur :
skip-to-content = Aller au contenu principal
language = Langue
footer-nav = Aide et conditions
support-email = Demander de l’aide par courriel
support-page = Obtenir de l’aide
continue = Continuer
error-heading = Un problème est survenu
retry-seconds = { $count ->
    [one] Réessayez dans { $count } seconde.
   *[other] Réessayez dans { $count } secondes.
}
retry-minutes = { $count ->
    [one] Réessayez dans { $count } minute.
   *[other] Réessayez dans { $count } minutes.
}

### Choix de l’organisme

choose-title = Choisissez votre organisme
choose-lead = Vous vous y connecterez pour accéder à { $service }.
choose-lead-plain = Vous vous connecterez avec le compte de votre organisme.
choose-remembered = Utilisés sur cet appareil
choose-forget = Ce n’est pas vous, ou l’appareil est partagé ?
choose-forget-button = Oublier ces organismes
choose-another = Autre organisme
choose-email = Votre adresse électronique professionnelle
choose-email-hint = Elle sert uniquement à ouvrir la page de connexion de votre organisme.
choose-email-malformed = Saisissez une adresse électronique, par exemple nom@example.org.
choose-email-unknown = Aucun organisme n’utilise ici l’adresse { $address }. Vérifiez-en l’orthographe ou cherchez votre organisme dans la liste ci-dessous.
choose-or = ou
choose-search = Chercher votre organisme par son nom
choose-search-hint = Nom ou sigle, dans l’une des six langues
choose-search-button = Rechercher
choose-list = Tous les organismes
choose-list-letter = Organismes commençant par { $letter }
choose-list-found = { $count ->
    [one] { $count } organisme trouvé pour « { $query } »
   *[other] { $count } organismes trouvés pour « { $query } »
}
choose-list-none = Aucun organisme trouvé pour « { $query } »
choose-none-hint = Essayez avec le sigle ou avec moins de mots.
choose-part = { $first }–{ $last } sur { $total }
choose-more = Afficher d’autres organismes
choose-all = Afficher tous les organismes
choose-letters = Organismes par première lettre
choose-restricted = Seuls les organismes dont le personnel peut utiliser ce service sont affichés.

### Connexion avec un nom d’utilisateur et un mot de passe

password-title = Connexion
password-lead = Utilisez votre compte { $agency }.
password-lead-service = Utilisez votre compte { $agency } pour accéder à { $service }.
password-username = Nom d’utilisateur
password-password = Mot de passe
password-submit = Se connecter
password-other-agency = Choisir un autre organisme
password-wrong = Le nom d’utilisateur ou le mot de passe est incorrect. Vérifiez-les et réessayez.
password-username-missing = Saisissez votre nom d’utilisateur.
password-password-missing = Saisissez votre mot de passe.
password-throttled = Les tentatives de connexion ont été trop nombreuses.

### Consentement

consent-title = Communiquer vos données à { $service } ?
consent-lead = Ce service demande à votre organisme les données ci-dessous.
consent-host = Elles seront envoyées à
consent-unverified = Non vérifié
consent-unverified-note = Personne n’a confirmé qui gère ce service. Ne continuez que si vous connaissez { $host } et lui faites confiance.
consent-list = Données communiquées
consent-allow = Autoriser
consent-deny = Ne pas autoriser
consent-note = Si vous n’autorisez pas, rien n’est communiqué et vous revenez au service sans être connecté(e).

release-identifier = Un code qui vous désigne
release-username = Votre nom d’utilisateur
release-name = Votre nom complet
release-given-name = Votre prénom
release-family-name = Votre nom de famille
release-email = Votre adresse électronique
release-agency = Votre organisme
release-affiliation = Votre fonction au sein de votre organisme
release-groups = Les groupes dont vous faites partie
release-entitlements = Les services auxquels vous avez droit
release-language = La langue que vous préférez
release-assurance = Le degré de vérification de votre identité par votre organisme
release-offline-access = Le droit de redemander ces données plus tard, en votre absence
release-other = Autres données

### Vers un autre site

onward-host = Vous allez vers { $host }. Sélectionnez « Continuer » si rien ne se passe.
onward-title = Ouverture de la page suivante
onward-agency = Vous allez vers { $agency }. Sélectionnez « Continuer » si rien ne se passe.
onward-service = Vous revenez au service. Sélectionnez « Continuer » si rien ne se passe.

### Problèmes

blame = Qui peut y remédier
blame-you = Vous
blame-agency = Votre organisme
blame-agency-named = Votre organisme : { $agency }
blame-service = Les responsables du service
blame-service-named = Les responsables de { $service }
blame-us = Nous ; vous n’y êtes pour rien
problem-todo = Ce que vous pouvez faire
problem-code = Code
problem-reference = Référence
problem-reference-hint = Indiquez cette référence lorsque vous demandez de l’aide.
way-service = Revenir à { $service }
way-service-unnamed = Revenir au service
way-again = Recommencer
way-agency = Choisir un autre organisme
way-sign-out = Poursuivre la déconnexion
way-home = Aller à la page d’accueil

problem-expired-title = Cette connexion a expiré
problem-expired-happened = Vous avez dépassé le temps prévu pour vous connecter, ou la page a été ouverte à partir d’un signet.
problem-expired-todo = Recommencez à partir du service que vous voulez utiliser.
problem-completed-title = Vous êtes déjà connecté(e)
problem-completed-happened = Cette connexion était terminée ; la page a été rouverte, peut-être avec le bouton « Précédent ».
problem-completed-todo = Revenez au service. S’il ne vous reconnaît pas, recommencez.
problem-cookies-title = Votre navigateur n’a pas envoyé notre cookie
problem-cookies-happened = Cette connexion a été commencée dans un autre navigateur ou une autre fenêtre, ou votre navigateur bloque les cookies.
problem-cookies-todo = Autorisez les cookies pour ce site, puis recommencez dans le même navigateur.
problem-declined-title = Vous avez choisi de ne pas continuer
problem-declined-happened = La connexion a été interrompue à votre demande et rien n’a été communiqué.
problem-declined-todo = Recommencez si vous changez d’avis.
problem-wrong-person-title = Une autre personne s’est connectée
problem-wrong-person-happened = Le service attendait un autre compte que celui avec lequel vous vous êtes connecté(e).
problem-wrong-person-todo = Recommencez et connectez-vous avec le compte que le service connaît.
problem-throttled-title = Trop de tentatives
problem-throttled-happened = Il y a eu trop de tentatives en peu de temps ; nous avons marqué une pause.
problem-throttled-todo = Patientez, puis réessayez.
problem-agency-unavailable-title = La connexion de votre organisme n’est pas disponible
problem-agency-unavailable-happened = Nous n’avons pas pu joindre la page de connexion de votre organisme.
problem-agency-unavailable-todo = Réessayez dans quelques minutes. Si cela dure, prévenez le service d’assistance de votre organisme.
problem-agency-refused-title = Votre organisme ne vous a pas connecté(e)
problem-agency-refused-happened = Votre organisme a répondu qu’il ne vous connecterait pas à ce service.
problem-agency-refused-todo = Adressez-vous au service d’assistance de votre organisme en indiquant la référence ci-dessous.
problem-agency-misbehaved-title = La réponse de votre organisme n’a pas pu être acceptée
problem-agency-misbehaved-happened = La réponse de votre organisme n’était pas conforme ; nous ne nous y sommes pas fiés.
problem-agency-misbehaved-todo = Essayez encore une fois. Si cela se reproduit, indiquez la référence ci-dessous au service d’assistance de votre organisme.
problem-too-weak-title = Une connexion plus sûre est nécessaire
problem-too-weak-happened = Ce service demande une preuve d’identité plus forte ou plus récente que celle que votre organisme nous a donnée.
problem-too-weak-todo = Recommencez en utilisant un second facteur si votre organisme en propose un. Son service d’assistance peut vous aider à le configurer.
problem-account-disabled-title = Votre compte est désactivé
problem-account-disabled-happened = Vous êtes connu(e) ici, mais votre compte ne peut pas servir à vous connecter.
problem-account-disabled-todo = Adressez-vous au service d’assistance de votre organisme en indiquant la référence ci-dessous.
problem-access-denied-title = Votre organisme n’a pas accès à ce service
problem-access-denied-happened = Vous êtes connecté(e), mais ce service n’est pas ouvert au personnel de votre organisme.
problem-access-denied-todo = Demandez l’accès aux responsables du service, ou choisissez un autre organisme si vous relevez de plusieurs.
problem-service-off-title = La connexion à ce service est fermée
problem-service-off-happened = Personne ne peut actuellement se connecter à ce service par notre intermédiaire.
problem-service-off-todo = Demandez aux responsables du service quand il rouvrira.
problem-misregistered-title = Nous ne connaissons pas ce service
problem-misregistered-happened = Le service nous a envoyé une demande qui ne correspond pas à son enregistrement ; nous n’avons pas pu vous y renvoyer en toute sécurité.
problem-misregistered-todo = Prévenez les responsables du service en indiquant le code et la référence ci-dessous.
problem-not-found-title = Cette page n’existe pas
problem-not-found-happened = L’adresse est peut-être mal écrite, ou la page a été déplacée.
problem-not-found-todo = Ouvrez le service que vous voulez utiliser et connectez-vous à partir de là.
problem-fault-title = Une erreur s’est produite de notre côté
problem-fault-happened = Une erreur a interrompu votre connexion. Elle a été enregistrée.
problem-fault-todo = Réessayez. Si cela se reproduit, indiquez la référence ci-dessous au service d’assistance.
problem-busy-title = Nous sommes très sollicités
problem-busy-happened = Plus de personnes se connectent en ce moment que nous ne pouvons en servir. Rien n’est perdu.
problem-busy-todo = Patientez un instant, puis réessayez.

### Déconnexion

sign-out-title = Se déconnecter ?
sign-out-lead = Vous serez déconnecté(e) d’ici et devrez vous reconnecter pour le prochain service.
sign-out-lead-person = { $person }, vous serez déconnecté(e) d’ici et devrez vous reconnecter pour le prochain service.
sign-out-asked = { $service } nous demande de vous déconnecter.
sign-out-confirm = Se déconnecter
sign-out-stay = Rester connecté(e)
signed-out-title = Vous êtes déconnecté(e)
signed-out-lead = Vous n’êtes plus connecté(e) ici.
signed-out-already = Vous n’étiez pas connecté(e) ici.
signed-out-advice = Sur un appareil partagé, fermez toutes les fenêtres du navigateur : vous êtes peut-être encore connecté(e) auprès de votre organisme ou d’un service.
signing-out-title = Déconnexion en cours
signing-out-lead = Vous êtes déconnecté(e) d’ici. Nous en informons les services que vous avez utilisés.
signed-out-services = Services que vous avez utilisés
fate-out = Session fermée
fate-told = Informé de votre déconnexion
fate-waiting = En attente de réponse
fate-failed = Pas de réponse
fate-mute = À fermer vous-même
signed-out-failed = Certains services n’ont pas répondu. Vous y êtes peut-être encore connecté(e) : déconnectez-vous de ces services, ou fermez toutes les fenêtres du navigateur.

### Page d’accueil

home-title = Une seule connexion pour le système des Nations Unies
home-lead = { $product } vous permet d’utiliser des services communs avec le compte de votre propre organisme. Votre mot de passe reste chez votre organisme.
home-how = Comment cela fonctionne
home-step-service = Ouvrez le service que vous voulez utiliser.
home-step-agency = Choisissez votre organisme.
home-step-sign-in = Connectez-vous comme vous le faites chaque jour.
home-signed-in = Vous êtes connecté(e) en tant que { $person }
home-services = Services
home-sign-out = Se déconnecter

### Lettres concernant le compte, par courriel

letter-factor-enrolled-subject = Une méthode de connexion a été ajoutée à votre compte
letter-factor-enrolled-lead = Cette méthode peut désormais servir à prouver que c’est bien vous qui vous connectez.
letter-factor-enrolled-advice = Si vous l’avez ajoutée vous-même, vous n’avez rien à faire.
letter-factor-removed-subject = Une méthode de connexion a été retirée de votre compte
letter-factor-removed-lead = Cette méthode ne peut plus servir à prouver que c’est bien vous qui vous connectez.
letter-factor-removed-advice = Si vous l’avez retirée vous-même, vous n’avez rien à faire.
letter-factors-reset-subject = Toutes les méthodes de connexion ont été retirées de votre compte
letter-factors-reset-lead = Les clés d’accès, applications d’authentification, codes de secours et appareils mémorisés ont tous été retirés de votre compte, par un service d’assistance ou à la suite d’un signalement.
letter-factors-reset-advice = Vous configurerez une nouvelle méthode de connexion dès qu’un service en demandera une.
letter-recovery-codes-made-subject = De nouveaux codes de secours ont été créés pour votre compte
letter-recovery-codes-made-lead = Votre compte a une nouvelle série de codes de secours. Les codes précédents ne fonctionnent plus.
letter-recovery-codes-made-advice = Si vous les avez créés vous-même, gardez-les dans un endroit connu de vous seul(e).
letter-recovery-code-used-subject = Un code de secours a été utilisé pour votre compte
letter-recovery-code-used-lead = Quelqu’un a utilisé l’un de vos codes de secours pour se connecter. Ce code ne fonctionnera plus.
letter-recovery-code-used-advice = Si c’était vous, vous n’avez rien à faire. Créez de nouveaux codes avant d’avoir utilisé le dernier.
letter-access-pass-issued-subject = Un laissez-passer d’accès a été délivré pour votre compte
letter-access-pass-issued-lead = Un service d’assistance a délivré un laissez-passer d’accès pour votre compte. Pendant un court moment, quiconque le détient peut configurer une nouvelle méthode de connexion.
letter-access-pass-issued-advice = Si vous l’avez demandé, utilisez-le vous-même et ne le donnez à personne. Nous ne le demandons jamais par courriel ni par téléphone.
letter-access-pass-used-subject = Un laissez-passer d’accès a été utilisé pour votre compte
letter-access-pass-used-lead = Quelqu’un a utilisé le laissez-passer d’accès délivré pour votre compte par un service d’assistance, et peut maintenant configurer une nouvelle méthode de connexion.
letter-access-pass-used-advice = Si c’était vous, vous n’avez rien à faire.
letter-device-remembered-subject = Un appareil est désormais mémorisé pour votre compte
letter-device-remembered-lead = Pendant un certain temps, la connexion sur cet appareil ne demandera pas de seconde méthode.
letter-device-remembered-advice = Si vous êtes seul(e) à utiliser cet appareil, vous n’avez rien à faire. Si d’autres personnes l’utilisent, oubliez-le dans votre compte.
letter-factor-locked-subject = Trop de tentatives échouées de connexion à votre compte
letter-factor-locked-lead = Quelqu’un a franchi la première étape de la connexion à votre compte, puis a échoué trop souvent avec cette méthode. Elle est suspendue pour quelques minutes.
letter-factor-locked-advice = Si c’était vous, patientez puis réessayez. Sinon, quelqu’un connaît peut-être votre mot de passe : changez-le auprès de votre organisme.
letter-disputed-subject = Votre compte a été signalé et mis en sécurité
letter-disputed-lead = On nous a signalé qu’une autre personne que vous utilisait votre compte. Toutes ses sessions ont été fermées, ses appareils mémorisés ont été oubliés et l’équipe de sécurité a été avertie.
letter-disputed-advice = Changez votre mot de passe auprès de votre organisme, puis reconnectez-vous et vérifiez vos méthodes de connexion : vous devrez peut-être en configurer de nouvelles.
letter-session-suspicious-subject = Utilisation inhabituelle de votre compte
letter-session-suspicious-lead = Une seule et même session de votre compte a été utilisée depuis deux réseaux en même temps.
letter-session-suspicious-advice = Si vous avez vous-même changé de réseau, par exemple du bureau à un téléphone mobile, vous n’avez rien à faire.

letter-method = Méthode de connexion :
letter-method-passkey = Clé d’accès
letter-method-totp = Application d’authentification
letter-method-recovery-code = Code de secours
letter-method-device = Appareil mémorisé
letter-name = Son nom :
letter-codes-left = Codes restants :
letter-time = Date et heure :
letter-when = { $day ->
        [1] 1er
       *[other] { $day }
    } { $month ->
        [1] janvier
        [2] février
        [3] mars
        [4] avril
        [5] mai
        [6] juin
        [7] juillet
        [8] août
        [9] septembre
        [10] octobre
        [11] novembre
       *[other] décembre
    } { $year }, { $clock } UTC
letter-address = Adresse Internet :
letter-reference = Référence :
letter-account = Vous trouverez ici vos méthodes de connexion, vos sessions et vos appareils :
letter-not-you = Ce n’était pas vous ?
letter-not-you-report = Signalez-le sans attendre. Cela ferme toutes les sessions de votre compte, oublie ses appareils mémorisés et avertit l’équipe de sécurité.
letter-not-you-reported = Si ce n’est pas vous qui avez fait ce signalement, adressez-vous au service d’assistance de votre organisme en indiquant la référence ci-dessus.
letter-support = Si vous ne parvenez pas à vous connecter, écrivez à { $support }.
letter-foot = { $product } envoie cette lettre chaque fois qu’un élément important de votre compte change. Nous ne demandons jamais de mot de passe ni de code par courriel.
letter-doubt = Si vous doutez de l’authenticité de cette lettre, ne sélectionnez aucun de ses liens : saisissez vous-même l’adresse dans votre navigateur.

### Espace personnel : aperçu

account-title = Votre compte
account-nav = Rubriques de votre compte
account-nav-overview = Aperçu
account-nav-security = Sécurité
account-nav-sessions = Connexions
account-nav-releases = Données communiquées
account-cancel = Annuler
account-save = Enregistrer
account-remove = Supprimer
account-date = { $month ->
    [1] { $day } janvier { $year }
    [2] { $day } février { $year }
    [3] { $day } mars { $year }
    [4] { $day } avril { $year }
    [5] { $day } mai { $year }
    [6] { $day } juin { $year }
    [7] { $day } juillet { $year }
    [8] { $day } août { $year }
    [9] { $day } septembre { $year }
    [10] { $day } octobre { $year }
    [11] { $day } novembre { $year }
   *[12] { $day } décembre { $year }
}
account-clock = { $time } UTC
account-ago-now = À l’instant
account-ago-minutes = { $count ->
    [one] Il y a { $count } minute
   *[other] Il y a { $count } minutes
}
account-ago-hours = { $count ->
    [one] Il y a { $count } heure
   *[other] Il y a { $count } heures
}
account-ago-days = { $count ->
    [one] Il y a { $count } jour
   *[other] Il y a { $count } jours
}
account-added = Ajoutée
account-since = Depuis
account-until = Jusqu’au
account-last-used = Dernier usage
account-never = Jamais
account-guard-passkey = Une clé d’accès protège votre connexion
account-guard-passkey-note = Personne ne peut l’utiliser d’ailleurs ni vous la soutirer sur une fausse page.
account-guard-app = Les codes d’une application protègent votre connexion
account-guard-app-note = Une clé d’accès est plus sûre encore : aucune fausse page ne peut vous la demander.
account-guard-agency = Votre organisme protège votre connexion
account-guard-agency-note = Il vous a demandé une seconde preuve. Vous pouvez aussi ajouter une clé d’accès ici.
account-guard-bare = Votre compte doit être mieux protégé
account-guard-bare-note = Quiconque apprend le mot de passe de votre organisme pourrait se connecter à votre place. Une clé d’accès l’empêche.
account-guard-reported = Ce compte a été signalé
account-guard-reported-note = Ses anciennes clés d’accès et ses anciens codes ne comptent plus. Ajoutez maintenant une nouvelle clé d’accès.
account-next = Ce que vous pouvez faire
account-advice-passkey = Ajouter une clé d’accès
account-advice-passkey-note = Connectez-vous avec votre empreinte, votre visage ou le code de votre appareil.
account-advice-second-passkey = Ajouter une deuxième clé d’accès
account-advice-second-passkey-note = Vous pourrez encore vous connecter si vous perdez un appareil.
account-advice-codes = Créer des codes de secours
account-advice-codes-note = Pour le jour où vous n’aurez aucun appareil sous la main.
account-advice-few-codes = Créer de nouveaux codes de secours
account-parts = En bref
account-nothing-yet = Rien n’est encore configuré ici
account-passkeys = { $count ->
    [one] { $count } clé d’accès
   *[other] { $count } clés d’accès
}
account-app = Application d’authentification
account-codes-count = { $count ->
    [one] { $count } code de secours
   *[other] { $count } codes de secours
}
account-codes-left = { $count ->
    [one] { $count } code restant
   *[other] { $count } codes restants
}
account-browsers = { $count ->
    [one] { $count } navigateur
   *[other] { $count } navigateurs
}
account-browsers-more = Plus de { $most } navigateurs
account-only-here = Uniquement dans ce navigateur
account-services-told = { $count ->
    [0] Aucun pour l’instant
    [one] { $count } service
   *[other] { $count } services
}
account-identities = Connexions qui ouvrent ce compte
account-identities-note = Qui se connecte ainsi est reconnu ici comme étant vous.
account-identity-current = Utilisée en ce moment
account-not-me-hint = Vous voyez quelque chose que vous n’avez pas fait ?
account-not-me = Ce n’était pas moi

### Espace personnel : sécurité

account-security-lead = Ce que vous prouvez ici, en plus de votre connexion auprès de votre organisme.
account-passkeys-title = Clés d’accès
account-passkeys-note = Une clé d’accès se trouve dans votre téléphone, votre ordinateur ou une clé de sécurité. Vous l’utilisez avec votre empreinte, votre visage ou un code, et elle ne fonctionne sur aucune fausse page.
account-passkey-bound = Reste dans son appareil
account-passkey-change = Renommer ou supprimer
account-passkey-name = Saisissez un nom de 64 caractères au plus.
account-add-passkey = Ajouter une clé d’accès
account-model = Modèle
account-name = Nom
account-on = Activée
account-app-note = Une application de votre téléphone affiche un code à six chiffres qui change toutes les 30 secondes.
account-app-replaces = Les codes de votre ancienne application cesseront de fonctionner dès que vous aurez confirmé la nouvelle.
account-add-app = Ajouter une application d’authentification
account-replace-app = Remplacer l’application d’authentification
account-codes-title = Codes de secours
account-codes-note = Chaque code remplace une seule fois votre clé d’accès ou votre application. Conservez-les sur papier ou dans un gestionnaire de mots de passe.
account-codes-later = Vous pourrez créer des codes de secours quand vous aurez une clé d’accès ou une application.
account-codes-make = Créer une nouvelle série
account-devices = Appareils mémorisés
account-devices-note = Sur ces appareils, aucun code ne vous est demandé jusqu’à la date indiquée.
account-forget = Oublier
account-forget-all = Oublier tous les appareils

### Espace personnel : modifications

account-first-title = Confirmez que c’est bien vous
account-first-lead = Il faut pour cela une preuve, datant de moins de cinq minutes, que c’est bien vous. Donnez-la maintenant : vous reviendrez ensuite ici, et rien de ce que vous avez demandé ne sera perdu.
account-first-asked = Votre demande
account-ask-add-passkey = Ajouter une clé d’accès
account-ask-rename-passkey = Nommer la clé d’accès « { $name } »
account-ask-rename-passkey-note = Vous êtes la seule personne à voir ce nom.
account-ask-remove-passkey = Supprimer la clé d’accès « { $name } »
account-ask-remove-passkey-note = Vous ne pourrez plus l’utiliser pour vous connecter. Supprimez-la aussi dans votre appareil ou votre gestionnaire de mots de passe : nous ne pouvons pas le faire pour vous.
account-ask-add-app = Ajouter une application d’authentification
account-ask-remove-app = Supprimer l’application d’authentification
account-ask-remove-app-note = Les codes qu’elle affiche ne fonctionneront plus ici.
account-ask-make-codes = Créer de nouveaux codes de secours
account-ask-make-codes-note = Vos codes actuels cesseront de fonctionner. Les nouveaux ne seront affichés qu’une fois.
account-ask-forget-device = Oublier l’appareil « { $name } »
account-ask-forget-device-note = Un code vous y sera de nouveau demandé.
account-ask-forget-devices = Oublier tous les appareils mémorisés
account-ask-forget-devices-note = Un code vous sera de nouveau demandé sur chacun d’eux.
account-ask-end-sessions = Se déconnecter partout ailleurs
account-ask-end-sessions-note = Il faudra se reconnecter dans tous les autres navigateurs, les services utilisés seront informés et les autres appareils ne seront plus mémorisés.
account-ask-dispute = Signaler que ce n’était pas vous
account-done-passkey-added = La clé d’accès a été ajoutée.
account-done-passkey-renamed = La clé d’accès porte son nouveau nom.
account-done-passkey-removed = La clé d’accès a été supprimée.
account-done-app-added = L’application d’authentification a été ajoutée.
account-done-app-removed = L’application d’authentification a été supprimée.
account-done-device-forgotten = L’appareil a été oublié.
account-done-devices-forgotten = Tous les appareils ont été oubliés.
account-done-session-ended = La session de ce navigateur est fermée.
account-done-sessions-ended = Les sessions de tous les autres navigateurs sont fermées.
account-done-gone = Rien n’a été modifié : ce que vous avez demandé n’existe plus.

### Espace personnel : connexions

account-sessions-title = Où vous êtes connecté(e)
account-sessions-lead = Si vous ne reconnaissez pas un navigateur, fermez-y la session.
account-this-browser = Ce navigateur
account-browser-unknown = Navigateur inconnu
account-others = Autres navigateurs
account-network = Réseau
account-signed-in = Connexion
account-services = Services
account-shared = Appareil partagé
account-end-session = Y fermer la session
account-end-sessions = Se déconnecter partout ailleurs
account-live-cut = Seuls les { $most } plus récents sont affichés. « Se déconnecter partout ailleurs » ferme aussi les autres sessions.
account-recent = Connexions récentes
account-recent-note = Celles des 30 derniers jours.
account-recent-cut = Seules les { $most } plus récentes des 30 derniers jours sont affichées.
account-still-open = Encore ouverte

### Espace personnel : données communiquées

account-releases-title = Ce que les services ont appris de vous
account-releases-lead = Quand vous vous connectez à un service, il apprend par nous certaines données de votre organisme. Cette liste les nomme sans les répéter.
account-releases-none = Aucun service n’a rien appris pendant cette période.
account-releases-cut = La liste et le reçu reposent sur vos { $most } connexions les plus récentes. Ce que des services ont appris auparavant n’y figure pas.
account-releases-kept = { $count ->
    [one] La liste remonte à { $count } jour.
   *[other] La liste remonte à { $count } jours.
}
account-told = Dernière fois
account-receipt = Télécharger le reçu
account-receipt-note = La liste sous forme de fichier JSON, pour vous ou pour un délégué à la protection des données.

### Espace personnel : ce n’était pas moi

account-dispute-lead = Signalez-le si quelqu’un d’autre s’est connecté à votre place ou a modifié quelque chose dans votre compte.
account-dispute-what = Ce qui se passera
account-dispute-sessions = Toutes vos sessions seront fermées, celle-ci aussi, et les services que vous avez utilisés seront informés.
account-dispute-factors = Vos clés d’accès, applications, codes et appareils mémorisés cesseront de fonctionner. Vous en configurerez de nouveaux à votre prochaine connexion.
account-dispute-keeps = Les appareils mémorisés seront oubliés. Vos clés d’accès, applications et codes resteront : pour qu’ils soient aussi supprimés, confirmez d’abord que c’est bien vous.
account-dispute-told = L’équipe de sécurité sera informée, et vous recevrez un courriel.
account-dispute-agency = Si quelqu’un connaît peut-être le mot de passe de votre organisme, changez-le aussi auprès de celui-ci.
account-dispute-confirm = Tout fermer et signaler
account-disputed-title = Votre signalement est arrivé
account-disputed-reset = Toutes vos sessions sont fermées, et vos clés d’accès, applications, codes et appareils ne comptent plus. L’équipe de sécurité est informée.
account-disputed-ended = Toutes vos sessions sont fermées, et l’équipe de sécurité est informée. Vos clés d’accès, applications et codes comptent encore.
account-disputed-now = Ce que vous devez faire maintenant
account-disputed-password = Changez votre mot de passe auprès de votre organisme.
account-disputed-desk = Prévenez le service d’assistance de votre organisme en indiquant la référence ci-dessous.
account-disputed-desk-reset = Demandez au service d’assistance de votre organisme de réinitialiser vos clés d’accès et vos codes, en indiquant la référence ci-dessous.
account-disputed-enrol = Reconnectez-vous et ajoutez une nouvelle clé d’accès.

### Seconde vérification

factor-title = Confirmez qu’il s’agit bien de vous
factor-lead = { $asker } demande une seconde vérification.
factor-lead-pass = { $asker } demande une seconde vérification, et vous n’en avez encore configuré aucune ici. Pour le faire, il vous faut un laissez-passer d’accès du service d’assistance de votre organisme.
factor-lead-wish = { $asker } souhaite une seconde vérification. Vous pouvez continuer sans elle, mais peut-être ne pourrez-vous alors pas tout y faire.
factor-without = Continuer sans cette vérification
factor-passkey-button = Utiliser votre clé d’accès
factor-passkey-hint = Avec votre empreinte digitale, votre visage, le verrouillage de l’écran ou une clé de sécurité
factor-passkey-sign-in = Se connecter avec une clé d’accès
factor-passkey-cancelled = Aucune clé d’accès n’a été utilisée : la demande a été annulée ou a pris trop de temps. Réessayez ou choisissez un autre moyen.
factor-passkey-unsupported = Ce navigateur ou cet appareil ne le permet pas. Essayez-en un autre ou choisissez un autre moyen.
factor-passkey-failed = Cela n’a pas fonctionné. Réessayez ou choisissez un autre moyen.
factor-passkey-busy = Les tentatives ont été trop nombreuses. Patientez quelques minutes, puis réessayez.
factor-code = Code de votre application d’authentification
factor-code-hint = Six chiffres ; l’application affiche un nouveau code toutes les 30 secondes.
factor-code-submit = Confirmer
factor-remember = { $count ->
    [one] Ne plus demander de code sur cet appareil pendant { $count } jour
   *[other] Ne plus demander de code sur cet appareil pendant { $count } jours
}
factor-remember-hint = Uniquement si personne d’autre n’utilise cet appareil.
factor-others = Je ne peux pas m’en servir maintenant
factor-recovery = Code de secours
factor-recovery-hint = L’un des codes qui vous ont été remis et que vous avez conservés. Chacun ne sert qu’une fois.
factor-recovery-submit = Utiliser ce code de secours
factor-pass = Laissez-passer d’accès
factor-pass-hint = Il est délivré par le service d’assistance de votre organisme et permet de configurer une nouvelle vérification.
factor-pass-submit = Utiliser ce laissez-passer
factor-help = Si vous n’avez rien de tout cela, adressez-vous au service d’assistance de votre organisme.
factor-wrong-code = Le code n’a pas été accepté. Saisissez le code que l’application affiche maintenant ; chaque code ne sert qu’une fois.
factor-wrong-recovery = Le code de secours n’a pas été accepté. Vérifiez votre saisie ou utilisez-en un autre ; chaque code ne sert qu’une fois.
factor-wrong-pass = Le laissez-passer d’accès n’a pas été accepté. Vérifiez votre saisie ou demandez-en un nouveau au service d’assistance.
factor-wrong-passkey = La clé d’accès n’a pas été acceptée. Réessayez ou choisissez un autre moyen.
factor-wrong-unknown-passkey = Cette clé d’accès n’est pas connue ici ; elle a peut-être été supprimée. Utilisez-en une autre ou choisissez un autre moyen.
factor-wrong-late = Cela a pris trop de temps. Réessayez.
factor-wrong-script = Une clé d’accès nécessite JavaScript, que votre navigateur n’a pas exécuté. Activez-le ou choisissez un autre moyen.

### Configuration d’une seconde vérification

enrol-title = Configurez une seconde vérification
enrol-lead = { $asker } demande une seconde vérification, et vous n’en avez encore aucune ici. La configuration prend environ une minute.
enrol-lead-optional = { $asker } recommande une seconde vérification. Ainsi, votre mot de passe ne suffit plus pour se connecter à votre place.
enrol-lead-passkey = { $asker } demande une clé d’accès, et vous n’en avez encore aucune ici. Votre appareil demandera votre empreinte digitale, votre visage ou le verrouillage de l’écran.
enrol-advised = Recommandé
enrol-choice-passkey = Clé d’accès
enrol-choice-passkey-hint = Connectez-vous avec votre empreinte digitale, votre visage ou le verrouillage de l’écran. Il n’y a rien à saisir.
enrol-choice-app = Application d’authentification
enrol-choice-app-hint = Une application de votre téléphone affiche un nouveau code à six chiffres toutes les 30 secondes.
enrol-later = Pas maintenant
enrol-passkey-title = Créez une clé d’accès
enrol-passkey-lead = Votre appareil demandera votre empreinte digitale, votre visage ou le verrouillage de l’écran. Ces données ne quittent jamais votre appareil.
enrol-passkey-name = Nom de la clé d’accès
enrol-passkey-name-hint = Pour distinguer vos clés d’accès plus tard.
enrol-passkey-submit = Créer la clé d’accès
enrol-passkey-misnamed = Saisissez un nom plus court, sur une seule ligne.
enrol-passkey-refused = La clé d’accès n’a pas été acceptée. Réessayez ou choisissez un autre moyen.
enrol-passkey-not-allowed = Votre organisme n’accepte pas les clés d’accès de ce type. Utilisez un autre appareil ou une autre clé de sécurité.
enrol-passkey-known = Cet appareil possède déjà une clé d’accès pour votre compte.
enrol-passkey-elsewhere = Si cet appareil n’est pas le vôtre, choisissez votre propre téléphone ou une clé de sécurité lorsque le navigateur demande où conserver la clé d’accès.
enrol-passkey-instead = Créer plutôt une clé d’accès
enrol-app-instead = Utiliser plutôt une application d’authentification
enrol-app-title = Configurez votre application d’authentification
enrol-app-install = Ouvrez une application d’authentification sur votre téléphone. Si vous n’en avez pas, téléchargez-en une depuis la boutique d’applications.
enrol-app-scan = Scannez ce code QR avec l’application.
enrol-app-add = Ajoutez un compte dans l’application.
enrol-app-here = Ouvrir l’application sur cet appareil
enrol-app-qr = Code QR pour l’application d’authentification
enrol-app-typed = Je ne peux pas le scanner
enrol-app-typed-hint = Saisissez cette clé dans l’application. Vous pouvez omettre les espaces.
enrol-app-code = Saisissez le code à six chiffres que l’application affiche maintenant.
enrol-app-submit = Confirmer
enrol-app-wrong = Le code n’a pas été accepté. Saisissez le code que l’application affiche maintenant et vérifiez que l’heure de votre téléphone est exacte.

codes-title = Conservez vos codes de secours
codes-lead = Si vous perdez votre téléphone ou votre clé d’accès, un code vous permet d’entrer. Chacun ne sert qu’une fois.
codes-list = Vos codes de secours
codes-copy = Sélectionnez la liste pour copier tous les codes à la fois.
codes-advice = Ces codes ne seront plus affichés. Imprimez-les ou notez-les, et gardez-les là où personne d’autre ne les trouvera.
codes-kept = J’ai conservé mes codes

### Ordinateurs partagés

shared-ask = Est-ce un ordinateur partagé ?
shared-yes = Me déconnecter à la fermeture du navigateur
shared-on = Ordinateur partagé : vous serez déconnecté(e) à la fermeture du navigateur, et votre organisme ne sera pas mémorisé.
shared-off = Il n’est pas partagé
shared-label = Cet ordinateur est partagé
shared-hint = Vous serez déconnecté(e) à la fermeture du navigateur.
