<?php
require __DIR__ . '/settings.php';
$people = [];
foreach ($settings['people'] as $name => $person) {
    $people[$name . ':' . $person['password']] =
        ['uid' => [$name]] + array_map(fn ($values) => (array) $values, $person['attributes']);
}
$config = ['people' => ['exampleauth:UserPass'] + $people];
