//! A configuration that cannot be is refused at the start, with what to do.

use super::bridge::{Site, TOKEN};

fn refused(routes: &str) -> String {
    let (code, said) = Site::new(routes).refused();
    assert_eq!(code, Some(2), "{said}");
    assert!(!said.contains(TOKEN), "{said}");
    said
}

#[test]
fn wrong_routes_are_refused() {
    let token = format!("token = \"{TOKEN}\"\n");
    let groups = "groups = [\"super\"]\n";
    let route = |rest: &str| format!("[[route]]\nname = \"shop\"\n{rest}\n");
    let cases = [
        (String::new(), "no [[route]]"),
        (route(groups), "a token or an hmac"),
        (route(&token), "no groups"),
        (route(&format!("{groups}token = \"short\"")), "openssl rand"),
        (
            route(&format!("{groups}{token}preset = \"tidla\"")),
            "tilda",
        ),
        (route(&format!("{groups}{token}tokn = 1")), "unknown field"),
        (
            route(&format!("{groups}{token}fields = {{ lead_emial = \"a\" }}")),
            "lead_email",
        ),
        (
            route(&format!("{groups}{token}fields = {{ \"rid[0]\" = \"a\" }}")),
            "groups",
        ),
        (
            route(&format!(
                "{groups}{token}fixed = {{ activation = \"perhaps\" }}"
            )),
            "activation",
        ),
        (
            route(&format!("{groups}hmac = {{ secret = \"s\" }}")),
            "the header is missing",
        ),
        (
            route(&format!("{groups}{token}")).repeat(2),
            "the same name",
        ),
    ];
    for (routes, said) in cases {
        let told = refused(&routes);
        assert!(told.contains(said), "{said}: {told}");
    }
}

#[test]
fn the_file_s_other_tasks_do_not_mind_the_bridge() {
    let site = Site::new(&super::bridge::route("tilda"));
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_justclick"))
        .args(["outbox", "init"])
        .arg(site.path("leads.db"))
        .arg("--config")
        .arg(site.path("bridge.toml"))
        .output()
        .expect("the command");
    let said = String::from_utf8_lossy(&status.stderr);
    assert!(status.status.success(), "{said}");
}

#[test]
fn the_sample_is_accepted_and_names_every_preset() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let sample =
        std::fs::read_to_string(root.join("examples/serve/bridge.toml")).expect("the sample");
    let presets = std::fs::read_to_string(root.join("src/bin/justclick/serve/presets.toml"));
    for line in presets.expect("the presets").lines() {
        let name = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(name) = name.filter(|name| !name.contains('.')) {
            assert!(sample.contains(&format!("preset = \"{name}\"")), "{name}");
        }
    }
    let site = Site::new("");
    let path = site.path("leads.db");
    let text = sample
        .replace(
            "/var/lib/justclick/leads.db",
            path.to_str().expect("a path"),
        )
        .replace("127.0.0.1:8787", "127.0.0.1:0");
    std::fs::write(site.path("bridge.toml"), text).expect("a file");
    assert_eq!(site.start().stop(), Some(0));
}
