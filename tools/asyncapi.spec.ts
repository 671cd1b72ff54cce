import { describe, expect, it } from '@jest/globals';
import { DiagnosticSeverity, Parser } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../docs/asyncapi.yaml'), 'utf8');

/** Errors and warnings; hints are none. */
const FAULT_BELOW: number = DiagnosticSeverity.Information;

const faultsOf = async (text: string) => {
  const { document, diagnostics } = await new Parser().parse(text);
  const isFault = ({ severity }: { severity: number }): boolean => severity < FAULT_BELOW;
  return { document, faults: diagnostics.filter(isFault).map(({ code, message, path }) => ({ code, message, path })) };
};

describe('docs/asyncapi.yaml', () => {
  it('is a valid AsyncAPI document with both channels, and every message of them', async () => {
    const { document, faults } = await faultsOf(DOCUMENT);
    // A newer version of the form is no fault.
    expect(faults.filter(({ code }) => code !== 'asyncapi-latest-version')).toEqual([]);
    expect(document?.channels().map((channel) => channel.address())).toEqual([
      '/websocket',
      '/accounts/{name}/transfers',
    ]);
    expect(document?.messages().all().length).toBeGreaterThan(0);
  });

  it('is checked: a channel that names an unknown message is a fault', async () => {
    const { faults } = await faultsOf(DOCUMENT.replace("$ref: '#/components/messages/Connect'", "$ref: '#/nowhere'"));
    expect(faults.length).toBeGreaterThan(0);
  });
});
