<?php

// Registers a user. The arguments are the site's folder, the login and the address.

declare(strict_types=1);

[, $folder, $login, $email] = $argv;
require "{$folder}/wp-load.php";

$user = wp_insert_user(['user_login' => $login, 'user_pass' => 'x', 'user_email' => $email, 'display_name' => $login]);
if (is_wp_error($user)) {
    echo $user->get_error_message(), "\n";
    exit(1);
}
