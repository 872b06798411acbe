//! The npm package: what other pages need to tag photos, out of the built site.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::models;
use crate::offline::Offline;
use crate::setup::system::Consent;
use crate::shell::{root, target_folder};
use crate::site::{self, FOR_OTHERS, copy_all};

/// What it has of the site: both workers, and the modules that they load.
const FOLDERS: [&str; 5] = ["worker-simd", "worker-relaxed", "gpu", "decoders", "keywords"];

/// Builds the site and the folder, and says where that is.
pub(crate) fn build(consent: Consent) -> Result<()> {
    let folder = make(&site::build(Offline::With, consent)?)?;
    println!("{}", folder.display());
    Ok(())
}

/// Makes the folder of a built site. It can be copied onto another site as it is, or published.
pub(crate) fn make(site: &Path) -> Result<PathBuf> {
    let folder = target_folder().join("npm/tagsight");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    fs::create_dir_all(&folder)?;
    for part in FOLDERS {
        copy_all(&site.join(part), &folder.join(part))?;
    }
    let copy = |from: &Path, file: &str| {
        fs::copy(from.join(file), folder.join(file)).map(drop).with_context(|| file.to_owned())
    };
    for file in FOR_OTHERS.into_iter().chain(["plain.js"]) {
        copy(site, file)?;
    }
    let sources = root().join("web/module");
    copy(&sources, "README.md")?;
    copy_all(&sources.join("example"), &folder.join("example"))?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(root(), licence)?;
    }
    let model = models::default()?;
    let name = model.file_name().context("a model is a folder")?;
    copy_all(&model, &folder.join("models").join(name))?;
    fs::write(
        folder.join("package.json"),
        described(&fs::read_to_string(sources.join("package.json"))?)?,
    )?;
    Ok(folder)
}

/// The package's description, of this version.
fn described(json: &str) -> Result<String> {
    let mut package: Value = serde_json::from_str(json)?;
    package["version"] = env!("CARGO_PKG_VERSION").into();
    Ok(serde_json::to_string_pretty(&package)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_has_the_workspaces_version_and_exports_what_there_is() {
        let sources = root().join("web/module");
        let json = fs::read_to_string(sources.join("package.json")).unwrap();
        let package: Value = serde_json::from_str(&described(&json).unwrap()).unwrap();
        assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
        for (kind, file) in package["exports"]["."].as_object().unwrap() {
            let file = file.as_str().unwrap();
            assert!(sources.join(file).is_file(), "{kind}: {file}");
        }
    }
}
