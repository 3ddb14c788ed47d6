'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const why = byId('why');
  const said = byId('said');
  const marked = 'td.m, td.b, td.u, td.w';

  // Why a cell is as it is: what the check said, or what its levels say.
  const verbs = ['Add', 'Edit', 'Delete', 'Inquire'];
  const words = { m: 'missing', b: 'excess', u: 'unknown', w: 'waived' };
  const reason = (cell) => {
    if (cell.dataset.why) return cell.dataset.why;
    const row = cell.parentElement;
    const module = row.parentElement.querySelector('.module').textContent.trim();
    const [actual, required] = [...cell.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim());
    const verb = verbs[cell.cellIndex - 1];
    const levels = `the role has ${actual}, ${required} is needed`;
    return `${verb} on ${module} / ${row.cells[0].textContent.trim()}: ${words[cell.classList[0]]}; ${levels}`;
  };

  let shown = null;
  const hide = () => {
    if (shown) shown.removeAttribute('aria-describedby');
    shown = null;
    why.hidden = true;
  };
  const show = (cell) => {
    if (shown === cell) return;
    hide();
    shown = cell;
    why.textContent = reason(cell);
    why.hidden = false;
    cell.setAttribute('aria-describedby', 'why');
    const box = cell.getBoundingClientRect();
    const left = Math.min(box.left, document.documentElement.clientWidth - why.offsetWidth - 8);
    const fits = box.bottom + why.offsetHeight + 8 < window.innerHeight;
    const top = fits ? box.bottom + 4 : box.top - why.offsetHeight - 4;
    why.style.left = `${Math.max(8, left) + window.scrollX}px`;
    why.style.top = `${top + window.scrollY}px`;
  };
  document.addEventListener('pointerover', (event) => {
    const cell = event.target.closest(marked);
    if (cell) show(cell);
    else if (shown && shown !== document.activeElement && !event.target.closest('#why')) hide();
  });
  document.addEventListener('focusin', (event) => {
    if (event.target.matches(marked)) show(event.target);
    else hide();
  });

  // One stop of the tab key for each role; the arrow keys go from one marked cell to the next.
  const visible = (table) => all(marked, table).filter((cell) => cell.offsetParent !== null);
  const moveTo = (table, cell) => {
    all('td[tabindex="0"]', table).forEach((other) => { other.tabIndex = -1; });
    cell.tabIndex = 0;
    cell.focus();
  };
  const nearest = (cells, from, key) => {
    const at = cells.indexOf(from);
    if (key === 'Home') return cells[0];
    if (key === 'End') return cells[cells.length - 1];
    if (key === 'ArrowRight') return cells[at + 1];
    if (key === 'ArrowLeft') return cells[at - 1];
    const same = cells.filter((cell) => cell.parentElement === from.parentElement || cell.cellIndex === from.cellIndex);
    const column = same.filter((cell) => cell.cellIndex === from.cellIndex);
    const place = column.indexOf(from);
    return key === 'ArrowDown' ? column[place + 1] : column[place - 1];
  };
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
    const cell = event.target;
    if (!cell.matches || !cell.matches(marked)) return;
    if (!['Home', 'End', 'ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'].includes(event.key)) return;
    event.preventDefault();
    const table = cell.closest('table');
    const next = nearest(visible(table), cell, event.key);
    if (next) moveTo(table, next);
  });
  document.addEventListener('click', (event) => {
    const cell = event.target.closest(marked);
    if (cell) moveTo(cell.closest('table'), cell);
  });

  // The filter: roles by their name, members and integrations; else single functions; and things to do.
  const fold = (text) => text.toLowerCase().replace(/\s+/g, ' ').trim();
  const read = () => all('details.role').map((box) => ({
    box,
    wasOpen: box.open,
    text: fold(`${box.querySelector('summary').textContent} ${box.querySelector('.about').textContent}`),
    bodies: all('tbody', box).map((body) => ({
      body,
      rows: all('tr:not(.module)', body).map((row) => ({ row, text: fold(row.cells[0].textContent) })),
      module: fold(body.querySelector('.module').textContent),
    })),
  }));
  let roles = null;
  let items = null;
  const filterRole = (role, wanted) => {
    const whole = role.text.includes(wanted);
    let found = whole;
    for (const { body, rows, module } of role.bodies) {
      const bodyWhole = whole || module.includes(wanted);
      let any = false;
      for (const { row, text } of rows) {
        const keep = bodyWhole || text.includes(wanted);
        row.hidden = !keep;
        any = any || keep;
      }
      body.hidden = !any;
      found = found || any;
    }
    role.box.hidden = !found;
    return found;
  };
  const filter = (text) => {
    const wanted = fold(text);
    hide();
    roles ??= read();
    items ??= all('.task, .reach > li').map((item) => ({ item, text: fold(item.textContent) }));
    const found = roles.filter((role) => filterRole(role, wanted));
    for (const { item, text: own } of items) item.hidden = !own.includes(wanted);
    for (const role of roles) role.box.open = wanted && found.length <= 12 ? true : role.wasOpen;
    for (const table of all('details.role[open] table')) {
      const cells = all(marked, table);
      const first = cells.find((cell) => !cell.closest('[hidden]'));
      cells.filter((cell) => cell.tabIndex === 0).forEach((cell) => { cell.tabIndex = -1; });
      if (first) first.tabIndex = 0;
    }
    byId('filter-says').textContent = wanted ? `${found.length} of ${roles.length} roles` : '';
  };
  byId('filter-box').hidden = false;
  byId('filter').addEventListener('input', (event) => filter(event.target.value));

  // Copying the clicks of one thing to do.
  const plain = (box) => {
    const steps = all('li', box).map((step, place) => `${place + 1}. ${step.textContent.trim()}`);
    return steps.join('\n');
  };
  const copy = async (button) => {
    const text = plain(byId(button.dataset.from));
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = 'Copied';
      button.firstChild.textContent = 'Copied';
    } catch {
      const box = byId(button.dataset.from);
      window.getSelection().selectAllChildren(box);
      said.textContent = 'Selected: copy with the keyboard';
      button.firstChild.textContent = 'Selected';
    }
    setTimeout(() => { button.firstChild.textContent = 'Copy'; }, 2000);
  };
  for (const button of all('.copy')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(button));
  }

  // A link to a role opens it; paper shows what is folded, but for roles and long lists, which would take pages.
  const openTarget = () => {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === 'DETAILS') target.open = true;
  };
  window.addEventListener('hashchange', openTarget);
  openTarget();
  let folded = [];
  window.addEventListener('beforeprint', () => {
    folded = all(byId('print-all').checked ? 'details:not([open])' : 'details:not([open]):not(.role):not(.long)');
    folded.forEach((box) => { box.open = true; });
  });
  window.addEventListener('afterprint', () => folded.forEach((box) => { box.open = false; }));
})();
