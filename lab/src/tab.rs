//! The tabs of the page: their order, their names in the address, and their labels.

/// A tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The clocks behind an address, and the remembered timestamp.
    #[default]
    Clocks,
    /// The time-sequence diagram.
    Ladder,
    /// The event log.
    Log,
    /// Two runs of the same traffic, side by side.
    Compare,
    /// Charts over the whole run.
    OverTime,
    /// The refused share by number of hosts and rate of connections.
    Sweep,
    /// The server's sockets.
    Sockets,
    /// The recommended sysctl file.
    File,
    /// The form for a scenario of the visitor's own.
    Build,
    /// Export as files and as a link.
    Export,
}

/// Name in the address and label of each tab, in the order of the tabs.
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
    /// All tabs, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        VIEWS.into_iter().map(|(view, ..)| view)
    }

    /// The tab that the address calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        VIEWS.into_iter().find(|(_, known, _)| *known == name).map(|(view, ..)| view)
    }

    /// The name in the address.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// The label of the tab.
    pub fn label(self) -> &'static str {
        self.entry().2
    }

    /// The `id` attribute of the tab.
    pub fn tab_id(self) -> String {
        format!("tab-{}", self.name())
    }

    /// Whether the tab is a drawing, which can be exported as a picture.
    pub const fn is_drawn(self) -> bool {
        matches!(self, Self::Clocks | Self::Ladder | Self::Compare | Self::OverTime | Self::Sweep)
    }

    fn entry(self) -> (Self, &'static str, &'static str) {
        VIEWS.into_iter().find(|(view, ..)| *view == self).unwrap_or(VIEWS[0])
    }
}
