//! Lets the linker leave Python's symbols open, for which some systems' have to be asked.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
