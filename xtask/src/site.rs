//! The static site: the page by trunk; the workers, the models and the second page beside it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, ensure};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use tagsight_protocol::{Manifest, ManifestModel};

use crate::hook;
use crate::manifest::NAME as MANIFEST;
use crate::offline::{self, Offline};
use crate::setup::hex;
use crate::setup::rust::{TERSE, TERSE_FLAGS, WASM_FLAGS, WASM_TARGET};
use crate::setup::site_tools::{Tools, join};
use crate::setup::system::Consent;
use crate::shell::{self, read};

/// The worker is compiled three times, as a browser refuses a whole module for one unknown opcode, and
/// memory that threads share where a page is not isolated. The graphics processor's engine and what takes
/// tags along go with all.
const MODULES: [Module; 7] = [
    Module {
        folder: "worker-simd",
        package: "tagsight-worker",
        scripts: &["web/worker/worker.js"],
        target_feature: "+simd128",
        wasm_opt: &[],
        profile: None,
    },
    Module {
        folder: "worker-relaxed",
        package: "tagsight-worker",
        scripts: &["web/worker/worker.js"],
        target_feature: "+simd128,+relaxed-simd",
        wasm_opt: &["--enable-relaxed-simd"],
        profile: None,
    },
    Module {
        folder: THREADS,
        package: "tagsight-worker",
        scripts: &["web/worker/worker.js", "web/worker/threads.js", "web/worker/thread.js"],
        target_feature: "+simd128,+relaxed-simd,+atomics",
        wasm_opt: &["--enable-relaxed-simd", "--enable-threads"],
        profile: None,
    },
    Module {
        folder: "gpu",
        package: "tagsight-gpu",
        scripts: &["web/gpu/load.js"],
        target_feature: "+simd128",
        wasm_opt: &[],
        // The kernels that have to be fast run on the device.
        profile: Some("profile.web.package.tagsight-core.opt-level = 's'"),
    },
    Module {
        folder: "keywords",
        package: "tagsight-keywords-module",
        scripts: &["web/keywords/module/load.js"],
        target_feature: "+simd128",
        wasm_opt: &[],
        // It has no kernels, only what finds a photo's coded picture.
        profile: Some("profile.web.package.tagsight-core.opt-level = 'z'"),
    },
    Module {
        folder: "decoders",
        package: "tagsight-decoders-module",
        scripts: &["web/decoders/module/load.js"],
        target_feature: "+simd128",
        wasm_opt: &[],
        profile: None,
    },
    Module {
        folder: "export",
        package: "tagsight-export",
        scripts: &["web/export/load.js"],
        target_feature: "+simd128",
        wasm_opt: &[],
        profile: None,
    },
];

/// The worker's build with threads.
const THREADS: &str = "worker-threads";

/// What has a module take its memory from whoever starts it, so that several can share it, and say what
/// wasm-bindgen needs to give each its own stack and variables.
const SHARED_MEMORY: [&str; 6] = [
    "--shared-memory",
    "--import-memory",
    "--export=__wasm_init_tls",
    "--export=__tls_size",
    "--export=__tls_align",
    "--export=__tls_base",
];

/// What else the page's package is built into: beside the page, as all of them import the same scripts.
const PARTS: [&str; 2] = ["benchmark", "dialogs"];

/// What lies beside the page for other pages: the module, and its types.
pub(crate) const FOR_OTHERS: [&str; 2] = ["tagsight.js", "tagsight.d.ts"];

/// What LLVM emits; named one by one, since `-all` would emit what browsers do not take yet.
const WASM_OPT: [&str; 11] = [
    // Level 3 is larger and no faster after LLVM's.
    "-Os",
    // The linker puts nothing at the lowest addresses, so offsets can be part of loads.
    "--low-memory-unused",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// A photo that would need more ends in an error instead of a phone that kills the page.
const WORKER_MAX_MEMORY: u32 = 1 << 30;

/// A module that the page or its worker starts.
struct Module {
    folder: &'static str,
    package: &'static str,
    /// Lie beside it; the first starts it.
    scripts: &'static [&'static str],
    target_feature: &'static str,
    wasm_opt: &'static [&'static str],
    /// What it changes of the profile `web`.
    profile: Option<&'static str>,
}

