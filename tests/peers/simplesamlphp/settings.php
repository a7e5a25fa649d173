<?php
// What the test wants of this identity provider now: read anew with each request, so that a test can
// change its mind while the server runs.
$settings = json_decode(file_get_contents(getenv('LP_SETTINGS')), true, 512, JSON_THROW_ON_ERROR);
