// Looks after the first frame: the HTML that stands on the page until the program takes its place. What the reader does
// with it meanwhile is repeated on the page that replaces it. The program tells when, by three events.
(() => {
  const page = document.documentElement;
  try {
    const theme = localStorage.getItem('timewait-lab-theme');
    if (theme) page.dataset.theme = theme;
  } catch {
    // A sandbox has no storage.
  }
  // The first frame shows its file's scenario as it opens. An address that asks for more waits for the program.
  if (location.search) page.dataset.otherState = '';

  const CONTROLS = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const app = () => document.getElementById('app');
  const waiting = () => app()?.hasAttribute('data-waiting');
  const controls = () => [...app().querySelectorAll(CONTROLS)];
  const changed = new Set();
  let pressed = null;

  const onChange = ({ target, isTrusted }) => {
    if (isTrusted && waiting() && app().contains(target)) changed.add(target);
  };
  addEventListener('input', onChange, true);
  addEventListener('change', onChange, true);
  addEventListener(
    'click',
    ({ target }) => {
      const button = target.closest?.('#app[data-waiting] button');
      if (!button) return;
      pressed?.removeAttribute('aria-busy');
      pressed = button;
      button.setAttribute('aria-busy', 'true');
      const note = document.getElementById('loading');
      if (note) note.textContent = 'Loading the simulator. Your click is remembered.';
    },
    true,
  );

  const isChecked = ({ type }) => type === 'checkbox' || type === 'radio';
  let before;
  let repeat = () => {};
  addEventListener('timewait-lab-before-takeover', () => {
    const list = controls();
    const place = (element) => ({ element, index: list.indexOf(element) });
    const { activeElement: focused } = document;
    before = {
      top: scrollY,
      focus: { ...place(focused), selection: [focused.selectionStart, focused.selectionEnd] },
      pressed: place(pressed),
      changed: [...changed].map((element) => ({ ...place(element), value: element.value, checked: element.checked })),
      details: [...app().querySelectorAll('details')].map((element) => ({ element, open: element.open })),
      scrolled: list.filter(({ scrollTop }) => scrollTop > 0).map((element) => ({ ...place(element), top: element.scrollTop })),
    };
    changed.clear();
    pressed = null;
  });

  addEventListener('timewait-lab-after-takeover', () => {
    const list = controls();
    const details = [...app().querySelectorAll('details')];
    // What stands at the same place on the new page, where the old one is gone.
    const successor = ({ element, index }) => {
      const other = list[index];
      return element && !element.isConnected && other?.tagName === element.tagName ? other : null;
    };
    before.details.forEach(({ element, open }, index) => {
      if (!element.isConnected && details[index]) details[index].open = open;
    });
    for (const { top, ...place } of before.scrolled) {
      const box = successor(place) ?? place.element;
      if (box.isConnected) box.scrollTop = top;
    }
    const { element: focused, selection } = before.focus;
    // An element that was moved is the same and has lost the focus.
    const focus = successor(before.focus) ?? (focused.isConnected && focused !== document.activeElement ? focused : null);
    focus?.focus({ preventScroll: true });
    if (scrollY !== before.top) scrollTo(scrollX, before.top);
    const changes = before.changed.map((change) => ({ ...change, control: successor(change) }));
    const button = successor(before.pressed);
    if (changes.length === 0 && !button) return;
    repeat = () => {
      for (const { value, checked, control } of changes) {
        if (!control) continue;
        if (isChecked(control)) control.checked = checked;
        else control.value = value;
        control.dispatchEvent(new Event('input', { bubbles: true }));
        control.dispatchEvent(new Event('change', { bubbles: true }));
      }
      button?.click();
      if (focus && typeof selection[0] === 'number') focus.setSelectionRange(...selection);
    };
  });

  addEventListener('timewait-lab-ready', () => {
    repeat();
    repeat = () => {};
  });
})();
