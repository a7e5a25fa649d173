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
letter-disputed-lead = On nous a signalé qu’une autre personne que vous utilisait votre compte. Toutes les sessions ont été fermées, toutes les méthodes de connexion ont été retirées et l’équipe de sécurité a été avertie.
letter-disputed-advice = Changez votre mot de passe auprès de votre organisme, puis reconnectez-vous pour configurer de nouvelles méthodes de connexion.
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
letter-not-you-report = Signalez-le sans attendre. Cela ferme toutes les sessions de votre compte, retire ses méthodes de connexion et avertit l’équipe de sécurité.
letter-not-you-reported = Si ce n’est pas vous qui avez fait ce signalement, adressez-vous au service d’assistance de votre organisme en indiquant la référence ci-dessus.
letter-support = Si vous ne parvenez pas à vous connecter, écrivez à { $support }.
letter-foot = { $product } envoie cette lettre chaque fois qu’un élément important de votre compte change. Nous ne demandons jamais de mot de passe ni de code par courriel.
letter-doubt = Si vous doutez de l’authenticité de cette lettre, ne sélectionnez aucun de ses liens : saisissez vous-même l’adresse dans votre navigateur.
