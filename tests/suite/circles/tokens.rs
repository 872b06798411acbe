//! Rust's text as words and signs, without comments, texts and tests.

/// A word (`use`, `crate`, a name) or a sign; `::` is one sign.
pub(super) type Token = String;

/// The tokens of `source`, but for items that only tests have.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    without_tests(&split(source))
}

fn split(source: &str) -> Vec<Token> {
    let characters: Vec<char> = source.chars().collect();
    let starts_with = |at: usize, text: &str| {
        text.chars().enumerate().all(|(index, c)| characters.get(at + index) == Some(&c))
    };
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let c = characters[at];
        if starts_with(at, "//") {
            at =
                (at..characters.len()).find(|&i| characters[i] == '\n').unwrap_or(characters.len());
        } else if starts_with(at, "/*") {
            at = (at..characters.len())
                .find(|&i| starts_with(i, "*/"))
                .map_or(characters.len(), |i| i + 2);
        } else if let Some(end) = raw_text_end(&characters, at) {
            at = end;
        } else if c == '"' {
            at = text_end(&characters, at);
        } else if c == '\'' {
            at = character_end(&characters, at);
        } else if is_word(c) {
            let end = (at..characters.len()).find(|&i| !is_word(characters[i]));
            let end = end.unwrap_or(characters.len());
            tokens.push(characters[at..end].iter().collect());
            at = end;
        } else if starts_with(at, "::") {
            tokens.push("::".into());
            at += 2;
        } else {
            if !c.is_whitespace() {
                tokens.push(c.into());
            }
            at += 1;
        }
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The end of `r"…"` or `r#"…"#` that begins at `at`, as byte texts too.
fn raw_text_end(characters: &[char], at: usize) -> Option<usize> {
    let is_in_word = at > 0 && is_word(characters[at - 1]);
    let start = if characters[at] == 'b' { at + 1 } else { at };
    if is_in_word || characters.get(start) != Some(&'r') {
        return None;
    }
    let marks = characters[start + 1..].iter().take_while(|c| **c == '#').count();
    if characters.get(start + 1 + marks) != Some(&'"') {
        return None;
    }
    let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', marks)).collect();
    let body = start + 2 + marks;
    let end = characters[body..].windows(closing.len()).position(|window| window == closing);
    Some(end.map_or(characters.len(), |end| body + end + closing.len()))
}

fn text_end(characters: &[char], at: usize) -> usize {
    let mut end = at + 1;
    while end < characters.len() && characters[end] != '"' {
        end += if characters[end] == '\\' { 2 } else { 1 };
    }
    end + 1
}

/// The end of a character, or of a lifetime's mark.
fn character_end(characters: &[char], at: usize) -> usize {
    match characters.get(at + 1..at + 3) {
        Some(['\\', _]) => {
            let closing = (at + 3..characters.len()).find(|&i| characters[i] == '\'');
            closing.map_or(characters.len(), |closing| closing + 1)
        }
        Some([_, '\'']) => at + 3,
        _ => at + 1,
    }
}

/// Leaves out what follows `#[cfg(test)]`, up to its end.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    const TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].iter().zip(TEST).filter(|(token, part)| token == part).count() == TEST.len()
        {
            at = item_end(tokens, at + TEST.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Behind the item that begins at `at`: its last brace's partner, or its semicolon.
fn item_end(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth -= 1;
                if depth == 0 && token == "}" {
                    return index + 1;
                }
            }
            ";" if depth == 0 => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}
