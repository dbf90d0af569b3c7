//! Which fields of a record are what.

use serde::{Deserialize, Serialize};

/// Names of fields. A name that starts with `/` is a JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InputSettings {
    /// The text to clean.
    pub text_field: String,
    /// What names a record.
    pub id_field: String,
    /// The headline.
    pub title_field: String,
    /// The address.
    pub url_field: String,
    /// The site; where there is none, the host of the address is the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_field: Option<String>,
    /// The date that `keep earliest` and `latest` compare.
    pub date_field: String,
}

impl Default for InputSettings {
    fn default() -> Self {
        Self {
            text_field: "text".into(),
            id_field: "id".into(),
            title_field: "title".into(),
            url_field: "url".into(),
            site_field: None,
            date_field: "date".into(),
        }
    }
}
