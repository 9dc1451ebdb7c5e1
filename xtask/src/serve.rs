//! A web server for the built site: files of one folder, to this machine only.
//!
//! It is small because little is asked of it: GET and HEAD, one answer a connection, no caching, no ranges.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::failure::{Failure, Outcome, Trying};

/// How long a browser may take to ask, or to read.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a request may be, headers and all.
const LONGEST_REQUEST: u64 = 16 * 1024;

/// Takes a port of this machine; 0 takes any that is free.
pub fn listen(port: u16) -> Outcome<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|why| match why.kind() {
        ErrorKind::AddrInUse => Failure::new(format!(
            "port {port} is in use; end what uses it, or take another: `cargo xtask serve --port {}`",
            port.checked_add(1).unwrap_or(0)
        )),
        ErrorKind::PermissionDenied => {
            Failure::new(format!("port {port} is not allowed to this user; take one above 1023"))
        }
        _ => Failure::new(format!("cannot listen on port {port}: {why}")),
    })
}

/// The address of the site that this listener serves.
pub fn address(listener: &TcpListener) -> Outcome<String> {
    let local = listener.local_addr().trying("read the address of the server")?;
    Ok(format!("http://{local}/"))
}

/// Serves the files of a folder for as long as the program runs.
pub fn serve(listener: &TcpListener, folder: &Path) {
    for stream in listener.incoming().flatten() {
        let folder = folder.to_path_buf();
        // A browser that hangs up early is no concern of anybody's.
        thread::spawn(move || drop(converse(&stream, &folder)));
    }
}

fn converse(mut stream: &TcpStream, folder: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut request = BufReader::new(stream.take(LONGEST_REQUEST));
    let mut first = String::new();
    request.read_line(&mut first)?;
    let mut header = String::new();
    while request.read_line(&mut header)? > 0 && !header.trim().is_empty() {
        header.clear();
    }
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let answer = match method {
        "GET" | "HEAD" => find(folder, target),
        _ => Answer::NotAllowed,
    };
    answer.send(&mut stream, method == "HEAD")
}

/// What is said to a request.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Found(PathBuf),
    /// It is a folder, and relative addresses in its page need the slash at the end.
    Moved(String),
    NotFound,
    NotAllowed,
}

/// Finds the file that a request asks for. `target` comes from outside and is not to be trusted.
fn find(folder: &Path, target: &str) -> Answer {
    let path = target.split(['?', '#']).next().unwrap_or("");
    let Some(relative) = relative_path(path) else {
        return Answer::NotFound;
    };
    // The real path, so that a symbolic link leads out of the folder no more than `..` does.
    let (Ok(folder), Ok(mut found)) = (folder.canonicalize(), folder.join(relative).canonicalize()) else {
        return Answer::NotFound;
    };
    if found.is_dir() {
        if !path.ends_with('/') {
            return Answer::Moved(format!("{path}/"));
        }
        found.push("index.html");
    }
    if found.starts_with(&folder) && found.is_file() { Answer::Found(found) } else { Answer::NotFound }
}

/// The path below the folder that an absolute path of an address names, if it is one that stays below.
fn relative_path(path: &str) -> Option<PathBuf> {
    // Two slashes at the start would make a redirect to another host of it.
    let path = path.strip_prefix('/').filter(|rest| !rest.starts_with('/'))?;
    let path = PathBuf::from(decoded(path)?);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

/// Resolves `%20` and the like.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        decoded.push(u8::try_from(value).ok()?);
    }
    let decoded = String::from_utf8(decoded).ok()?;
    (!decoded.contains(['\0', '\\'])).then_some(decoded)
}

