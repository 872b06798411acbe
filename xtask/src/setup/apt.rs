//! Debian's package manager.

use std::process::Command;

use anyhow::Result;

use super::is_on_path;
use crate::shell;

/// `apt-get`, and how it is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Apt {
    as_root: bool,
}

impl Apt {
    /// The system's, if it has one.
    pub(super) fn find() -> Option<Self> {
        let is_root =
            || shell::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
        is_on_path("apt-get").then(|| Self { as_root: is_root() })
    }

    /// What a user would type.
    pub(super) fn command(self, packages: &[&str]) -> String {
        let sudo = if self.as_root { "" } else { "sudo " };
        format!("{sudo}apt-get install --no-install-recommends {}", packages.join(" "))
    }

    /// Installs all of them, or fails.
    pub(super) fn install(self, packages: &[&str]) -> Result<()> {
        self.run(&["update"])?;
        self.run(&[&["install", "-y", "--no-install-recommends"], packages].concat())
    }

    fn run(self, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new(if self.as_root { "apt-get" } else { "sudo" });
        command.args((!self.as_root).then_some("apt-get")).args(arguments);
        shell::output(command.env("DEBIAN_FRONTEND", "noninteractive")).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sudo_is_said_only_where_it_is_needed() {
        let command = |as_root| Apt { as_root }.command(&["a", "b"]);
        assert!(command(false).starts_with("sudo apt-get install"));
        assert!(command(true).starts_with("apt-get install"));
        assert!(command(true).ends_with(" a b"));
    }
}
