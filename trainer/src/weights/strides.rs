//! Which tensors of a PyTorch file are stored in another order than their shape's.
//!
//! A saved tensor is a view of a storage: channels-last or transposed weights keep their strides.
//! burn-store reads storages front to back, whatever the strides are, so such tensors would come
//! out shuffled without a word. This walks the file's pickle just far enough to find them.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// First bytes of a zip file.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// Pickles before the state dictionary in the format that PyTorch wrote before 1.6: magic number,
/// version and system.
const LEGACY_PREAMBLE: usize = 3;

/// Names of the tensors that are not stored in row-major order.
///
/// # Errors
/// If the file is neither format of `torch.save`, or holds what no state dictionary does.
pub(super) fn permuted_tensors(path: &Path) -> Result<Vec<String>, String> {
    let mut magic = [0; 4];
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    file.read_exact(&mut magic).map_err(|error| error.to_string())?;
    let mut permuted = Vec::new();
    if magic == ZIP_MAGIC {
        Pickle::new(&zipped_pickle(path)?).run(&mut permuted)?;
    } else {
        let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
        let mut pickle = Pickle::new(&bytes);
        for _ in 0..=LEGACY_PREAMBLE {
            pickle.run(&mut permuted)?;
        }
    }
    Ok(permuted)
}

fn zipped_pickle(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| error.to_string())?;
    let name = archive.file_names().find(|name| name.ends_with("data.pkl")).map(str::to_owned);
    let name = name.ok_or("no data.pkl in it")?;
    let mut pickle = Vec::new();
    let mut entry = archive.by_name(&name).map_err(|error| error.to_string())?;
    entry.read_to_end(&mut pickle).map_err(|error| error.to_string())?;
    Ok(pickle)
}

/// What matters of a pickled value.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Int(i64),
    Text(String),
    Tuple(Vec<Value>),
    Tensor { is_row_major: bool },
    Mark,
    Other,
}

/// Pickles, one after the other (protocol 2, as `torch.save` writes it).
struct Pickle<'a> {
    bytes: &'a [u8],
    stack: Vec<Value>,
    memo: HashMap<u32, Value>,
}

