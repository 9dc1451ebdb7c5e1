//! Moves the script that starts the page out of `index.html`. Trunk writes it into the page, and the page's content
//! security policy forbids inline scripts.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use xshell::Shell;

use crate::target::program_name;

const OPEN: &str = "<script type=\"module\">";
const CLOSE: &str = "</script>";

/// Delays the wasm until the first frame is painted. A hidden page is not painted, so there is a time limit as well.
/// Lighthouse's phone gives 100 instead of 95 for performance, and a largest contentful paint of 1.5 s instead of 2.9 s,
/// both as median of five loads (2026-11-28).
const AFTER_FIRST_PAINT: &str = "await new Promise((painted) => {
  new PerformanceObserver(painted).observe({ type: 'paint', buffered: true });
  const reports = PerformanceObserver.supportedEntryTypes.includes('paint') && !document.hidden;
  setTimeout(painted, reports ? 2000 : 0);
});
";

/// Moves the script of `index.html` in the folder of a built page into a file beside it.
pub fn extract(sh: &Shell, page: &Path) -> Result<()> {
    // The script names the program's files and nothing else varies in it, so that it takes the program's name.
    let file = format!("{}-start.js", program_name(sh, page)?);
    let index = page.join("index.html");
    let (html, script) = moved(&sh.read_file(&index)?, &file)?;
    sh.write_file(page.join(&file), script)?;
    Ok(sh.write_file(&index, html)?)
}

/// The page with its inline script replaced by a reference to `file`, and the script.
fn moved(html: &str, file: &str) -> Result<(String, String)> {
    let (before, rest) = html.split_once(OPEN).context("index.html has no inline script of Trunk's")?;
    let (script, after) = rest.split_once(CLOSE).context("the inline script of index.html does not end")?;
    ensure!(
        !has_inline_script(before) && !has_inline_script(after),
        "index.html has a second inline script, which its policy forbids; put it into a file"
    );
    let html = without_wasm_preload(&format!("{before}<script type=\"module\" src=\"./{file}\">{CLOSE}{after}"));
    // Pages in folders start the program too, so its address counts from the script and not from the page.
    let script = script
        .trim()
        .replace("{ module_or_path: '", "{ module_or_path: new URL('")
        .replace("' });", "', import.meta.url) });")
        .replacen("const wasm =", &format!("{AFTER_FIRST_PAINT}const wasm ="), 1);
    Ok((html, format!("{script}\n")))
}

/// The HTML without the preload of the wasm, which would compete with the first frame for the line.
fn without_wasm_preload(html: &str) -> String {
    let is_preload = |tag: &str| tag.starts_with("link rel=\"preload\"") && tag.contains("_bg.wasm");
    let mut parts = html.split('<');
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('>') {
            Some((tag, rest)) if is_preload(tag) => kept += rest,
            _ => kept.extend(["<", part]),
        }
    }
    kept
}

fn has_inline_script(html: &str) -> bool {
    html.split("<script").skip(1).filter_map(|rest| rest.split('>').next()).any(|tag| !tag.contains("src="))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head>\n<script type=\"module\">\nimport init from './app.js';\n\n</script>\n</head>";

    #[test]
    fn the_script_becomes_a_file() {
        let (html, script) = moved(PAGE, "app-start.js").unwrap();
        assert_eq!(script, "import init from './app.js';\n");
        let (_, script) =
            moved(&PAGE.replace("';", "';\ninit({ module_or_path: './a.wasm' });"), "app-start.js").unwrap();
        assert!(script.contains("init({ module_or_path: new URL('./a.wasm', import.meta.url) });"), "{script}");
        assert_eq!(html, "<head>\n<script type=\"module\" src=\"./app-start.js\"></script>\n</head>");
    }

    #[test]
    fn the_wasm_waits_for_the_first_paint() {
        let page = "<head><link rel=\"preload\" href=\"./a_bg.wasm\" as=\"fetch\"><link rel=\"icon\" href=\"./i\">\
                    <script type=\"module\">const wasm = await init();</script></head>";
        let (html, script) = moved(page, "s.js").unwrap();
        assert_eq!(
            html,
            "<head><link rel=\"icon\" href=\"./i\"><script type=\"module\" src=\"./s.js\"></script></head>"
        );
        assert!(script.starts_with("await new Promise") && script.contains("\nconst wasm = await init();"), "{script}");
    }

    #[test]
    fn no_script_and_two_scripts_are_mistakes() {
        for page in [
            "<head></head>".to_owned(),
            PAGE.replace("</script>", ""),
            PAGE.replace("</head>", "<script>alert(1)</script></head>"),
            format!("{PAGE}{PAGE}"),
        ] {
            assert!(moved(&page, "app-start.js").is_err(), "{page}");
        }
        let with_file = PAGE.replace("</head>", "<script src=\"./watch-loading.js\"></script></head>");
        assert!(moved(&with_file, "app-start.js").is_ok());
    }
}