/// Serves the page and rebuilds it when a source changes; returns when it is stopped.
pub(crate) fn serve(port: u16, offline: Offline, consent: Consent) -> Result<()> {
    let port = port.to_string();
    let arguments = ["serve", "--release", "--address", "127.0.0.1", "--port", &port];
    shell::run(trunk(&arguments, consent)?.envs([offline.name()]))
}

/// Builds the site and gives its folder.
pub(crate) fn build(offline: Offline, consent: Consent) -> Result<PathBuf> {
    shell::run(building(consent)?.envs([offline.name()]))?;
    let site = folder();
    for (name, files) in DOWNLOADS {
        let sizes = download(&site, files)?;
        eprintln!("  {name}: {} KB, {} KB gzipped", sizes.raw / 1000, sizes.gzip / 1000);
    }
    Ok(site)
}

/// The command that builds the site, with everything that it takes.
pub(crate) fn building(consent: Consent) -> Result<Command> {
    trunk(&["build", "--release"], consent)
}

/// Where the site is built.
pub(crate) fn folder() -> PathBuf {
    shell::root().join("dist")
}

/// What a visitor downloads: the page, one of the three workers, the dialogs and, where there is a graphics
/// processor, its engine; what decodes PNG and WebP, takes tags along and measures when it is asked for.
pub(crate) const DOWNLOADS: [(&str, &[&str]); 10] = [
    (
        "page",
        &[
            "index.html",
            "app.css",
            "bootstrap.js",
            "browser.js",
            "dropped.js",
            "plain.js",
            "tagsight-web.js",
            "tagsight-web_bg.wasm",
        ],
    ),
    (
        "worker-simd",
        &[
            "worker-simd/worker.js",
            "worker-simd/tagsight-worker.js",
            "worker-simd/tagsight-worker_bg.wasm",
        ],
    ),
    (
        "worker-relaxed",
        &[
            "worker-relaxed/worker.js",
            "worker-relaxed/tagsight-worker.js",
            "worker-relaxed/tagsight-worker_bg.wasm",
        ],
    ),
    (
        THREADS,
        &[
            "worker-threads/worker.js",
            "worker-threads/threads.js",
            "worker-threads/thread.js",
            "worker-threads/tagsight-worker.js",
            "worker-threads/tagsight-worker_bg.wasm",
        ],
    ),
    ("gpu", &["gpu/load.js", "gpu/tagsight-gpu.js", "gpu/tagsight-gpu_bg.wasm"]),
    (
        "keywords",
        &[
            "keywords/load.js",
            "keywords/tagsight-keywords-module.js",
            "keywords/tagsight-keywords-module_bg.wasm",
        ],
    ),
    (
        "decoders",
        &[
            "decoders/load.js",
            "decoders/tagsight-decoders-module.js",
            "decoders/tagsight-decoders-module_bg.wasm",
        ],
    ),
    ("export", &["export/load.js", "export/tagsight-export.js", "export/tagsight-export_bg.wasm"]),
    ("dialogs", &["dialogs.js", "tagsight-dialogs.js", "tagsight-dialogs_bg.wasm"]),
    ("benchmark", &["tagsight-benchmark.js", "tagsight-benchmark_bg.wasm"]),
];

/// Bytes of a set of files.
pub(crate) struct Download {
    /// As they are stored.
    pub(crate) raw: usize,
    /// As a host sends them (gzip -9).
    pub(crate) gzip: usize,
}

/// The size of `files` of the built site, each compressed by itself.
pub(crate) fn download(site: &Path, files: &[&str]) -> Result<Download> {
    let mut sizes = Download { raw: 0, gzip: 0 };
    for file in files {
        let bytes = read(&site.join(file))?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        sizes.raw += bytes.len();
        sizes.gzip += encoder.finish()?.len();
    }
    Ok(sizes)
}

/// Trunk with these arguments. On a machine that lacks tools, the site is compiled while they are
/// installed, so that trunk finds it done.
fn trunk(arguments: &[&str], consent: Consent) -> Result<Command> {
    // Trunk builds whatever failed to compile once more and says why, so `serve` can go on watching.
    let tools = Tools::ensure(consent, || drop(compile()))?;
    let mut command = Command::new(&tools.trunk);
    command
        .args(arguments)
        .arg("--offline")
        .env("PATH", tools.path()?)
        // Trunk takes only "true" and "false" here, and the convention is any value.
        .env_remove("NO_COLOR")
        .env_remove("RUSTFLAGS");
    for_page(&mut command);
    Ok(command)
}

