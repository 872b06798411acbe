//! A model, as Python has it.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyList;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tagsight_core::tags::Rule;
use tagsight_core::{Goal, Isa, Metadata, Step, artifact};

use crate::error::{ModelError, Trouble};
use crate::photo::Photo;
use crate::pool::Pool;
use crate::tag::Tag;

/// A model, ready to tag.
#[pyclass(frozen, module = "tagsight")]
pub(crate) struct Tagger {
    metadata: Arc<Metadata>,
    pool: Pool,
    threads: ThreadPool,
    /// What it can be loaded from again, in another process.
    path: PathBuf,
}

/// What becomes of photos that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Errors {
    Raise,
    Return,
}

impl<'py> FromPyObject<'_, 'py> for Errors {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<&str>()? {
            "raise" => Ok(Self::Raise),
            "return" => Ok(Self::Return),
            other => Err(PyValueError::new_err(format!(
                "errors is \"raise\" or \"return\", not {other:?}"
            ))),
        }
    }
}

#[pymethods]
impl Tagger {
    #[staticmethod]
    #[pyo3(signature = (path, *, threads = None))]
    fn load(py: Python<'_>, path: PathBuf, threads: Option<NonZeroUsize>) -> PyResult<Self> {
        let threads = ThreadPoolBuilder::new()
            .num_threads(threads.map_or(0, NonZeroUsize::get))
            .thread_name(|number| format!("tagsight {number}"))
            .build()
            .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let (metadata, pool) = py.detach(|| read(&path))?;
        Ok(Self { metadata, pool, threads, path })
    }

    /// It is pickled as where it was loaded from, which has to be there in the other process too.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (PathBuf,))> {
        let load = py.get_type::<Self>().getattr("load")?;
        Ok((load, (self.path.clone(),)))
    }

    #[getter]
    fn labels(&self) -> Vec<String> {
        self.metadata.labels.clone()
    }

    #[getter]
    fn side(&self) -> usize {
        self.metadata.preprocessing.side
    }

    #[getter]
    fn task(&self) -> &'static str {
        match self.metadata.task.goal() {
            Goal::MultiLabel => "multi-label",
            Goal::SingleLabel => "single-label",
            Goal::Regression { .. } => "regression",
        }
    }

    #[getter]
    fn engine(&self) -> &'static str {
        Isa::best().name()
    }

    #[getter]
    fn threads(&self) -> usize {
        self.threads.current_num_threads()
    }

    fn scores(&self, py: Python<'_>, photo: Photo) -> PyResult<Vec<f32>> {
        Ok(py.detach(|| self.pool.scores(&photo))?)
    }

    #[pyo3(signature = (photo, step = "balanced"))]
    fn tag(&self, py: Python<'_>, photo: Photo, step: &str) -> PyResult<Vec<Tag>> {
        let tagging = self.tagging(step)?;
        let scores = py.detach(|| self.pool.scores(&photo))?;
        Ok(tagging.tags(&scores))
    }

    #[pyo3(signature = (scores, step = "balanced"))]
    fn tags_of(&self, scores: Vec<f32>, step: &str) -> PyResult<Vec<Tag>> {
        let (given, labels) = (scores.len(), self.metadata.labels.len());
        if given != labels {
            let message = format!("one score a label: {labels}, not {given}");
            return Err(PyValueError::new_err(message));
        }
        Ok(self.tagging(step)?.tags(&scores))
    }

    #[pyo3(signature = (photos, errors = Errors::Raise))]
    fn scores_batch<'py>(
        &self,
        py: Python<'py>,
        photos: Vec<Photo>,
        errors: Errors,
    ) -> PyResult<Bound<'py, PyList>> {
        listed(py, self.all(py, &photos), errors, |scores| scores)
    }

    #[pyo3(signature = (photos, step = "balanced", errors = Errors::Raise))]
    fn tag_batch<'py>(
        &self,
        py: Python<'py>,
        photos: Vec<Photo>,
        step: &str,
        errors: Errors,
    ) -> PyResult<Bound<'py, PyList>> {
        let tagging = self.tagging(step)?;
        listed(py, self.all(py, &photos), errors, |scores| tagging.tags(&scores))
    }

    fn __repr__(&self) -> String {
        let Metadata { architecture, labels, .. } = &*self.metadata;
        format!("<tagsight.Tagger {architecture}, {} labels, {}>", labels.len(), self.engine())
    }
}

impl Tagger {
    /// Scores of each photo, in their order.
    fn all(&self, py: Python<'_>, photos: &[Photo]) -> Vec<Result<Vec<f32>, Trouble>> {
        py.detach(|| {
            let scores = || photos.par_iter().map(|photo| self.pool.scores(photo)).collect();
            self.threads.install(scores)
        })
    }

    fn tagging(&self, step: &str) -> PyResult<Tagging<'_>> {
        let step = Step::from_name(step).ok_or_else(|| {
            let known = Step::ALL.map(Step::name).join(", ");
            PyValueError::new_err(format!("step is one of {known}, not {step:?}"))
        })?;
        let labels = &self.metadata.labels;
        let rule = self.metadata.task.rule(labels.len()).ok_or_else(|| {
            ModelError::new_err("this model measures values and gives no tags; ask it for scores")
        })?;
        Ok(Tagging { rule, labels, step })
    }
}

/// When a label becomes a tag.
struct Tagging<'a> {
    rule: Rule,
    labels: &'a [String],
    step: Step,
}

impl Tagging<'_> {
    fn tags(&self, scores: &[f32]) -> Vec<Tag> {
        let tags = self.rule.tags(self.labels, scores, self.step);
        tags.into_iter().map(Tag::from).collect()
    }
}

/// The model of a folder or file.
fn read(path: &std::path::Path) -> Result<(Arc<Metadata>, Pool), Trouble> {
    let file = if path.is_dir() { path.join(artifact::FILE_NAME) } else { path.to_owned() };
    let bytes = fs::read(&file).map_err(|source| Trouble::Read { path: file, source })?;
    let (pool, tagger) = Pool::new(bytes)?;
    let metadata = tagger.metadata().clone();
    pool.give_back(tagger);
    Ok((metadata, pool))
}

/// What was found of each photo; of one that cannot be read, its error or the end of all.
fn listed<'py, T: IntoPyObject<'py>>(
    py: Python<'py>,
    all: Vec<Result<Vec<f32>, Trouble>>,
    errors: Errors,
    found: impl Fn(Vec<f32>) -> T,
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for scores in all {
        match scores {
            Ok(scores) => list.append(found(scores))?,
            // It is the model's fault, so no photo's.
            Err(trouble @ Trouble::Model(_)) => return Err(trouble.into()),
            Err(trouble) if errors == Errors::Raise => return Err(trouble.into()),
            Err(trouble) => list.append(PyErr::from(trouble).into_value(py))?,
        }
    }
    Ok(list)
}
