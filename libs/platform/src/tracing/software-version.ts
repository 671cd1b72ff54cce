import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let known: string | undefined;

/** Version of this software: that of its package.json, which lies above both the source and what is built from it. */
export function softwareVersion(): string {
  known ??= versionAbove(import.meta.dirname);
  return known;
}

function versionAbove(folder: string): string {
  try {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    if (name === 'level-one' && typeof version === 'string') return version;
  } catch {
    // It is not here.
  }
  const above = dirname(folder);
  return above === folder ? 'unknown' : versionAbove(above);
}
