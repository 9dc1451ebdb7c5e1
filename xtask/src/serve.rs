//! Serves `dist/` on this machine as a static host does: 404 for a file that is not there, and the headers that
//! Trunk.toml gives to `trunk serve`. See docs/decisions/static-server.md.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::thread;

use anyhow::{Result, anyhow};
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, HeaderName, X_CONTENT_TYPE_OPTIONS};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use xshell::Shell;

use crate::{site, tools};

/// The headers of every answer. The page may be shown in a sandboxed frame, whose origin is `null`: without the first
/// header a browser does not load the page's own scripts there.
const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
];

/// `cargo xtask serve`.
pub fn run(sh: &Shell, port: u16, watch: bool, no_build: bool) -> Result<()> {
    // A port in use is reported now and not after minutes of building.
    let listener = listen(port)?;
    if !no_build {
        tools::install(sh)?;
        site::build(sh)?;
    }
    let dist = site::dist(sh)?;
    println!("TIME_WAIT Lab is at {} (Ctrl-C stops it)", address(&listener)?);
    if watch {
        thread::spawn(move || serve(listener, dist));
        return site::watch(sh);
    }
    serve(listener, dist)
}

/// Serves a folder on a free port for as long as the process runs, and returns the address.
pub fn in_background(folder: PathBuf) -> Result<String> {
    let listener = listen(0)?;
    let address = address(&listener)?;
    thread::spawn(move || serve(listener, folder));
    Ok(address)
}

/// Takes a port of this machine; 0 takes any free port.
fn listen(port: u16) -> Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|why| match why.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "port {port} is in use; stop the program that uses it, or take another port: `cargo xtask serve --port {}`",
            port.checked_add(1).unwrap_or(0)
        ),
        ErrorKind::PermissionDenied => anyhow!("this user may not listen on port {port}; take a port above 1023"),
        _ => anyhow!("cannot listen on port {port}: {why}"),
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn address(listener: &TcpListener) -> Result<String> {
    Ok(format!("http://{}/", listener.local_addr()?))
}

fn serve(listener: TcpListener, folder: PathBuf) -> Result<()> {
    let files = Router::new().fallback_service(ServeDir::new(folder));
    let files = HEADERS
        .into_iter()
        .fold(files, |files, (name, value)| files.layer(SetResponseHeaderLayer::overriding(name, value)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { Ok(axum::serve(tokio::net::TcpListener::from_std(listener)?, files).await?) })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    /// What the server of `address` answers to a request for `target`, head and body.
    fn answer(address: &str, method: &str, target: &str) -> String {
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn it_answers_as_a_static_host() {
        let sh = Shell::new().unwrap();
        let top = sh.create_temp_dir().unwrap();
        let site = top.path().join("site");
        fs::create_dir_all(site.join("desk")).unwrap();
        fs::write(top.path().join("secret"), "secret").unwrap();
        fs::write(site.join("index.html"), "page").unwrap();
        fs::write(site.join("desk/index.html"), "desk").unwrap();
        fs::write(site.join("app.wasm"), "wasm").unwrap();
        let address = in_background(site).unwrap();

        let page = answer(&address, "GET", "/?recycle=1");
        assert!(page.starts_with("HTTP/1.1 200 ") && page.ends_with("\r\n\r\npage"), "{page}");
        assert!(page.contains("access-control-allow-origin: *\r\n"), "{page}");
        assert!(page.contains("x-content-type-options: nosniff\r\n"), "{page}");
        let wasm = answer(&address, "HEAD", "/app.wasm");
        assert!(wasm.contains("content-type: application/wasm\r\n") && wasm.ends_with("\r\n\r\n"), "{wasm}");
        assert!(answer(&address, "GET", "/desk/").ends_with("\r\n\r\ndesk"));
        let folder = answer(&address, "GET", "/desk");
        assert!(folder.starts_with("HTTP/1.1 307 ") && folder.contains("location: /desk/\r\n"), "{folder}");
        assert!(answer(&address, "GET", "/missing").starts_with("HTTP/1.1 404 "));
        assert!(answer(&address, "GET", "/..%2fsecret").starts_with("HTTP/1.1 404 "));
        assert!(answer(&address, "POST", "/").starts_with("HTTP/1.1 405 "));
    }

    #[test]
    fn a_port_in_use_is_reported() {
        let first = listen(0).unwrap();
        let port = first.local_addr().unwrap().port();
        let message = listen(port).expect_err("the port is taken").to_string();
        assert!(message.starts_with(&format!("port {port} is in use")), "{message}");
    }
}
