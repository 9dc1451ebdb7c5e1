//! The sysctls that a host writes at boot.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The contents of `/etc/sysctl.d/`: full names of sysctls, such as `net.ipv4.tcp_tw_recycle`, with the text that is
/// written to each at boot, in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SysctlFile(BTreeMap<String, String>);

impl SysctlFile {
    /// A file without lines.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Whether it has no lines.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value that is written to `key`.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Sets the line of `key`, in place of the one that it had.
    pub fn insert(&mut self, key: String, value: String) {
        self.0.insert(key, value);
    }

    /// Removes the line of `key`.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// The lines, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl FromIterator<(String, String)> for SysctlFile {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(lines: T) -> Self {
        Self(lines.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::SysctlFile;

    fn file(lines: &[(&str, &str)]) -> SysctlFile {
        lines.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_lines_are_in_order_and_the_last_of_one_name_counts() {
        let mut file = file(&[("b", "1"), ("a", "2"), ("c", "3"), ("b", "4")]);
        assert_eq!(file.iter().collect::<Vec<_>>(), [("a", "2"), ("b", "4"), ("c", "3")]);
        assert_eq!((file.value("b"), file.value("d")), (Some("4"), None));
        file.remove("a");
        assert_eq!(serde_json::to_string(&file).unwrap(), r#"{"b":"4","c":"3"}"#);
    }

    #[test]
    fn it_is_read_from_a_map_in_any_order() {
        let read: SysctlFile = serde_json::from_str(r#"{"b":"1","a":"2","b":"3"}"#).unwrap();
        assert_eq!(read, file(&[("a", "2"), ("b", "3")]));
        assert!(serde_json::from_str::<SysctlFile>("{}").unwrap().is_empty());
    }
}
