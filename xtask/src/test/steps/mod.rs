//! The steps, in the order of the closing table.

mod address;
mod e2e;
mod fuzz;
mod lints;
mod model;
mod native;
mod neon;
mod oracle;
mod page;
mod photos;
mod site;
mod wasm;
mod webgpu;
mod wheel;

use anyhow::Result;

use super::build::{Build, Made};
use super::job::Job;
use super::schedule::Beside;
use super::terms::Terms;
use super::times::Outcome;
use crate::setup::browser::{CHROMIUM, FIREFOX, WEBKIT};
use crate::setup::npm::NODE;
use crate::setup::python::PYTHON;
use crate::setup::system::{
    AARCH64_COMPILER, DJPEG, DWEBP, EXIFTOOL, EXIV2, Need, QEMU, UNZIP, VULKAN,
};
use crate::shell;

/// A step.
pub(super) struct Step {
    pub(super) name: &'static str,
    /// What is so when it passes.
    pub(super) what: &'static str,
    pub(super) suite: Suite,
    /// What may run beside it.
    pub(super) beside: Beside,
    /// What it needs of the system.
    pub(super) needs: &'static [&'static Need],
    /// What has to be built before.
    pub(super) builds: &'static [Build],
    pub(super) run: fn(&Job, &Made, &Terms) -> Result<Outcome>,
}

/// Which runs a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suite {
    /// Every one.
    Both,
    /// Those without `--quick`.
    Full,
    /// Those with `--quick`; a part of a full step.
    Quick,
}

/// Builds go in this order, and what takes long once it is built comes early.
pub(super) static STEPS: [Step; 16] = [
    Step {
        name: "format",
        what: "rustfmt changes nothing",
        suite: Suite::Both,
        beside: Beside::Anything,
        needs: &[],
        builds: &[],
        run: format,
    },
    Step {
        name: "lints",
        what: "clippy has nothing to say",
        suite: Suite::Both,
        beside: Beside::Anything,
        needs: &[],
        builds: &[Build::Native, Build::BrowserLints],
        run: lints::run,
    },
    Step {
        name: "unit",
        what: "unit tests, native",
        suite: Suite::Quick,
        beside: Beside::Anything,
        needs: &[],
        builds: &[Build::Native],
        run: native::unit,
    },
    Step {
        name: "smoke",
        what: "the page in Chromium tags photos as the command line does",
        suite: Suite::Quick,
        beside: Beside::Anything,
        needs: &[&NODE, &CHROMIUM],
        builds: &[Build::Native, Build::Site],
        run: e2e::smoke,
    },
    Step {
        name: "e2e",
        what: "the page in Chromium, and a look at it in Firefox and WebKitGTK",
        suite: Suite::Full,
        beside: Beside::Nothing,
        needs: &[&NODE, &CHROMIUM, &FIREFOX, &WEBKIT, &EXIFTOOL, &UNZIP],
        builds: &[Build::Native, Build::Site],
        run: e2e::run,
    },
    Step {
        name: "site",
        what: "the site is small",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[&NODE],
        builds: &[Build::Site],
        run: site::run,
    },
    Step {
        name: "native",
        what: "unit tests and rules, native",
        suite: Suite::Full,
        beside: Beside::Anything,
        // The trainer's ONNX files are run by onnxruntime, pictures compared with libjpeg-turbo and
        // libwebp, and keywords read by exiftool and exiv2.
        needs: &[&PYTHON, &DJPEG, &DWEBP, &EXIFTOOL, &EXIV2],
        builds: &[Build::Native],
        run: native::run,
    },
    Step {
        name: "fuzz",
        what: "mutated files are read or refused, a fixed choice of them",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[],
        builds: &[Build::Native],
        run: fuzz::run,
    },
    Step {
        name: "webgpu",
        what: "kernels and networks on graphics devices",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[&VULKAN, &NODE, &CHROMIUM],
        builds: &[Build::Native, Build::GpuTests],
        run: webgpu::run,
    },
    Step {
        name: "address",
        what: "kernels stay within their tables, under AddressSanitizer",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[],
        builds: &[Build::Address],
        run: address::run,
    },
    Step {
        name: "neon",
        what: "kernels and networks on AArch64, under qemu",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[&AARCH64_COMPILER, &QEMU],
        builds: &[Build::Neon],
        run: neon::run,
    },
    Step {
        name: "wasm",
        what: "kernels and networks in Chromium, both builds",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[&NODE, &CHROMIUM],
        builds: &[Build::WasmSimd, Build::WasmRelaxed],
        run: wasm::run,
    },
    Step {
        name: "page",
        what: "library, backups and folders in Chromium",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[&NODE, &CHROMIUM],
        builds: &[Build::PageTests],
        run: page::run,
    },
    Step {
        name: "oracle",
        what: "networks against onnxruntime, event files against TensorBoard",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[&PYTHON],
        builds: &[Build::Native],
        run: oracle::run,
    },
    Step {
        name: "wheel",
        what: "the Python wheel tags as the command line does, on a Ray cluster too",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[&PYTHON],
        builds: &[Build::Native, Build::Wheel],
        run: wheel::run,
    },
    Step {
        name: "model",
        what: "the shipped models on COCO's validation photos",
        suite: Suite::Full,
        beside: Beside::Anything,
        needs: &[],
        builds: &[Build::Native],
        run: model::run,
    },
];

fn format(job: &Job, _: &Made, _: &Terms) -> Result<Outcome> {
    job.run(shell::cargo("fmt").args(["--all", "--check"]))?;
    Ok(Outcome::Passed)
}
