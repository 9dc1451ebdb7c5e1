//! The views that share a place: their order, their names in the address, and what stands on their tabs.

/// A view that has a tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The clocks behind an address, and the one that is remembered.
    #[default]
    Clocks,
    /// Who sent what when.
    Ladder,
    /// What happened, in sentences.
    Log,
    /// Two runs of the same traffic, side by side.
    Compare,
    /// The run as a whole.
    OverTime,
    /// Many runs: how many hosts share an address, and how often they call.
    Sweep,
    /// The sockets of the server.
    Sockets,
    /// The sysctl file that follows.
    File,
    /// A scenario of one's own.
    Build,
    /// Everything as files and as a link.
    Export,
}

/// In the order of the tabs.
const VIEWS: [(Tab, &str, &str); 10] = [
    (Tab::Clocks, "clocks", "Clocks"),
    (Tab::Ladder, "ladder", "Ladder"),
    (Tab::Log, "log", "Event log"),
    (Tab::Compare, "compare", "Before and after"),
    (Tab::OverTime, "over-time", "Over time"),
    (Tab::Sweep, "sweep", "Sweep"),
    (Tab::Sockets, "sockets", "Sockets"),
    (Tab::File, "file", "sysctl file"),
    (Tab::Build, "build", "Build"),
    (Tab::Export, "export", "Export"),
];

impl Tab {
    /// All of them, in the order of the tabs.
    pub fn all() -> impl Iterator<Item = Self> {
        VIEWS.into_iter().map(|(view, ..)| view)
    }

    /// The view that the address calls `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        VIEWS.into_iter().find(|(_, known, _)| *known == name).map(|(view, ..)| view)
    }

    /// Its name in the address of the page.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// What stands on its tab.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.entry().2
    }

    /// The id of its tab.
    #[must_use]
    pub fn tab_id(self) -> String {
        format!("tab-{}", self.name())
    }

    /// Whether it is a drawing, which can be taken along as a picture.
    #[must_use]
    pub const fn is_drawn(self) -> bool {
        matches!(self, Self::Clocks | Self::Ladder | Self::Compare | Self::OverTime | Self::Sweep)
    }

    fn entry(self) -> (Self, &'static str, &'static str) {
        VIEWS.into_iter().find(|(view, ..)| *view == self).unwrap_or(VIEWS[0])
    }
}
