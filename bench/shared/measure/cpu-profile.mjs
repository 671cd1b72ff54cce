// @ts-check
/** Reads a .cpuprofile: self time by function and package. */

/** Place of a function, without the folders above the project and without the prefix `node:`. */
function placeOf({ url }, root) {
  if (url === '') return '';
  return url.replace(/^file:\/\//, '').replace(`${root}/`, '');
}

/** Package in node_modules, folder in dist, or a native part of the engine. */
function packageOf({ name, place }) {
  if (place === '') return name.startsWith('(') && name !== '(anonymous)' ? name : '(native code)';
  if (place.startsWith('node:')) return 'node';
  if (place.includes('node_modules/')) {
    const [first, second] = place.split('node_modules/').at(-1).split('/');
    return first.startsWith('@') ? `${first}/${second}` : first;
  }
  return place.startsWith('dist/') ? place.split('/').slice(1, 3).join('/') : place;
}

/** Milliseconds by key, longest first. */
function sums(rows, keyOf) {
  const found = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    found.set(key, (found.get(key) ?? 0) + row.ms);
  }
  return [...found].map(([key, ms]) => ({ key, ms })).toSorted((a, b) => b.ms - a.ms);
}

/**
 * Self time by function and file, and by package.
 *
 * @param {{ nodes: object[], samples: number[], timeDeltas: number[] }} profile
 * @param {string} root folder of the project
 */
export function selfTimes({ nodes, samples, timeDeltas }, root) {
  const byId = new Map(nodes.map(({ id, callFrame }) => [id, { callFrame, ms: 0 }]));
  for (const [index, id] of samples.entries()) {
    // A delta belongs to the time since the sample before.
    const node = byId.get(id);
    if (node) node.ms += (timeDeltas[index + 1] ?? 0) / 1_000;
  }
  const rows = [...byId.values()].map(({ callFrame, ms }) => {
    const place = placeOf(callFrame, root);
    return { name: callFrame.functionName || '(anonymous)', place, ms };
  });
  const idle = rows.find(({ name }) => name === '(idle)')?.ms ?? 0;
  const busy = rows.filter(({ name }) => name !== '(idle)' && name !== '(root)');
  return {
    idleMs: idle,
    busyMs: busy.reduce((sum, { ms }) => sum + ms, 0),
    functions: sums(busy, ({ name, place }) => `${name}\t${place}`).map(({ key, ms }) => {
      const [name, place] = key.split('\t');
      return { name, place, ms };
    }),
    packages: sums(busy, packageOf),
  };
}
