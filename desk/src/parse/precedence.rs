//! Resolves several settings of one sysctl: the current value, and the value after the next boot.

use std::collections::BTreeMap;

use crate::evidence::{Origin, Setting};

/// The folders that procps reads, by precedence. A file hides files of the same name in later folders (sysctl(8),
/// SYSTEM FILE PRECEDENCE).
const FOLDERS: &[&str] =
    &["/etc/sysctl.d/", "/run/sysctl.d/", "/usr/local/lib/sysctl.d/", "/usr/lib/sysctl.d/", "/lib/sysctl.d/"];

/// All settings of one sysctl, resolved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResolvedSysctl<'a> {
    /// Its full name.
    pub key: &'a str,
    /// The last value of the running kernel.
    pub now: Option<&'a Setting>,
    /// The line of a file that is applied last. It decides the value after the next boot.
    pub at_boot: Option<&'a Setting>,
    /// Lines of files that it overrides, in the order in which they are applied.
    pub beaten: Vec<&'a Setting>,
    /// Lines that are not applied, because another file hides their file or its name does not end in `.conf`.
    pub not_applied: Vec<&'a Setting>,
}

impl<'a> ResolvedSysctl<'a> {
    /// The current setting. The running kernel overrides the files.
    pub fn current(&self) -> Option<&'a Setting> {
        self.now.or(self.at_boot)
    }
}

/// Resolves the settings, sorted by the name of the sysctl.
///
/// The order of files is that of `sysctl --system` of procps: the files of all `sysctl.d` folders by file name, then
/// `/etc/sysctl.conf`. At boot most distributions run systemd-sysctl, which reads only the `sysctl.d` folders. Debian
/// and Red Hat put a link `99-sysctl.conf` to `/etc/sysctl.conf` there, so the two orders differ only for file names
/// after `99-sysctl.conf`. A file is known only if the evidence has a line of it, so other files cannot hide anything.
pub fn resolve(settings: &[Setting]) -> Vec<ResolvedSysctl<'_>> {
    let visible = visible_files(settings);
    let mut resolved = BTreeMap::<&str, ResolvedSysctl<'_>>::new();
    let mut in_files: Vec<&Setting> = Vec::new();
    for setting in settings {
        let winner = resolved.entry(&setting.key).or_default();
        winner.key = &setting.key;
        match &setting.origin {
            Origin::Running => winner.now = Some(setting),
            Origin::File(path) => {
                let place = SysctlFile::of(path);
                let is_hidden = visible.get(place.name).is_some_and(|folder| *folder < place.folder);
                if place.is_applied && !is_hidden {
                    in_files.push(setting);
                } else {
                    winner.not_applied.push(setting);
                }
            }
        }
    }
    // The sort is stable: lines of one file keep their order, and the last one wins.
    in_files.sort_by_key(|setting| match &setting.origin {
        Origin::File(path) => SysctlFile::of(path).order(),
        Origin::Running => Default::default(),
    });
    for setting in in_files {
        let winner = resolved.entry(&setting.key).or_default();
        winner.beaten.extend(winner.at_boot.replace(setting));
    }
    resolved.into_values().collect()
}

/// The place of a file in the order.
struct SysctlFile<'a> {
    name: &'a str,
    /// Its position in [`FOLDERS`]. A file without a folder counts as one of `/etc/sysctl.d`.
    folder: usize,
    is_sysctl_conf: bool,
    is_applied: bool,
}

impl<'a> SysctlFile<'a> {
    fn of(path: &'a str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let folder = FOLDERS.iter().position(|folder| path.starts_with(folder)).unwrap_or_default();
        let is_sysctl_conf = name == "sysctl.conf" && !path.contains("sysctl.d/");
        // A text without a file name may be any file, and so may the output of `cat /etc/sysctl.d/*`.
        let is_applied = name.ends_with(".conf") || name.contains('*') || !path.contains('/');
        Self { name, folder, is_sysctl_conf, is_applied }
    }

    fn order(&self) -> (bool, &'a str) {
        (self.is_sysctl_conf, self.name)
    }
}

/// For each file name the folder with the highest precedence.
fn visible_files(settings: &[Setting]) -> BTreeMap<&str, usize> {
    let mut visible = BTreeMap::new();
    for setting in settings {
        let Origin::File(path) = &setting.origin else { continue };
        let place = SysctlFile::of(path);
        let folder = visible.entry(place.name).or_insert(place.folder);
        *folder = place.folder.min(*folder);
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Quote;

    fn setting(path: Option<&str>, value: &str) -> Setting {
        Setting {
            key: "net.ipv4.tcp_tw_recycle".to_owned(),
            value: value.to_owned(),
            origin: path.map_or(Origin::Running, |path| Origin::File(path.to_owned())),
            quote: Quote { source: "x".to_owned(), line: 1, text: String::new() },
        }
    }

    fn check(settings: &[(&str, &str)], at_boot: &str, beaten: &[&str], not_applied: &[&str]) {
        let settings: Vec<_> = settings.iter().map(|(path, value)| setting(Some(path), value)).collect();
        let resolved = resolve(&settings);
        let values = |settings: &[&Setting]| settings.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
        assert_eq!(resolved.len(), 1);
        assert_eq!(resolved[0].at_boot.unwrap().value, at_boot);
        assert_eq!(values(&resolved[0].beaten), beaten);
        assert_eq!(values(&resolved[0].not_applied), not_applied);
    }

    #[test]
    fn files_are_applied_by_name_and_sysctl_conf_is_last() {
        let files =
            [("/etc/sysctl.conf", "conf"), ("/usr/lib/sysctl.d/90-b.conf", "b"), ("/etc/sysctl.d/10-a.conf", "a")];
        check(&files, "conf", &["a", "b"], &[]);
    }

    #[test]
    fn a_file_hides_files_of_the_same_name_and_backups_are_not_read() {
        let files = [
            ("/usr/lib/sysctl.d/50-x.conf", "hidden"),
            ("/etc/sysctl.d/50-x.conf", "shown"),
            ("/etc/sysctl.d/60-x.conf.rpmsave", "copy"),
        ];
        check(&files, "shown", &[], &["hidden", "copy"]);
    }

    #[test]
    fn the_last_line_of_a_file_wins_and_the_running_kernel_overrides_it() {
        check(&[("/etc/sysctl.conf", "0"), ("/etc/sysctl.conf", "1")], "1", &["0"], &[]);
        let settings = [setting(None, "0"), setting(Some("/etc/sysctl.conf"), "1")];
        let resolved = resolve(&settings);
        assert_eq!(resolved[0].current().unwrap().value, "0");
        assert_eq!(resolved[0].at_boot.unwrap().value, "1");
    }
}
