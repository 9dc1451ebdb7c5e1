//! Which of several settings of a sysctl holds: what the running kernel says now, and what files set at the next boot.

use std::collections::BTreeMap;

use crate::evidence::{Origin, Setting};

/// The folders that procps reads. A file hides those of its name in the folders below (sysctl(8), SYSTEM FILE
/// PRECEDENCE).
const FOLDERS: &[&str] =
    &["/etc/sysctl.d/", "/run/sysctl.d/", "/usr/local/lib/sysctl.d/", "/usr/lib/sysctl.d/", "/lib/sysctl.d/"];

/// What is known of one sysctl.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Winner<'a> {
    /// Its full name.
    pub key: &'a str,
    /// What the running kernel said last.
    pub now: Option<&'a Setting>,
    /// The line of a file that is applied last, and so stands after the next boot.
    pub at_boot: Option<&'a Setting>,
    /// Lines of files that are applied before it and so lose, in the order in which they are applied.
    pub beaten: Vec<&'a Setting>,
    /// Lines that are not applied: of a file that one of the same name hides, or whose name does not end in `.conf`.
    pub not_applied: Vec<&'a Setting>,
}

impl<'a> Winner<'a> {
    /// What holds now as far as it is known: the running kernel knows better than any file.
    #[must_use]
    pub fn holds(&self) -> Option<&'a Setting> {
        self.now.or(self.at_boot)
    }
}

/// What holds for each sysctl, by name.
///
/// The order of files is that of `sysctl --system` of procps: those of all `sysctl.d` by their own name, whatever the
/// folder, then `/etc/sysctl.conf`. systemd-sysctl, which most distributions run at boot, reads `sysctl.d` only; Debian
/// and Red Hat put a link `99-sysctl.conf` to `/etc/sysctl.conf` there, so that only a file named after `99-sysctl.conf`
/// wins over it there and loses here. Files of which no line was handed in can hide none.
#[must_use]
pub fn winners(settings: &[Setting]) -> Vec<Winner<'_>> {
    let visible = visible_files(settings);
    let mut winners = BTreeMap::<&str, Winner<'_>>::new();
    let mut in_files: Vec<&Setting> = Vec::new();
    for setting in settings {
        let winner = winners.entry(&setting.key).or_default();
        winner.key = &setting.key;
        match &setting.origin {
            Origin::Running => winner.now = Some(setting),
            Origin::File(path) => {
                let place = Place::of(path);
                let is_hidden = visible.get(place.name).is_some_and(|folder| *folder < place.folder);
                if place.is_applied && !is_hidden {
                    in_files.push(setting);
                } else {
                    winner.not_applied.push(setting);
                }
            }
        }
    }
    // A stable sort: lines of one file stay in their order, and the last of them wins.
    in_files.sort_by_key(|setting| match &setting.origin {
        Origin::File(path) => Place::of(path).order(),
        Origin::Running => Default::default(),
    });
    for setting in in_files {
        let winner = winners.entry(&setting.key).or_default();
        winner.beaten.extend(winner.at_boot.replace(setting));
    }
    winners.into_values().collect()
}

/// Where a file stands.
struct Place<'a> {
    name: &'a str,
    /// Its position in [`FOLDERS`]. A file without a folder counts as one of `/etc/sysctl.d`.
    folder: usize,
    is_sysctl_conf: bool,
    is_applied: bool,
}

impl<'a> Place<'a> {
    fn of(path: &'a str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let folder = FOLDERS.iter().position(|folder| path.starts_with(folder)).unwrap_or_default();
        let is_sysctl_conf = name == "sysctl.conf" && !path.contains("sysctl.d/");
        // A text without a name may be any file, and so may one of `cat /etc/sysctl.d/*`.
        let is_applied = name.ends_with(".conf") || name.contains('*') || !path.contains('/');
        Self { name, folder, is_sysctl_conf, is_applied }
    }

    fn order(&self) -> (bool, &'a str) {
        (self.is_sysctl_conf, self.name)
    }
}

/// For each name the highest folder that has a file of it.
fn visible_files(settings: &[Setting]) -> BTreeMap<&str, usize> {
    let mut visible = BTreeMap::new();
    for setting in settings {
        let Origin::File(path) = &setting.origin else { continue };
        let place = Place::of(path);
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
        let winners = winners(&settings);
        let values = |settings: &[&Setting]| settings.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
        assert_eq!(winners.len(), 1);
        assert_eq!(winners[0].at_boot.unwrap().value, at_boot);
        assert_eq!(values(&winners[0].beaten), beaten);
        assert_eq!(values(&winners[0].not_applied), not_applied);
    }

    #[test]
    fn files_are_applied_by_name_and_sysctl_conf_is_last() {
        let files =
            [("/etc/sysctl.conf", "conf"), ("/usr/lib/sysctl.d/90-b.conf", "b"), ("/etc/sysctl.d/10-a.conf", "a")];
        check(&files, "conf", &["a", "b"], &[]);
    }

    #[test]
    fn a_file_hides_its_namesake_and_copies_are_not_read() {
        let files = [
            ("/usr/lib/sysctl.d/50-x.conf", "hidden"),
            ("/etc/sysctl.d/50-x.conf", "shown"),
            ("/etc/sysctl.d/60-x.conf.rpmsave", "copy"),
        ];
        check(&files, "shown", &[], &["hidden", "copy"]);
    }

    #[test]
    fn the_last_line_of_a_file_wins_and_the_kernel_over_all() {
        check(&[("/etc/sysctl.conf", "0"), ("/etc/sysctl.conf", "1")], "1", &["0"], &[]);
        let settings = [setting(None, "0"), setting(Some("/etc/sysctl.conf"), "1")];
        let winners = winners(&settings);
        assert_eq!(winners[0].holds().unwrap().value, "0");
        assert_eq!(winners[0].at_boot.unwrap().value, "1");
    }
}
