<?php

// Dies between its order and the commit, after it printed how many leads its transaction sees.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Lead;
use JustClick\Outbox;

require __DIR__ . '/../bootstrap.php';

$pdo = new PDO((string) getenv('DSN'), getenv('USER_NAME') ?: null, '');
$outbox = new Outbox(':memory:', new Client('username', 'secret', ['base_url' => 'http://127.0.0.1:1']));
$pdo->beginTransaction();
$pdo->exec("insert into orders values ('hat')");
$outbox->addWithin($pdo, new Lead('a@b.ru', ['super']));
$seen = $pdo->query('select count(*) from justclick_outbox');
echo $seen === false ? '' : $seen->fetchColumn();
posix_kill(posix_getpid(), SIGKILL);
