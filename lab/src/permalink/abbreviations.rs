//! Frequent words of a patch, abbreviated to one byte each.
//!
//! Compact JSON contains no bytes below 0x20, so each of them can stand for a word, and every text can be restored.

/// The words of version 1, which must never change. The first is byte 1. A longer word comes before its parts. No word
/// begins with `{`, which ends the name of the preset.
const WORDS: [&str; 31] = [
    r#""set-sysctl":{"key":"net.ipv4.tcp_"#,
    r#""net.ipv4.tcp_"#,
    r#""behind_nat":false,"clock":{"#,
    r#""behind_nat":true,"clock":{"#,
    r#""clock":{"#,
    r#""duplicate_percent":"#,
    r#""requests_per_connection":"#,
    r#""patience_ms":"#,
    r#""interval_ms":"#,
    r#""loss_percent":"#,
    r#""duration_s":"#,
    r#""service_ms":"#,
    r#""jitter_ms":"#,
    r#""first_ms":"#,
    r#""delay_ms":"#,
    r#""at_once":1,"#,
    r#""at_once":"#,
    r#"},"traffic":{"#,
    r#""traffic":{"#,
    r#""sysctls":{"#,
    r#""actions":["#,
    r#""server":{"#,
    r#","kernel":""#,
    r#""kernel":""#,
    r#""tsval":"#,
    r#""hosts":["#,
    r#""link":{"#,
    r#""at_ms":"#,
    r#""name":""#,
    r#""addr":""#,
    r#""hz":"#,
];

/// The text with each word replaced by its byte.
pub fn packed(text: &str) -> String {
    let words = (1..).map(char::from).zip(WORDS);
    words.fold(text.to_owned(), |text, (byte, word)| text.replace(word, byte.encode_utf8(&mut [0; 4])))
}

/// The inverse of [`packed`].
pub fn unpacked(text: &str) -> String {
    let mut full = String::with_capacity(text.len());
    for letter in text.chars() {
        match (letter as usize).checked_sub(1).and_then(|index| WORDS.get(index)) {
            Some(word) => full.push_str(word),
            None => full.push(letter),
        }
    }
    full
}
