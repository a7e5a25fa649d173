<?php
require dirname(__DIR__) . '/settings.php';
foreach ($settings['service_providers'] as $file) {
    foreach (\SimpleSAML\Metadata\SAMLParser::parseDescriptorsFile($file) as $entity => $parsed) {
        $metadata[$entity] = $settings['towards'] + $parsed->getMetadata20SP();
    }
}
