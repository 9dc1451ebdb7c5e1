//! Validation of the question before a run and of the promise.

use super::{Checked, MOST_CONNECTIONS, MOST_HOSTS, ensure, within};
use crate::kernel::counter::Counter;
use crate::scenario::{Prediction, Promise, Scenario};

/// Two sentences, on a phone too.
const MOST_LETTERS: usize = 240;

impl Scenario {
    pub(super) fn check_story(&self) -> Checked {
        self.prediction.as_ref().map_or(Ok(()), check_prediction)?;
        self.promise.as_ref().map_or(Ok(()), |promise| self.check_promise(promise))
    }

    fn check_promise(&self, promise: &Promise) -> Checked {
        check_text("promise.why", &promise.why)?;
        for (index, name) in promise.refused.iter().enumerate() {
            let at = || format!("promise.refused[{index}]");
            ensure(self.hosts.iter().any(|host| host.name == *name), at, name, "the name of an entry of hosts")?;
        }
        check_each_once("promise.refused", &promise.refused, String::clone)?;
        within("promise.refused_at_least", promise.refused_at_least.unwrap_or(1), 1..=MOST_HOSTS as u16)?;
        check_each_once("promise.rise", &promise.rise, named)?;
        check_each_once("promise.stay", &promise.stay, named)?;
        if let Some(index) = promise.stay.iter().position(|counter| promise.rise.contains(counter)) {
            let path = || format!("promise.stay[{index}]");
            return ensure(false, path, promise.stay[index].name(), "a counter that does not stand in promise.rise");
        }
        let failures = promise.failures.as_deref().unwrap_or_default();
        check_each_once("promise.failures", failures, |errno| format!("{errno:?}").to_uppercase())?;
        let Some(time_wait) = promise.time_wait else { return Ok(()) };
        within("promise.time_wait.at_most", time_wait.at_most, 0..=MOST_CONNECTIONS as u32)?;
        within("promise.time_wait.at_least", time_wait.at_least, 0..=time_wait.at_most)
    }
}

fn check_prediction(prediction: &Prediction) -> Checked {
    check_text("prediction.question", &prediction.question)?;
    let answers = &prediction.answers;
    within("prediction.answers", answers.len(), 2..=4)?;
    for (index, answer) in answers.iter().enumerate() {
        check_text(&format!("prediction.answers[{index}].text"), &answer.text)?;
        check_text(&format!("prediction.answers[{index}].because"), &answer.because)?;
    }
    let right = answers.iter().filter(|answer| answer.right).count();
    ensure(right == 1, || "prediction.answers".to_owned(), format!("{right} right"), "1 right")
}

fn check_text(path: &str, text: &str) -> Checked {
    let letters = text.chars().count();
    let found = format!("{letters} letters");
    ensure((1..=MOST_LETTERS).contains(&letters), || path.to_owned(), found, &format!("1 to {MOST_LETTERS} letters"))
}

fn named(counter: &Counter) -> String {
    counter.name().to_owned()
}

fn check_each_once<T: PartialEq>(path: &str, list: &[T], name: impl Fn(&T) -> String) -> Checked {
    let twice = (0..list.len()).find(|index| list[..*index].contains(&list[*index]));
    let Some(index) = twice else { return Ok(()) };
    ensure(false, || format!("{path}[{index}]"), name(&list[index]), "each once")
}
