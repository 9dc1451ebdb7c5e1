//! The sysctls that this model obeys: the facts of each ([`SysctlRow`]) and the values of one kernel ([`Sysctls`]).

mod row;
mod rows;

use core::fmt;

use crate::kernel_version::Profile;

pub use self::row::{Control, ControlForm, SysctlRow, SysctlScope};
pub use self::rows::Sysctls;

/// Why a value could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SysctlError {
    /// This kernel has no such key (or this model does not know it).
    NoSuchKey,
    /// The text is not a value of this key.
    InvalidValue,
}

impl fmt::Display for SysctlError {
    /// In the system's words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchKey => "No such file or directory",
            Self::InvalidValue => "Invalid argument",
        })
    }
}

impl Sysctls {
    /// Writes `value` to `key`, as `sysctl -w` does.
    ///
    /// # Errors
    /// When `profile` has no such key, or does not allow the value.
    pub fn write(&mut self, profile: &Profile, key: &str, value: &str) -> Result<(), SysctlError> {
        let row = row(profile, key).ok_or(SysctlError::NoSuchKey)?;
        self.set(key, value, (row.minimum, (row.maximum)(profile))).ok_or(SysctlError::InvalidValue)
    }

    /// The value of `key` as `sysctl -n` prints it; `None` where `profile` has no such key.
    pub fn read(&self, profile: &Profile, key: &str) -> Option<String> {
        row(profile, key).and_then(|row| self.print(row.key))
    }

    /// Every sysctl that a kernel of this profile has, with its value, as `sysctl -a` prints them.
    pub fn all(&self, profile: &Profile) -> impl Iterator<Item = (&'static str, String)> {
        let existing = Self::ROWS.iter().filter(|row| (row.exists)(profile));
        existing.filter_map(|row| Some((row.key, self.print(row.key)?)))
    }
}

/// The row of `key`, where a kernel of this profile has it.
pub fn row(profile: &Profile, key: &str) -> Option<&'static SysctlRow> {
    Sysctls::ROWS.iter().find(|row| row.key == key && (row.exists)(profile))
}

/// Whether a kernel of this profile has `key`.
pub fn exists(profile: &Profile, key: &str) -> bool {
    row(profile, key).is_some()
}

#[cfg(test)]
mod tests {
    use super::{SysctlError, SysctlScope, Sysctls, row};
    use crate::kernel_version::KernelVersion;

    fn write(version: KernelVersion, key: &str, value: &str) -> Result<(), SysctlError> {
        let profile = version.profile();
        Sysctls::defaults(profile).write(profile, key, value)
    }

    #[test]
    fn a_key_that_a_kernel_lacks_is_refused_as_the_system_refuses_it() {
        assert_eq!(write(KernelVersion::V4_11, "net.ipv4.tcp_tw_recycle", "1"), Ok(()));
        let error = write(KernelVersion::V4_12, "net.ipv4.tcp_tw_recycle", "0").unwrap_err();
        assert_eq!(error.to_string(), "No such file or directory");
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        assert_eq!(write(KernelVersion::V6_18, "net.ipv4.tcp_tw_reuse", "3"), Err(SysctlError::InvalidValue));
        assert_eq!(write(KernelVersion::V4_9, "net.ipv4.tcp_tw_reuse", "3"), Ok(()));
        assert_eq!(write(KernelVersion::V6_18, "net.ipv4.tcp_tw_reuse_delay", "0"), Err(SysctlError::InvalidValue));
        let range = "net.ipv4.ip_local_port_range";
        for wrong in ["61000 50000", "0 50000", "50000", "1 2 3", "50000 65536"] {
            assert_eq!(write(KernelVersion::V4_9, range, wrong), Err(SysctlError::InvalidValue), "{wrong}");
        }
        assert_eq!(write(KernelVersion::V4_9, range, "50010 50010"), Ok(()));
    }

    #[test]
    fn every_sysctl_of_a_kernel_takes_its_own_default() {
        for version in KernelVersion::ALL {
            let profile = version.profile();
            let mut sysctls = Sysctls::defaults(profile);
            let all: Vec<_> = sysctls.all(profile).collect();
            for (key, value) in all {
                assert_eq!(sysctls.write(profile, key, &value), Ok(()), "{version}: {key} = {value}");
                assert_eq!((row(profile, key).unwrap().default)(profile), value, "{version}: {key}");
            }
            assert_eq!(sysctls, Sysctls::defaults(profile), "{version}");
        }
    }

    /// R11 stands in the profile and in two rows.
    #[test]
    fn recycle_and_reuse_belong_to_a_namespace_where_the_profile_says_so() {
        for version in KernelVersion::ALL {
            let profile = version.profile();
            let keys = ["net.ipv4.tcp_tw_recycle", "net.ipv4.tcp_tw_reuse"];
            for row in keys.into_iter().filter_map(|key| row(profile, key)) {
                assert_eq!(
                    row.scope(version) == SysctlScope::Namespace,
                    profile.per_namespace,
                    "{version}: {}",
                    row.key
                );
            }
        }
    }
}
