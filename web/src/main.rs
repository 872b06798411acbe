//! The page's module.

fn main() {
    tagsight_web::start_page();
}
