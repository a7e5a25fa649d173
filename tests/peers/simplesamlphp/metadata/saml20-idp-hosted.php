<?php
require dirname(__DIR__) . '/settings.php';
$bindings = [
    'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
    'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
];
$metadata[$settings['base'] . '/idp'] = $settings['identity_provider'] + [
    'host' => '__DEFAULT__',
    'privatekey' => $settings['key'],
    'certificate' => $settings['certificate'],
    'auth' => 'people',
    'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
    'NameIDFormat' => [
        'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
        'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
        'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    ],
    'saml20.sign.response' => true,
    'saml20.sign.assertion' => true,
    'redirect.sign' => true,
    'sign.logout' => true,
    'redirect.validate' => true,
    'validate.logout' => true,
    'validate.authnrequest' => true,
    'sharedkey_algorithm' => 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    'SingleSignOnServiceBinding' => $bindings,
    'SingleLogoutServiceBinding' => $bindings,
    'authproc' => [
        10 => ['class' => 'saml:PersistentNameID', 'attribute' => 'uid'],
        11 => ['class' => 'saml:TransientNameID'],
        12 => [
            'class' => 'saml:AttributeNameID',
            'attribute' => 'mail',
            'Format' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
        ],
        50 => ['class' => 'core:AttributeMap', 'name2oid'],
    ] + (!isset($settings['context']) ? [] : [
        60 => ['class' => 'saml:AuthnContextClassRef', 'AuthnContextClassRef' => $settings['context']],
    ]),
];
