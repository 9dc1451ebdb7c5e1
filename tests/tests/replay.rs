//! All recordings of real kernels, replayed against the model.

use std::path::Path;

use tests::{recording, replay};

/// The number of cases in each file. A file that lost its cases must not pass.
const CASES: [(&str, usize); 7] = [
    ("3.10.0-1160.el7", 131),
    ("3.10.108", 131),
    ("4.9.337", 161),
    ("4.10.17", 161),
    ("4.11.0", 119),
    ("4.14.325", 161),
    ("6.18.44", 161),
];

#[test]
fn the_model_answers_as_the_recorded_kernels_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kernel-traces");
    let mut disagreements = Vec::new();
    for (kernel, count) in CASES {
        let text = std::fs::read_to_string(folder.join(format!("{kernel}.jsonl"))).unwrap();
        let cases = recording::read(&text).unwrap();
        assert_eq!(cases.len(), count, "cases of {kernel}");
        for case in cases {
            assert_eq!(case.kernel, kernel);
            if let Err(disagreement) = replay::replay(&case) {
                disagreements.push(format!("{kernel} {}: {disagreement:?}", case.case));
            }
        }
    }
    assert!(disagreements.is_empty(), "{} cases disagree:\n{}", disagreements.len(), disagreements.join("\n"));
}

#[test]
fn a_kernel_without_a_profile_of_its_series_is_named_and_not_replayed() {
    for kernel in ["Darwin 24", "2.6.32-754.el6", "5.4.286", "7.0.0"] {
        let case = format!(r#"{{"case": "x", "kernel": "{kernel}", "hz": 1000, "wall_phase_ms": 0, "steps": []}}"#);
        let cases = recording::read(&case).unwrap();
        assert_eq!(replay::replay(&cases[0]).unwrap_err().what, format!("no profile for kernel {kernel}"));
    }
}

#[test]
fn a_line_that_is_no_case_is_named_by_its_number() {
    let error = recording::read("\n{\"case\": 1}\n").unwrap_err();
    assert!(error.starts_with("line 2: "), "{error}");
}
