// The page's own script: cells that open their cases, and buttons that copy. Without it all else is still to be read.
const data = JSON.parse(
  document.getElementById('case-data')?.textContent ?? '{"words":[],"cases":[],"cells":[]}',
);

function element(name, text) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  return made;
}

function caseRow([name, property, predicted, again, seconds, surprising]) {
  const row = element('tr');
  row.className = surprising ? 'surprising' : '';
  const words = [
    surprising ? `⚑ ${name}` : name,
    data.words[property],
    data.words[predicted],
    String(seconds),
  ];
  const cells = words.map((text) => element('td', text));
  const command = element('td');
  command.append(
    element(
      'code',
      data.words[again].replace('#', () => name.replace(/^case /, '')),
    ),
  );
  row.append(...cells, command);
  return row;
}

function openCell(button) {
  const { cell, cases: count, flagged } = button.dataset;
  const cases = data.cells[cell];
  const [, name] = button.getAttribute('aria-label').split(/: (.*)/s);
  const surprising = flagged === '0' ? '' : `, ${flagged} not as predicted`;
  document.getElementById('cases-title').textContent =
    `${name}: ${count} case${count === '1' ? '' : 's'}${surprising}`;
  document.getElementById('cases-note').textContent =
    Number(count) > cases.length ? `The first ${cases.length}; all ${count} are in report.json.` : '';
  document
    .getElementById('cases-rows')
    .replaceChildren(...cases.map((position) => caseRow(data.cases[position])));
  document.getElementById('cases').showModal();
}

/** The nearest cell in the direction of an arrow key, over those that are empty. */
function neighbour(button, key) {
  const cell = button.parentElement;
  const rows = [...cell.closest('table').querySelectorAll('tbody tr:not(.group)')];
  const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[
    key
  ] ?? [0, 0];
  if (down === 0 && right === 0) return undefined;
  let row = rows.indexOf(cell.parentElement);
  let column = cell.cellIndex;
  for (;;) {
    row += down;
    column += right;
    const next = rows[row]?.cells[column];
    if (!next) return undefined;
    const found = next.querySelector('button');
    if (found) return found;
  }
}

for (const matrix of document.querySelectorAll('.matrix')) {
  matrix.addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (button) openCell(button);
  });
  matrix.addEventListener('keydown', (event) => {
    const button = event.target.closest('button');
    const next = button && neighbour(button, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

/** A file opened from the disk may have no clipboard: then the command is selected for the keyboard's copy. */
async function copy(button) {
  const code = button.parentElement.querySelector('code');
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
}

for (const button of document.querySelectorAll('.copy')) {
  button.hidden = false;
  button.addEventListener('click', () => copy(button));
}
