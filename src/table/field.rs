//! The fields of a lead: the parameters of `AddLeadToGroup` in the order of the service's documentation.
//!
//! A plain table without dependencies: the core encodes by it, and `build.rs` writes a macro of
//! the C header for each row.

/// One field of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The service's own name, as its documentation writes it: `utm[utm_source]`.
    pub name: &'static str,
    /// What stands before its value in a query string: `&utm%5Butm_source%5D=`.
    pub query_prefix: &'static str,
    /// A short name for languages with identifiers: `utm_source`.
    pub short: &'static str,
    /// What the service does with it.
    pub meaning: &'static str,
}

macro_rules! fields {
    ($($constant:ident $name:literal $query_prefix:literal $short:literal $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $constant: &str = $name;)*
        /// Every field but the groups (`rid[0]`, `rid[1]`, …), in the order in which a lead is written.
        pub const FIELDS: &[Field] = &[$(Field {
            name: $name,
            query_prefix: $query_prefix,
            short: $short,
            meaning: $meaning,
        }),*];
    };
}

fields! {
    NAME "lead_name" "&lead_name=" "name" "The contact's name; where it is empty, the service says \"Dear Friend\".";
    EMAIL "lead_email" "&lead_email=" "email" "The contact's e-mail address; always needed.";
    PHONE "lead_phone" "&lead_phone=" "phone" "The contact's telephone number.";
    CITY "lead_city" "&lead_city=" "city" "The contact's city.";
    TAG "tag" "&tag=" "tag" "Any label to mark the contact with.";
    DONEURL2 "doneurl2" "&doneurl2=" "doneurl2" "The page where the contact lands after confirming.";
    ACTIVATION "activation" "&activation=" "activation" "\"1\": the contact must confirm by mail; \"0\": need not.";
    UTM_MEDIUM "utm[utm_medium]" "&utm%5Butm_medium%5D=" "utm_medium" "Where the contact came from: the medium; \"affiliate\" for a contact that a partner sent.";
    UTM_SOURCE "utm[utm_source]" "&utm%5Butm_source%5D=" "utm_source" "The source; with the medium \"affiliate\", the partner's login.";
    UTM_CAMPAIGN "utm[utm_campaign]" "&utm%5Butm_campaign%5D=" "utm_campaign" "The campaign.";
    UTM_CONTENT "utm[utm_content]" "&utm%5Butm_content%5D=" "utm_content" "The content.";
    UTM_TERM "utm[utm_term]" "&utm%5Butm_term%5D=" "utm_term" "The term.";
    AFF_MEDIUM "utm[aff_medium]" "&utm%5Baff_medium%5D=" "aff_medium" "The medium, shown in the partner's cabinet only.";
    AFF_SOURCE "utm[aff_source]" "&utm%5Baff_source%5D=" "aff_source" "The source, shown in the partner's cabinet only.";
    AFF_CAMPAIGN "utm[aff_campaign]" "&utm%5Baff_campaign%5D=" "aff_campaign" "The campaign, shown in the partner's cabinet only.";
    AFF_CONTENT "utm[aff_content]" "&utm%5Baff_content%5D=" "aff_content" "The content, shown in the partner's cabinet only.";
    AFF_TERM "utm[aff_term]" "&utm%5Baff_term%5D=" "aff_term" "The term, shown in the partner's cabinet only.";
    AFF "aff" "&aff=" "aff" "The older form of the partner's mark.";
    AD "ad" "&ad=" "ad" "The older form of the advertisement's mark.";
}
