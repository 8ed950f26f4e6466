//! What the help of `justclick serve` says of its file.

pub const AFTER: &str = "\
The file that --config names holds the bridge as well:

    [serve]
    listen = \"127.0.0.1:8787\"
    outbox = \"/var/lib/justclick/leads.db\"
    token = \"…\"          # opens http://127.0.0.1:8787/status

    [[route]]
    preset = \"tilda\"     # or zapier, make, typeform, elementor, cf7
    token = \"…\"          # the address is http://127.0.0.1:8787/hook/TOKEN
    groups = [\"super\"]

It stays until SIGTERM or Ctrl-C. Tokens are made with: openssl rand -hex 24";