impl Answer {
    fn send(self, stream: &mut impl Write, head_only: bool) -> io::Result<()> {
        match self {
            Self::Found(path) => {
                let mut file = File::open(&path)?;
                let length = fs::metadata(&path)?.len();
                head(stream, "200 OK", media_type(&path), length, "")?;
                if !head_only {
                    io::copy(&mut file, stream)?;
                }
                Ok(())
            }
            Self::Moved(to) => {
                let header = format!("Location: {to}\r\n");
                head(stream, "308 Permanent Redirect", "text/plain", 0, &header)
            }
            Self::NotFound => {
                let text = "There is no such file.\n";
                let length = text.len() as u64;
                head(stream, "404 Not Found", "text/plain; charset=utf-8", length, "")?;
                if !head_only {
                    stream.write_all(text.as_bytes())?;
                }
                Ok(())
            }
            Self::NotAllowed => {
                let header = "Allow: GET, HEAD\r\n";
                head(stream, "405 Method Not Allowed", "text/plain", 0, header)
            }
        }
    }
}

/// The headers of every answer. The page may be shown in a sandboxed frame, whose origin is none: without the
/// permission of the third line the browser would not load the page's own scripts there.
fn head(stream: &mut impl Write, status: &str, media_type: &str, length: u64, more: &str) -> io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\n\
         Content-Type: {media_type}\r\n\
         Content-Length: {length}\r\n\
         Access-Control-Allow-Origin: *\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-cache\r\n\
         Connection: close\r\n\
         {more}\r\n"
    )
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a page, a folder in it, and a secret beside it.
    fn site(name: &str) -> PathBuf {
        let top = std::env::temp_dir().join(format!("timewait-lab-{name}-{}", std::process::id()));
        let site = top.join("site");
        fs::create_dir_all(site.join("figures")).unwrap();
        fs::write(top.join("secret"), "secret").unwrap();
        fs::write(site.join("index.html"), "page").unwrap();
        fs::write(site.join("figures/index.html"), "figures").unwrap();
        fs::write(site.join("a b.wasm"), "wasm").unwrap();
        site
    }

    fn found(site: &Path, target: &str) -> Option<PathBuf> {
        match find(site, target) {
            Answer::Found(path) => {
                let site = site.canonicalize().unwrap();
                Some(path.strip_prefix(site).unwrap().to_path_buf())
            }
            _ => None,
        }
    }

    #[test]
    fn files_are_found_with_queries_and_spaces() {
        let site = site("found");
        for (target, file) in [
            ("/", "index.html"),
            ("/?recycle=1#why", "index.html"),
            ("/index.html", "index.html"),
            ("/a%20b.wasm", "a b.wasm"),
            ("/figures/", "figures/index.html"),
        ] {
            assert_eq!(found(&site, target), Some(PathBuf::from(file)), "{target}");
        }
        assert_eq!(find(&site, "/figures"), Answer::Moved("/figures/".into()));
        fs::remove_dir_all(site.parent().unwrap()).unwrap();
    }

    #[test]
    fn nothing_outside_the_folder_is_found() {
        let site = site("outside");
        #[cfg(unix)]
        std::os::unix::fs::symlink(site.join("../secret"), site.join("link")).unwrap();
        for target in [
            "/../secret",
            "/figures/../../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            "/..%5csecret",
            "/link",
            "//secret",
            "/%2fetc/passwd",
            "secret",
            "/index.html%00",
            "/%zz",
            "/missing",
            "",
        ] {
            assert_eq!(find(&site, target), Answer::NotFound, "{target}");
        }
        fs::remove_dir_all(site.parent().unwrap()).unwrap();
    }

    #[test]
    fn an_answer_over_the_wire() {
        let site = site("wire");
        let listener = listen(0).unwrap();
        let place = listener.local_addr().unwrap();
        let folder = site.clone();
        thread::spawn(move || serve(&listener, &folder));
        let ask = |request: &str| {
            let mut stream = TcpStream::connect(place).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let page = ask("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.ends_with("\r\n\r\npage"));
        let head = ask("HEAD /a%20b.wasm HTTP/1.1\r\n\r\n");
        assert!(head.contains("application/wasm") && head.ends_with("\r\n\r\n"));
        assert!(ask("GET /missing HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404 "));
        assert!(ask("POST / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405 "));
        fs::remove_dir_all(site.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_port_in_use_is_said_to_be() {
        let first = listen(0).unwrap();
        let port = first.local_addr().unwrap().port();
        let failure = listen(port).expect_err("it is taken").to_string();
        assert!(failure.contains("is in use"), "{failure}");
    }
}
