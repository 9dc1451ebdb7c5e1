//! The sysctls of the server that the page has a control for: the rows of `sim_core::sysctl` with a control.

use sim_core::kernel_version::KernelVersion;
use sim_core::sysctl::{Control, ControlForm, SysctlRow, Sysctls};

/// One of them, by the short name of its control. A new one is a control in the row of its sysctl.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(&'static str);

/// A value for each key, in the order of [`Key::all`].
pub type Values = [Option<u8>; Key::COUNT];

impl Key {
    /// `net.ipv4.tcp_tw_recycle`.
    pub const RECYCLE: Self = Self("recycle");
    /// `net.ipv4.tcp_tw_reuse`.
    pub const REUSE: Self = Self("reuse");
    /// `net.ipv4.tcp_timestamps`.
    pub const TIMESTAMPS: Self = Self("timestamps");

    /// How many there are.
    pub const COUNT: usize = {
        let (mut row, mut count) = (0, 0);
        while row < Sysctls::ROWS.len() {
            if Sysctls::ROWS[row].control.is_some() {
                count += 1;
            }
            row += 1;
        }
        count
    };

    fn rows() -> impl Iterator<Item = (&'static SysctlRow, Control)> {
        Sysctls::ROWS.iter().filter_map(|row| Some((row, row.control?)))
    }

    fn row(self) -> Option<(&'static SysctlRow, Control)> {
        Self::rows().find(|(_, control)| control.id == self.0)
    }

    /// Every key, in the order of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::rows().map(|(_, control)| Self(control.id))
    }

    /// Its place among all keys.
    pub(super) fn index(self) -> usize {
        Self::all().position(|key| key == self).unwrap_or_default()
    }

    /// The full name, such as `net.ipv4.tcp_tw_recycle`.
    pub fn name(self) -> &'static str {
        self.row().map_or(self.0, |(row, _)| row.key)
    }

    /// The short name, as the address of the page and the sentences write it.
    pub const fn short(self) -> &'static str {
        self.0
    }

    /// The effect of the sysctl, in a sentence of its row.
    pub fn about(self) -> &'static str {
        self.row().map_or("", |(row, _)| row.about)
    }

    /// The form of its control.
    pub fn form(self) -> ControlForm {
        self.row().map_or(ControlForm::Switch, |(_, control)| control.form)
    }

    /// The highest value that the page offers.
    pub fn maximum(self) -> u8 {
        match self.form() {
            ControlForm::Switch => 1,
            ControlForm::Choice(maximum) => maximum,
        }
    }

    /// Whether `kernel` has this key (R10).
    pub fn exists_in(self, kernel: KernelVersion) -> bool {
        self.row().is_some_and(|(row, _)| (row.exists)(kernel.profile()))
    }

    /// The value after boot on `kernel`, where it has the key.
    pub(super) fn default_on(self, kernel: KernelVersion) -> Option<u8> {
        let (row, _) = self.row().filter(|_| self.exists_in(kernel))?;
        (row.default)(kernel.profile()).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn the_keys_with_constants_have_a_row() {
        let all: Vec<Key> = Key::all().collect();
        assert_eq!(all.len(), Key::COUNT);
        for key in [Key::RECYCLE, Key::REUSE, Key::TIMESTAMPS] {
            assert!(all.contains(&key) && key.name().starts_with("net.ipv4.tcp_"), "{key:?}");
        }
    }
}
