//! Which of the site's models is used.

use std::rc::Rc;

use tagsight_protocol::ManifestModel;

use crate::reason::Problem;

/// The site's models.
pub(crate) type Models = Vec<Rc<ManifestModel>>;

/// The model that was asked for; else the one of last time, if it is still there; else the site's
/// default.
///
/// # Errors
/// If the site does not have what was asked for; it says what there is.
pub(crate) fn pick<'a>(
    models: &'a [Rc<ManifestModel>],
    asked: Option<&str>,
    remembered: Option<&str>,
) -> Result<&'a Rc<ManifestModel>, Problem> {
    let named = |name: &str| models.iter().find(|model| model.name == name);
    let first = models.first().ok_or(Problem::NoModels)?;
    if let Some(name) = asked {
        return named(name).ok_or_else(|| unknown(models, name));
    }
    let default = || models.iter().find(|model| model.default);
    Ok(remembered.and_then(named).or_else(default).unwrap_or(first))
}

fn unknown(models: &[Rc<ManifestModel>], name: &str) -> Problem {
    let known = models.iter().map(|model| model.name.clone()).collect();
    Problem::UnknownModel { asked: name.to_owned(), known }
}

/// Models of these names for tests; the second, if there is one, is the default.
#[cfg(test)]
pub(crate) fn example(names: &[&str]) -> Models {
    use tagsight_protocol::{Latency, Metric, Score};
    let model = |(index, name): (usize, &&str)| ManifestModel {
        name: (*name).to_owned(),
        title: name.to_uppercase(),
        file: format!("{name}/model.safetensors"),
        bytes: 11_000_000,
        sha256: String::new(),
        score: Score { metric: Metric::Map, over: 80, value: 0.5 },
        latency: Latency::Medium,
        default: index == 1,
    };
    names.iter().enumerate().map(model).map(Rc::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(asked: Option<&str>, remembered: Option<&str>) -> Result<String, Problem> {
        pick(&example(&["a", "b", "c"]), asked, remembered).map(|model| model.name.clone())
    }

    #[test]
    fn what_is_asked_for_goes_before_last_time_and_that_before_the_default() {
        assert_eq!(picked(None, None).unwrap(), "b");
        assert_eq!(picked(None, Some("c")).unwrap(), "c");
        assert_eq!(picked(Some("a"), Some("c")).unwrap(), "a");
    }

    #[test]
    fn a_model_that_is_gone_is_forgotten() {
        assert_eq!(picked(None, Some("old")).unwrap(), "b");
    }

    #[test]
    fn without_a_default_the_first_is_taken() {
        assert_eq!(pick(&example(&["a"]), None, None).unwrap().name, "a");
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let known = ["a", "b", "c"].map(String::from).into();
        let unknown = Problem::UnknownModel { asked: "vgg".into(), known };
        assert_eq!(picked(Some("vgg"), Some("c")), Err(unknown));
        assert_eq!(pick(&[], Some("vgg"), None), Err(Problem::NoModels));
    }
}
