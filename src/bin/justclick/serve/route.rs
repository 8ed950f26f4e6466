//! A route: who may send on it, and how its payload becomes a lead.

use std::collections::BTreeMap;

use hyper::HeaderMap;
use justclick::{Error, ErrorKind, Lead};

use super::marks;
use super::payload::Payload;
use super::preset;
use super::secret_token::SecretToken;
use super::settings::{PageSettings, RouteSettings, Sources};
use super::signature::Signature;
use super::source::Source;

/// A route as it is used.
pub struct Route {
    pub name: String,
    pub token: Option<SecretToken>,
    signature: Option<Signature>,
    groups: Vec<String>,
    fixed: BTreeMap<String, String>,
    fields: Vec<(String, Sources, Vec<Source>)>,
    marks: Vec<Source>,
    key: Vec<Source>,
    test: Vec<(Source, String)>,
    pub page: Option<PageSettings>,
}

/// What a payload came to.
pub struct Mapped {
    pub lead: Lead,
    /// The lead without the marks of the page's address, where it had some.
    pub plain: Option<Lead>,
    pub key: Option<String>,
}

impl Route {
    pub fn new(settings: RouteSettings) -> Result<Route, String> {
        let name = settings.name.clone().or_else(|| settings.preset.clone());
        let name = name.ok_or("a [[route]] has neither a name nor a preset")?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if name.is_empty() || !name.bytes().all(is_plain) {
            return Err("a [[route]]'s name is made of letters, digits, - and _".to_owned());
        }
        Route::checked(&name, settings).map_err(|why| format!("route {name}: {why}"))
    }

    fn checked(name: &str, settings: RouteSettings) -> Result<Route, String> {
        let settings = match &settings.preset {
            Some(preset) => {
                preset::named(preset).map(|preset| settings.clone().based_on(preset))?
            }
            None => settings,
        };
        let token = settings
            .token
            .as_deref()
            .map(SecretToken::new)
            .transpose()?;
        let signature = settings.hmac.map(Signature::new).transpose()?;
        if token.is_none() && signature.is_none() {
            return Err("it needs a token or an hmac, else anybody could add leads".to_owned());
        }
        let mut fields = Vec::new();
        for (field, sources) in settings.fields {
            check_field(&field)?;
            let places = places(Some(&sources))?;
            fields.push((field, sources, places));
        }
        let place = |(source, value): (String, String)| Ok((Source::parse(&source)?, value));
        let test: Result<Vec<_>, String> = settings.test.into_iter().map(place).collect();
        let route = Route {
            name: name.to_owned(),
            token,
            signature,
            groups: settings.groups,
            fixed: settings.fixed,
            fields,
            marks: places(settings.marks.as_ref())?,
            key: places(settings.key.as_ref())?,
            test: test?,
            page: settings.page,
        };
        if route.groups.is_empty() {
            return Err("it has no groups = [\"…\"]".to_owned());
        }
        route.base().map_err(|error| error.message().to_owned())?;
        for input in route.page.iter().flat_map(|page| &page.inputs) {
            check_field(&input.field)?;
        }
        Ok(route)
    }

