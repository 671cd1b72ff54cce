import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from './commands.js';
import { CONNECTION_OPTIONS, optionName } from './connection/connection-options.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8');

const NAMES = COMMANDS.flatMap((one) => {
  const words = (command: string): string => command.split(' ', 1)[0]!;
  if (!('commands' in one)) return [words(one.command)];
  return one.commands.map(({ command }) => `${one.command} ${words(command)}`);
});

describe('docs/cli.md', () => {
  it.each(NAMES)('has a row for the command %s', (name) => {
    expect(PAGE).toMatch(new RegExp(`^\\| .*\`${name}[ \`]`, 'm'));
  });

  it.each(Object.values(CONNECTION_OPTIONS).map((option) => [optionName(option), option.env]))(
    'has a row for the option --%s',
    (name, env) => {
      expect(PAGE).toMatch(new RegExp(`^\\| \`--${name}\` +\\| \`${env}\``, 'm'));
    },
  );
});
