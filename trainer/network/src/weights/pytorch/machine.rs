//! The stack machine that a pickle is a program of.
//!
//! Opcodes are those of CPython's `pickletools`, protocols 1 to 5; one that no state dictionary needs
//! is refused.

use std::collections::HashMap;

use super::value::{Id, Value};

/// The machine while it runs.
pub(super) struct Machine<'a> {
    bytes: &'a [u8],
    values: Vec<Value>,
    stack: Vec<Id>,
    /// Heights of the stack at the marks.
    marks: Vec<usize>,
    memo: HashMap<usize, Id>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, values: vec![], stack: vec![], marks: vec![], memo: HashMap::new() }
    }

    /// Runs to the end of one pickle.
    pub(super) fn run(&mut self) -> Result<Id, String> {
        loop {
            match self.byte()? {
                b'.' => return self.pop(),   // STOP
                0x80 => drop(self.take(1)?), // PROTO
                0x95 => drop(self.take(8)?), // FRAME
                b'(' => self.marks.push(self.stack.len()),
                b'0' => drop(self.pop()?),         // POP
                b'1' => drop(self.pop_to_mark()?), // POP_MARK
                opcode => self.value(opcode)?,
            }
        }
    }

    /// The values that were made, and the bytes after the pickle.
    pub(super) fn finish(self) -> (Vec<Value>, &'a [u8]) {
        (self.values, self.bytes)
    }

    /// Opcodes that push a value of their own.
    fn value(&mut self, opcode: u8) -> Result<(), String> {
        match opcode {
            b'N' => self.push(Value::None),
            0x88 | 0x89 => self.push(Value::Other), // NEWTRUE, NEWFALSE
            b'K' => self.push_unsigned(1)?,
            b'M' => self.push_unsigned(2)?,
            b'J' => self.push_signed(4)?,
            0x8a | 0x8b => {
                // LONG1, LONG4
                let length = self.length(if opcode == 0x8a { 1 } else { 4 })?;
                self.push_signed(length)?;
            }
            b'I' | b'L' => self.push_decimal()?,
            b'G' => self.push_other(8)?, // BINFLOAT
            0x8c | b'U' => self.push_text(1)?,
            b'X' | b'T' => self.push_text(4)?,
            0x8d => self.push_text(8)?, // BINUNICODE8
            b'C' | b'B' | 0x8e | 0x96 => {
                // SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8
                let length = self.length(match opcode {
                    b'C' => 1,
                    b'B' => 4,
                    _ => 8,
                })?;
                self.push_other(length)?;
            }
            b')' => self.push(Value::Tuple(vec![])),
            b']' => self.push(Value::List(vec![])),
            b'}' => self.push(Value::Dict(vec![])),
            0x8f => self.push(Value::Other), // EMPTY_SET
            _ => return self.compound(opcode),
        }
        Ok(())
    }

    /// Opcodes that take values from the stack.
    fn compound(&mut self, opcode: u8) -> Result<(), String> {
        match opcode {
            b't' => {
                let items = self.pop_to_mark()?;
                self.push(Value::Tuple(items));
            }
            0x85..=0x87 => {
                let items = self.pop_many(usize::from(opcode - 0x84))?;
                self.push(Value::Tuple(items));
            }
            b'l' => {
                let items = self.pop_to_mark()?;
                self.push(Value::List(items));
            }
            b'd' => {
                let items = self.pop_to_mark()?;
                self.push(Value::Dict(vec![]));
                self.enter(&items)?;
            }
            b'a' => {
                let item = self.pop()?;
                self.append(&[item])?;
            }
            b'e' => {
                let items = self.pop_to_mark()?;
                self.append(&items)?;
            }
            b's' => {
                let pair = self.pop_many(2)?;
                self.enter(&pair)?;
            }
            b'u' => {
                let pairs = self.pop_to_mark()?;
                self.enter(&pairs)?;
            }
            0x90 => drop(self.pop_to_mark()?), // ADDITEMS
            0x91 => {
                self.pop_to_mark()?; // FROZENSET
                self.push(Value::Other);
            }
            _ => return self.reference(opcode),
        }
        Ok(())
    }

    /// Opcodes for what is remembered, called or outside.
    fn reference(&mut self, opcode: u8) -> Result<(), String> {
        match opcode {
            b'q' => {
                let key = self.length(1)?;
                self.memoise(key)?;
            }
            b'r' => {
                let key = self.length(4)?;
                self.memoise(key)?;
            }
            0x94 => self.memoise(self.memo.len())?, // MEMOIZE
            b'h' => self.recall(1)?,
            b'j' => self.recall(4)?,
            b'2' => self.stack.push(self.top()?), // DUP
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.push(Value::Global(format!("{module}.{name}")));
            }
            0x93 => self.stack_global()?,
            // REDUCE and NEWOBJ differ in what Python calls, which is nothing here.
            b'R' | 0x81 => {
                let (arguments, function) = (self.pop()?, self.pop()?);
                self.push(Value::Call { function, arguments, entries: vec![] });
            }
            0x92 => {
                // NEWOBJ_EX: with keyword arguments
                let (_, arguments, function) = (self.pop()?, self.pop()?, self.pop()?);
                self.push(Value::Call { function, arguments, entries: vec![] });
            }
            b'b' => drop(self.pop()?), // BUILD: an object's attributes
            b'Q' => {
                let name = self.pop()?;
                self.push(Value::Persistent(name));
            }
            _ => return Err(format!("a pickle with opcode {opcode:#04x}")),
        }
        Ok(())
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or("the pickle is cut short")?;
        self.bytes = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    /// A little-endian unsigned integer of at most 8 bytes.
    fn length(&mut self, width: usize) -> Result<usize, String> {
        let mut word = [0; 8];
        word[..width].copy_from_slice(self.take(width)?);
        usize::try_from(u64::from_le_bytes(word)).map_err(|error| error.to_string())
    }

    /// The text up to the end of a line.
    fn line(&mut self) -> Result<String, String> {
        let end = self.bytes.iter().position(|&byte| byte == b'\n');
        let line = self.take(end.ok_or("the pickle is cut short")?)?;
        self.take(1)?;
        Ok(String::from_utf8_lossy(line).into_owned())
    }

    fn push(&mut self, value: Value) {
        self.stack.push(self.values.len());
        self.values.push(value);
    }

    fn top(&self) -> Result<Id, String> {
        self.stack.last().copied().ok_or_else(|| "the pickle's stack is empty".into())
    }

    fn pop(&mut self) -> Result<Id, String> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    fn pop_many(&mut self, count: usize) -> Result<Vec<Id>, String> {
        let start = self.stack.len().checked_sub(count).ok_or("the pickle's stack is empty")?;
        Ok(self.stack.split_off(start))
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Id>, String> {
        let start = self.marks.pop().ok_or("the pickle lacks a mark")?;
        let count = self.stack.len().checked_sub(start).ok_or("the pickle's stack is empty")?;
        self.pop_many(count)
    }

    fn push_other(&mut self, width: usize) -> Result<(), String> {
        self.take(width)?;
        self.push(Value::Other);
        Ok(())
    }

    fn push_unsigned(&mut self, width: usize) -> Result<(), String> {
        let value = self.length(width)?;
        self.push(i64::try_from(value).map_or(Value::Other, Value::Int));
        Ok(())
    }

    /// A little-endian signed integer; longer ones than 8 bytes are no sizes.
    fn push_signed(&mut self, width: usize) -> Result<(), String> {
        let bytes = self.take(width)?;
        let is_negative = bytes.last().is_some_and(|&byte| byte >= 0x80);
        let mut word = [if is_negative { 0xff } else { 0 }; 8];
        let value = word.get_mut(..width).map(|low| low.copy_from_slice(bytes));
        self.push(value.map_or(Value::Other, |()| Value::Int(i64::from_le_bytes(word))));
        Ok(())
    }

    /// Protocol 1's truth values and its integers beyond 32 bits, which end in an L.
    fn push_decimal(&mut self) -> Result<(), String> {
        let line = self.line()?;
        let value = line.trim_end_matches('L').parse();
        self.push(value.map_or(Value::Other, Value::Int));
        Ok(())
    }

    fn push_text(&mut self, width: usize) -> Result<(), String> {
        let length = self.length(width)?;
        let text = String::from_utf8_lossy(self.take(length)?).into_owned();
        self.push(Value::Text(text));
        Ok(())
    }

    fn stack_global(&mut self) -> Result<(), String> {
        let (name, module) = (self.pop()?, self.pop()?);
        match (&self.values[module], &self.values[name]) {
            (Value::Text(module), Value::Text(name)) => {
                self.push(Value::Global(format!("{module}.{name}")));
                Ok(())
            }
            _ => Err("a class without a name".into()),
        }
    }

    fn memoise(&mut self, key: usize) -> Result<(), String> {
        let top = self.top()?;
        self.memo.insert(key, top);
        Ok(())
    }

    fn recall(&mut self, width: usize) -> Result<(), String> {
        let key = self.length(width)?;
        let id = *self.memo.get(&key).ok_or("the pickle recalls what it never had")?;
        self.stack.push(id);
        Ok(())
    }

    /// Appends to the list on top; what else has `append` keeps no weights.
    fn append(&mut self, items: &[Id]) -> Result<(), String> {
        let list = self.top()?;
        if let Value::List(kept) = &mut self.values[list] {
            kept.extend(items);
        }
        Ok(())
    }

    /// Enters keys and values, in turn, into the dictionary on top.
    fn enter(&mut self, pairs: &[Id]) -> Result<(), String> {
        let dictionary = self.top()?;
        if let Value::Dict(entries) | Value::Call { entries, .. } = &mut self.values[dictionary] {
            entries.extend(pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])));
        }
        Ok(())
    }
}
