//! Packs the scenarios of the lab for the page: their JSON would need a reader that is larger than all of them.

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use sim_core::scenario::{PRESETS, Scenario};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    let (mut presets, mut packed) = (String::new(), String::new());
    for preset in PRESETS {
        let scenario = Scenario::from_json(preset.json)?;
        writeln!(presets, "    Preset {{ name: {:?}, title: {:?} }},", preset.name, scenario.title)?;
        writeln!(packed, "    &{:?},", scenario.to_packed())?;
    }
    let first = PRESETS.first().ok_or("the lab has scenarios")?;
    let first = Scenario::from_json(first.json)?.to_packed();
    let text = format!(
        "/// All of them.\npub static PRESETS: &[Preset] = &[\n{presets}];\n\n\
         /// What they say, in the same order.\nstatic PACKED: [&[u8]; {}] = [\n{packed}];\n\n\
         /// What the first says.\nconst FIRST: &[u8] = &{first:?};\n",
        PRESETS.len()
    );
    let folder = env::var_os("OUT_DIR").ok_or("cargo names a folder to write to")?;
    fs::write(Path::new(&folder).join("presets.rs"), text)?;
    Ok(())
}
