//! The benchmark's module.

fn main() {
    tagsight_web::start_benchmark();
}
