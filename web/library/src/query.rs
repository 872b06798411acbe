//! What was typed to find photos.
//!
//! | typed | finds photos |
//! |---|---|
//! | `dog beach` | with both |
//! | `dog or cat`, `dog \| cat`, `개 또는 고양이` | with either |
//! | `-dog`, `!dog`, `not dog`, `개 제외`, `개 빼고`, `개 아닌`, `개 없는` | without |
//! | `"traffic light"` | with these words in a row |
//! | `(dog or cat) -person` | as the parentheses say |
//!
//! *Not* goes before *and*, which goes before *or*. Korean puts its *not* after the word. A query is never
//! wrong: what is not finished, or stands where it means nothing, is left out.

use std::rc::Rc;

use crate::search::Term;

/// How deep parentheses go; deeper ones are left out.
const DEPTH: usize = 16;

/// What photos are to be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub(crate) terms: Vec<Term>,
    /// Nothing if every photo is found.
    pub(crate) expression: Option<Expression>,
    pub(crate) tags: Vec<Rc<str>>,
}

/// How terms are joined; a term is its place in [`Query::terms`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    Term(usize),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl Query {
    /// Reads what was typed, in NFC.
    pub fn parse(typed: &str) -> Self {
        let mut tokens = tokens(typed);
        tokens.reverse();
        let mut parser = Parser { tokens, terms: Vec::new(), depth: 0 };
        let expression = parser.any();
        Self { terms: parser.terms, expression, tags: Vec::new() }
    }

    /// Also asks for every one of these tags, by their keys, as chips do.
    pub fn with_tags(mut self, keys: Vec<Rc<str>>) -> Self {
        self.tags = keys;
        self
    }

    /// Whether it finds every photo.
    pub fn is_empty(&self) -> bool {
        self.expression.is_none() && self.tags.is_empty()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Open,
    Close,
    Or,
    /// Negates what follows.
    Not,
    /// Negates what it follows.
    Without,
}

fn tokens(typed: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = typed;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = match first {
            '(' => push(&mut tokens, Token::Open, after),
            ')' => push(&mut tokens, Token::Close, after),
            '|' => push(&mut tokens, Token::Or, after),
            '-' | '!' => push(&mut tokens, Token::Not, after),
            '"' | '“' | '”' => {
                let end = after.find(['"', '“', '”']).unwrap_or(after.len());
                let (words, after) = after.split_at(end);
                push(&mut tokens, Token::Word(words.to_owned()), after.get(1..).unwrap_or_default())
            }
            _ if is_gap(first) => after,
            _ => {
                let (word, after) = rest.split_at(word_end(rest));
                push(&mut tokens, token(word), after)
            }
        };
    }
    tokens
}

fn push<'a>(tokens: &mut Vec<Token>, token: Token, rest: &'a str) -> &'a str {
    tokens.push(token);
    rest
}

fn is_gap(character: char) -> bool {
    character.is_whitespace() || character == ',' || character == '&'
}

/// Where a word ends. Parentheses that open within it belong to it, as in IMG(1).jpg.
fn word_end(text: &str) -> usize {
    let mut open = 0_usize;
    let ends = |(_, character): &(usize, char)| match character {
        '(' => {
            open += 1;
            false
        }
        ')' if open > 0 => {
            open -= 1;
            false
        }
        ')' | '|' | '"' | '“' | '”' => true,
        &character => is_gap(character),
    };
    text.char_indices().find(ends).map_or(text.len(), |(at, _)| at)
}

fn token(word: &str) -> Token {
    let is_one = |of: &[&str]| of.iter().any(|other| word.eq_ignore_ascii_case(other));
    if is_one(&["or", "또는", "혹은"]) {
        Token::Or
    } else if is_one(&["not"]) {
        Token::Not
    } else if is_one(&["제외", "빼고", "아닌", "없는", "없이"]) {
        Token::Without
    } else if is_one(&["and", "그리고"]) {
        // Side by side means the same.
        Token::Word(String::new())
    } else {
        Token::Word(word.to_owned())
    }
}

struct Parser {
    /// Last first.
    tokens: Vec<Token>,
    terms: Vec<Term>,
    depth: usize,
}

impl Parser {
    fn any(&mut self) -> Option<Expression> {
        let mut operands = Vec::new();
        loop {
            operands.extend(self.all());
            if !self.takes(&Token::Or) {
                // A parenthesis that nothing opened.
                if self.depth > 0 || !self.takes(&Token::Close) {
                    return joined(operands, Expression::Any);
                }
                let so_far = joined(operands, Expression::Any);
                let after = self.any();
                let both = so_far.into_iter().chain(after).collect();
                return joined(both, Expression::All);
            }
        }
    }

    fn all(&mut self) -> Option<Expression> {
        let mut operands = Vec::new();
        while !matches!(self.tokens.last(), None | Some(Token::Or | Token::Close)) {
            operands.extend(self.one());
        }
        joined(operands, Expression::All)
    }

    fn one(&mut self) -> Option<Expression> {
        let mut is_negated = false;
        while self.takes(&Token::Not) {
            is_negated = !is_negated;
        }
        let operand = self.operand();
        while self.takes(&Token::Without) {
            is_negated = !is_negated;
        }
        let operand = operand?;
        Some(if is_negated { Expression::Not(Box::new(operand)) } else { operand })
    }

    fn operand(&mut self) -> Option<Expression> {
        match self.tokens.last()? {
            Token::Open => {
                self.tokens.pop();
                if self.depth == DEPTH {
                    return None;
                }
                self.depth += 1;
                let inner = self.any();
                self.depth -= 1;
                self.takes(&Token::Close);
                inner
            }
            Token::Word(_) => {
                let Some(Token::Word(word)) = self.tokens.pop() else { return None };
                let term = Term::new(&word);
                (!term.is_empty()).then(|| {
                    self.terms.push(term);
                    Expression::Term(self.terms.len() - 1)
                })
            }
            _ => None,
        }
    }

    fn takes(&mut self, token: &Token) -> bool {
        let is_next = self.tokens.last() == Some(token);
        if is_next {
            self.tokens.pop();
        }
        is_next
    }
}

fn joined(
    mut operands: Vec<Expression>,
    join: fn(Vec<Expression>) -> Expression,
) -> Option<Expression> {
    match operands.len() {
        0 | 1 => operands.pop(),
        _ => Some(join(operands)),
    }
}
