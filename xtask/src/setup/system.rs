//! What only the system's package manager has: looked for before anything long begins, listed
//! together, and installed only when the user agrees.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result, ensure};

use super::apt::Apt;
use super::{installing, is_on_path};

/// A program or driver of the system.
pub(crate) struct Need {
    /// What people call it.
    pub(crate) name: &'static str,
    /// Debian's packages of it.
    pub(crate) packages: &'static [&'static str],
    /// Whether it is there.
    pub(crate) is_there: fn() -> bool,
    /// What it means that it cannot be had.
    pub(crate) absence: Absence,
}

/// What becomes of whoever needs something that cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absence {
    /// It cannot run.
    Fatal,
    /// It leaves a part out, and says so.
    Skips,
}

/// Whether system packages may be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// The user is asked, where there is one to ask.
    Ask,
    /// Given beforehand, by `--yes`.
    Given,
}

/// Whoever needs something, and what: a step's or a command's name.
pub(crate) type Wanted<'a> = (&'a str, &'a Need);

pub(crate) const AARCH64_COMPILER: Need = Need {
    name: "AArch64 compiler",
    packages: &["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"],
    is_there: || is_on_path("aarch64-linux-gnu-gcc"),
    absence: Absence::Fatal,
};
pub(crate) const QEMU: Need = Need {
    name: "qemu for AArch64",
    packages: &["qemu-user"],
    is_there: || is_on_path("qemu-aarch64"),
    absence: Absence::Fatal,
};
pub(crate) const DJPEG: Need = Need {
    name: "djpeg of libjpeg-turbo",
    packages: &["libjpeg-turbo-progs"],
    is_there: || is_on_path("djpeg"),
    absence: Absence::Fatal,
};
pub(crate) const DWEBP: Need = Need {
    name: "cwebp and dwebp of libwebp",
    packages: &["webp"],
    is_there: || is_on_path("cwebp") && is_on_path("dwebp"),
    absence: Absence::Fatal,
};
pub(crate) const EXIFTOOL: Need = Need {
    name: "exiftool",
    packages: &["libimage-exiftool-perl"],
    is_there: || is_on_path("exiftool"),
    absence: Absence::Fatal,
};
pub(crate) const EXIV2: Need = Need {
    name: "exiv2",
    packages: &["exiv2"],
    is_there: || is_on_path("exiv2"),
    absence: Absence::Fatal,
};
pub(crate) const UNZIP: Need = Need {
    name: "unzip and zipinfo",
    packages: &["unzip"],
    is_there: || is_on_path("unzip") && is_on_path("zipinfo"),
    absence: Absence::Fatal,
};
pub(crate) const VULKAN: Need = Need {
    name: "a Vulkan driver",
    packages: &["libvulkan1", "mesa-vulkan-drivers"],
    is_there: has_vulkan_driver,
    absence: Absence::Fatal,
};

/// Other systems than Linux bring a graphics interface of their own.
fn has_vulkan_driver() -> bool {
    const DRIVERS: [&str; 2] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
    let has_files =
        |folder: &&str| std::fs::read_dir(folder).is_ok_and(|mut dir| dir.next().is_some());
    !cfg!(target_os = "linux") || DRIVERS.iter().any(has_files)
}

/// Sees to it that everything `wanted` is there; installs what is not, if that is agreed to.
///
/// # Errors
/// With what to install for whom, if something stays missing whose absence is fatal.
pub(crate) fn ensure_all(wanted: &[Wanted], consent: Consent) -> Result<()> {
    let missing: Vec<Wanted> =
        wanted.iter().copied().filter(|(_, need)| !(need.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("{}", list(&missing));
    let apt = Apt::find();
    let agreed = match apt {
        Some(apt) if consent == Consent::Given || agrees(apt, &missing)? => Some(apt),
        _ => None,
    };
    let Some(agreed) = agreed else { return do_without(apt, &missing) };
    install(agreed, &those(&missing, Absence::Fatal))?;
    try_each(agreed, &those(&missing, Absence::Skips));
    Ok(())
}

/// The `missing` whose absence means that.
fn those<'a>(missing: &[Wanted<'a>], absence: Absence) -> Vec<Wanted<'a>> {
    missing.iter().copied().filter(|(_, need)| need.absence == absence).collect()
}

