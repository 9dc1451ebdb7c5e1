//! The recommended file for `/etc/sysctl.d/` for the kernel and the switches, to copy or download.

use sim_core::export::sysctl_conf;
use sim_core::kernel_version::KernelVersion;
use sim_core::sysctl::Sysctls;
use yew::prelude::*;

use super::region::Region;
use crate::platform::{clipboard, download};
use lab::text::sysctl_file as words;

const TEXT_ID: &str = "sysctl-text";

/// The properties of [`SysctlFile`].
#[derive(Clone, PartialEq, Properties)]
pub struct SysctlFileProps {
    /// The server's kernel.
    pub kernel: KernelVersion,
    /// The server's sysctls at the playhead.
    pub sysctls: Sysctls,
}

/// The file.
#[component]
pub fn SysctlFile(props: &SysctlFileProps) -> Html {
    let said = use_state_eq(|| "");
    let text = sysctl_conf::drop_in(props.kernel, &props.sysctls);
    let copy = {
        let (text, said) = (text.clone(), said.clone());
        Callback::from(move |_| {
            let said = said.clone();
            clipboard::copy(&text, move |copied| {
                if copied {
                    said.set(words::COPIED);
                } else {
                    clipboard::select(TEXT_ID);
                    said.set(words::NOT_COPIED);
                }
            });
        })
    };
    let save = {
        let (text, said) = (text.clone(), said.clone());
        let name = sysctl_conf::FILE_NAME.rsplit('/').next().unwrap_or(sysctl_conf::FILE_NAME);
        Callback::from(move |_| {
            if !download::text_file(name, &text) {
                clipboard::select(TEXT_ID);
                said.set(words::NOT_SAVED);
            }
        })
    };
    let aside = html! { <code>{ sysctl_conf::FILE_NAME }</code> };
    html! {
        <Region id="sysctl-file" heading={words::HEADING} {aside}>
            <pre class="printed" id={TEXT_ID} tabindex="0" role="group" aria-label={words::TEXT}>{ &text }</pre>
            <div class="under">
                <button type="button" class="plain" onclick={copy}>{ words::COPY }</button>
                <button type="button" class="plain" onclick={save}>{ words::SAVE }</button>
                <span class="soft" aria-live="polite">{ *said }</span>
            </div>
        </Region>
    }
}
