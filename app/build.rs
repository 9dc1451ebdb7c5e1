//! Packs the scenarios of the lab for the page: their JSON would need a reader that is larger than all of them.

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use sim_core::scenario::{PRESETS, Scenario};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    let mut presets = String::from("/// All of them.\npub static PRESETS: &[Preset] = &[\n");
    for preset in PRESETS {
        let scenario = Scenario::from_json(preset.json)?;
        let (name, title, packed) = (preset.name, &scenario.title, scenario.to_packed());
        writeln!(presets, "    Preset {{ name: {name:?}, title: {title:?}, packed: &{packed:?} }},")?;
    }
    presets.push_str("];\n");
    let folder = env::var_os("OUT_DIR").ok_or("cargo names a folder to write to")?;
    fs::write(Path::new(&folder).join("presets.rs"), presets)?;
    Ok(())
}
