(() => {
  document.documentElement.classList.add('js');
  const table = document.querySelector('table.matrix');
  if (!table) return;

  // A cell's evidence opens above the page; the link still leads to it where there are no scripts.
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-label', 'Evidence');
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = 'Close';
  const holder = document.createElement('div');
  dialog.append(close, holder);
  document.body.append(dialog);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  const open = (id) => {
    const article = document.getElementById(id);
    if (!article?.classList.contains('evidence')) return false;
    const copy = article.cloneNode(true);
    copy.removeAttribute('id');
    holder.replaceChildren(copy);
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    return true;
  };
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#evidence-"]') : null;
    if (link && open(link.getAttribute('href').slice(1))) event.preventDefault();
  });
  if (location.hash.startsWith('#evidence-')) open(location.hash.slice(1));

  // Arrow keys go from cell to cell.
  table.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = event.target instanceof Element ? event.target.closest('td') : null;
    if (!step || !cell) return;
    let row = cell.parentElement;
    let column = cell.cellIndex;
    do {
      column += step[1];
      if (step[0] !== 0) row = step[0] > 0 ? row.nextElementSibling : row.previousElementSibling;
    } while (row && (row.hidden || row.cells[column]?.hidden));
    const next = row?.cells[column] ? row.cells[column].querySelector('a') : null;
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  const form = document.querySelector('form.filters');
  const output = form.querySelector('output');
  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  const heads = [...table.tHead.rows[0].cells].slice(1);
  const rows = [...table.tBodies[0].rows];
  const apply = () => {
    const words = form.elements.driver.value
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean);
    const verdicts = new Set([...form.querySelectorAll('[name=verdict]:checked')].map(({ value }) => value));
    const matches = (element) => words.some((word) => element.dataset.driver.includes(word));
    const someHead = words.length > 0 && heads.some(matches);
    const someRow = words.length > 0 && rows.some(matches);
    let shown = 0;
    // A word that names importers leaves their rows, one that names exporters their columns.
    heads.forEach((head) => {
      head.hidden = someHead && !matches(head);
    });
    for (const row of rows) {
      row.hidden = words.length > 0 && ((someRow && !matches(row)) || (!someRow && !someHead));
      heads.forEach((head, index) => {
        const cell = row.cells[index + 1];
        cell.hidden = head.hidden;
        const wanted = verdicts.has(cell.dataset.verdict);
        cell.classList.toggle('faded', !wanted);
        if (!row.hidden && !head.hidden && wanted) shown += 1;
      });
    }
    output.textContent = `${shown} of ${rows.length * heads.length} cells`;
  };
  form.addEventListener('input', apply);
  apply();
})();
