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
        .args(["outbox", "status"])
        .arg(site.path("leads.db"))
        .arg("--config")
        .arg(site.path("bridge.toml"))
        .output()
        .expect("the command");
    let said = String::from_utf8_lossy(&status.stderr);
    assert!(status.status.success(), "{said}");
}