    /// # Errors
    /// Why the sender is not believed.
    pub fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), &'static str> {
        match &self.signature {
            Some(signature) => signature.check(headers, body),
            None => Ok(()),
        }
    }

    /// Whether the sender only tries the address.
    pub fn is_test(&self, payload: &Payload) -> bool {
        let is_sent =
            |(source, value): &(Source, String)| payload.find(source).as_ref() == Some(value);
        !self.test.is_empty() && self.test.iter().all(is_sent)
    }

    /// # Errors
    /// The rule of the library that a value breaks.
    pub fn map(&self, payload: &Payload) -> Result<Mapped, Error> {
        let mut lead = self.base()?;
        let mut taken: Vec<&str> = self.fixed.keys().map(String::as_str).collect();
        for (field, _, places) in &self.fields {
            if self.fixed.contains_key(field) {
                continue;
            }
            // A form's visitor cannot mend the marks of an address.
            if self.page.is_some() && marks::is_mark(field) {
                continue;
            }
            if let Some(value) = payload.first(places) {
                lead.set(field, value)?;
                taken.push(field);
            }
        }
        let mut marked = lead.clone();
        let mut has_marks = false;
        for (field, value) in self.marks(payload) {
            if !taken.contains(&field) && marked.set(field, value).is_ok() {
                has_marks = true;
            }
        }
        Ok(Mapped {
            plain: has_marks.then_some(lead),
            lead: marked,
            key: (payload.first(&self.key)).map(|key| format!("{}:{key}", self.name)),
        })
    }

    /// The same mark may stand in several places, of which the first counts: a field of its own, then the
    /// addresses.
    fn marks(&self, payload: &Payload) -> Vec<(&str, String)> {
        let own = self.fields.iter().filter(|(field, _, _)| {
            self.page.is_some() && marks::is_mark(field) && !self.fixed.contains_key(field)
        });
        let mut marks: Vec<(&str, String)> = own
            .filter_map(|(field, _, places)| Some((field.as_str(), payload.first(places)?)))
            .collect();
        let texts = self.marks.iter().filter_map(|source| payload.find(source));
        for (field, value) in texts.flat_map(|text| marks::found_in(&text)) {
            if !marks.iter().any(|(known, _)| *known == field) {
                marks.push((field, value));
            }
        }
        marks
    }

    /// What a payload has, by the service's names, whether or not it can be sent.
    pub fn values(&self, payload: &Payload) -> Vec<(&str, String)> {
        let fields = (self.fields.iter())
            .filter(|(field, _, _)| !self.fixed.contains_key(field))
            .filter_map(|(field, _, places)| Some((field.as_str(), payload.first(places)?)));
        let mut values: Vec<(&str, String)> = fields.collect();
        for (field, value) in self.marks(payload) {
            if !values.iter().any(|(known, _)| *known == field) {
                values.push((field, value));
            }
        }
        values
    }

    /// How the route's own form calls a field.
    pub fn input_name<'a>(&'a self, field: &'a str) -> &'a str {
        let named = self.fields.iter().find(|(known, _, _)| known == field);
        let places = named.map_or(&[][..], |(_, _, places)| places);
        let name = places.iter().find_map(|place| match place {
            Source::Name(name) => Some(name.as_str()),
            _ => None,
        });
        name.unwrap_or(field)
    }

    /// Where the route looks for the field that a message of the library names.
    pub fn places_of(&self, message: &str) -> Option<String> {
        let is_named =
            |(field, _, _): &&(String, Sources, Vec<Source>)| message.contains(field.as_str());
        let (field, sources, _) = self.fields.iter().find(is_named)?;
        Some(format!(
            "{field} is taken from {}",
            sources.as_slice().join(", ")
        ))
    }

    fn base(&self) -> Result<Lead, Error> {
        let mut lead = Lead::new();
        for group in &self.groups {
            lead.add_group(group)?;
        }
        for (field, value) in &self.fixed {
            lead.set(field, value)?;
        }
        Ok(lead)
    }
}

fn places(sources: Option<&Sources>) -> Result<Vec<Source>, String> {
    let sources = sources.map(Sources::as_slice).unwrap_or_default();
    sources.iter().map(|source| Source::parse(source)).collect()
}

/// Groups stand in the configuration alone, so that a visitor cannot choose them.
fn check_field(field: &str) -> Result<(), String> {
    if field.starts_with("rid") {
        return Err("groups do not come from the payload; write groups = [\"…\"]".to_owned());
    }
    match Lead::new().set(field, "") {
        Err(error) if error.kind() == ErrorKind::UnknownName => Err(error.message().to_owned()),
        _ => Ok(()),
    }
}
