//! Moves the script that starts the page out of the page: Trunk writes it into `index.html`, where the page's content
//! security policy forbids it.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome, Trying};

const OPEN: &str = "<script type=\"module\">";
const CLOSE: &str = "</script>";

/// The page with its script moved, and the file to move it to.
#[derive(Debug, PartialEq, Eq)]
struct Moved {
    page: String,
    file: String,
    script: String,
}

/// Does so in this folder of a built page.
pub fn move_in(folder: &Path) -> Outcome<()> {
    let index = folder.join("index.html");
    let page = fs::read_to_string(&index).trying("read the built index.html")?;
    let moved = move_out(&page)?;
    fs::write(folder.join(&moved.file), &moved.script).trying("write the boot script")?;
    fs::write(&index, &moved.page).trying("write the built index.html")
}

/// There has to be exactly one script in the page: another would be forbidden just the same.
fn move_out(page: &str) -> Outcome<Moved> {
    let expected = || {
        Failure::new(format!(
            "index.html should hold one script, the one that Trunk writes between {OPEN} and {CLOSE}; \
             scripts of the page's own belong in files"
        ))
    };
    let (before, rest) = page.split_once(OPEN).ok_or_else(expected)?;
    let (script, after) = rest.split_once(CLOSE).ok_or_else(expected)?;
    if has_inline_script(before) || has_inline_script(after) {
        return Err(expected());
    }
    // Pages in folders start the program too: its address counts from the script and not from the page.
    let script = format!("{}\n", script.trim())
        .replace("{ module_or_path: '", "{ module_or_path: new URL('")
        .replace("' });", "', import.meta.url) });");
    let file = format!("boot-{:016x}.js", fingerprint(script.as_bytes()));
    Ok(Moved { page: format!("{before}<script type=\"module\" src=\"./{file}\">{CLOSE}{after}"), file, script })
}

fn has_inline_script(html: &str) -> bool {
    html.split("<script")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .any(|attributes| !attributes.contains("src="))
}

/// FNV-1a: names a file by its content, the same on every machine. It has to tell builds apart, not to resist anybody.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head>\n<script type=\"module\">\nimport init from './app.js';\n\n</script>\n</head>";

    #[test]
    fn the_script_becomes_a_file_named_by_its_content() {
        let moved = move_out(PAGE).unwrap();
        assert_eq!(moved.script, "import init from './app.js';\n");
        assert_eq!(moved.page, format!("<head>\n<script type=\"module\" src=\"./{}\"></script>\n</head>", moved.file));
        assert_eq!(move_out(PAGE).unwrap().file, moved.file);
        let other = move_out(&PAGE.replace("app", "other")).unwrap();
        assert_ne!(other.file, moved.file);
    }

    #[test]
    fn fingerprints_are_those_of_the_algorithm() {
        assert_eq!(fingerprint(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint(b"a"), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn no_script_or_two_are_a_mistake() {
        for page in [
            "<head></head>".to_owned(),
            PAGE.replace("</script>", ""),
            PAGE.replace("</head>", "<script>alert(1)</script></head>"),
            format!("{PAGE}{PAGE}"),
        ] {
            assert!(move_out(&page).is_err(), "{page}");
        }
        let with_file = PAGE.replace("</head>", "<script src=\"./embed.js\"></script></head>");
        assert!(move_out(&with_file).is_ok());
    }
}
