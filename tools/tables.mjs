// @ts-check
/** Tables of generated pages. */

/** @typedef {string | number | undefined} Cell */

/** @param {Cell} text */
function cell(text) {
  return String(text)
    .replaceAll('|', String.raw`\|`)
    .replaceAll('\n', ' ');
}

/** @param {readonly Cell[]} cells */
function line(cells) {
  return `| ${cells.map(cell).join(' | ')} |`;
}

/**
 * A Markdown table.
 * @param {readonly string[]} head
 * @param {readonly (readonly Cell[])[]} rows
 */
export function table(head, rows) {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {string | undefined} text */
export function code(text) {
  return text === undefined || text === '' ? '' : `\`${text}\``;
}
