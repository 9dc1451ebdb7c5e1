//! The words that the event log, the ladder, the exports and the golden files share: templates
//! and numbers. A segment is named by [`SegmentKind`](crate::segment::SegmentKind), with its article where one is needed.
//!
//! The words of each thing stand in one row beside it: [`DropReason::words`], [`LossReason::words`], [`Event::words`].
//!
//! [`DropReason::words`]: crate::kernel::drop_reason::DropReason::words
//! [`LossReason::words`]: crate::trace::LossReason::words
//! [`Event::words`]: crate::trace::Event::words

/// How one thing is said, in three lengths. `short` and `sentence` are templates for [`fill`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// A few words beside a mark in a picture, without a capital and without a full stop.
    pub short: &'static str,
    /// A noun phrase for tables, headings and CSV. It has no slots.
    pub label: &'static str,
    /// One or two whole sentences, each with its full stop.
    pub sentence: &'static str,
}

/// `template` with each `{slot}` replaced by what `value` gives for its name. A sentence that begins with an article gets
/// a capital; the name of a host keeps its small letter.
pub fn fill(template: &str, mut value: impl FnMut(&str) -> String) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, slot_and_rest)) = rest.split_once('{') {
        let (slot, after) = slot_and_rest.split_once('}').unwrap_or((slot_and_rest, ""));
        text.push_str(before);
        text.push_str(&value(slot));
        rest = after;
    }
    text.push_str(rest);
    capitalized(&text)
}

/// The names of the slots of a template, in order.
pub fn slots(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(slot, _)| slot)
}

fn capitalized(text: &str) -> String {
    let mut sentences: Vec<String> = Vec::new();
    for sentence in text.split(". ") {
        let article = ["a ", "an ", "the "].into_iter().find(|article| sentence.starts_with(article));
        let ends_in_stop = article.is_some() && text.ends_with('.');
        sentences.push(match article {
            Some(_) if ends_in_stop => sentence[..1].to_uppercase() + &sentence[1..],
            _ => sentence.to_owned(),
        });
    }
    sentences.join(". ")
}

/// A number with a comma after every three digits, such as `5,012,400` or `-1,234`.
pub fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{fill, grouped, slots};

    #[test]
    fn numbers_are_grouped_by_three() {
        let grouped = [0, 999, 1_000, 14_200, 5_012_400, -1_234].map(|number: i64| grouped(number));
        assert_eq!(grouped, ["0", "999", "1,000", "14,200", "5,012,400", "-1,234"]);
    }

    #[test]
    fn slots_are_filled_and_only_articles_get_a_capital() {
        let said = |segment: &str| {
            fill("{segment} is old. {here} drops it.", |slot| {
                if slot == "here" { "server".to_owned() } else { segment.to_owned() }
            })
        };
        assert_eq!(said("a segment"), "A segment is old. server drops it.");
        assert_eq!(said("web-2's ACK"), "web-2's ACK is old. server drops it.");
        assert_eq!(fill("a timestamp is remembered", |_| String::new()), "a timestamp is remembered");
        assert_eq!(slots("{a} and {b}.").collect::<Vec<_>>(), ["a", "b"]);
    }
}