impl<'a> Pickle<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, stack: Vec::new(), memo: HashMap::new() }
    }

    /// Runs to the end of one pickle; opcodes are those of CPython's `pickletools`.
    fn run(&mut self, permuted: &mut Vec<String>) -> Result<(), String> {
        self.stack.clear();
        self.memo.clear();
        loop {
            match self.byte()? {
                0x80 => drop(self.take(1)?), // PROTO
                b'.' => return Ok(()),       // STOP
                b'(' => self.stack.push(Value::Mark),
                b')' => self.stack.push(Value::Tuple(vec![])),
                b'}' | b']' | b'N' | 0x88 | 0x89 => self.stack.push(Value::Other),
                b'G' => self.push_other(8)?, // BINFLOAT
                b'K' => self.push_int(1)?,
                b'M' => self.push_int(2)?,
                b'J' => self.push_int(4)?,
                0x8a => {
                    let length = self.byte()?; // LONG1
                    self.push_int(usize::from(length))?;
                }
                b'X' => self.push_text(4)?,
                0x8c => self.push_text(1)?,
                b'U' => self.push_text(1)?, // SHORT_BINSTRING
                b'c' => self.push_global()?,
                b'q' => self.memoise(1)?,
                b'r' => self.memoise(4)?,
                b'h' => self.recall(1)?,
                b'j' => self.recall(4)?,
                b't' => {
                    let items = self.pop_to_mark()?;
                    self.stack.push(Value::Tuple(items));
                }
                count @ 0x85..=0x87 => self.push_tuple(usize::from(count - 0x84))?,
                b'Q' => self.replace(1)?, // BINPERSID: a storage
                b'R' => self.reduce()?,
                0x81 | b'b' => drop(self.pop()?),  // NEWOBJ, BUILD
                b'a' => drop(self.pop()?),         // APPEND
                b'e' => drop(self.pop_to_mark()?), // APPENDS
                b's' => {
                    let value = self.pop()?;
                    let key = self.pop()?;
                    note(&[key, value], permuted);
                }
                b'u' => note(&self.pop_to_mark()?, permuted),
                opcode => return Err(format!("a pickle with opcode {opcode:#04x}")),
            }
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or("the pickle is cut short")?;
        self.bytes = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    /// A little-endian signed integer; longer ones than 8 bytes are no sizes.
    fn int(&mut self, width: usize) -> Result<i64, String> {
        let bytes = self.take(width)?;
        let mut word = [0; 8];
        let kept = width.min(8);
        word[..kept].copy_from_slice(&bytes[..kept]);
        Ok(i64::from_le_bytes(word))
    }

    fn pop(&mut self) -> Result<Value, String> {
        self.stack.pop().ok_or_else(|| "the pickle's stack is empty".into())
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Value>, String> {
        let mark = self.stack.iter().rposition(|value| *value == Value::Mark);
        let items = self.stack.split_off(mark.ok_or("the pickle lacks a mark")?);
        Ok(items.into_iter().skip(1).collect())
    }

    fn push_other(&mut self, width: usize) -> Result<(), String> {
        self.take(width)?;
        self.stack.push(Value::Other);
        Ok(())
    }

    fn push_int(&mut self, width: usize) -> Result<(), String> {
        let value = self.int(width)?;
        self.stack.push(Value::Int(value));
        Ok(())
    }

    fn push_text(&mut self, width: usize) -> Result<(), String> {
        let length = self.int(width)? as usize;
        let text = String::from_utf8_lossy(self.take(length)?).into_owned();
        self.stack.push(Value::Text(text));
        Ok(())
    }

    /// `module\nname\n`
    fn push_global(&mut self) -> Result<(), String> {
        let mut name = String::new();
        for _ in 0..2 {
            let end = self.bytes.iter().position(|&byte| byte == b'\n');
            let line = self.take(end.ok_or("the pickle is cut short")?)?;
            name = String::from_utf8_lossy(line).into_owned();
            self.take(1)?;
        }
        self.stack.push(Value::Text(name));
        Ok(())
    }

    fn push_tuple(&mut self, count: usize) -> Result<(), String> {
        let start = self.stack.len().checked_sub(count).ok_or("the pickle's stack is empty")?;
        let items = self.stack.split_off(start);
        self.stack.push(Value::Tuple(items));
        Ok(())
    }

    fn memoise(&mut self, width: usize) -> Result<(), String> {
        let key = self.int(width)? as u32;
        let value = self.stack.last().ok_or("the pickle's stack is empty")?.clone();
        self.memo.insert(key, value);
        Ok(())
    }

    fn recall(&mut self, width: usize) -> Result<(), String> {
        let key = self.int(width)? as u32;
        let value = self.memo.get(&key).ok_or("the pickle recalls what it never had")?.clone();
        self.stack.push(value);
        Ok(())
    }

    fn replace(&mut self, count: usize) -> Result<(), String> {
        for _ in 0..count {
            self.pop()?;
        }
        self.stack.push(Value::Other);
        Ok(())
    }

    /// A call: `_rebuild_tensor*` makes tensors, `_rebuild_parameter` passes one on.
    fn reduce(&mut self) -> Result<(), String> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        let result = match (function, arguments) {
            (Value::Text(name), Value::Tuple(arguments)) if name.starts_with("_rebuild_tensor") => {
                let is_row_major = match arguments.get(2..4) {
                    Some([Value::Tuple(size), Value::Tuple(stride)]) => is_row_major(size, stride),
                    _ => return Err("a tensor without size and stride".into()),
                };
                Value::Tensor { is_row_major }
            }
            (Value::Text(name), Value::Tuple(arguments)) if name == "_rebuild_parameter" => {
                arguments.into_iter().next().unwrap_or(Value::Other)
            }
            _ => Value::Other,
        };
        self.stack.push(result);
        Ok(())
    }
}

/// Keeps the keys of the tensors among `pairs` that are not row-major.
fn note(pairs: &[Value], permuted: &mut Vec<String>) {
    for pair in pairs.chunks_exact(2) {
        if let [Value::Text(name), Value::Tensor { is_row_major: false }] = pair {
            permuted.push(name.clone());
        }
    }
}

/// Whether strides are those of the sizes' products; of a size of 1 the stride does not matter.
fn is_row_major(size: &[Value], stride: &[Value]) -> bool {
    let mut expected = 1;
    size.len() == stride.len()
        && size.iter().zip(stride).rev().all(|pair| match pair {
            (Value::Int(size), Value::Int(stride)) => {
                let fits = *size == 1 || *stride == expected;
                expected = i64::wrapping_mul(expected, *size);
                fits
            }
            _ => false,
        })
}
