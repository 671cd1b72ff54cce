// @ts-check
/** Tables of generated pages. */

export const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

function cell(text) {
  return String(text)
    .replaceAll('|', String.raw`\|`)
    .replaceAll('\n', ' ');
}

function line(cells) {
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** A Markdown table. */
export function table(head, rows) {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(text) {
  return text === undefined || text === '' ? '' : `\`${text}\``;
}