/// Goes on where nothing may be installed, unless somebody cannot.
fn do_without(apt: Option<Apt>, missing: &[Wanted]) -> Result<()> {
    let needed = those(missing, Absence::Fatal);
    ensure!(needed.is_empty(), advice(apt, &needed));
    Ok(())
}

/// Installs what nobody can do without.
fn install(apt: Apt, needed: &[Wanted]) -> Result<()> {
    if needed.is_empty() {
        return Ok(());
    }
    let packages = packages(needed);
    installing(&packages.join(", "), || apt.install(&packages))?;
    for (_, need) in needed {
        let command = apt.command(&packages);
        ensure!((need.is_there)(), "{} is still missing after `{command}`", need.name);
    }
    Ok(())
}

/// Installs what can be installed, each by itself: not every system has a package of everything.
fn try_each(apt: Apt, wished: &[Wanted]) {
    for (who, need) in wished {
        if let Err(error) = installing(&need.packages.join(", "), || apt.install(need.packages)) {
            eprintln!("  {who}: {} cannot be had: {error:#}", need.name);
        }
    }
}

/// What to do when nothing may be installed.
fn advice(apt: Option<Apt>, missing: &[Wanted]) -> String {
    let way = match apt {
        Some(apt) => {
            format!("run `{}`, or this command again with --yes,", apt.command(&packages(missing)))
        }
        None => {
            "this system has no apt-get: install the above with its own package manager,".into()
        }
    };
    format!("{way} or leave the steps out (--skip {})", names(missing))
}

/// One line for whoever misses something.
fn list(missing: &[Wanted]) -> String {
    let line = |(who, need): &Wanted| {
        let without = match need.absence {
            Absence::Fatal => "",
            Absence::Skips => "; what needs it is skipped where it cannot be had",
        };
        let packages = need.packages.join(" ");
        format!("  {who}: {} is missing (Debian: {packages}){without}", need.name)
    };
    missing.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Each package once.
fn packages(missing: &[Wanted]) -> Vec<&'static str> {
    unique(missing.iter().flat_map(|(_, need)| need.packages.iter().copied()))
}

fn names(missing: &[Wanted]) -> String {
    unique(missing.iter().map(|(who, _)| *who)).join(",")
}

fn unique<'a>(all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut unique = Vec::new();
    for one in all {
        if !unique.contains(&one) {
            unique.push(one);
        }
    }
    unique
}

/// Asks; nobody to ask is a no.
fn agrees(apt: Apt, missing: &[Wanted]) -> Result<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("Run `{}` now? [y/N] ", apt.command(&packages(missing)));
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("no answer")?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const THERE: Need =
        Need { name: "this", packages: &["a"], is_there: || true, absence: Absence::Fatal };
    const ABSENT: Need =
        Need { name: "that", packages: &["b", "c"], is_there: || false, absence: Absence::Fatal };
    const WISHED: Need =
        Need { name: "more", packages: &["c", "d"], is_there: || false, absence: Absence::Skips };

    #[test]
    fn what_is_there_needs_nothing() {
        assert!(ensure_all(&[("step", &THERE)], Consent::Ask).is_ok());
    }

    #[test]
    fn what_is_missing_is_listed_by_whom_it_is_for() {
        let missing: [Wanted; 3] = [("one", &ABSENT), ("one", &WISHED), ("two", &ABSENT)];
        assert_eq!(list(&missing).lines().count(), 3);
        assert!(list(&missing).ends_with("  two: that is missing (Debian: b c)"));
        assert!(list(&missing).contains("(Debian: c d); what needs it is skipped"));
        assert_eq!(packages(&missing), ["b", "c", "d"]);
        assert_eq!(names(&missing), "one,two");
    }

    #[test]
    fn whoever_refuses_is_told_the_ways_on() {
        for apt in [Apt::find(), None] {
            let advice = advice(apt, &[("neon", &ABSENT)]);
            assert_eq!(advice.contains("`") && advice.contains("--yes"), apt.is_some(), "{advice}");
            assert!(advice.ends_with("(--skip neon)"), "{advice}");
        }
    }

    #[test]
    fn a_wish_that_is_refused_stops_nobody() {
        assert!(do_without(None, &[("e2e", &WISHED)]).is_ok());
        let error = do_without(None, &[("e2e", &WISHED), ("neon", &ABSENT)]).unwrap_err();
        assert!(error.to_string().ends_with("(--skip neon)"), "{error}");
    }
}
