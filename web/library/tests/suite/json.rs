//! Stands in for `static/plain.js`: JSON, as earlier builds wrote it, for the bytes that a record is made of.

use serde_json::Value;
use tagsight_library::AtLeast;
use tagsight_plain::{Item, Plain, Reader, Writer};

/// What a record of an earlier build is; nothing if it cannot be read.
pub(crate) fn read<T: Plain>(json: &str) -> Option<T> {
    let mut writer = Writer::default();
    put(&serde_json::from_str(json).unwrap(), &mut writer);
    T::from_bytes(&writer.into_bytes())
}

/// What an earlier build can read.
pub(crate) fn written(value: &impl Plain) -> Value {
    take(&mut Reader::new(&value.to_bytes()))
}

fn put(value: &Value, to: &mut Writer) {
    match value {
        Value::Null => to.nothing(),
        Value::Bool(is) => to.bool(*is),
        Value::Number(number) => to.number(number.as_f64().unwrap()),
        Value::String(text) => to.text(text),
        Value::Array(items) => {
            to.list(items.len());
            items.iter().for_each(|item| put(item, to));
        }
        Value::Object(fields) => {
            to.record(fields.len());
            for (key, value) in fields {
                to.key(key);
                put(value, to);
            }
        }
    }
}

fn take(from: &mut Reader) -> Value {
    match from.item().unwrap() {
        Item::Nothing => Value::Null,
        Item::Bool(is) => is.into(),
        Item::Number(number) if number.fract() == 0.0 => (number as u64).into(),
        Item::Number(number) => number.into(),
        Item::Text(text) => text.into(),
        Item::Bytes(bytes) => bytes.into(),
        Item::List(items) => (0..items).map(|_| take(from)).collect(),
        Item::Keyed(pairs) => {
            let pair = |_| (from.key().unwrap().to_owned(), take(from));
            Value::Object((0..pairs).map(pair).collect())
        }
    }
}

/// Each kind of change, as builds before this one wrote them.
const ENTRY: &str = r#"{
    "version": 1, "number": 7, "kind": "RemoveAuto", "word": "dog", "changes": [
        {"Decision": {"photo": "a", "key": "dog", "values": {"before": null, "after": "Added"}}},
        {"Scores": {"photo": "a", "values": {"before": {
            "model": "small", "sha256": "00ff", "values": [0, 0, 0, 63], "engine": "webgpu",
            "orientation": 6, "millis": 1.5
        }, "after": null}}},
        {"Record": {"photo": "b", "values": {"before": null, "after": {
            "version": 1, "id": "b", "name": "b.jpg", "bytes": 9, "modified": 2, "taken": "",
            "added": 3, "place": 1, "width": 4, "height": 5, "generation": 6, "result": null,
            "decisions": {"cat": "Removed", "개": "Added"}, "keywords": ["sea"]
        }}}},
        {"Word": {"key": "dog", "values": {"before": "콩이", "after": null}}},
        {"Hidden": {"key": "cat", "values": {"before": false, "after": true}}}
    ]
}"#;

#[test]
fn records_keep_their_shape() {
    let entry: tagsight_library::Entry = read(ENTRY).unwrap();
    let mut expected: Value = serde_json::from_str(ENTRY).unwrap();
    // Those builds did not know what photos look like.
    expected["changes"][2]["Record"]["values"]["after"]["hash"] = "".into();
    assert_eq!(written(&entry), expected);
    let settings = r#"{
        "version": 1, "step": "More", "hidden": {"cat": true}, "words": {"dog": "콩이"},
        "models": [{"name": "small", "sha256": "00ff", "labels": ["dog"], "thresholds": {
            "sure": [0, 0, 128, 63], "balanced": [0, 0, 0, 63], "more": []
        }, "at_least": "Best"}], "since_backup": 3
    }"#;
    let read: tagsight_library::Settings = read(settings).unwrap();
    assert_eq!(written(&read), serde_json::from_str::<Value>(settings).unwrap());
    // Settings of before there were models that always give a label.
    let earlier = settings.replace(r#", "at_least": "Best""#, "");
    let earlier = self::read::<tagsight_library::Settings>(&earlier).unwrap();
    assert_eq!(earlier.models[0].at_least, AtLeast::Nothing);
}

#[test]
fn a_step_without_all_that_belongs_to_it_is_none() {
    let whole: Value = serde_json::from_str(ENTRY).unwrap();
    for field in ["number", "kind", "changes"] {
        let mut cut = whole.clone();
        cut.as_object_mut().unwrap().remove(field);
        assert!(read::<tagsight_library::Entry>(&cut.to_string()).is_none(), "{field}");
    }
    for field in ["photo", "key", "values"] {
        let mut cut = whole.clone();
        cut["changes"][0]["Decision"].as_object_mut().unwrap().remove(field);
        assert!(read::<tagsight_library::Entry>(&cut.to_string()).is_none(), "{field}");
    }
}
