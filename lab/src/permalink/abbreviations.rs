//! The words that a patch says again and again, in one byte each.
//!
//! JSON text has no bytes below 0x20 but those of white space, and a patch has no white space. So each of them can stand
//! for a word, and the way back is the text as it was, whatever it says.

/// The words of version 1, which never change: the first is byte 1. Longer ones come before their parts, and none begins
/// with `{`, which ends the name of what a link starts from.
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

/// The text with each of the words as a byte.
pub fn packed(text: &str) -> String {
    let words = (1..).map(char::from).zip(WORDS);
    words.fold(text.to_owned(), |text, (byte, word)| text.replace(word, byte.encode_utf8(&mut [0; 4])))
}

/// The text as it was.
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