/// Where and with which flags the page is compiled, by trunk or for it.
fn for_page(command: &mut Command) -> &mut Command {
    let flags = format!("{TERSE_FLAGS} {}", hide_paths());
    command.current_dir(shell::root().join("web")).env(WASM_FLAGS, flags).envs(TERSE)
}

/// Compiles the page, as trunk will, and the modules, all at a time: each ends in minutes of linking
/// that keep one core busy.
fn compile() -> Result<()> {
    eprintln!("  page and workers: compiling…");
    thread::scope(|scope| {
        let page = scope.spawn(|| {
            let mut cargo = shell::cargo("build");
            cargo.args(["--quiet", "--target", WASM_TARGET, "--profile", "web", "--bins"]);
            cargo.arg("--manifest-path").arg(shell::root().join("web/Cargo.toml"));
            shell::run(for_page(&mut cargo))
        });
        let modules = MODULES.each_ref().map(|module| scope.spawn(|| compile_module(module)));
        for module in modules {
            join(module)?;
        }
        join(page)
    })
}

/// Fills the folder that trunk is building with what trunk does not know.
pub(crate) fn stage() -> Result<()> {
    let site = hook::staging().context("this is a hook that trunk calls, and it was not trunk")?;
    // Whoever called trunk has agreed or refused already.
    let tools = &Tools::ensure(Consent::Ask, || ())?;
    thread::scope(|scope| {
        let built = MODULES
            .each_ref()
            .map(|module| (module.folder, scope.spawn(move || build_module(tools, module))));
        for (folder, built) in built {
            copy_all(&join(built)?, &site.join(folder))?;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    for part in PARTS {
        copy_all(&build_part(tools, part)?, &site)?;
    }
    copy_all(&shell::root().join("static"), &site)?;
    for file in FOR_OTHERS {
        fs::copy(shell::root().join("web/module").join(file), site.join(file)).context(file)?;
    }
    stage_models(&shell::root().join("models"), &site.join("models"))?;
    stage_benchmark(&site)?;
    let mut files = Vec::new();
    collect(&site, &["js", "css"], &mut files)?;
    tools.minify(&site, &files)?;
    offline::stage(&site)
}

/// Adds the files in a folder whose names end so.
fn collect(folder: &Path, endings: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    for name in sorted_names(folder)? {
        let path = folder.join(name);
        if path.is_dir() {
            collect(&path, endings, files)?;
        } else if path.extension().is_some_and(|ending| endings.iter().any(|e| ending == *e)) {
            files.push(path);
        }
    }
    Ok(())
}

/// Compiles one module; gives its target folder.
fn compile_module(module: &Module) -> Result<PathBuf> {
    // A target folder of its own: other flags in a shared one would rebuild everything each time.
    let target = shell::target_folder().join(module.folder);
    shell::run(
        shell::cargo("build")
            .args(["--quiet", "--package", module.package, "--profile", "web"])
            .args(["--target", WASM_TARGET, "--target-dir"])
            .arg(&target)
            .args(module.profile.iter().flat_map(|setting| ["--config", setting]))
            .env("RUSTFLAGS", rust_flags(module))
            .envs(TERSE),
    )?;
    Ok(target)
}

/// Builds one module; gives the folder of its files.
fn build_module(tools: &Tools, module: &Module) -> Result<PathBuf> {
    let Module { package, scripts, .. } = module;
    let target = compile_module(module)?;
    let built = target.join(WASM_TARGET).join("web");
    // A library's name has an underscore.
    let names = [package.to_string(), package.replace('-', "_")];
    let names = names.into_iter().map(|name| built.join(name).with_extension("wasm"));
    let compiled = names.into_iter().find(|file| file.exists()).context("cargo built no module")?;
    let folder = make(tools, &compiled, package, module.wasm_opt, &target.join("site"))?;
    for script in *scripts {
        let script = shell::root().join(script);
        fs::copy(&script, folder.join(script.file_name().context("a script is a file")?))?;
    }
    Ok(folder)
}

/// Builds a part of the page, as the page itself is built; gives the folder of its files.
fn build_part(tools: &Tools, part: &str) -> Result<PathBuf> {
    let mut cargo = shell::cargo("build");
    cargo.args(["--quiet", "--target", WASM_TARGET, "--profile", "web", "--bin", part]);
    shell::run(for_page(&mut cargo))?;
    let target = shell::target_folder();
    let compiled = target.join(WASM_TARGET).join("web").join(part).with_extension("wasm");
    make(tools, &compiled, &format!("tagsight-{part}"), &[], &target.join("parts").join(part))
}

/// Makes a module and its script, `name`, of what cargo compiled, unless they are there; gives their
/// folder.
fn make(
    tools: &Tools,
    compiled: &Path,
    name: &str,
    wasm_opt: &[&str],
    folder: &Path,
) -> Result<PathBuf> {
    let settings = format!("{WASM_OPT:?} {wasm_opt:?}");
    let digest = Sha256::new().chain_update(read(compiled)?).chain_update(settings);
    let digest = hex(&digest.finalize());
    let made_from = folder.with_extension("sha256");
    if !fs::read_to_string(&made_from).is_ok_and(|last| last == digest) {
        let _ = fs::remove_dir_all(folder);
        tools.bind(compiled, name, folder)?;
        let optimised = folder.join(format!("{name}_bg.wasm"));
        shell::output(
            Command::new(&tools.wasm_opt)
                .args(WASM_OPT)
                .args(wasm_opt)
                .arg("-o")
                .args([&optimised, &optimised]),
        )?;
        fs::write(&made_from, digest)?;
    }
    Ok(folder.to_path_buf())
}

/// The page again, which tells by its address that it is the benchmark and so has another module.
fn stage_benchmark(site: &Path) -> Result<()> {
    let page = fs::read_to_string(site.join("index.html"))?;
    let benchmark = page.replace("tagsight-web", "tagsight-benchmark");
    fs::write(site.join("benchmark.html"), benchmark).context("benchmark.html")
}

fn rust_flags(module: &Module) -> String {
    let shared: &[&str] = if module.folder == THREADS { &SHARED_MEMORY } else { &[] };
    let shared: String = shared.iter().map(|option| format!(" -C link-arg={option}")).collect();
    format!(
        "-C target-feature={}{shared} -C link-arg=--max-memory={WORKER_MAX_MEMORY} {TERSE_FLAGS} {}",
        module.target_feature,
        hide_paths()
    )
}

/// Flags that keep the builder's folders out of the panic messages in what is published, which
/// also makes its size the same everywhere.
fn hide_paths() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
    let sources = home.join("registry/src").display().to_string();
    // The variables that carry flags are split at spaces.
    if sources.contains(' ') {
        String::new()
    } else {
        format!("--remap-path-prefix={sources}=cargo")
    }
}

/// Copies the models that the manifest lists; a site without any says so when it is opened.
fn stage_models(models: &Path, site: &Path) -> Result<()> {
    fs::create_dir_all(site)?;
    let listed = models.join(MANIFEST);
    if !listed.exists() {
        let none = serde_json::to_string(&Manifest::default())?;
        return fs::write(site.join(MANIFEST), none).context(MANIFEST);
    }
    let manifest: Manifest =
        serde_json::from_slice(&read(&listed)?).with_context(|| listed.display().to_string())?;
    for model in &manifest.models {
        check_model(&read(&models.join(&model.file))?, model)?;
        let folder = Path::new(&model.file).parent().context("a model needs a folder")?;
        copy_all(&models.join(folder), &site.join(folder))?;
    }
    fs::copy(&listed, site.join(MANIFEST)).map(drop).context(MANIFEST)
}

/// The page would refuse it, so it is better found out here.
fn check_model(artifact: &[u8], listed: &ManifestModel) -> Result<()> {
    let same =
        artifact.len() as u64 == listed.bytes && hex(&Sha256::digest(artifact)) == listed.sha256;
    ensure!(
        same,
        "models/{} is not the file that models/manifest.json lists; restore it, or measure it \
         again with `trainer card` and run `cargo xtask manifest`",
        listed.file
    );
    Ok(())
}

fn sorted_names(folder: &Path) -> Result<Vec<OsString>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut names =
        entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>, std::io::Error>>()?;
    names.sort();
    Ok(names)
}

/// Copies what is in a folder.
pub(crate) fn copy_all(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for name in sorted_names(from)? {
        let source = from.join(&name);
        if source.is_dir() {
            copy_all(&source, &to.join(&name))?;
        } else {
            fs::copy(&source, to.join(&name)).with_context(|| source.display().to_string())?;
        }
    }
    Ok(())
}
