// What a page needs for the keyboard and for screen readers and Streamlit does not offer: see
// accessibility.py. It runs once in a tab, and then looks again after every change of the page.
(() => {
  if (window.epochscopeAccessibility) return;
  window.epochscopeAccessibility = true;
  const LOOK_MS = 200, SAY_MS = 8000;
  const HELP = 'button[aria-label^="Help for "]';
  const PAGES = '[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]';

  const element = (tag, attributes) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return document.body.appendChild(made);
  };

  // The first stop of the Tab key: the pages come after all settings of the sidebar.
  const first = element('nav', {'aria-label': 'Skip'});
  document.body.prepend(first);
  const skip = first.appendChild(document.createElement('a'));
  skip.href = '#epochscope-pages';
  skip.className = 'epochscope-skip';
  skip.textContent = 'Skip to the pages';
  skip.addEventListener('click', event => {
    event.preventDefault();
    document.querySelector(PAGES)?.focus();
  });

  // Of the buttons with help, the Tab key stops only at that of the control in use.
  const mend = () => {
    const used = document.activeElement?.closest('.stElementContainer');
    for (const button of document.querySelectorAll(HELP)) {
      button.tabIndex = used?.contains(button) ? 0 : -1;
    }
    // What scrolls can be scrolled by the arrow keys.
    for (const code of document.querySelectorAll('.stCode pre:not([tabindex])')) {
      code.tabIndex = 0;
      code.setAttribute('role', 'region');
      code.setAttribute('aria-label', 'Code');
    }
    for (const link of document.querySelectorAll(PAGES)) {
      if (new URL(link.href).pathname === location.pathname) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    const nav = document.querySelector(PAGES)?.closest('nav, ul');
    if (nav) nav.id = 'epochscope-pages';
  };
  document.addEventListener('focusin', mend);

  // Progress is read out now and then; the end of a run at once, and once, to whoever followed it.
  const live = element('div', {role: 'status', 'aria-live': 'polite', class: 'epochscope-status'});
  const endsSaid = new Set();
  let said = '', saidAt = -SAY_MS, waiting = 0;
  const say = () => {
    const {epochscopeSays: words, epochscopeRun: run, epochscopeEnded: ended,
      epochscopeFollowed: followed} =
      document.querySelector('[data-epochscope-says]')?.dataset ?? {};
    if (!words || words === said || (ended && (!followed || endsSaid.has(run)))) return;
    const rest = ended ? 0 : saidAt + SAY_MS - performance.now();
    clearTimeout(waiting);
    if (rest > 0) {
      waiting = setTimeout(say, rest);
      return;
    }
    [said, saidAt] = [words, performance.now()];
    if (ended) endsSaid.add(run);
    live.textContent = words;
  };

  let looking = 0;
  const look = () => {
    looking ||= setTimeout(() => {
      looking = 0;
      mend();
      say();
    }, LOOK_MS);
  };
  new MutationObserver(look).observe(document.getElementById('root'), {
    childList: true, subtree: true,
  });
  look();
})();
