<?php

// Installs WordPress with a page that holds the form. The arguments are the site's folder and the
// password of its owner.

declare(strict_types=1);

define('WP_INSTALLING', true);
[, $folder, $password] = $argv;

/** In place of WordPress' own, which sends a mail. */
function wp_new_blog_notification(): void
{
}

require "{$folder}/wp-load.php";
require "{$folder}/wp-admin/includes/upgrade.php";

wp_install('A site', 'owner', 'owner@example.org', true, '', $password);
$page = ['post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'News', 'post_name' => 'subscribe'];
wp_insert_post($page + ['post_content' => "<!-- wp:shortcode -->\n[justclick_form]\n<!-- /wp:shortcode -->"]);
