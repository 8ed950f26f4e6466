<?php

declare(strict_types=1);

require dirname(__DIR__, 3) . '/bindings/php/tests/bootstrap.php';

foreach (['WordPress', 'Subscribers'] as $class) {
    require __DIR__ . "/{$class}.php";
}
