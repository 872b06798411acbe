//! State dictionaries in pickles: where they lie, and which tensors are in them.

use super::pickle::Pickle;
use super::value::{Id, Value};
use super::view::View;
use crate::weights::refusal::Refusal;

/// Keys under which training scripts keep the state dictionary inside a larger one, the first that
/// is there; moving averages are taken where there is nothing else.
const WRAPPER_KEYS: [&str; 14] = [
    "state_dict",
    "model",
    "model_state_dict",
    "model_state",
    "net",
    "network",
    "weights",
    "params",
    "module",
    "model_ema",
    "ema",
    "state_dict_ema",
    "ema_state_dict",
    "params_ema",
];
/// How many dictionaries a state dictionary may lie in.
const WRAPPERS: usize = 3;

/// The tensors of a pickle's state dictionary that `wanted` names.
///
/// # Errors
/// If there is no state dictionary, or a wanted tensor is of a kind that has no plain elements.
pub(super) fn tensors(
    pickle: &Pickle,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(String, View)>, Refusal> {
    let state =
        find(pickle, pickle.root(), WRAPPERS).ok_or_else(|| Refusal::Foreign(describe(pickle)))?;
    let mut tensors = Vec::new();
    for (name, value) in pickle.entries(state).filter(|(name, _)| wanted(name)) {
        if let Some(view) = tensor(pickle, name, value)? {
            tensors.push((name.to_owned(), view));
        }
    }
    Ok(tensors)
}

/// The state dictionary in `id`: it has tensors, or one of its members is it.
fn find(pickle: &Pickle, id: Id, depth: usize) -> Option<Id> {
    let member = |key: &&str| pickle.entries(id).find(|(name, _)| name == key);
    let wrapped = WRAPPER_KEYS.iter().filter(|_| depth > 0).filter_map(member);
    let mut wrapped = wrapped.filter_map(|(_, inner)| find(pickle, inner, depth - 1));
    let is_tensor = |value| rebuilding(pickle, value).is_some();
    wrapped.next().or_else(|| pickle.entries(id).any(|(_, value)| is_tensor(value)).then_some(id))
}

/// The function that makes a tensor, and its arguments; parameters and subclasses of tensors are
/// looked into.
fn rebuilding(pickle: &Pickle, mut id: Id) -> Option<(&str, &[Id])> {
    loop {
        let (function, arguments) = pickle.call(id)?;
        let function = function.rsplit('.').next()?;
        match function {
            "_rebuild_parameter" | "_rebuild_parameter_with_state" => id = *arguments.first()?,
            "_rebuild_from_type_v2" => {
                let &[function, _, inner] = arguments.first_chunk()?;
                let Value::Global(function) = pickle.get(function) else { return None };
                return Some((function.rsplit('.').next()?, pickle.tuple(inner)?));
            }
            _ => return function.starts_with("_rebuild_").then_some((function, arguments)),
        }
    }
}

/// The tensor `name`, if it is one; numbers and texts beside the tensors are of no interest.
fn tensor(pickle: &Pickle, name: &str, id: Id) -> Result<Option<View>, Refusal> {
    let Some((function, arguments)) = rebuilding(pickle, id) else { return Ok(None) };
    let refuse = |dtype: &str| Refusal::of_type(name, dtype);
    let view = match function {
        "_rebuild_tensor" | "_rebuild_tensor_v2" => View::parse(pickle, arguments),
        "_rebuild_qtensor" => return Err(refuse("quantised")),
        "_rebuild_sparse_tensor" => return Err(refuse("sparse")),
        "_rebuild_meta_tensor_no_storage" => return Err(refuse("meta, without elements")),
        other => return Err(refuse(other)),
    };
    // The seventh argument holds what is still to be done to the elements, e.g. to negate them.
    if arguments.get(6).is_some_and(|&metadata| *pickle.get(metadata) != Value::None) {
        return Err(refuse("a view that is yet to be computed"));
    }
    view.map(Some).map_err(|detail| Refusal::Damaged(format!("{name}: {detail}")))
}

/// What a pickle without a state dictionary holds.
fn describe(pickle: &Pickle) -> String {
    const SHOWN: usize = 8;
    let root = pickle.root();
    let members = pickle.entries(root).filter(|(key, _)| WRAPPER_KEYS.contains(key));
    let mut objects = std::iter::once(root).chain(members.map(|(_, value)| value));
    if let Some(class) = objects.find_map(|id| class_of(pickle, id)) {
        return format!("a whole object ({class})");
    }
    let keys: Vec<&str> = pickle.entries(root).map(|(key, _)| key).take(SHOWN).collect();
    if keys.is_empty() {
        return "something without named tensors".to_owned();
    }
    format!("a dictionary of other things ({})", keys.join(", "))
}

/// The class of an object of somebody's own, such as a network.
fn class_of(pickle: &Pickle, id: Id) -> Option<&str> {
    let Value::Call { function, .. } = pickle.get(id) else { return None };
    let class = match pickle.get(*function) {
        Value::Global(class) => class,
        // The first format keeps a network's class outside of the pickle, with its source.
        Value::Persistent(class) => match pickle.get(*pickle.tuple(*class)?.get(1)?) {
            Value::Global(class) => class,
            _ => return None,
        },
        _ => return None,
    };
    let is_plain = ["collections.", "torch._utils."].iter().any(|m| class.starts_with(m));
    (!is_plain).then_some(class)
}
