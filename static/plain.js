// Plain values as bytes and back, as web/plain has them in Rust: what is kept in the browser's database and
// in files is made of the browser's own values, and the page's module reads and writes bytes.

/** What an item is, as its first byte; web/plain/src/mark.rs has the same numbers and says what follows. */
const NOTHING = 0, FALSE = 1, TRUE = 2, NUMBER = 3, TEXT = 4, BYTES = 5, LIST = 6, RECORD = 7, TABLE = 8;

/** What is stored is not nested as deep; what is can only mean harm. */
const DEPTH = 32;

class Packer {
  bytes = new Uint8Array(4096);
  view = new DataView(this.bytes.buffer);
  end = 0;
  encoder = new TextEncoder();

  room(more) {
    const needed = this.end + more;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(2 * needed);
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  mark(mark) {
    this.room(1);
    this.bytes[this.end++] = mark;
  }

  length(length) {
    this.room(4);
    this.view.setUint32(this.end, length, true);
    this.end += 4;
  }

  begin(mark, length) {
    this.mark(mark);
    this.length(length);
  }

  key(text) {
    // No letter is longer than three bytes a unit.
    this.room(4 + 3 * text.length);
    const { written } = this.encoder.encodeInto(text, this.bytes.subarray(this.end + 4));
    this.length(written);
    this.end += written;
  }

  pairs(mark, pairs, depth) {
    this.begin(mark, pairs.length);
    for (const [key, value] of pairs) {
      this.key(key);
      this.item(value, depth);
    }
  }

  item(value, depth) {
    if (typeof value === "boolean") this.mark(value ? TRUE : FALSE);
    else if (typeof value === "number") {
      this.mark(NUMBER);
      this.room(8);
      this.view.setFloat64(this.end, value, true);
      this.end += 8;
    } else if (typeof value === "string") {
      this.mark(TEXT);
      this.key(value);
    } else if (value instanceof Uint8Array) {
      this.begin(BYTES, value.length);
      this.room(value.length);
      this.bytes.set(value, this.end);
      this.end += value.length;
    } else if (typeof value !== "object" || value === null || depth === 0) this.mark(NOTHING);
    else if (Array.isArray(value)) {
      this.begin(LIST, value.length);
      for (const item of value) this.item(item, depth - 1);
    } else if (value instanceof Map) this.pairs(TABLE, [...value], depth - 1);
    else this.pairs(RECORD, Object.entries(value), depth - 1);
  }
}

/** A value as bytes; what is no plain value is nothing. */
export function pack(value) {
  const packer = new Packer();
  packer.item(value, DEPTH);
  return packer.bytes.subarray(0, packer.end);
}

/** The value that the module's bytes are. */
export function unpack(bytes) {
  return reader(bytes).item();
}

/** All values that stand in bytes, one after the other, as a message between modules has them. */
export function unpackAll(bytes) {
  const { item, isAtEnd } = reader(bytes);
  const items = [];
  while (!isAtEnd()) items.push(item());
  return items;
}

function reader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const decoder = new TextDecoder();
  let at = 0;
  const length = () => view.getUint32((at += 4) - 4, true);
  const some = (length) => bytes.subarray(at, (at += length));
  const key = () => decoder.decode(some(length()));
  const pair = () => [key(), item()];
  const many = (one) => Array.from({ length: length() }, one);
  const item = () => {
    switch (bytes[at++]) {
      case FALSE:
        return false;
      case TRUE:
        return true;
      case NUMBER:
        return view.getFloat64((at += 8) - 8, true);
      case TEXT:
        return key();
      case BYTES:
        return some(length()).slice();
      case LIST:
        return many(item);
      case RECORD:
        return Object.fromEntries(many(pair));
      case TABLE:
        return new Map(many(pair));
    }
  };
  return { item, isAtEnd: () => at >= bytes.length };
}

/** The same as JSON, which has neither tables nor bytes. */
export function json(bytes, indent) {
  const plain = (_, value) => {
    if (value instanceof Map) return Object.fromEntries(value);
    return value instanceof Uint8Array ? Array.from(value) : value;
  };
  return JSON.stringify(unpack(bytes), plain, indent);
}
