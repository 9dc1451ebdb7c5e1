//! The JSON Schema of scenarios, generated from the types: `scenarios/scenario.schema.json`.
//!
//! The derives give the shape and the descriptions. The functions here give the values that a type alone does not show.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::{Scenario, SysctlFile};
use crate::kernel::counter::Counter;
use crate::kernel_version::KernelVersion;
use crate::sysctl::Sysctls;

/// The names that a node can have.
const NAME: &str = "^[A-Za-z0-9._-]{1,32}$";

impl Scenario {
    /// The JSON Schema (draft 2020-12) of scenarios.
    pub fn schema() -> Value {
        let mut schema = schemars::schema_for!(Self).to_value();
        unwrap_descriptions(&mut schema);
        schema
    }
}

/// Descriptions are doc comments, which break lines where the source does. Only paragraphs stay apart.
fn unwrap_descriptions(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text =
                    text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect::<Vec<_>>().join("\n\n");
            }
            fields.values_mut().for_each(unwrap_descriptions);
        }
        Value::Array(items) => items.iter_mut().for_each(unwrap_descriptions),
        _ => {}
    }
}

impl JsonSchema for SysctlFile {
    fn schema_name() -> Cow<'static, str> {
        "SysctlFile".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Sysctls by their full name, with the value that is written at boot.",
            "type": "object",
            "propertyNames": { "enum": Sysctls::KEYS },
            "additionalProperties": { "type": "string" },
        })
    }
}

pub(super) fn sysctl_key(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": Sysctls::KEYS })
}

pub(super) fn server_kernel(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": KernelVersion::ALL })
}

pub(super) fn client_kernel(_: &mut SchemaGenerator) -> Schema {
    let all = [&KernelVersion::ALL[..], &KernelVersion::CLIENTS].concat();
    json_schema!({ "enum": all })
}

pub(super) fn unique_counters(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "uniqueItems": true, "items": { "enum": Counter::ALL } })
}

pub(super) fn name(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": NAME })
}

pub(super) fn unique_names(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "uniqueItems": true, "items": name(generator) })
}

pub(super) fn net(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": r"^([0-9]{1,3}\.){3}[0-9]{1,3}/[0-9]{1,2}$" })
}
