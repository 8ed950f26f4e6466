//! What the configuration says of the bridge: the parts `[serve]` and `[[route]]`.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use serde::Deserialize;

/// The part `[serve]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServeSettings {
    #[serde(default = "loopback")]
    pub listen: SocketAddr,
    /// Where leads are kept, as `justclick deliver` names it.
    pub outbox: String,
    /// Opens the status page. There is none without it.
    pub token: Option<String>,
    #[serde(default = "in_flight")]
    pub in_flight: u32,
    #[serde(default = "connections")]
    pub connections: usize,
}

fn loopback() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 8787).into()
}

fn in_flight() -> u32 {
    4
}

fn connections() -> usize {
    512
}

/// A part `[[route]]`, and a preset, which a route takes what it lacks from.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteSettings {
    pub name: Option<String>,
    pub preset: Option<String>,
    /// The path's last part: `/hook/TOKEN`.
    pub token: Option<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    /// Values that are the same for all leads, by the service's names.
    #[serde(default)]
    pub fixed: BTreeMap<String, String>,
    /// Where the payload has a value, by the service's names.
    #[serde(default)]
    pub fields: BTreeMap<String, Sources>,
    /// Where the payload has the page's address or cookies, which hold utm marks.
    pub marks: Option<Sources>,
    /// What tells a lead from others, so that a repeat counts once.
    pub key: Option<Sources>,
    /// Values of a request that only tries the address. It is no lead.
    #[serde(default)]
    pub test: BTreeMap<String, String>,
    pub hmac: Option<HmacSettings>,
    /// Browsers send it: they are answered with pages.
    pub page: Option<PageSettings>,
}

/// The pages of a subscription form. What is not said is in English.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageSettings {
    pub lang: String,
    pub title: String,
    pub text: String,
    pub inputs: Vec<InputSettings>,
    pub button: String,
    /// Above a form with a value that cannot be right, and beside that.
    pub wrong: String,
    /// Where the visitor goes afterwards, in place of the page of these two.
    pub done: Option<String>,
    pub done_title: String,
    pub done_text: String,
    /// For who waits already to be sent, and for whom the service had before.
    pub again_text: String,
    pub later_text: String,
}

/// A field that the visitor fills in.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSettings {
    /// The service's name, such as lead_email.
    pub field: String,
    pub label: String,
    /// Beside a value that cannot be right, in place of the page's own word.
    pub wrong: Option<String>,
}

impl InputSettings {
    pub fn wrong_text<'a>(&'a self, page: &'a PageSettings) -> &'a str {
        self.wrong.as_deref().unwrap_or(&page.wrong)
    }
}

impl Default for PageSettings {
    fn default() -> PageSettings {
        let input = |field: &str, label: &str, wrong: Option<&str>| InputSettings {
            field: field.to_owned(),
            label: label.to_owned(),
            wrong: wrong.map(str::to_owned),
        };
        let address = "Please write an address such as name@example.com.";
        PageSettings {
            lang: "en".to_owned(),
            title: "Our news by mail".to_owned(),
            text: String::new(),
            inputs: vec![
                input("lead_name", "Name", None),
                input("lead_email", "E-mail", Some(address)),
            ],
            button: "Subscribe".to_owned(),
            wrong: "Please correct this.".to_owned(),
            done: None,
            done_title: "Thank you!".to_owned(),
            done_text: "Please look into your mail.".to_owned(),
            again_text: "We have your address already.".to_owned(),
            later_text: "We cannot take subscriptions at the moment. Please try again later."
                .to_owned(),
        }
    }
}

/// One place or several, of which the first that has a value counts.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum Sources {
    One(String),
    Several(Vec<String>),
}

impl Sources {
    pub fn as_slice(&self) -> &[String] {
        match self {
            Sources::One(source) => std::slice::from_ref(source),
            Sources::Several(sources) => sources,
        }
    }
}

/// How a sender signs the body.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HmacSettings {
    pub secret: Option<String>,
    pub header: Option<String>,
    pub encoding: Option<Encoding>,
    pub prefix: Option<String>,
    /// The header with the time in seconds since 1970. The signature is then that of `TIME.BODY`.
    pub timestamp: Option<String>,
    pub window_seconds: Option<u64>,
}

/// How the signature is written.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    Hex,
    Base64,
}

impl RouteSettings {
    /// The route, with what it does not say itself taken from the preset.
    pub fn based_on(mut self, preset: RouteSettings) -> RouteSettings {
        for (name, sources) in preset.fields {
            self.fields.entry(name).or_insert(sources);
        }
        for (name, value) in preset.fixed {
            self.fixed.entry(name).or_insert(value);
        }
        self.marks = self.marks.or(preset.marks);
        self.key = self.key.or(preset.key);
        self.page = self.page.or(preset.page);
        if self.test.is_empty() {
            self.test = preset.test;
        }
        // A preset says how a signature looks; whether there is one is the route's word.
        if let (Some(own), Some(preset)) = (&mut self.hmac, preset.hmac) {
            own.header = own.header.take().or(preset.header);
            own.encoding = own.encoding.or(preset.encoding);
            own.prefix = own.prefix.take().or(preset.prefix);
            own.timestamp = own.timestamp.take().or(preset.timestamp);
            own.window_seconds = own.window_seconds.or(preset.window_seconds);
        }
        self
    }
}
